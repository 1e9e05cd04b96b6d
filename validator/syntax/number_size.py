"""Checks the size of numbers in saved files."""

from __future__ import annotations

from typing import Any, Final

LARGEST: Final = (1 << 63) - 1
"""The largest count in a saved file: far more than can be counted, but still exact as a double."""


def refuse_large(value: Any) -> None:
    """Rejects numbers that are too large for counts."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
        elif isinstance(here, int) and abs(here) > LARGEST:
            raise ValueError("a number in it is larger than anything that can be counted")
