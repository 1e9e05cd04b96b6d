"""What a shape means for one plan rule: violations, and the state of each property. No values, no I/O."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from validator.engine.checks import FOUND, INTEGER, ITEMS, SCHEMA, Found, read_found, shortened
from validator.engine.lower import PROPERTIES
from validator.engine.shape import ABSENT, OBJECT
from validator.json_schema.evaluator import EXCEEDED, pointer_of
from validator.model import Severity, pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.engine.checks import ValueCheck
    from validator.engine.lowered import Expectation, LoweredRule, Test
    from validator.engine.shape import Shape

PAYLOAD = pointer(PROPERTIES)
ELEMENTS = "/*"

_CODES = {
    "required": "TP201",
    "dependentRequired": "TP201",
    "type": "TP202",
    "additionalProperties": "TP204",
    "unevaluatedProperties": "TP204",
    "enum": "TP205",
    "const": "TP205",
    "pattern": "TP206",
    "format": "TP208",
    EXCEEDED: "TP210",
}
_CODES |= dict.fromkeys(
    (
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"),
        *("minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties"),
    ),
    "TP207",
)


class State(IntEnum):
    """How a call carries a property."""

    PRESENT = 0
    MISSING = 1
    INVALID = 2


# Code, event, property, location and keyword.
Identity = tuple[str, str, str | None, str, str]


class Violation(NamedTuple):
    """One way in which calls break a plan rule, as JSON Schema sees it and as uclint says it.

    Attributes:
        code: The rule of uclint that says it.
        event: The event.
        property: The property; None for `/properties` itself.
        location: Instance location, a JSON pointer; `*` stands for any element of an array, and for any key that the
            schema has no name for.
        keyword: The JSON Schema keyword that fails.
        severity: How bad it is.
        missing: The name that `required` misses, else None.
        where: JSON pointer of the keyword in the plan rule's schema; empty where it is in several places.
        got: The JSON type of the value that fails, where that is known.
        wanted: What the keyword asks for, as JSON text; empty where it is long or plain.
        detail: For `anyOf` and `oneOf`, what the closest branch lacks.
    """

    code: str
    event: str
    property: str | None
    location: str
    keyword: str
    severity: Severity
    missing: str | None
    where: str = ""
    got: str | None = None
    wanted: str = ""
    detail: tuple[Found, ...] = ()


def identity_of(violation: Violation) -> Identity:
    """What a violation has in common with those that are one finding with it, whatever came and was wanted."""
    return violation[:5]


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
    judging = Judging(rule, shape)
    violations = [*judging.of_rule(), *(v for e in rule.expectations for v in judging.of_property(e))]
    return Judgement(tuple(violations), judging.states)


class Judging:
    """One rule and one shape that it applies to.

    Attributes:
        states: The state of each property that was asked for.
    """

    def __init__(self, rule: LoweredRule, shape: Shape) -> None:
        self.rule = rule
        self.shape = shape
        self.payload = shape.payload
        self.fields = dict(shape.fields)
        self.failed: dict[str, list[str]] = {}
        for text in shape.failed:
            own, _, found = text.partition(FOUND)
            self.failed.setdefault(own, []).append(found)
        self.states: dict[str, State] = {}

    def of_rule(self) -> Iterator[Violation]:
        """What is wrong with the call besides its single properties."""
        yield from self.of_payload()
        for check in self.rule.checks:
            yield from self.of_check(check, None, Severity.ERROR)

    def of_payload(self) -> Iterator[Violation]:
        """What is wrong with `/properties` as such."""
        rule, payload = self.rule, self.payload
        if payload == ABSENT:
            if rule.payload_required and not rule.payload_recommended:
                yield self.violation("required", None, "", missing=PROPERTIES, where="/required")
        elif rule.payload_types is not None and not _fits(payload, rule.payload_types):
            where = "/properties/properties/type"
            yield self.violation("type", None, PAYLOAD, got=payload, wanted=_json(rule.payload_types), where=where)
        if payload == OBJECT and rule.known is not None and (self.shape.more or self.unknown(rule.known)):
            where = "/properties/properties/additionalProperties"
            yield self.violation("additionalProperties", None, PAYLOAD, where=where)

    def unknown(self, known: frozenset[str]) -> bool:
        """Whether the call has a property that another rule knows, and this one does not."""
        keys = map(pointer_keys, self.fields)
        return any(len(key) == 2 and key[0] == PROPERTIES and key[1] not in known for key in keys)

    def of_property(self, expected: Expectation) -> Iterator[Violation]:
        """What is wrong with a property."""
        if expected.any_of:
            yield from self.of_places(expected)
            return
        ((place, test),) = expected.places
        found = list(self.of_value(expected, place, test))
        present = place in self.fields
        state = (State.INVALID if found else State.PRESENT) if present else State.MISSING
        self.states[expected.property] = state
        # Where `properties` is no object, its wrong type says it once for all of its properties.
        looked_for = (
            expected.holder != PAYLOAD
            or self.payload == OBJECT
            or (self.payload == ABSENT and self.rule.payload_recommended)
        )
        if not present and expected.required and looked_for:
            yield self.missing(expected, expected.holder, "required")
        yield from found

    def of_places(self, expected: Expectation) -> Iterator[Violation]:
        """What is wrong with a property that may stand in several places."""
        held = [(place, test) for place, test in expected.places if place in self.fields]
        if any(not any(self.of_value(expected, place, test)) for place, test in held):
            self.states[expected.property] = State.PRESENT
        elif any(self.fields[place] != "null" or len(expected.places) == 1 for place, _ in held):
            self.states[expected.property] = State.INVALID
            types = frozenset[str]().union(*(test.types or () for _, test in expected.places))
            got = next((self.fields[place] for place, _ in held if self.fields[place] != "null"), "null")
            yield self.violation(
                "anyOf", expected.property, "", code="TP202", severity=expected.severity, got=got, wanted=_json(types)
            )
        else:
            self.states[expected.property] = State.MISSING
            yield self.missing(expected, "", "anyOf")

    def of_value(self, expected: Expectation, place: str, test: Test) -> Iterator[Violation]:
        """What is wrong with the value at a place, if there is one."""
        own = self.fields.get(place)
        if own is None:
            return
        whole = next((check for check in test.checks if check.keyword == INTEGER), None)
        if test.types is not None and not _fits(own, test.types) and (whole is None or own != "number"):
            where = _where(self.where_of(expected), "type")
            yield self.wrong(expected, place, "type", got=own, wanted=_json(test.types), where=where)
        for check in test.checks:
            yield from self.of_check(check, expected, expected.severity, own)

    def of_check(
        self, check: ValueCheck, expected: Expectation | None, severity: Severity, got: str | None = None
    ) -> Iterator[Violation]:
        """What a value check found."""
        for text in self.failed.get(check.id, ()):
            if check.keyword == SCHEMA:
                yield self.found(read_found(text), check, expected, severity)
                continue
            location = check.place + (ELEMENTS if check.keyword == ITEMS else "")
            wanted = [INTEGER] if check.keyword == INTEGER else check.argument
            yield self.violation(
                check.said,
                expected.property if expected else None,
                location,
                severity=severity,
                where=pointer_of(check.where),
                got=None if check.keyword == ITEMS else got,
                wanted=_json(wanted),
            )

    def found(self, found: Found, check: ValueCheck, expected: Expectation | None, severity: Severity) -> Violation:
        """What a check of a whole schema found."""
        location = check.place + found.location
        return self.violation(
            found.keyword,
            expected.property if expected else _property(location, found.missing),
            location,
            severity=severity,
            missing=found.missing,
            where=found.where,
            got=found.got,
            wanted=found.wanted,
            detail=found.branch,
        )

    def missing(self, expected: Expectation, location: str, keyword: str) -> Violation:
        """The absence of a property."""
        code, severity = ("UC102", Severity.WARNING) if expected.recommended else ("TP201", Severity.ERROR)
        name = expected.property if keyword == "required" else None
        return Violation(code, self.rule.event, expected.property, location, keyword, severity, name)

    def wrong(self, expected: Expectation, location: str, keyword: str, **more: Any) -> Violation:
        """A value that is not what is expected."""
        return self.violation(keyword, expected.property, location, severity=expected.severity, **more)

    def violation(
        self,
        keyword: str,
        name: str | None,
        location: str,
        *,
        severity: Severity = Severity.ERROR,
        missing: str | None = None,
        where: str = "",
        got: str | None = None,
        wanted: str = "",
        detail: tuple[Found, ...] = (),
        code: str | None = None,
    ) -> Violation:
        """A violation of the rule."""
        code = "TP201" if missing is not None else code or _CODES.get(keyword, "TP209")
        return Violation(code, self.rule.event, name, location, keyword, severity, missing, where, got, wanted, detail)

    def where_of(self, expected: Expectation) -> str:
        """Where the plan rule's schema says what is expected."""
        below = pointer("properties", PROPERTIES) if expected.holder == PAYLOAD else ""
        return below + pointer("properties", expected.property)


def _where(base: str, keyword: str) -> str:
    return f"{base}/{keyword}"


def _property(location: str, missing: str | None) -> str | None:
    """The property (or field) that a location is about."""
    keys = [*pointer_keys(location), *([missing] if missing is not None else [])]
    name = keys[1] if len(keys) > 1 and keys[0] == PROPERTIES else keys[0] if keys and keys[0] != PROPERTIES else None
    return name if name != "*" else None


def _fits(own: str, types: frozenset[str]) -> bool:
    return own in types or (own == "integer" and "number" in types)


def _json(value: Any) -> str:
    return shortened(sorted(value) if isinstance(value, frozenset) else value)
