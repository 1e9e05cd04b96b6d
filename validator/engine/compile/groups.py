"""Which places of a call are judged together: nearly always one place alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.engine.compile.lowered_rule import PROPERTIES
from validator.engine.compile.place_checks import PlaceChecks
from validator.model import pointer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from validator.engine.compile.lowered_rule import Expectation, LoweredRule

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
    """Places that are judged together, since one finding or one count depends on all of them.

    Attributes:
        places: Their JSON pointers.
        members: What rules expect of what stands there.
        checks: The value checks at each place.
    """

    places: tuple[str, ...]
    members: tuple[Member, ...]
    checks: tuple[PlaceChecks, ...]

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
    """The groups of all places that rules look at; each place is in one.

    Args:
        rules: The rules for one kind of call, each with the plans that have it.
        own: The ids of the user's own plans.
        planned: Keys of `/properties` that some rule names, even if it expects nothing of them.
    """
    union = _Union()
    members: list[Member] = []
    for rule, plans in rules.items():
        for expected in rule.expectations:
            counted = expected.recommended and not frozenset(plans).issubset(own)
            members.append(Member(rule, frozenset(plans), expected, counted))
            places = [place for place, _ in expected.places]
            union.join(places)
            # What is said of one property of one event is one finding, or one count, wherever it stands.
            if counted or expected.any_of:
                union.join([(rule.event, expected.property), places[0]])
    for key in planned:
        union.join([pointer(PROPERTIES, key)])
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
        tests = [(place, test) for member in own for place, test in member.expected.places]
        checks = tuple(PlaceChecks(c for at, test in tests if at == place for c in test.checks) for place in found)
        yield Group(tuple(found), tuple(own), checks)


class _Union:
    """Disjoint sets of places, and of properties that hold them together."""

    def __init__(self) -> None:
        self._parent: dict[object, object] = {}

    def items(self) -> Iterable[object]:
        return self._parent

    def root(self, item: object) -> object:
        parent = self._parent.setdefault(item, item)
        while parent != item:
            item, parent = parent, self._parent[parent]
        return item

    def join(self, items: Iterable[object]) -> None:
        first, *others = (self.root(item) for item in items)
        for other in others:
            self._parent[self.root(other)] = first
