"""Findings in one sentence each, for people: what, how often, what was expected. Never a value from an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.model import JSON_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from validator.engine.judge import Violation
    from validator.engine.program import Program

_TYPE = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "array": "a list",
    "object": "an object",
}

_FAULT = {
    "SP301": "{} no type that Segment knows (track, page, screen, identify, group, alias)",
    "SP302": "{} the type in another case; it was taken as meant, but Segment's libraries write it in lower case",
    "IN501": "{} not JSON",
    "IN502": "{} not UTF-8 (a UTF-16 file? convert it: iconv -f UTF-16 -t UTF-8)",
    "IN503": "{} JSON but no object, so no call",
    "IN504": "{} longer than the limit and not judged (--max-line)",
    "IN505": "{} nested deeper than the limit and not judged (--max-depth)",
    "IN506": "{} damaged: what can be read was, the rest is missing",
    "IN507": "{} not be read",
    "IN508": "{} deadly to every process that read it, and set aside",
    "IN509": "{} written to while being read",
}
_SUBJECT = {
    "SP301": ("call has", "calls have"),
    "SP302": ("call has", "calls have"),
    "IN506": ("input is", "inputs are"),
    "IN507": ("input could", "inputs could"),
    "IN509": ("input was", "inputs were"),
}


def fault(code: str, count: int) -> str:
    """What is wrong with lines, calls or inputs as such."""
    one, many = _SUBJECT.get(code, ("line is", "lines are"))
    return _FAULT[code].format(f"{count:,} {one if count == 1 else many}") + "."


def never_seen(event: str) -> str:
    """A recommended event without a call."""
    return f"{event} is recommended, and was never seen."


def near_miss(name: str, planned: str, count: int) -> str:
    """An unplanned name that nearly is a planned one."""
    return f'"{name}" ({_calls(count)}) is in no plan: did you mean "{planned}"? Names match strictly.'


def violation(violation: Violation, count: int, events: Mapping[str, int], program: Program) -> str:
    """A violation of a plan rule."""
    event, name = violation.event, violation.property
    of_all = f"{count:,} of {_calls(events[event])}"
    if name is None:
        if violation.code == "TP201":
            return f"{event}: `properties` is missing in {of_all}."
        return f"{event}: `properties` is no object in {of_all}."
    if violation.code in ("UC102", "TP201"):
        wanted = "recommended" if violation.code == "UC102" else "required"
        return f"{event}: {name} is {wanted}, and missing in {of_all}{_places(violation, program)}."
    expected = expectation(program, event, name)
    elements = " in the elements of the list" if violation.location.endswith("/*") else ""
    return (
        f"{event}: {name} should be {expected}, and is something else{elements} in {of_all}"
        f"{_places(violation, program)}."
    )


def _places(violation: Violation, program: Program) -> str:
    """Where was looked, if a property may stand in several places."""
    if violation.keyword != "anyOf" or violation.property is None:
        return ""
    places = program.places_of(violation.event, violation.property)
    return f" (looked at {', '.join(places)})"


def expectation(program: Program, event: str, name: str) -> str:
    """What a property should be, such as `a number` or `a list of objects`."""
    test = program.test_of(event, name)
    return types(test.types or JSON_TYPES, test.items) if test else "something else"


def types(names: Iterable[str], items: Iterable[str] | None = None) -> str:
    """JSON types in words."""
    inside = f" of {' or '.join(_plural(i) for i in sorted(items))}" if items else ""
    ordered = [t for t in JSON_TYPES if t in set(names)]
    return " or ".join(_TYPE[name] + (inside if name == "array" else "") for name in ordered)


def _plural(json_type: str) -> str:
    return {"object": "objects", "string": "texts", "array": "lists"}.get(json_type, _TYPE[json_type])


def _calls(count: int) -> str:
    return f"{count:,} call{'' if count == 1 else 's'}"
