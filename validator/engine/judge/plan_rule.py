"""Judges a call by one plan rule: violations, and the state of each property. No values, no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from validator.engine.compile.deviation import ABSENT, OBJECT
from validator.engine.compile.lowered_rule import PROPERTIES
from validator.engine.compile.value_checks import INTEGER, ITEMS, shortened
from validator.engine.judge.violation import CODES, State, Violation
from validator.json_schema.evaluator import pointer_of
from validator.model import Severity, pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.engine.compile.deviation import Facts
    from validator.engine.compile.lowered_rule import Expectation, LoweredRule, Test
    from validator.engine.compile.value_checks import Found, ValueCheck

PAYLOAD = pointer(PROPERTIES)
ELEMENTS = "/*"


class Judgement(msgspec.Struct, frozen=True):
    """The judgement of one plan rule on a call.

    Attributes:
        violations: All of them.
        states: The state of each property of the rule.
    """

    violations: tuple[Violation, ...]
    states: Mapping[str, State]


def judge_call(rule: LoweredRule, facts: Facts) -> Judgement:
    """Judges a call by a rule that applies to it."""
    judging = Judging(rule, facts)
    violations = [
        *judging.of_properties_as_such(),
        *judging.of_other_keys(judging.has_other_keys()),
        *judging.of_whole(),
        *(v for e in rule.expectations for v in judging.of_property(e)),
    ]
    return Judgement(tuple(violations), judging.states)


class Judging:
    """One rule, and a call (or some places of it) that it applies to.

    Attributes:
        states: The state of each judged property.
    """

    def __init__(self, rule: LoweredRule, facts: Facts) -> None:
        self.rule = rule
        self.facts = facts
        self.payload = facts.table.properties
        self.fields = facts.fields
        self.failed: dict[str, list[Found | None]] = {}
        for check, found in facts.failed:
            self.failed.setdefault(check, []).append(found)
        self.states: dict[str, State] = {}

    def of_properties_as_such(self) -> Iterator[Violation]:
        """What is wrong with `/properties` itself: it is missing, or not an object."""
        rule, payload = self.rule, self.payload
        if payload == ABSENT:
            if rule.payload_required and not rule.payload_recommended:
                yield self._violation("required", None, "", missing=PROPERTIES, where="/required")
        elif rule.payload_types is not None and not _fits(payload, rule.payload_types):
            where = "/properties/properties/type"
            yield self._violation("type", None, PAYLOAD, got=payload, wanted=_json(rule.payload_types), where=where)

    def of_other_keys(self, found: bool) -> Iterator[Violation]:
        """What is wrong if `/properties` has keys that the rule does not allow."""
        if found:
            where = "/properties/properties/additionalProperties"
            yield self._violation("additionalProperties", None, PAYLOAD, where=where)

    def has_other_keys(self) -> bool:
        """Whether `/properties` has keys that the rule does not allow: unplanned ones, or those of another plan."""
        known = self.rule.known
        if known is None or self.payload != OBJECT:
            return False
        keys = map(pointer_keys, self.fields)
        return self.facts.more or any(len(key) == 2 and key[0] == PROPERTIES and key[1] not in known for key in keys)

    def of_whole(self) -> Iterator[Violation]:
        """The violations by checks of the whole message, or of all of `/properties`."""
        for check in self.rule.checks:
            yield from self._of_check(check, None, Severity.ERROR)

    def of_property(self, expected: Expectation) -> Iterator[Violation]:
        """What is wrong with a property."""
        if expected.any_of:
            yield from self._of_places(expected)
            return
        ((place, test),) = expected.places
        found = list(self._of_value(expected, place, test))
        present = place in self.fields
        state = (State.INVALID if found else State.PRESENT) if present else State.MISSING
        self.states[expected.property] = state
        # If `properties` is not an object, its wrong type is reported once for all properties.
        looked_for = (
            expected.holder != PAYLOAD
            or self.payload == OBJECT
            or (self.payload == ABSENT and self.rule.payload_recommended)
        )
        if not present and expected.required and looked_for:
            yield self._missing(expected, expected.holder, "required")
        yield from found

    def _of_places(self, expected: Expectation) -> Iterator[Violation]:
        """What is wrong with a property with several places."""
        held = [(place, test) for place, test in expected.places if place in self.fields]
        if any(not any(self._of_value(expected, place, test)) for place, test in held):
            self.states[expected.property] = State.PRESENT
        elif any(self.fields[place] != "null" or len(expected.places) == 1 for place, _ in held):
            self.states[expected.property] = State.INVALID
            types = frozenset[str]().union(*(test.types or () for _, test in expected.places))
            got = next((self.fields[place] for place, _ in held if self.fields[place] != "null"), "null")
            yield self._violation(
                "anyOf", expected.property, "", code="TP202", severity=expected.severity, got=got, wanted=_json(types)
            )
        else:
            self.states[expected.property] = State.MISSING
            yield self._missing(expected, "", "anyOf")

    def _of_value(self, expected: Expectation, place: str, test: Test) -> Iterator[Violation]:
        """What is wrong with the value at a place, if there is one."""
        own = self.fields.get(place)
        if own is None:
            return
        whole = next((check for check in test.checks if check.keyword == INTEGER), None)
        if test.types is not None and not _fits(own, test.types) and (whole is None or own != "number"):
            where = _where(self._where_of(expected), "type")
            yield self._wrong(expected, place, "type", got=own, wanted=_json(test.types), where=where)
        for check in test.checks:
            yield from self._of_check(check, expected, expected.severity, own)

    def _of_check(
        self, check: ValueCheck, expected: Expectation | None, severity: Severity, got: str | None = None
    ) -> Iterator[Violation]:
        """The violation by a value check."""
        for found in self.failed.get(check.id, ()):
            if found is not None:
                yield self._found(found, check, expected, severity)
                continue
            location = check.place + (ELEMENTS if check.keyword == ITEMS else "")
            wanted = [INTEGER] if check.keyword == INTEGER else check.argument
            yield self._violation(
                check.reported,
                expected.property if expected else None,
                location,
                severity=severity,
                where=pointer_of(check.where),
                got=None if check.keyword == ITEMS else got,
                wanted=_json(wanted),
            )

    def _found(self, found: Found, check: ValueCheck, expected: Expectation | None, severity: Severity) -> Violation:
        """The violation by a check of a whole schema."""
        location = check.place + found.location
        return self._violation(
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

    def _missing(self, expected: Expectation, location: str, keyword: str) -> Violation:
        """The violation by a missing property."""
        code, severity = ("UC102", Severity.WARNING) if expected.recommended else ("TP201", Severity.ERROR)
        name = expected.property if keyword == "required" else None
        return Violation(code, self.rule.event, expected.property, location, keyword, severity, name)

    def _wrong(self, expected: Expectation, location: str, keyword: str, **more: Any) -> Violation:
        """The violation by an unexpected value."""
        return self._violation(keyword, expected.property, location, severity=expected.severity, **more)

    def _violation(
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
        code = "TP201" if missing is not None else code or CODES.get(keyword, "TP209")
        return Violation(code, self.rule.event, name, location, keyword, severity, missing, where, got, wanted, detail)

    def _where_of(self, expected: Expectation) -> str:
        """The place of the expectation in the plan rule's schema."""
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
