"""Shapes: what a call looks like apart from its values."""

from __future__ import annotations

from typing import NamedTuple

ABSENT = "absent"
OBJECT = "object"
UNKNOWN = "unknown"


class Shape(NamedTuple):
    """A call, projected on what the plans look at. Calls with equal shapes break the same rules.

    Attributes:
        type: The call type in lower case, or `unknown`.
        event: The event name of a track call where a plan rule has that key, else None.
        payload: The JSON type of `/properties`, or `absent`.
        fields: JSON pointer and JSON type of every value that a plan looks at, sorted.
        failed: The value checks that failed, sorted; see `ValueCheck.id`.
    """

    type: str
    event: str | None
    payload: str
    fields: tuple[tuple[str, str], ...]
    failed: tuple[str, ...]
