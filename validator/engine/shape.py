"""Shapes: what a call looks like apart from its values."""

from __future__ import annotations

from typing import NamedTuple

from validator.model import CALL_TYPES

ABSENT = "absent"
OBJECT = "object"
UNKNOWN = "unknown"


class Shape(NamedTuple):
    """A call, projected on what the plans look at. Calls with equal shapes break the same rules.

    Attributes:
        type: The call type in lower case, or `unknown`.
        event: The event name of a track call, or the name of a page or screen call, where a plan rule has that key;
            else None.
        version: The event version that the call names, where a plan has rules of several versions; else None.
        payload: The JSON type of `/properties`, or `absent`.
        fields: JSON pointer and JSON type of every value that a plan looks at, sorted.
        more: Whether `/properties` has keys besides those, where a plan minds.
        failed: What the value checks found, sorted; see `ValueCheck.id`.
    """

    type: str
    event: str | None
    version: int | None
    payload: str
    fields: tuple[tuple[str, str], ...]
    more: bool
    failed: tuple[str, ...]


def call_type(raw: str) -> str:
    """The call type that a call's `type` stands for: compared without regard to ASCII case; else `unknown`."""
    folded = raw.lower() if raw.isascii() else raw
    return folded if folded in CALL_TYPES else UNKNOWN
