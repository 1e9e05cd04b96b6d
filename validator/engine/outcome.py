"""What all plans together say of a shape, put together from what they say of each property."""

from __future__ import annotations

from collections import defaultdict
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from validator.engine.checks import FOUND
from validator.engine.judge import Judging

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from validator.engine.judge import State, Violation
    from validator.engine.lowered import Expectation, LoweredRule
    from validator.engine.shape import Shape
    from validator.model import Severity

    Weigh = Callable[[str, Severity], Severity | None]
    Weighed = tuple[tuple[Violation, frozenset[str]], ...]

COMMON = "common"

# How many findings of a property are remembered: far more than there are types of values it comes with.
_REMEMBERED = 1_024


class Standing(IntEnum):
    """How a call stands to a plan of the user's own."""

    VALID = 0
    INVALID = 1
    UNPLANNED = 2


class Outcome(msgspec.Struct, frozen=True):
    """What all plans together say of one shape.

    Attributes:
        events: The events that the call counts as.
        states: (event, property) -> how the call carries it, as the use cases see it.
        violations: Each violation once, with the plans it breaks.
        unnamed: What the user's own plans do not know, where the profile and not the shape has its name.
        invalid: Whether the call has a violation of error severity.
        standings: How the call stands to each plan of the user's own.
    """

    events: frozenset[str]
    states: Mapping[tuple[str, str], State]
    violations: Mapping[Violation, frozenset[str]]
    unnamed: tuple[Violation, ...]
    invalid: bool
    standings: Mapping[str, Standing]


class Panel:
    """All plan rules for one kind of call.

    A stream with many optional properties has very many shapes, made of few values: so what the rules say of a property
    is worked out once for each type it comes with.

    Args:
        rules: The rules, each with the plans that have it.
        own: The ids of the user's own plans.
        weigh: How bad a violation is, by its code and how bad it is of itself; None: it is none.

    Attributes:
        events: The events that such a call counts as.
        planned: The plans that know such calls.
    """

    def __init__(
        self, rules: Mapping[LoweredRule, Iterable[str]], own: Collection[str], weigh: Weigh | None = None
    ) -> None:
        self._rules = [(rule, frozenset(plans)) for rule, plans in rules.items()]
        self._weigh = weigh
        named = [(rule, plans) for rule, plans in self._rules if rule.type != COMMON]
        self.events = frozenset(rule.event for rule, _ in named)
        self.planned = frozenset[str]().union(*(plans for _, plans in named))
        members: dict[tuple[str, ...], list[_Member]] = defaultdict(list)
        for rule, plans in self._rules:
            counted = not plans.issubset(own)
            for expected in rule.expectations:
                places = tuple(place for place, _ in expected.places)
                members[places].append(_Member(rule, plans, expected, counted))
        self._parts = [_Part(places, of, self) for places, of in members.items()]

    def judge(self, shape: Shape) -> tuple[dict[tuple[str, str], State], dict[Violation, frozenset[str]]]:
        """How a shape carries each property of the use cases, and the violations with the plans that they break."""
        states: dict[tuple[str, str], State] = {}
        violations: dict[Violation, frozenset[str]] = {}
        for rule, plans in self._rules:
            merge(violations, self.weighed((v, plans) for v in Judging(rule, shape).of_rule()))
        fields = dict(shape.fields)
        for part in self._parts:
            found = part.of(shape, fields)
            states.update(found.states)
            merge(violations, found.violations)
        return states, violations

    def weighed(self, found: Iterable[tuple[Violation, frozenset[str]]]) -> Weighed:
        """Violations as bad as they count; those that count for nothing are left out."""
        if self._weigh is None:
            return tuple(found)
        told = [(violation, plans, self._weigh(violation.code, violation.severity)) for violation, plans in found]
        return tuple((violation._replace(severity=severity), plans) for violation, plans, severity in told if severity)


def merge(violations: dict[Violation, frozenset[str]], found: Weighed) -> None:
    """Adds what was found to what was."""
    for violation, plans in found:
        known = violations.get(violation)
        violations[violation] = plans if known is None else known | plans


class _Member(NamedTuple):
    """What one rule expects of a property, the plans that have the rule, and whether a use case is among them."""

    rule: LoweredRule
    plans: frozenset[str]
    expected: Expectation
    counted: bool


class _Found(NamedTuple):
    """What the rules say of one property."""

    states: dict[tuple[str, str], State]
    violations: Weighed


class _Part:
    """All that is expected of what stands at certain places."""

    def __init__(self, places: tuple[str, ...], members: list[_Member], panel: Panel) -> None:
        self._places = places
        self._members = members
        self._panel = panel
        self._ids = frozenset(c.id for m in members for _, test in m.expected.places for c in test.checks)
        self._known: dict[tuple[object, ...], _Found] = {}

    def of(self, shape: Shape, fields: Mapping[str, str]) -> _Found:
        """What is said of a shape, whose fields these are."""
        failed = tuple(text for text in shape.failed if text.partition(FOUND)[0] in self._ids) if shape.failed else ()
        key = (shape.payload, failed, *map(fields.get, self._places))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._judge(shape)
        return found

    def _judge(self, shape: Shape) -> _Found:
        states: dict[tuple[str, str], State] = {}
        violations: dict[Violation, frozenset[str]] = {}
        for rule, plans, expected, counted in self._members:
            judging = Judging(rule, shape)
            merge(violations, self._panel.weighed((v, plans) for v in judging.of_property(expected)))
            if counted:
                states.update({(rule.event, name): state for name, state in judging.states.items()})
        return _Found(states, tuple(violations.items()))
