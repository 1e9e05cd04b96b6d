"""The JSON Schema types of decoded values."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TypeGuard

_NAMES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    Decimal: "integer",  # how the exact reader represents an integer of thousands of digits
    float: "number",
    type(None): "null",
    dict: "object",
    list: "array",
}


def type_name(value: Any) -> str:
    """The JSON type of a decoded value; `integer` if written without fraction or exponent."""
    return _NAMES[type(value)]


def has_type(value: Any, name: str, *, whole_floats: bool = True) -> bool:
    """Whether a value has a JSON Schema type: an integer is a number, 3.0 an integer (not in draft 4), true neither."""
    own = _NAMES[type(value)]
    if own == name:
        return True
    if name == "number":
        return own == "integer"
    return name == "integer" and own == "number" and whole_floats and value.is_integer()


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a value is a number; booleans are not."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
