"""Groups places of a call that are judged together; nearly always, a place is alone."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.compile.lowered_rule import PROPERTIES
from validator.engine.compile.place_checks import PlaceChecks, place_checks
from validator.model import pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from validator.engine.compile.lowered_rule import Expectation, LoweredRule
    from validator.engine.compile.value_checks import ValueCheck

_BELOW_PROPERTIES = pointer(PROPERTIES) + "/"
_DIRECTLY_BELOW = re.compile(f"{_BELOW_PROPERTIES}[^/]*").fullmatch


class Member(NamedTuple):
    """What one rule expects of a property.

    Attributes:
        rule: The rule.
        plans: The plans that have it.
        expected: What it expects.
        counted: Whether a use case counts in how many calls the property is present.
    """

    rule: LoweredRule
    plans: frozenset[str]
    expected: Expectation
    counted: bool


class Group(NamedTuple):
    """Places judged together, because one finding or count depends on all of them.

    Attributes:
        places: Their JSON pointers.
        members: What rules expect there.
        checks: The value checks at each place.
        key: The key, if it is a single place directly below `/properties`.
    """

    places: tuple[str, ...]
    members: tuple[Member, ...]
    checks: tuple[PlaceChecks, ...]
    key: str | None

    @property
    def pairs(self) -> Iterator[tuple[str, PlaceChecks]]:
        """Each place with its checks."""
        return zip(self.places, self.checks, strict=True)

    @property
    def below_properties(self) -> bool:
        """Whether all of its places are in `/properties`."""
        return all(place.startswith(_BELOW_PROPERTIES) for place in self.places)


def groups_of(
    rules: Mapping[LoweredRule, Iterable[str]], own: Collection[str], planned: Iterable[str]
) -> tuple[Group, ...]:
    """The groups of all places that rules use; each place is in one.

    Args:
        rules: The rules for one kind of call, each with the plans that have it.
        own: The ids of the user's own plans.
        planned: JSON pointers of the keys of `/properties` that some rule names, even without expectations.
    """
    union = _Union()
    members: list[Member] = []
    places: dict[str, None] = {}
    for rule, plans in rules.items():
        having = frozenset(plans)
        countable = not having.issubset(own)
        for expected in rule.expectations:
            counted = expected.recommended and countable
            members.append(Member(rule, having, expected, counted))
            first = expected.places[0][0]
            places[first] = None
            for place, _ in expected.places[1:]:
                places[place] = None
                union.join(first, place)
            # One property of one event makes one finding or count, wherever it stands.
            if counted or expected.any_of:
                union.join((rule.event, expected.property), first)
    return tuple(_groups(union, places | dict.fromkeys(planned), members))


def _groups(union: _Union, places: Iterable[str], members: Iterable[Member]) -> Iterator[Group]:
    roots = {place: union.root(place) for place in places}
    joined: dict[object, list[str]] = {}
    for place, root in roots.items():
        joined.setdefault(root, []).append(place)
    of: dict[object, list[Member]] = {}
    for member in members:
        of.setdefault(roots[member.expected.places[0][0]], []).append(member)
    for root, found in joined.items():
        found.sort()  # the same whatever the order of the plans
        own = tuple(of.get(root, ()))
        key = _key_at(found[0]) if len(found) == 1 else None
        yield Group(tuple(found), own, tuple([_checks(place, own) for place in found]), key)


def _checks(place: str, members: Iterable[Member]) -> PlaceChecks:
    """The value checks at a place."""
    checks: tuple[ValueCheck, ...] = ()
    for member in members:
        for at, test in member.expected.places:
            if at == place:
                checks += test.checks
    return place_checks(checks)


@lru_cache(maxsize=4_096)
def _key_at(place: str) -> str | None:
    """The key of a place directly below `/properties`; None for other places."""
    return pointer_keys(place)[1] if _DIRECTLY_BELOW(place) else None


class _Union:
    """Disjoint sets of places, and of properties that join them. What joins nothing is a set of its own."""

    def __init__(self) -> None:
        self._parent: dict[object, object] = {}

    def root(self, item: object) -> object:
        parent = self._parent.get(item)
        if parent is None:
            return item
        while parent != item:
            item, parent = parent, self._parent.get(parent, parent)
        return item

    def join(self, one: object, other: object) -> None:
        self._parent[self.root(other)] = self.root(one)
