"""A decoded call: the fields that every program looks at, with its properties still as they came."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

UNSET: Final = msgspec.UNSET


class Skipped(msgspec.Struct, gc=False, eq=False):
    """Stands for an object that no check looks into; its members are skipped, not built."""


SKIPPED: Final = Skipped()

_Item = str | int | float | bool | None | Skipped | list[Any]
Value = str | int | float | bool | None | Skipped | list[_Item]
"""A value whose inside does not matter, but for the types of an array's elements."""

Properties = dict[str, Value] | list[_Item] | str | int | float | bool | None
"""What stands under `properties`, where the inside of its values does not matter."""

DeepProperties = dict[str, Any] | list[Any] | str | int | float | bool | None
"""The same where it does."""

NO_PROPERTIES: Final = msgspec.Raw(b"")
"""The properties of a call that has none."""

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
"""The JSON type that a decoded value has; an integer is one of more digits than `int` takes, where it is a Decimal."""

OBJECTS: Final = (dict, Skipped)


class Call(msgspec.Struct, gc=False, eq=False):
    """The fields of a call that are decoded. The plans' own top-level fields are added in a subclass.

    There, `whole` is the whole call, if a check needs it.

    Attributes:
        properties: As they came; decoded where the call was parsed as a whole.
        batch: What has an array here is no call but a batch, which this refuses.
    """

    type: str = ""
    event: str | None = None
    properties: msgspec.Raw = msgspec.field(default_factory=lambda: NO_PROPERTIES)
    user_id: Value | msgspec.UnsetType = msgspec.field(default=UNSET, name="userId")
    anonymous_id: Value | msgspec.UnsetType = msgspec.field(default=UNSET, name="anonymousId")
    batch: Skipped | str | int | float | bool | None = None


def attribute_name(number: int) -> str:
    """The attribute of a call that holds a top-level field; plans' own names never become code."""
    return f"field_{number}"


def is_id(value: Any) -> bool:
    """Whether a value identifies somebody: text that is not empty, or a number."""
    kind = value.__class__
    return bool(value) and (kind is str or kind is int or kind is float or kind is Decimal)
