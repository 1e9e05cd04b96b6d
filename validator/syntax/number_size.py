"""Numbers in what is read back."""

from __future__ import annotations

from typing import Any, Final

LARGEST: Final = (1 << 63) - 1
"""The largest count in what is kept: far beyond what can be counted, and still a double."""


def refuse_large(value: Any) -> None:
    """Refuses numbers that nothing can be counted to.

    Args:
        value: What JSON was read to.

    Raises:
        ValueError: There is one.
    """
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
        elif isinstance(here, int) and abs(here) > LARGEST:
            raise ValueError("a number in it is larger than anything that can be counted")
