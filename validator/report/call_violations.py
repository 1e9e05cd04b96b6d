"""The violations of one call, each with its places and message."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from validator.engine.compile.value_checks import ITEMS, SCHEMA, spotted
from validator.engine.judge.judge import Judge
from validator.engine.judge.plan_rule import ELEMENTS, PAYLOAD
from validator.engine.near_miss import near_keys
from validator.engine.scan.observer import Verdict, has_further_keys
from validator.model import pointer, pointer_keys
from validator.report import finding_messages
from validator.report.violation_messages import MOST, expected, sentence
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from validator.engine.compile.program import Program
    from validator.engine.compile.relevant_fields import RelevantFields
    from validator.engine.judge.judge import Effect
    from validator.engine.judge.violation import Violation

# Rules about values.
_OF_VALUES = frozenset(["TP202", "TP205", "TP206", "TP207", "TP208"])

# The place of required properties in a rule's schema.
_REQUIRED = {("required", PAYLOAD): "/properties/properties/required", ("required", ""): "/required"}

# The place of `additionalProperties` of `/properties`.
_PAYLOAD_CLOSED = "/properties/properties/additionalProperties"

# Stands for a missing value.
NOTHING: Any = msgspec.UNSET


class CallViolation(msgspec.Struct, frozen=True):
    """One way in which a call breaks plan rules.

    Attributes:
        code: The rule of uclint.
        rule: Its kebab-case name.
        severity: `error` or `warning`.
        plans: The use cases and plans that are broken.
        event: The event.
        property: The property, if one is concerned.
        instance_location: JSON pointer into the call; `*` is any element, and any key that the rule does not name.
        keyword: The JSON Schema keyword that fails; None where no schema says it.
        schema_location: JSON pointer of the keyword in the plan rule's schema, where there is one.
        missing: The name that is missing, if one is.
        got: The JSON type that was sent, where it is known.
        wanted: The keyword's value as JSON text, where it is known.
        expected: What the value should be, in words; empty where something else is wrong.
        near: Keys of the call similar to the missing one.
        extra: Keys of the call that are not allowed, or are in no plan.
        message: The violation in one sentence, without values of the call.
    """

    code: str
    rule: str
    severity: str
    plans: tuple[str, ...]
    event: str
    property: str | None
    instance_location: str
    keyword: str | None
    schema_location: str | None
    missing: str | None
    got: str | None
    wanted: str
    expected: str
    near: tuple[str, ...]
    extra: tuple[str, ...]
    message: str


class CallReader:
    """Reads the violations of calls."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._order = {plan.id: number for number, plan in enumerate(program.plans)}
        self._minds = bool(program.own) and program.unplanned is not None
        # Streams repeat the same violations.
        self._cached = lru_cache(1 << 13)(self._say)
        self._judge = Judge(program)
        self._effect = lru_cache(1 << 13)(self._judge.of_verdict)
        self._something = lru_cache(1 << 13)(self._has_something)
        self._unplanned_in = lru_cache(1 << 10)(self._judge.unplanned)

    def has_something(self, verdict: Verdict) -> bool:
        """Whether a call may have violations."""
        return self._something(verdict) if verdict.facts is None else self._has_something(verdict)

    def _has_something(self, verdict: Verdict) -> bool:
        return bool(self.effect(verdict).violations) or self._has_unplanned(verdict)

    def effect(self, verdict: Verdict) -> Effect:
        """The effect of a call under the plans."""
        return self._effect(verdict) if verdict.facts is None else self._judge.of_verdict(verdict)

    def fields(self, verdict: Verdict) -> RelevantFields:
        """The fields that plans use in such calls."""
        return self._program.rules_for(verdict.table).fields

    def _has_unplanned(self, verdict: Verdict) -> bool:
        """Whether a call may contain something that is in no plan, neither the user's own nor any other."""
        return self._minds and (verdict.table.name is None or has_further_keys(verdict))

    def violations(self, call: Mapping[str, Any], verdict: Verdict) -> list[CallViolation]:
        """All violations of a call, the worst first."""
        found = [
            self._violation(violation, plans, call, verdict) for violation, plans in self.effect(verdict).violations
        ]
        if self._has_unplanned(verdict):
            found += self._unplanned(call, verdict)
        return sorted(found, key=_order)

    def _violation(
        self, violation: Violation, plans: Collection[str], call: Mapping[str, Any], verdict: Verdict
    ) -> CallViolation:
        near = self._near(violation, call, verdict) if violation.missing or violation.code == "UC102" else ()
        extra = self._extra(violation, call, verdict) if violation.code == "TP204" else ()
        return self._cached(violation, frozenset(plans), near, extra)

    def _say(
        self, violation: Violation, concerned: frozenset[str], near: tuple[str, ...], extra: tuple[str, ...]
    ) -> CallViolation:
        plans = tuple(sorted(concerned, key=self._order.__getitem__))
        return CallViolation(
            code=violation.code,
            rule=RULES[violation.code].name,
            severity=violation.severity.value,
            plans=plans,
            event=violation.event,
            property=violation.property,
            instance_location=violation.location,
            keyword=violation.keyword or None,
            schema_location=violation.where or _REQUIRED.get((violation.keyword, violation.location)),
            missing=violation.missing,
            got=violation.got,
            wanted=violation.wanted,
            expected=expected(violation) if violation.code in _OF_VALUES else "",
            near=near,
            extra=extra,
            message=self._sentence(violation, plans, near, extra),
        )

    def _sentence(
        self, violation: Violation, plans: tuple[str, ...], near: tuple[str, ...], extra: tuple[str, ...]
    ) -> str:
        if violation.code == "TP203":
            return finding_messages.unplanned_call(
                violation.event, plans, self._program.near_misses.planned(violation.event)
            )
        if violation.code == "TP204" and not violation.keyword:
            name = finding_messages.spoken(violation.property or "")
            in_plans = finding_messages.neither(plans)
            return finding_messages.say("TP204", case="of one call", event=violation.event, name=name, plans=in_plans)
        places: tuple[str, ...] = ()
        if violation.property and violation.keyword == "anyOf" and not violation.location:
            places = self._program.places_of(violation.event, violation.property)
        text = sentence({violation: 1}, None, places, near)
        if extra:
            shown = ", ".join(dict.fromkeys(map(finding_messages.spoken, extra[:MOST]))) + (
                ", ..." if len(extra) > MOST else ""
            )
            text = f"{text.removesuffix('.')}: {shown}."
        return text

    def _near(self, violation: Violation, call: Mapping[str, Any], verdict: Verdict) -> tuple[str, ...]:
        """Sibling keys similar to a missing one."""
        holder = violation.location if violation.missing is not None else PAYLOAD
        spot = next(iter(self.spots(violation, call, verdict)), holder) if "*" in holder else holder
        there = value_at(call, spot)
        keys = set(there) if isinstance(there, dict) else set()
        if holder == PAYLOAD:
            keys -= self.fields(verdict).properties.keys()
        return near_keys(violation.missing or violation.property or "", keys)

    def _extra(self, violation: Violation, call: Mapping[str, Any], verdict: Verdict) -> tuple[str, ...]:
        """Keys that are not allowed."""
        if not violation.keyword:
            return ()
        names = dict[str, None]()
        there = value_at(call, violation.location)
        if violation.location == PAYLOAD and isinstance(there, dict):
            for rule in self._program.rules_for(verdict.table).rules:
                if rule.known is not None and rule.event == violation.event:
                    names |= dict.fromkeys(key for key in there if key not in rule.known)
        if not names or violation.where != _PAYLOAD_CLOSED:
            for _, keys in self._found(violation, call, verdict):
                names |= dict.fromkeys(keys)
        return tuple(names)

    def _unplanned(self, call: Mapping[str, Any], verdict: Verdict) -> Iterator[CallViolation]:
        """What is in no plan, if the user's own plans report that."""
        table = verdict.table
        name = call.get("event" if table.type == "track" else "name")
        event = name if isinstance(name, str) and name else table.type.capitalize()
        plans: dict[tuple[Violation, str | None], list[str]] = {}
        for violation, of in self._unplanned_in(table, more=has_further_keys(verdict)):
            if violation.code == "TP203" and not violation.event:
                plans.setdefault((violation._replace(event=event), None), []).extend(of)
            elif violation.code == "TP204":
                for key in call["properties"].keys() - self.fields(verdict).properties.keys():
                    named = violation._replace(property=key, location=pointer("properties", key))
                    plans.setdefault((named, key), []).extend(of)
        for (violation, _), those in plans.items():
            yield self._cached(violation, frozenset(those), (), ())

    # Places.

    def spots(self, violation: Violation | CallViolation, call: Mapping[str, Any], verdict: Verdict) -> list[str]:
        """The exact places in a call: like `instance_location`, with element indices."""
        location = violation.instance_location if isinstance(violation, CallViolation) else violation.location
        if "*" not in _keys(location):
            return [location]
        return list(dict.fromkeys(spot for spot, _ in self._found(violation, call, verdict))) or [location]

    def _found(
        self, violation: Violation | CallViolation, call: Mapping[str, Any], verdict: Verdict
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The places where value checks find a violation, and the keys concerned."""
        if isinstance(violation, CallViolation):
            location, where = violation.instance_location, violation.schema_location or ""
        else:
            location, where = violation.location, violation.where
        for place, checks in self.fields(verdict).checks.items():
            value = value_at(call, place)
            if value is NOTHING or not location.startswith(place):
                continue
            for check in checks:
                if check.keyword == ITEMS and location == place + ELEMENTS and violation.keyword == "type":
                    yield from ((spot, ()) for _, spot, _ in spotted(check, value))
                elif check.keyword == SCHEMA:
                    for found, spot, names in spotted(check, value):
                        same = (found.keyword, found.where, found.missing)
                        if same == (violation.keyword, where, violation.missing) and place + found.location == location:
                            yield spot, names


_keys = lru_cache(1 << 12)(pointer_keys)


def value_at(call: Any, location: str) -> Any:
    """The value at a JSON pointer; NOTHING if there is none."""
    for key in _keys(location):
        if isinstance(call, dict) and key in call:
            call = call[key]
        elif isinstance(call, list) and key.isdecimal() and int(key) < len(call):
            call = call[int(key)]
        else:
            return NOTHING
    return call


def _order(violation: CallViolation) -> tuple[bool, str, str, str, str]:
    severity = violation.severity != "error"
    return severity, violation.code, violation.event, violation.property or "", violation.instance_location
