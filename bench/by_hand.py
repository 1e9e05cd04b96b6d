"""The rules of a team's own plan, written out in plain Python: what somebody without a validator would write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from validator import PlanRule

    Fault = tuple[str, tuple[str | int, ...], str | None, int]

IS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda v: type(v) is str,
    "boolean": lambda v: type(v) is bool,
    "number": lambda v: type(v) in (int, float),
    "integer": lambda v: type(v) is int or (type(v) is float and v % 1 == 0),
    "array": lambda v: type(v) is list,
    "object": lambda v: type(v) is dict,
}

HANDLED = {"type", "enum", "pattern", "minimum", "minLength", "items", "required", "properties", "$schema"}


def faults_by_hand(rule: PlanRule) -> Callable[[Any], Iterable[Fault]]:
    """A function that tells how a call breaks a rule."""
    schema = rule.schema["properties"]["properties"]
    _refuse_others(schema)

    def faults(call: Any) -> Iterable[Fault]:
        if "properties" not in call:
            return [("required", (), "properties", -1)]
        return list(_faults(call["properties"], schema, ("properties",)))

    return faults


def _faults(value: Any, schema: Mapping[str, Any], at: tuple[str | int, ...]) -> Iterator[Fault]:
    kind = type(value)
    if "type" in schema and not IS[schema["type"]](value):
        yield "type", at, None, -1
    if "enum" in schema and value not in schema["enum"]:
        yield "enum", at, None, -1
    if kind is str:
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield "pattern", at, None, -1
        if len(value) < schema.get("minLength", 0):
            yield "minLength", at, None, -1
    elif kind in {int, float} and value < schema.get("minimum", value):
        yield "minimum", at, None, -1
    else:
        yield from _inner_faults(value, schema, at)


def _inner_faults(value: Any, schema: Mapping[str, Any], at: tuple[str | int, ...]) -> Iterator[Fault]:
    """What is wrong within an object or an array."""
    if type(value) is dict:
        for name in schema.get("required", ()):
            if name not in value:
                yield "required", at, name, -1
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from _faults(value[name], inner, (*at, name))
    elif type(value) is list and "items" in schema:
        for number, item in enumerate(value):
            yield from _faults(item, schema["items"], (*at, number))


def _refuse_others(schema: Mapping[str, Any]) -> None:
    """Raises ValueError for a keyword that nobody has written out."""
    if others := schema.keys() - HANDLED:
        raise ValueError(f"not written out: {', '.join(sorted(others))}")
    for inner in (*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])):
        _refuse_others(inner)
