"""The type of a call."""

from __future__ import annotations

from typing import Final

from validator.model import CALL_TYPES

UNKNOWN: Final = "unknown"

NAMED_TYPES: Final = ("page", "screen")
"""Call types whose calls have a top-level name."""


def call_type(raw: str) -> str:
    """The call type of a call's `type`, ignoring ASCII case; else `unknown`."""
    folded = raw.lower() if raw.isascii() else raw
    return folded if folded in CALL_TYPES else UNKNOWN
