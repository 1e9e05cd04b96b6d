"""Checks that a block of lines can be decoded at once: finds what a decoder would overlook."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from validator.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from collections.abc import Iterator


_OPENING, _CLOSING = b"{}"

# Longer texts are checked in pieces, to avoid a full copy.
_AT_ONCE = 1 << 16


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8; decoders do not check the bytes they skip."""
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _AT_ONCE):
            decoder.decode(data[start : start + _AT_ONCE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def whole_objects(data: bytes) -> int:
    """The number of lines of a block, if each starts with `{` and ends with `}` and LF; else 0."""
    if not data.startswith(b"{") or not data.endswith(b"}\n"):
        return 0
    find, last = data.find, len(data) - 1
    lines, end = 1, find(b"\n")
    while end < last:
        if data[end - 1] != _CLOSING or data[end + 1] != _OPENING:
            return 0
        lines += 1
        end = find(b"\n", end + 1)
    return lines


# A window of this size rarely has as many brackets as one line may have.
_WINDOW = 12_000


class Shallow:
    """Checks cheaply that no line of a block can nest deeper than a limit.

    Deep nesting needs many opening brackets on a line, so windows of whole lines with fewer are safe. The size of a
    window depends on the density of brackets.
    """

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._window = _WINDOW

    def holds(self, data: bytes) -> bool:
        """False if a line may nest deeper; brackets in strings count, too."""
        start, size, window = 0, len(data), self._window
        while start < size:
            end = data.rfind(b"\n", start, start + window) + 1 or data.find(b"\n", start) + 1 or size
            if self._few(data[start:end]):
                start = end
                window = self._window = min(self._window * 9 // 8, _WINDOW)
            elif data.find(b"\n", start, end - 1) < 0:
                return False
            else:
                window //= 2
                self._window = max(window, self._window * 3 // 4)
        return True

    def _few(self, lines: bytes) -> bool:
        # Replacing is a memchr and a copy in C: three times as fast as counting, which checks every byte. Most
        # windows pass with an allowance for each bracket, which saves a second pass for the more common one.
        few = self._depth // 8
        if lines.replace(b"[", b"{", few).find(b"[") < 0:
            return lines.replace(b"{", b"[", self._depth - few).find(b"{") < 0
        return lines.replace(b"{", b"[").replace(b"[", b"{", self._depth).find(b"[") < 0


# A string; one that is not closed goes to the end.
_STRING = LazyPattern(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_WHOLE_STRINGS = LazyPattern(rb'(?:[^"]++|"(?:[^"\\]++|\\.)*+")++', re.DOTALL)
_NOT_BRACKETS = bytes(c for c in range(256) if c not in b"{}[]")


def nesting(data: bytes) -> int:
    """The nesting depth of arrays and objects; brackets in strings do not count."""
    depth = deepest = 0
    for piece in _without_strings(data):
        for bracket in piece.translate(None, _NOT_BRACKETS):
            if bracket in b"{[":
                depth += 1
                deepest = max(deepest, depth)
            else:
                depth -= 1
    return deepest


def _without_strings(data: bytes) -> Iterator[bytes]:
    """The text between strings, in pieces."""
    start = 0
    while start < len(data):
        found = _WHOLE_STRINGS.match(data, start, start + _AT_ONCE) or _STRING.match(data, start)
        end = found.end() if found else len(data)
        if end - start <= _AT_ONCE:
            yield _STRING.sub(b"", data[start:end])
        start = end
