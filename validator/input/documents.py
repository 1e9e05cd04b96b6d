"""Top-level elements of an array, of pretty-printed objects, or of objects one after another.

Only brackets and strings are followed, so one broken element is isolated and the rest is still read, and an array of
any size passes through a small buffer. Whether an element is JSON is decided where lines are judged too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.input.source import Source

READ = 1 << 16
SPACE = b" \t\r\n"

# A whole string, a bracket, or the quote of a string that does not end on its line (or not yet).
_TOKEN = re.compile(rb'"(?:[^"\\\n]++|\\[^\n])*+"|["{}\[\]]')
_SCALAR_IN_ARRAY = re.compile(rb'(?:"(?:[^"\\\n]++|\\[^\n])*+"|[^,\]\n"]++|")*+')
_SCALAR = re.compile(rb'(?:"(?:[^"\\\n]++|\\[^\n])*+"|[^\s{\["]++|")++')


class Element(NamedTuple):
    """One top-level element.

    Attributes:
        byte: Offset of its first byte.
        line: The line it starts on, from 1.
        position: Its index in its array, from 0; -1 outside an array.
        data: Its text; None where it is longer than the limit.
    """

    byte: int
    line: int
    position: int
    data: bytes | None


class Elements:
    """Iterates over the elements of a source, once.

    Attributes:
        damage: Why the last array ended before its time; None while all is well.
    """

    def __init__(self, source: Source | None, *, start: int = 0, max_element: int = 1 << 20, data: bytes = b"") -> None:
        self.damage: str | None = None
        self._source = source
        self._max = max_element
        self._buffer = data
        self._base = start  # the offset of the buffer's first byte
        self._at = 0  # where in the buffer the next element starts
        self._line = 1
        self._counted = 0  # the line ends before this place in the buffer are in _line
        self._indent: bytes | None = b""  # the spaces before the element where it begins its line, else None
        self._index = -1

    def __iter__(self) -> Iterator[Element]:
        while self._next():
            opening = self._buffer[self._at : self._at + 1]
            if self._index < 0 and opening == b"[":
                self._index, self._at, self._indent = 0, self._at + 1, None
            elif self._index >= 0 and opening == b"]":
                self._index, self._at = -1, self._at + 1
            else:
                yield self._bracketed() if opening in b"{[" else self._scalar()
                self._index += self._index >= 0
                self._indent = None
        if self._index >= 0:
            self.damage = "the array is not closed: its end is missing"

    def _next(self) -> bool:
        """Goes to the next thing that is no separator; False at the end."""
        separators = SPACE + b"," if self._index >= 0 else SPACE
        while True:
            start, size = self._at, len(self._buffer)
            # One byte decides most often; a copy of the whole rest would cost more than reading it.
            while self._at < size and self._buffer[self._at] in separators:
                self._at += 1
            passed = self._buffer[start : self._at]
            if (end := passed.rfind(b"\n") + 1) or self._indent is not None:
                indent = passed[end:] if end else self._indent + passed if self._indent is not None else b""
                self._indent = indent if len(indent) < READ and b"," not in indent else None
            if self._at < size:
                if self._at > READ:
                    self._drop()
                return True
            self._drop()
            if not self._more():
                return False

    def _drop(self) -> None:
        """Drops what stands before the next element from the buffer."""
        self._count_lines()
        self._base += self._at
        self._buffer = self._buffer[self._at :]
        self._at = self._counted = 0

    def _count_lines(self) -> None:
        self._line += self._buffer.count(b"\n", self._counted, self._at)
        self._counted = self._at

    def _more(self) -> bool:
        """Appends what can be read now; False at the end."""
        if self._source is None:
            return False
        chunk = bytearray(READ)
        count = self._source.readinto(memoryview(chunk)) or 0
        self._buffer += chunk[:count]
        return count > 0

    def _scalar(self) -> Element:
        """A number, a word, a string or garbage, up to what ends it."""
        pattern = _SCALAR_IN_ARRAY if self._index >= 0 else _SCALAR
        while True:
            match = pattern.match(self._buffer, self._at)
            end = match.end() if match else self._at
            if end < len(self._buffer) or end - self._at > self._max or not self._more():
                return self._take(max(end, self._at + 1))

    def _bracketed(self) -> Element:
        """An object or array, up to the bracket that closes it."""
        depth, scan = 0, self._at
        while True:
            depth, scan, closed = self._follow(depth, scan)
            if closed:
                return self._take(scan)
            if len(self._buffer) - self._at > self._max:
                return self._take_broken() or self._pass_over(depth, scan)
            if not self._more():
                return self._take_broken() or self._take(len(self._buffer))

    def _follow(self, depth: int, scan: int) -> tuple[int, int, bool]:
        """Follows brackets from `scan`; returns the depth, how far it came, and whether depth 0 was reached."""
        for token in _TOKEN.finditer(self._buffer, scan):
            text = token[0]
            if text in b"{[":
                depth += 1
            elif text in b"}]":
                depth -= 1
                if not depth:
                    return depth, token.end(), True
            elif text == b'"' and self._buffer.find(b"\n", token.end()) < 0:
                return depth, token.start(), False  # The string may go on in what is not read yet.
        return depth, len(self._buffer), False

    def _take(self, end: int) -> Element:
        self._count_lines()
        data = self._buffer[self._at : end] if end - self._at <= self._max else None
        element = Element(self._base + self._at, self._line, self._index, data)
        self._at = end
        return element

    def _take_broken(self) -> Element | None:
        """For brackets that never balance: ends the element where another begins at the same indentation."""
        if self._indent is None:
            return None
        found = self._buffer.find(b"\n" + self._indent + b"{", self._at + 1)
        return self._take(found) if found > 0 else None

    def _pass_over(self, depth: int, scan: int) -> Element:
        """An element longer than the limit: read to its end without keeping it."""
        self._count_lines()
        element = Element(self._base + self._at, self._line, self._index, None)
        closed = False
        while not closed:
            self._at = scan
            self._drop()
            if not self._more():
                self._at = len(self._buffer)
                break
            depth, scan, closed = self._follow(depth, 0)
        else:
            self._at = scan
        return element
