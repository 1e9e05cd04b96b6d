"""Shapes of objects and arrays: plain schemas for which the native core can tell that a value certainly fits."""

from __future__ import annotations

from math import inf
from typing import Any, Final, NamedTuple

from validator.model import JSON_TYPES

# Keywords that do not restrict a value, or that shapes handle apart.
_REMARKS: Final = frozenset(("title", "description", "examples", "default", "$comment", "type"))

# Bounds up to this one are exact in the core.
_EXACT: Final = 2**53
_MOST_REQUIRED: Final = 64
_DEEPEST: Final = 32


class Shape(NamedTuple):
    """Values that certainly fit a schema; other values are left to Python.

    Attributes:
        types: The JSON types of the values.
        items: The shape of the elements of arrays; None for any.
        closed: Whether objects have no other keys.
        bounds: For numbers the least and the most, and whether they are excluded; None for any.
        keys: Keys of objects: the key, the shape of its values (None for any), and whether it is required.
        texts: The texts that are allowed; None for any.
    """

    types: tuple[str, ...]
    items: Shape | None = None
    closed: bool = False
    bounds: tuple[float, float, bool, bool] | None = None
    keys: tuple[tuple[str, Shape | None, bool], ...] = ()
    texts: tuple[str, ...] | None = None


class _UnclearError(Exception):
    """The schema requires more than a shape can express."""


def shape_of(schema: Any, json_type: str) -> Shape | None:
    """The shape of values of a JSON type that fit a schema without references; None where there is none.

    Args:
        schema: The schema.
        json_type: The JSON type; what the schema requires of others does not matter.
    """
    try:
        return _of_type(schema, json_type, 0)
    except _UnclearError:
        return None


def _said(schema: Any) -> dict[str, Any]:
    if not isinstance(schema, dict):
        raise _UnclearError
    return {key: value for key, value in schema.items() if key not in _REMARKS and not key.startswith("x-")}


def _of_type(schema: Any, json_type: str, depth: int) -> Shape:
    said = _said(schema)
    if depth > _DEEPEST:
        raise _UnclearError
    made = {"object": _object, "array": _array, "string": _text, "number": _number, "integer": _number}.get(json_type)
    if made is None:
        if said:
            raise _UnclearError
        return Shape((json_type,))
    shape = made(said, depth)
    if said:
        raise _UnclearError
    # An integer is a number; a whole number with a fraction is left to Python.
    return shape._replace(types=("integer", "number") if json_type == "number" else (json_type,))


def _value(schema: Any, depth: int) -> Shape | None:
    """The shape of the values that fit a schema; None for any."""
    if schema is True or schema == {}:
        return None
    json_type = schema.get("type") if isinstance(schema, dict) else None
    if json_type not in JSON_TYPES:
        raise _UnclearError
    return _of_type(schema, json_type, depth + 1)


def _object(said: dict[str, Any], depth: int) -> Shape:
    properties, required = said.pop("properties", {}), said.pop("required", [])
    others = said.pop("additionalProperties", True)
    if others not in (True, False) or not isinstance(properties, dict) or not isinstance(required, list):
        raise _UnclearError
    if len(required) > _MOST_REQUIRED or not all(isinstance(key, str) for key in required):
        raise _UnclearError
    closed = others is False
    if closed and not set(required) <= properties.keys():
        raise _UnclearError  # nothing fits
    keys = dict.fromkeys([*properties, *required])
    inner = {key: _value(properties.get(key, True), depth) for key in keys}
    return Shape((), closed=closed, keys=tuple((key, inner[key], key in required) for key in keys))


def _array(said: dict[str, Any], depth: int) -> Shape:
    items = said.pop("items", True)
    if isinstance(items, list):
        raise _UnclearError
    return Shape((), items=_value(items, depth))


def _text(said: dict[str, Any], _: int) -> Shape:
    texts = said.pop("enum", None)
    if texts is None:
        return Shape(())
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _UnclearError
    return Shape((), texts=tuple(texts))


def _number(said: dict[str, Any], _: int) -> Shape:
    least, most, above, below = -inf, inf, False, False
    bounds = {
        key: said.pop(key) for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") if key in said
    }
    for keyword, bound in bounds.items():
        if type(bound) not in (int, float) or not abs(bound) <= _EXACT:
            raise _UnclearError  # also in draft 4, where a separate keyword excludes the bound
        if keyword.endswith("inimum"):
            least, above = max((least, above), (float(bound), keyword != "minimum"))
        else:
            most, negated = min((most, not below), (float(bound), keyword == "maximum"))
            below = not negated
    return Shape((), bounds=(least, most, above, below) if bounds else None)
