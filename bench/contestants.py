"""The contestants. Each function prepares one and returns what checks a file.

Those that count return the calls of each recommended event with the calls that lack or break each property.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator import Catalog, TrackingPlan, check_paths, compile_use_case

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[str], dict[str, Any] | None]


def uclint() -> Check:
    def check(path: str) -> dict[str, Any]:
        report = check_paths([path])
        counts = {
            f"{e.event}.{p.name}": [p.present, p.missing + p.invalid]
            for u in report.use_cases
            for e in u.events
            for p in e.properties
        }
        return dict(sorted(counts.items()))

    return check


def orjson_alone() -> Check:
    import orjson  # noqa: PLC0415

    return _parse_with(orjson.loads)


def json_alone() -> Check:
    return _parse_with(json.loads)


def _parse_with(loads: Callable[[bytes], Any]) -> Check:
    def check(path: str) -> None:
        with Path(path).open("rb") as file:
            for line in file:
                loads(line)

    return check


def _plans() -> list[TrackingPlan]:
    return [compile_use_case(u) for u in Catalog.load().use_cases]


def jsonschema_rs_per_call() -> Check:
    """Every plan rule of all 25 use cases for each call, all errors."""
    import jsonschema_rs  # noqa: PLC0415
    import orjson  # noqa: PLC0415

    rules: dict[tuple[str, str | None], list[Any]] = {}
    for plan in _plans():
        for rule in plan.rules:
            validator = jsonschema_rs.Draft7Validator(dict(rule.schema))
            rules.setdefault((rule.type.lower(), rule.key), []).append(validator)

    def check(path: str) -> None:
        errors = 0
        with Path(path).open("rb") as file:
            for line in file:
                call = orjson.loads(line)
                kind = call.get("type")
                for validator in rules.get((kind, call.get("event") if kind == "track" else None), ()):
                    errors += sum(1 for _ in validator.iter_errors(call))

    return check


def naive() -> Check:
    """A plain loop over the use cases of each call, with the rules of the contract written out."""
    import orjson  # noqa: PLC0415

    use_cases = Catalog.load().use_cases
    tests: dict[str, Callable[[Any], bool]] = {
        "string": lambda v: isinstance(v, str),
        "boolean": lambda v: isinstance(v, bool),
        "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
        "integer": lambda v: not isinstance(v, bool) and (isinstance(v, int) or (isinstance(v, float) and v % 1 == 0)),
        "array": lambda v: isinstance(v, list) and all(isinstance(item, dict) for item in v),
    }

    def check(path: str) -> dict[str, Any]:
        counts: Counter[tuple[int, str, str, bool]] = Counter()
        with Path(path).open("rb") as file:
            for line in file:
                call = orjson.loads(line)
                kind, payload = call.get("type"), call.get("properties", {})
                for number, use_case in enumerate(use_cases):
                    for use in use_case.events:
                        event = use.event
                        match = next((c for c in event.calls if c.type == kind), None)
                        if match is None or (kind == "track" and call.get("event") != event.name):
                            continue
                        for name in use.recommended:
                            test = tests[event.property(name).types[0]]
                            fits = False
                            for place in event.places(match, name):
                                *above, key = place[1:].split("/")
                                holder = payload if above else call
                                fits = fits or (key in holder and test(holder[key]))
                            counts[number, event.name, name, fits] += 1
        result = {}
        for number, use_case in enumerate(use_cases):
            for use in use_case.events:
                for name in use.recommended:
                    present, lacking = (counts[number, use.event.name, name, fit] for fit in (True, False))
                    result[f"{use.event.name}.{name}"] = [present, lacking]
        return dict(sorted(result.items()))

    return check
