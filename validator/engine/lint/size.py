"""Size of calls, checked by the length of lines first, so that small ones cost nothing."""

from __future__ import annotations

import re

from validator.lazy_pattern import LazyPattern

LARGEST = 32 * 1024
"""Segment's limit for a call, in bytes."""


def has_long_lines(data: bytes) -> bool:
    """Whether any line of a block is longer than the limit."""
    start, size = 0, len(data)
    while size - start > LARGEST:
        end = data.rfind(b"\n", start, start + LARGEST + 1)
        if end < 0:
            return True
        start = end + 1
    return False


# What counts: strings, and everything else except white space.
_COUNTED = LazyPattern(rb'"(?:[^"\\]++|\\.)*+"|[^" \t\r\n]++', re.DOTALL)


def compact_size(text: bytes, start: int, end: int) -> int:
    """The bytes of JSON text without white space between tokens, counted up to the limit."""
    size = 0
    for found in _COUNTED.finditer(text, start, end):
        size += found.end() - found.start()
        if size > LARGEST:
            break
    return size
