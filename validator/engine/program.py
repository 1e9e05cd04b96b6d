"""All active plans compiled together, once: what the hot loop looks at, and the judgement of each distinct shape."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from validator.engine.checks import ValueCheck, value_checks
from validator.engine.judge import Judgement, State, Violation, judge
from validator.engine.lower import PROPERTIES, LoweredRule, lower
from validator.engine.names import NearMisses
from validator.engine.shape import UNKNOWN
from validator.model import CALL_TYPES, Severity, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from validator.engine.lower import Expectation, Test
    from validator.engine.shape import Shape
    from validator.plan import TrackingPlan


class View(msgspec.Struct, frozen=True):
    """What the plans look at in the calls of one kind.

    Attributes:
        properties: Key under `/properties` -> its JSON pointer.
        fields: Top-level field -> its JSON pointer.
        checks: JSON pointer -> the value checks there.
    """

    properties: Mapping[str, str]
    fields: Mapping[str, str]
    checks: Mapping[str, tuple[ValueCheck, ...]]


class Outcome(msgspec.Struct, frozen=True):
    """What all plans together say of one shape.

    Attributes:
        events: The events that the call counts as.
        states: (event, property) -> how the call carries it.
        violations: Each violation once, with the plans it breaks.
        invalid: Whether the call has a violation of error severity.
    """

    events: frozenset[str]
    states: Mapping[tuple[str, str], State]
    violations: Mapping[Violation, frozenset[str]]
    invalid: bool


class Program:
    """Compiled tracking plans. Equal rules of different plans are judged once.

    Args:
        plans: The active plans, in report order.

    Raises:
        PlanError: A rule uses something that cannot be checked.
    """

    def __init__(self, plans: Iterable[TrackingPlan]) -> None:
        self.plans = tuple(plans)
        self._rules: dict[tuple[str, str | None], dict[LoweredRule, list[str]]] = defaultdict(dict)
        for plan in self.plans:
            for rule in plan.rules:
                lowered = lower(rule, plan.id)
                self._rules[lowered.type, lowered.key].setdefault(lowered, []).append(plan.id)
        self._outcomes: dict[Shape, Outcome] = {}
        self._views: dict[tuple[str, str | None], View] = {}

    @cached_property
    def track_events(self) -> frozenset[str]:
        """The names of track calls that a rule is about."""
        return frozenset(key for kind, key in self._rules if kind == "track" and key is not None)

    @cached_property
    def near_misses(self) -> NearMisses:
        """Finds planned event names that unplanned ones nearly are."""
        return NearMisses(self.track_events)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The top-level fields, besides the payload, that any plan looks at."""
        return tuple(sorted({field for kind, event in self._rules for field in self.view(kind, event).fields}))

    def rules(self, kind: str, event: str | None) -> Mapping[LoweredRule, list[str]]:
        """The rules for a call, each with the plans that have it.

        Args:
            kind: The call type in lower case.
            event: The event name of a track call.
        """
        return self._rules.get((kind, event), {})

    def view(self, kind: str, event: str | None) -> View:
        """What the plans look at in such a call."""
        found = self._views.get((kind, event))
        if found is None:
            found = self._views[kind, event] = self._make_view(kind, event)
        return found

    def _make_view(self, kind: str, event: str | None) -> View:
        properties, fields = {}, {}
        checks: dict[str, dict[ValueCheck, None]] = defaultdict(dict)
        for rule in self.rules(kind, event):
            for place, test in (pair for expected in rule.expectations for pair in expected.places):
                keys = pointer_keys(place)
                if keys[0] == PROPERTIES and len(keys) > 1:
                    properties[keys[1]] = place
                else:
                    fields[keys[0]] = place
                checks[place].update(dict.fromkeys(value_checks(place, test)))
        return View(properties, fields, {place: tuple(found) for place, found in checks.items() if found})

    def event_of(self, kind: str, event: str | None) -> str | None:
        """The event name where a rule is about that track call, else None: other names make no difference."""
        return event if kind == "track" and event in self.track_events else None

    def expectations(self, event: str, name: str) -> Iterator[Expectation]:
        """What the rules expect of a property."""
        for rules in self._rules.values():
            for rule in rules:
                yield from (e for e in rule.expectations if rule.event == event and e.property == name)

    def test_of(self, event: str, name: str) -> Test | None:
        """The test of a property's value, as the first rule about it has it."""
        return next((e.places[0][1] for e in self.expectations(event, name)), None)

    def places_of(self, event: str, name: str) -> tuple[str, ...]:
        """The JSON pointers where a property may stand, if there are several."""
        return next((tuple(p for p, _ in e.places) for e in self.expectations(event, name) if e.any_of), ())

    def judge(self, shape: Shape) -> Outcome:
        """What all plans say of a shape."""
        outcome = self._outcomes.get(shape)
        if outcome is None:
            if len(self._outcomes) >= 1 << 14:
                self._outcomes.clear()
            outcome = self._outcomes[shape] = self._judge(shape)
        return outcome

    def judgements(self, shape: Shape) -> list[tuple[LoweredRule, Judgement]]:
        """What each distinct rule that applies says of a shape."""
        return [(rule, judge(rule, shape)) for rule in self.rules(shape.type, shape.event)]

    def _judge(self, shape: Shape) -> Outcome:
        rules = self.rules(shape.type, shape.event)
        states: dict[tuple[str, str], State] = {}
        violations: dict[Violation, set[str]] = {}
        for rule, judgement in self.judgements(shape):
            states.update({(rule.event, name): state for name, state in judgement.states.items()})
            for violation in judgement.violations:
                violations.setdefault(violation, set()).update(rules[rule])
        return Outcome(
            events=frozenset(rule.event for rule in rules),
            states=states,
            violations={violation: frozenset(plans) for violation, plans in violations.items()},
            invalid=any(violation.severity is Severity.ERROR for violation in violations),
        )


def call_type(raw: str) -> str:
    """The call type that a call's `type` stands for: compared without regard to ASCII case; else `unknown`."""
    folded = raw.lower() if raw.isascii() else raw
    return folded if folded in CALL_TYPES else UNKNOWN
