"""The type of a call."""

from __future__ import annotations

from typing import Final

from validator.model import CALL_TYPES

UNKNOWN: Final = "unknown"

NAMED_TYPES: Final = ("page", "screen")
"""Call types whose calls have a name of their own at the top."""


def call_type(raw: str) -> str:
    """The call type that a call's `type` stands for: compared without regard to ASCII case; else `unknown`."""
    folded = raw.lower() if raw.isascii() else raw
    return folded if folded in CALL_TYPES else UNKNOWN
