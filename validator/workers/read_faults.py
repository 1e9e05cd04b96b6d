"""The code of what ends the reading of an input."""

from __future__ import annotations

from validator.input.source import ChangedError, DamagedError


def code_of(error: OSError) -> str:
    """The code of the fault of an input that cannot be read on."""
    if isinstance(error, DamagedError):
        return "IN506"
    return "IN509" if isinstance(error, ChangedError) else "IN507"
