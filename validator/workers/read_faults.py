"""The code of what ends the reading of an input."""

from __future__ import annotations

from validator.input.source import ChangedError


def code_of(error: OSError) -> str:
    """The code of the fault of an input that cannot be read on."""
    return "IN509" if isinstance(error, ChangedError) else "IN507"
