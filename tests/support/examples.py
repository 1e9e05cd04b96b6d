"""How many examples tests try."""

from __future__ import annotations

from tests.support.command import LONG

_SHARE = 4
"""One of so many examples is tried, unless all are asked for."""


def examples(number: int) -> int:
    """All of a number of examples with UCLINT_TESTS=long, else a sample of them."""
    return number if LONG else -(-number // _SHARE)
