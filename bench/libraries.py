"""The contestants within Python: uclint, parsers alone, and validators called for each call."""

from __future__ import annotations

import json
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.by_hand import faults_by_hand
from bench.contestants import Measured
from bench.core import core
from bench.counts import KEYWORDS, KEYWORDS_NESTED, Counts, States, Violations, kinds, value_at
from bench.plans import own_plan
from validator import CheckRequest, check_paths
from validator.report.rule_policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bench.contestants import Check
    from bench.counts import Key
    from bench.plans import Plans
    from validator import PlanRule, Report

    # One way in which a call breaks a rule: keyword, instance location, the name that is missing, the number of the
    # `allOf` branch.
    Fault = tuple[str, tuple[str | int, ...], str | None, int]


def uclint(by: Plans, jobs: int = 1, *, own: bool = False, lint: bool = False, native: bool = True) -> Check:
    """The whole check, compiling the plans included.

    Args:
        by: What to check by.
        jobs: Processes.
        own: Adds a plan that checks the values of most events.
        lint: Adds the rules about Segment's spec and about names that are on by default, which no rival has.
        native: With the native core, if it is there.
    """
    policy = Policy() if lint else Policy.of(ignore=["SP", "NM"])

    def check(path: str) -> Measured:
        plans = [by.own] if by.own else [own_plan()] if own else []
        request = CheckRequest(use_cases=tuple(by.use_cases), plans=tuple(plans), unplanned=None, policy=policy)
        with core("auto" if native else "0"):
            report = check_paths([path], request, jobs=jobs)
        return Measured(plan_counts_of(report) if by.own else counts_of(report))

    return check


def plan_counts_of(report: Report) -> Counts:
    """The counts that a report states of a team's own plan."""
    counted = Violations((*KEYWORDS, *KEYWORDS_NESTED))
    counted.invalid = report.plans[0].invalid
    for finding in report.findings:
        if finding.keyword is not None:
            name, location = str(finding.property), str(finding.instance_location)
            counted.add(str(finding.event), name, location, finding.keyword, finding.count)
    return counted.counts()


def counts_of(report: Report) -> Counts:
    """The counts that a report states."""
    events = [e for u in report.use_cases for e in u.events]
    return Counts(
        events={e.event: e.calls for e in events},
        properties={f"{e.event}.{p.name}": [p.present, p.missing, p.invalid] for e in events for p in e.properties},
    )


def orjson_alone(_: Plans) -> Check:
    """The ruler: only parses."""
    return _parse_with(import_module("orjson").loads)


def json_alone(_: Plans) -> Check:
    """Only parses, with the standard library."""
    return _parse_with(json.loads)


def _parse_with(loads: Callable[[bytes], Any]) -> Check:
    def check(path: str) -> Measured:
        with Path(path).open("rb") as file:
            for line in file:
                loads(line)
        return Measured()

    return check


def loop(by: Plans) -> Check:
    """A plain loop over the use cases for each call, with the rules of the contract written out."""
    loads = import_module("orjson").loads
    if by.own:
        return _all_errors(by, loads, faults_by_hand, once=False)
    use_cases = by.use_cases
    plans = [kinds([use_case]) for use_case in use_cases]
    tests = {
        (use.event.name, name): _TESTS[use.event.property(name).types[0]]
        for use_case in use_cases
        for use in use_case.events
        for name in use.recommended
    }

    def check(path: str) -> Measured:
        states = States(use_cases)
        with Path(path).open("rb") as file:
            for line in file:
                call = loads(line)
                key = _key(call)
                missing: set[str] = set()
                invalid: set[str] = set()
                applies = False
                for plan in plans:
                    if key not in plan:
                        continue
                    applies = True
                    event, places = plan[key]
                    for name, found in places.items():
                        holds, there = _look(call, found, tests[event, name])
                        if not holds:
                            (invalid if there else missing).add(name)
                states.calls[key] += applies
                if missing or invalid:
                    states.note(key, missing, invalid)
        return Measured(states.counts())

    return check


def _key(call: dict[str, Any]) -> Key:
    kind = call.get("type")
    kind = kind.lower() if isinstance(kind, str) else ""
    return kind, call.get("event") if kind == "track" else None


def _look(call: dict[str, Any], places: Sequence[tuple[str, ...]], fits: Callable[[Any], bool]) -> tuple[bool, bool]:
    """Whether a property is as it should be somewhere, and whether it is anywhere."""
    there = False
    for keys in places:
        holder = value_at(call, keys[:-1])
        if isinstance(holder, dict) and keys[-1] in holder:
            if fits(holder[keys[-1]]):
                return True, True
            there = there or len(places) == 1 or holder[keys[-1]] is not None
    return False, there


