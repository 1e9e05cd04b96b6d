"""What `jsonschema` says of a call, what the contract says of its properties, and whether the engine says so."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import jsonschema
from referencing import Registry

from validator import Event, Severity, UseCase
from validator.engine.compile.lower import lower
from validator.engine.judge.violation import State
from validator.model import pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jsonschema.protocols import Validator

    from tests.support.counted import CallFacts, Counts, Reader
    from validator.catalog.model import CallMatch, EventUse, Property
    from validator.engine.judge.plan_rule import Judgement
    from validator.engine.judge.violation import Violation
    from validator.model import JsonType
    from validator.plan import PlanRule


# ------------------------------------------------------------------------------------------- what jsonschema says


class Breach(NamedTuple):
    """One way in which a call breaks a plan rule, as the engine and `jsonschema` can both say it."""

    location: str
    keyword: str
    missing: str | None
    property: str | None


PAYLOAD = "/properties"
ABSENT = object()


def oracle(schema: Mapping[str, Any]) -> Validator:
    """A validator that fetches nothing."""
    return jsonschema.Draft7Validator(schema, registry=Registry())


def breaches(rule: PlanRule, call: Any) -> dict[Breach, Severity]:
    """What `jsonschema` finds, each with its severity.

    Said as the engine says it: `*` for whichever elements of an array are wrong, and instead of a missing
    `properties` each property that is required there.
    """
    found: Counter[Breach] = Counter()
    severities: dict[Breach, Severity] = {}
    for error in oracle(rule.schema).iter_errors(call):
        for breach, severity in _breaches_of(error, rule.schema):
            found[breach] += 1
            severities[breach] = severity
    # Only elements of one array may collapse; anything else found twice would be lost in a mapping.
    twice = [breach for breach, times in found.items() if times > 1 and not breach.location.endswith("/*")]
    assert not twice, twice
    return severities


def _breaches_of(error: jsonschema.ValidationError, schema: Mapping[str, Any]) -> Iterator[tuple[Breach, Severity]]:
    location = "".join("/*" if isinstance(key, int) else pointer(key) for key in error.absolute_path)
    keyword = str(error.validator)
    own: Any = error.schema
    if keyword == "required":
        (missing,) = (name for name in own["required"] if error.message == f"{name!r} is a required property")
        if not error.absolute_path and missing == "properties":
            own, location = schema["properties"]["properties"], PAYLOAD
            names = own["required"]
        else:
            names = [missing]
        for name in names:
            severity = Severity.WARNING if name in own["x-recommended"] else Severity.ERROR
            yield Breach(location, keyword, name, name), severity
    elif keyword == "anyOf":
        severity = Severity(own.get("x-severity", "error"))
        yield Breach(location, keyword, None, own["x-property"]), severity
    else:
        path = list(error.absolute_path)
        name = None if len(path) == 1 else str(path[1])
        prop = {} if name is None else schema["properties"]["properties"]["properties"][name]
        yield Breach(location, keyword, None, name), Severity(prop.get("x-severity", "error"))


def as_breach(violation: Violation) -> Breach:
    return Breach(violation.location, violation.keyword, violation.missing, violation.property)


def applies(rule: PlanRule, call: Mapping[str, Any]) -> bool:
    kind = call.get("type")
    if not isinstance(kind, str) or not kind.isascii() or kind.upper() != rule.type:
        return False
    return rule.key is None or call.get("event") == rule.key


def parsed(line: str | bytes) -> Any:
    """Any JSON text, the last of equal keys counting, as RFC 8259 readers do; integers of any length."""
    return json.loads(line, parse_constant=_refuse, parse_int=lambda digits: int(digits[:50]))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


# ------------------------------------------------------------------------------------------ what the contract says


def look(call: Any, place: str) -> Any:
    for key in pointer_keys(place):
        if not isinstance(call, dict) or key not in call:
            return ABSENT
        call = call[key]
    return call


@cache
def fit(types: tuple[JsonType, ...], items: tuple[JsonType, ...] | None) -> Validator:
    return oracle({"type": list(types)} | ({} if items is None else {"items": {"type": list(items)}}))


def state(event: Event, match: CallMatch, prop: Property, call: Any) -> State:
    """How a call carries a property, word for word as the contract has it."""
    values = [look(call, place) for place in event.places(match, prop.name)]
    held = [value for value in values if value is not ABSENT]
    if any(fit(prop.types, prop.items).is_valid(value) for value in held):
        return State.PRESENT
    if len(values) > 1:
        held = [value for value in held if value is not None]
    return State.INVALID if held else State.MISSING


def matches(use_case: UseCase, call: Mapping[str, Any]) -> Iterator[tuple[EventUse, CallMatch]]:
    kind, name = call.get("type"), call.get("event")
    for use in use_case.events:
        for match in use.event.calls:
            is_type = isinstance(kind, str) and kind.isascii() and kind.lower() == match.type
            if is_type and (match.type != "track" or name == use.event.name):
                yield use, match


# ---------------------------------------------------------------------------------------------- what the engine says


def judgements(facts: CallFacts, line: bytes, rules: Iterable[PlanRule]) -> list[tuple[PlanRule, Judgement]]:
    """What the engine says for each rule; it must judge by these and by no others."""
    by_rule = dict(facts.judge.by_rule(facts.of(line)))
    lowered = [(rule, lower(rule)) for rule in rules]
    assert set(by_rule) == {low for _, low in lowered}
    return [(rule, by_rule[low]) for rule, low in lowered]


def check_call(reader: Reader, line: bytes) -> Counts:
    """Fails if the engine and `jsonschema` disagree about a call under any rule of the program's plans.

    And if what the engine counts of the call is not what these rules say of it. Gives what it counts.
    """
    call = parsed(line)
    rules = [rule for plan in reader.program.plans for rule in plan.rules if applies(rule, call)]
    worst = []
    for rule, judgement in judgements(reader.facts, line, rules):
        want = breaches(rule, call)
        assert Counter(map(as_breach, judgement.violations)) == Counter(want.keys()), (rule.schema, line)
        for violation in judgement.violations:
            missing = violation.property is not None and judgement.states[violation.property] is State.MISSING
            assert violation.severity == (Severity.WARNING if missing else want[as_breach(violation)]), violation
            assert (violation.code == "UC102") == missing, violation
            worst.append(violation.severity)
    assert bool(reader.facts.effect(line).breaks) == (Severity.ERROR in worst)
    return reader.block(line)
