"""A decoded call: the fields every program needs, with its properties still undecoded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

UNSET: Final = msgspec.UNSET


class Skipped(msgspec.Struct, gc=False, eq=False):
    """Stands for an object that no check looks into; its members are skipped when decoding."""


SKIPPED: Final = Skipped()

_Item = str | int | float | bool | None | Skipped | list[Any]
Value = str | int | float | bool | None | Skipped | list[_Item]
"""A value whose content does not matter, except the types of an array's elements."""

Properties = dict[str, Value] | list[_Item] | str | int | float | bool | None
"""The value of `properties`, if the content of its values does not matter."""

DeepProperties = dict[str, Any] | list[Any] | str | int | float | bool | None
"""The value of `properties`, if the content of its values matters."""

NO_PROPERTIES: Final = msgspec.Raw(b"")
"""The properties of a call without any."""

JSON_TYPE_OF: Final[dict[type, str]] = {
    str: "string",
    int: "integer",
    Decimal: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Skipped: "object",
    dict: "object",
    list: "array",
}
"""Python type of a decoded value -> JSON type; a Decimal is an integer with more digits than `int` accepts."""

OBJECTS: Final = (dict, msgspec.Struct)


class Call(msgspec.Struct, gc=False, eq=False):
    """The decoded fields of a call. A subclass adds the top-level fields of plans.

    There, `whole` is the whole call, if a check needs it.

    Attributes:
        properties: The properties, undecoded; decoded if the call was parsed as a whole.
        batch: An array here makes it a batch, which is refused as a call.
    """

    type: str = ""
    event: str | None = None
    properties: msgspec.Raw = msgspec.field(default_factory=lambda: NO_PROPERTIES)
    user_id: Value | msgspec.UnsetType = msgspec.field(default=UNSET, name="userId")
    anonymous_id: Value | msgspec.UnsetType = msgspec.field(default=UNSET, name="anonymousId")
    batch: Skipped | str | int | float | bool | None = None


def attribute_name(number: int) -> str:
    """The attribute of a call for a top-level field; names from plans never become code."""
    return f"field_{number}"


def is_id(value: Any) -> bool:
    """Whether a value identifies somebody: a non-empty string, or a number."""
    kind = value.__class__
    return bool(value) and (kind is str or kind is int or kind is float or kind is Decimal)