_TESTS: dict[str, Callable[[Any], bool]] = {
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "integer": lambda v: not isinstance(v, bool) and (isinstance(v, int) or (isinstance(v, float) and v % 1 == 0)),
    "array": lambda v: isinstance(v, list) and all(isinstance(item, dict) for item in v),
}


def jsonschema_rs(by: Plans, *, once: bool = False) -> Check:
    """Every plan rule that applies, all errors; the quick verdict first, since most calls are valid."""
    validator_of = import_module("jsonschema_rs").Draft7Validator

    def faults_of(rule: PlanRule) -> Callable[[Any], Iterable[Fault]]:
        validator = validator_of(dict(rule.schema))
        is_valid, iter_errors = validator.is_valid, validator.iter_errors

        def faults(call: Any) -> Iterable[Fault]:
            if is_valid(call):
                return ()
            return [
                (e.kind.name, tuple(e.instance_path), getattr(e.kind, "property", None), _branch(e.schema_path))
                for e in iter_errors(call)
            ]

        return faults

    return _all_errors(by, import_module("orjson").loads, faults_of, once=once)


def jsonschema(by: Plans) -> Check:
    """Every plan rule that applies, all errors."""
    validator_of = import_module("jsonschema").Draft7Validator

    def faults_of(rule: PlanRule) -> Callable[[Any], Iterable[Fault]]:
        iter_errors = validator_of(rule.schema).iter_errors

        def faults(call: Any) -> Iterable[Fault]:
            for e in iter_errors(call):
                names = e.validator_value if e.validator == "required" else [None]
                for name in names:
                    if name is None or name not in e.instance:
                        yield e.validator, tuple(e.absolute_path), name, _branch(e.absolute_schema_path)

        return faults

    return _all_errors(by, json.loads, faults_of, once=False)


def _branch(schema_path: Iterable[str | int]) -> int:
    """The number of the `allOf` branch an error is in; -1 for none."""
    head = tuple(schema_path)[:2]
    return int(head[1]) if head[0] == "allOf" else -1


def _all_errors(
    by: Plans,
    loads: Callable[[bytes], Any],
    faults_of: Callable[[PlanRule], Callable[[Any], Iterable[Fault]]],
    *,
    once: bool,
) -> Check:
    table: dict[Key, list[tuple[PlanRule, Callable[[Any], Iterable[Fault]]]]] = {}
    for rule in by.rules(once=once):
        table.setdefault((rule.type.lower(), rule.key), []).append((rule, faults_of(rule)))

    def check(path: str) -> Measured:
        states = States(by.use_cases)
        violations = Violations((*KEYWORDS, *KEYWORDS_NESTED))
        seen: Counter[Key] = Counter()
        with Path(path).open("rb") as file:
            for line in file:
                call = loads(line)
                key = _key(call)
                found = table.get(key)
                if found is None:
                    continue
                seen[key] += 1
                broken = [(rule, fault) for rule, faults in found for fault in faults(call)]
                if broken and by.own:
                    violations.note(str(key[1]), [fault[:3] for _, fault in broken])
                elif broken:
                    _note(states, key, call, broken)
        states.calls = seen
        return Measured(violations.counts() if by.own else states.counts())

    return check


def _note(states: States, key: Key, call: Any, broken: Iterable[tuple[PlanRule, Fault]]) -> None:
    """What the errors of one call say about its properties."""
    kind = states.kinds[key]
    missing: set[str] = set()
    invalid: set[str] = set()
    for rule, (keyword, where, name, branch) in broken:
        if keyword == "anyOf":
            prop = rule.schema["allOf"][branch]["x-property"]
            there = any(value_at(call, keys) is not None for keys in kind.places[prop])
            (invalid if there else missing).add(prop)
        elif len(where) > 1:
            invalid.add(str(where[1]))
        elif keyword == "required" and where:
            missing.add(str(name))
        else:  # there is no object to look into
            missing.update(kind.fixed())
    states.note(key, missing, invalid)


def fastjsonschema(by: Plans) -> Check:
    """Every plan rule that applies, the first error of each."""
    loads = import_module("orjson").loads
    library = import_module("fastjsonschema")
    table: dict[Key, list[Callable[[Any], Any]]] = {}
    for rule in by.rules(once=False):
        table.setdefault((rule.type.lower(), rule.key), []).append(library.compile(rule.schema))
    failure = library.JsonSchemaValueException

    def check(path: str) -> Measured:
        states = States(by.use_cases)
        invalid = 0
        with Path(path).open("rb") as file:
            for line in file:
                call = loads(line)
                key = _key(call)
                found = table.get(key)
                if found is None:
                    continue
                states.calls[key] += 1
                errors = 0
                for validate in found:
                    try:
                        validate(call)
                    except failure:
                        errors += 1
                invalid += errors > 0
        if by.own:
            return Measured(Counts(events={}, properties={}, invalid=invalid))
        return Measured(Counts(events=states.counts()["events"], properties={}))

    return check
