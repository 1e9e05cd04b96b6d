"""What a shape means for one plan rule: violations, and the state of each property. No values, no I/O."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from validator.engine.checks import value_checks
from validator.engine.lower import PROPERTIES
from validator.engine.shape import ABSENT, OBJECT
from validator.model import Severity, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.engine.lower import Expectation, LoweredRule, Test
    from validator.engine.shape import Shape

PAYLOAD = pointer(PROPERTIES)
ELEMENTS = "/*"


class State(IntEnum):
    """How a call carries a property."""

    PRESENT = 0
    MISSING = 1
    INVALID = 2


class Violation(NamedTuple):
    """One way in which calls break a plan rule, as JSON Schema sees it and as uclint says it.

    Attributes:
        code: The rule of uclint that says it.
        severity: How bad it is.
        event: The event.
        property: The property; None for `/properties` itself.
        location: Instance location, a JSON pointer; `*` stands for any element of an array.
        keyword: The JSON Schema keyword that fails.
        missing: The name that `required` misses, else None.
    """

    code: str
    severity: Severity
    event: str
    property: str | None
    location: str
    keyword: str
    missing: str | None


class Judgement(msgspec.Struct, frozen=True):
    """What one plan rule says of one shape.

    Attributes:
        violations: All of them.
        states: The state of each property of the rule.
    """

    violations: tuple[Violation, ...]
    states: Mapping[str, State]


def judge(rule: LoweredRule, shape: Shape) -> Judgement:
    """Judges one shape by one rule that applies to it."""
    judging = _Judging(rule, shape)
    violations = [*judging.of_payload(), *(v for e in rule.expectations for v in judging.of_property(e))]
    return Judgement(tuple(violations), judging.states)


class _Judging:
    def __init__(self, rule: LoweredRule, shape: Shape) -> None:
        self.rule = rule
        self.payload = shape.payload
        self.fields = dict(shape.fields)
        self.failed = frozenset(shape.failed)
        self.states: dict[str, State] = {}

    def of_payload(self) -> Iterator[Violation]:
        rule = self.rule
        if self.payload == ABSENT and rule.payload_required and not rule.payload_recommended:
            yield Violation("TP201", Severity.ERROR, rule.event, None, "", "required", PROPERTIES)
        elif self.payload not in (ABSENT, OBJECT) and rule.object_required:
            yield Violation("TP202", Severity.ERROR, rule.event, None, PAYLOAD, "type", None)

    def of_property(self, expected: Expectation) -> Iterator[Violation]:
        if expected.any_of:
            yield from self.of_places(expected)
            return
        ((place, test),) = expected.places
        wrong = [location for location, holds in self.tests(place, test) if not holds]
        present = place in self.fields
        state = (State.INVALID if wrong else State.PRESENT) if present else State.MISSING
        self.states[expected.property] = state
        # Where `properties` is no object, its wrong type says it once for all of its properties.
        looked_for = self.payload == OBJECT or (self.payload == ABSENT and self.rule.payload_required)
        if not present and expected.required and looked_for:
            yield self.missing(expected, PAYLOAD, "required")
        for location in wrong:
            yield self.wrong_type(expected, location, "type")

    def of_places(self, expected: Expectation) -> Iterator[Violation]:
        held = [(place, test) for place, test in expected.places if place in self.fields]
        if any(all(holds for _, holds in self.tests(place, test)) for place, test in held):
            self.states[expected.property] = State.PRESENT
        elif any(self.fields[place] != "null" or len(expected.places) == 1 for place, _ in held):
            self.states[expected.property] = State.INVALID
            yield self.wrong_type(expected, "", "anyOf")
        else:
            self.states[expected.property] = State.MISSING
            yield self.missing(expected, "", "anyOf")

    def tests(self, place: str, test: Test) -> Iterator[tuple[str, bool]]:
        """The tests of the value at a place, if there is one: instance location and whether it holds."""
        own = self.fields.get(place)
        if own is None:
            return
        open_checks = {check.kind: check.id for check in value_checks(place, test)}
        if test.types is not None:
            whole = open_checks.get("integer") if own == "number" else None
            yield (
                place,
                own in test.types
                or (own == "integer" and "number" in test.types)
                or (whole is not None and whole not in self.failed),
            )
        if own == "array" and "items" in open_checks:
            yield place + ELEMENTS, open_checks["items"] not in self.failed

    def missing(self, expected: Expectation, location: str, keyword: str) -> Violation:
        code, severity = ("UC102", Severity.WARNING) if expected.recommended else ("TP201", Severity.ERROR)
        name = expected.property if keyword == "required" else None
        return Violation(code, severity, self.rule.event, expected.property, location, keyword, name)

    def wrong_type(self, expected: Expectation, location: str, keyword: str) -> Violation:
        return Violation("TP202", expected.severity, self.rule.event, expected.property, location, keyword, None)
