"""Groups places of a call that are judged together; nearly always, a place is alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.engine.compile.lowered_rule import PROPERTIES
from validator.engine.compile.place_checks import NO_CHECKS, PlaceChecks
from validator.model import pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from validator.engine.compile.lowered_rule import Expectation, LoweredRule
    from validator.engine.compile.value_checks import ValueCheck

_BELOW_PROPERTIES = pointer(PROPERTIES) + "/"


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
    for rule, plans in rules.items():
        having = frozenset(plans)
        countable = not having.issubset(own)
        for expected in rule.expectations:
            counted = expected.recommended and countable
            members.append(Member(rule, having, expected, counted))
            first = expected.places[0][0]
            union.add(first)
            for place, _ in expected.places[1:]:
                union.join(first, place)
            # One property of one event makes one finding or count, wherever it stands.
            if counted or expected.any_of:
                union.join((rule.event, expected.property), first)
    for place in planned:
        union.add(place)
    return tuple(_groups(union, members))


def _groups(union: _Union, members: Iterable[Member]) -> Iterator[Group]:
    places: dict[object, list[str]] = {}
    for item in union.items():
        if isinstance(item, str):
            places.setdefault(union.root(item), []).append(item)
    of: dict[object, list[Member]] = {}
    for member in members:
        of.setdefault(union.root(member.expected.places[0][0]), []).append(member)
    for root, unordered in places.items():
        found = sorted(unordered)  # the same whatever the order of the plans
        own = of.get(root, [])
        yield Group(tuple(found), tuple(own), tuple(_checks(found, own)), _only_key(found))


def _checks(places: Iterable[str], members: Iterable[Member]) -> Iterator[PlaceChecks]:
    """The value checks at each place."""
    found: dict[str, list[ValueCheck]] = {place: [] for place in places}
    for member in members:
        for place, test in member.expected.places:
            found[place] += test.checks
    for checks in found.values():
        yield PlaceChecks(checks) if checks else NO_CHECKS


def _only_key(places: Sequence[str]) -> str | None:
    """The key of a single place directly below `/properties`."""
    if len(places) > 1 or not places[0].startswith(_BELOW_PROPERTIES):
        return None
    keys = pointer_keys(places[0])
    return keys[1] if len(keys) == 2 else None


class _Union:
    """Disjoint sets of places, and of properties that join them."""

    def __init__(self) -> None:
        self._parent: dict[object, object] = {}

    def items(self) -> Iterable[object]:
        return self._parent

    def add(self, item: object) -> None:
        self._parent.setdefault(item, item)

    def root(self, item: object) -> object:
        parent = self._parent.setdefault(item, item)
        while parent != item:
            item, parent = parent, self._parent[parent]
        return item

    def join(self, one: object, other: object) -> None:
        self._parent[self.root(other)] = self.root(one)
