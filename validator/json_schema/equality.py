"""JSON values as JSON Schema sees them: types, and when two are equal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

_NAMES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    Decimal: "integer",  # the exact reader's way to hold an integer of thousands of digits
    float: "number",
    type(None): "null",
    dict: "object",
    list: "array",
}


def type_name(value: Any) -> str:
    """The JSON type of a decoded value; `integer` for what was written without fraction or exponent."""
    return _NAMES[type(value)]


def has_type(value: Any, name: str, *, whole_floats: bool = True) -> bool:
    """Whether a value has a JSON Schema type: an integer is a number, 3.0 an integer (not in draft 4), true neither."""
    own = _NAMES[type(value)]
    if own == name:
        return True
    if name == "number":
        return own == "integer"
    return name == "integer" and own == "number" and whole_floats and value.is_integer()


def is_number(value: Any) -> bool:
    """Whether it is a number; true and false are none."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: 1 and 1.0 are, 1 and true are not, at any depth."""
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(v, other[k]) for k, v in one.items())
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def key_of(value: Any) -> Any:
    """Something hashable that is equal for equal JSON values, and for no others."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, Decimal) or (isinstance(value, float) and value.is_integer()):
        value = int(value) if isinstance(value, float) else str(value)
        return ("number", hex(value) if isinstance(value, int) else value)
    if isinstance(value, int):
        return ("number", hex(value))  # text: the hashes of integers can be made to collide
    if isinstance(value, list):
        return ("array", tuple(map(key_of, value)))
    if isinstance(value, dict):
        return ("object", frozenset((k, key_of(v)) for k, v in value.items()))
    return value
