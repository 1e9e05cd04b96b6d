"""How large calls are: told from the lengths of lines, so that small ones cost nothing."""

from __future__ import annotations

import msgspec

LARGEST = 32 * 1024
"""Bytes that Segment takes of one call."""


def has_long_lines(data: bytes) -> bool:
    """Whether any line of a block is longer than a call may be."""
    start, size = 0, len(data)
    while size - start > LARGEST:
        end = data.rfind(b"\n", start, start + LARGEST + 1)
        if end < 0:
            return True
        start = end + 1
    return False


def compact_size(text: bytes) -> int:
    """The bytes of a JSON text without the white space between its tokens."""
    try:
        return len(msgspec.json.format(text, indent=-1))
    except msgspec.MsgspecError:
        return len(text)
