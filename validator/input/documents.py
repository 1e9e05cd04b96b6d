"""Top-level elements of an array, of pretty-printed objects, or of objects one after another.

Only brackets and strings are followed, so one broken element is isolated and the rest is still read, and an array of
any size passes through a small buffer. Whether an element is JSON is decided where lines are judged too.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator.input.source import Source

READ = 1 << 16
SPACE = b" \t\r\n"

# Up to a bracket, or to the quote of a string that does not end on its line (or not yet). What is between brackets that
# belong together, with at most one pair inside another, is passed over at once.
_FLAT = rb'(?:[^"{}\[\]]++|"(?:[^"\\\n]++|\\[^\n])*+"%b)*+'
_PAIR = rb"|\{%b\}|\[%b\]"
_INNER = _FLAT % b""
_OUTER = _FLAT % (_PAIR % (_INNER, _INNER))
_TO_BRACKET = re.compile(_FLAT % (_PAIR % (_OUTER, _OUTER)) + rb'["{}\[\]]')
_INSIDE_STRING = re.compile(rb'(?:[^"\\\n]++|\\[^\n])*+')
_PLAIN_IN_ARRAY = re.compile(rb'[^",\]\n]*+')
_PLAIN = re.compile(rb'[^"\s{\[]*+')

_QUOTE, _ESCAPE, _LINE_END = b'"\\\n'


_CLOSING = {0x7B: 0x7D, 0x5B: 0x5D}


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

    Args:
        source: Where the bytes come from.
        start: The offset of its first byte.
        max_element: Bytes of an element that are worth keeping.
        data: What was read of the source already.
        passed_over: Is given a longer element piece by piece, before the element itself comes.

    Attributes:
        damage: Why the last array ended before its time; None while all is well.
    """

    def __init__(
        self,
        source: Source | None,
        *,
        start: int = 0,
        max_element: int = 1 << 20,
        data: bytes = b"",
        passed_over: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        self._passed_over = passed_over
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
        self._broken = False  # whether the brackets of an element did not balance
        # Of the present element: the closing brackets it lacks, and whether one closed another kind.
        self._open = bytearray()
        self._mismatched = False
        self._in_string = False
        self._reach = 0

    def __iter__(self) -> Iterator[Element]:
        while self._next():
            opening = self._buffer[self._at : self._at + 1]
            if self._index < 0 and opening == b"[":
                self._index, self._at, self._indent = 0, self._at + 1, None
            elif self._index >= 0 and opening == b"]":
                self._index, self._at = -1, self._at + 1
            else:
                yield self._element(self._follow_brackets if opening in b"{[" else self._follow_scalar)
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

    def _element(self, follow: Callable[[int], tuple[int, bool]]) -> Element:
        """The next element, up to where `follow` finds its end."""
        scan = self._at
        self._open.clear()
        self._in_string = self._mismatched = False
        # As far as one is looked at: what is found must not depend on how much happens to be read.
        self._reach = self._max + len(self._indent or b"") + 2
        while True:
            scan, ended = follow(scan)
            if ended:
                # Brackets that close another kind have swallowed what comes after, if anything begins there.
                return (self._take_broken(scan) if self._mismatched else None) or self._take(scan)
            # Looking ahead as far as an element may reach, once for each broken one, would take for ever.
            if self._broken and (element := self._take_broken()):
                return element
            if len(self._buffer) - self._at >= self._reach:
                return self._take_broken() or self._pass_over(follow, scan)
            if not self._more():
                return self._take_broken() or self._take(len(self._buffer))

    def _follow_scalar(self, scan: int) -> tuple[int, bool]:
        """Follows a number, a word, a string or garbage; tells how far, and whether that is its end."""
        plain, size = _PLAIN_IN_ARRAY if self._index >= 0 else _PLAIN, self._horizon()
        while True:
            if self._in_string:
                scan = self._follow_string(scan, size)
                if self._in_string:
                    return scan, False
            found = plain.match(self._buffer, scan, size)
            scan = found.end() if found else scan
            if scan >= size:
                return scan, False
            if self._buffer[scan] != _QUOTE:
                return scan, True
            scan, self._in_string = scan + 1, True

    def _follow_brackets(self, scan: int) -> tuple[int, bool]:
        """Follows an object or array; tells how far, and whether that is the bracket that closes it."""
        end = self._horizon()
        if not self._open:  # it begins here; passed over with its partner, it would never end
            self._open.append(_CLOSING[self._buffer[scan]])
            scan += 1
        while True:
            if self._in_string:
                scan = self._follow_string(scan, end)
                if self._in_string:
                    return scan, False
            while found := _TO_BRACKET.match(self._buffer, scan, end):
                scan = found.end()
                byte = self._buffer[scan - 1]
                if byte in _CLOSING:
                    self._open.append(_CLOSING[byte])
                elif byte == _QUOTE:
                    self._in_string = True
                    break
                else:
                    self._mismatched |= self._open.pop() != byte
                    if not self._open:
                        return scan, True
            if not self._in_string:
                return max(scan, end), False

    def _follow_string(self, scan: int, end: int) -> int:
        """Follows the inside of a string, and tells how far. A line end ends it, as JSON has none there."""
        found = _INSIDE_STRING.match(self._buffer, scan, end)
        scan = found.end() if found else scan
        if scan >= end or (self._buffer[scan] == _ESCAPE and scan + 1 >= end):
            return scan
        self._in_string = False
        return scan + (self._buffer[scan] != _LINE_END)

    def _horizon(self) -> int:
        """How far to look for the end: not beyond the next element, once brackets were found not to balance."""
        if self._broken and self._indent is not None:
            found = self._buffer.find(b"\n" + self._indent + b"{", self._at + 1, self._at + self._reach)
            if found >= 0:
                return found
        return min(len(self._buffer), self._at + self._reach)

    def _take(self, end: int) -> Element:
        self._count_lines()
        data: bytes | None = self._buffer[self._at : end]
        if end - self._at > self._max:
            self._passed_over(self._buffer[self._at : end])
            data = None
        element = Element(self._base + self._at, self._line, self._index, data)
        self._at = end
        return element

    def _take_broken(self, end: int | None = None) -> Element | None:
        """For brackets that do not balance: ends the element where another begins at the same indentation."""
        if self._indent is None:
            return None
        reach = self._at + self._reach if end is None else end
        found = self._buffer.find(b"\n" + self._indent + b"{", self._at + 1, reach)
        if found < 0:
            return None
        self._broken = True
        return self._take(found)

    def _pass_over(self, follow: Callable[[int], tuple[int, bool]], scan: int) -> Element:
        """An element longer than the limit: read to its end without keeping it."""
        self._count_lines()
        element = Element(self._base + self._at, self._line, self._index, None)
        self._indent = None  # what is dropped cannot be looked at again
        self._reach = sys.maxsize
        ended = False
        while not ended:
            self._passed_over(self._buffer[self._at : scan])
            self._at = scan
            self._drop()
            scan, ended = follow(0)
            if not ended and not self._more():
                scan, ended = len(self._buffer), True
        self._passed_over(self._buffer[self._at : scan])
        self._at = scan
        return element
