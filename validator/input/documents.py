"""Splits an array, pretty-printed objects, or concatenated objects into top-level elements.

Only brackets and strings are followed, so a broken element is isolated and the rest is still read, and an array of
any size passes through a small buffer. Whether an element is JSON is decided later, as for lines.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from validator.input.blank_lines import JSON_SPACE
from validator.input.brackets import Follower
from validator.native import object_splitter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator.input.source import Source
    from validator.native import Spans

READ = 1 << 17

# So many bytes are followed before objects are split at once again, after one that could not be.
_UNSPLIT = 1 << 14

# A longer indentation is not remembered.
_MAX_INDENT = 1 << 16
# Number of indentations for which the next element's start is remembered.
_MAX_MARKS = 64

_SEPARATORS = re.compile(rb"[%b]*+" % JSON_SPACE)
_SEPARATORS_IN_ARRAY = re.compile(rb"[%b,]*+" % JSON_SPACE)

_ARRAY, _ARRAY_END = b"[]"
_OBJECT = b"{"[0]


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
        source: The source of bytes.
        start: The offset of its first byte.
        max_element: Longest element to keep, in bytes.
        data: Bytes already read from the source.
        passed_over: Called with each piece of a longer element, before the element itself.
        pasted: Whether lines between elements belong to a debugger's page and are not elements.

    Attributes:
        damage: Why the last array ended early; None if it did not.
        page_lines: How many lines of a page were skipped.
    """

    def __init__(
        self,
        source: Source | None,
        *,
        start: int = 0,
        max_element: int = 1 << 20,
        data: bytes = b"",
        passed_over: Callable[[bytes], None] = lambda _: None,
        pasted: bool = False,
    ) -> None:
        self._passed_over = passed_over
        self._pasted = pasted
        self.page_lines = 0
        self.damage: str | None = None
        self._source = source
        self._max = max_element
        self._buffer = bytearray(data)
        self._base = start  # offset of the buffer's first byte
        self._at = 0  # start of the next element in the buffer
        self._line = 1
        self._counted = 0  # line ends before this place are counted in _line
        self._indent: bytes | None = b""  # indentation of the element if it begins its line, else None
        self._index = -1
        self._broken = False  # whether some element had unbalanced brackets
        self._marks: dict[bytes, int] = {}  # none of these in the buffer between _at and this place
        self._follower = Follower()
        self._sources = 0  # how far an element is scanned
        self._split = object_splitter()
        self._unsplit = 0  # before this place in the buffer nothing is split at once

    def __iter__(self) -> Iterator[Element]:
        while self._next():
            opening = self._buffer[self._at]
            if self._pasted and self._index < 0 and opening not in (_OBJECT, _ARRAY):
                self._pass_over_line()
            elif self._index < 0 and opening == _ARRAY:
                self._index, self._at, self._indent = 0, self._at + 1, None
            elif self._index >= 0 and opening == _ARRAY_END:
                self._index, self._at = -1, self._at + 1
            elif opening == _OBJECT and (spans := self._spans()):
                yield from self._take_spans(spans)
            else:
                yield self._element(opening)
                self._index += self._index >= 0
                self._indent = None
        if self._index >= 0:
            self.damage = "the array is not closed: its end is missing"

    def _pass_over_line(self) -> None:
        """Skips a line that is not an element."""
        self.page_lines += 1
        while (end := self._buffer.find(b"\n", self._at)) < 0:
            self._at = len(self._buffer)
            self._drop()
            if not self._more():
                return
        self._at = end

    def _next(self) -> bool:
        """Skips separators; False at the end."""
        separators = _SEPARATORS_IN_ARRAY if self._index >= 0 else _SEPARATORS
        while True:
            start = self._at
            if found := separators.match(self._buffer, start):
                self._at = found.end()
            if self._at > start or self._indent is not None:
                self._note_indent(bytes(self._buffer[start : self._at]))
            if self._at < len(self._buffer):
                if self._at > READ:
                    self._drop()
                return True
            self._drop()
            if not self._more():
                return False

    def _note_indent(self, passed: bytes) -> None:
        """Notes the indentation of the next element, as far as it was read now."""
        if end := passed.rfind(b"\n") + 1:
            indent: bytes | None = passed[end:]
        else:
            indent = None if self._indent is None else self._indent + passed
        self._indent = None if indent is None or len(indent) >= _MAX_INDENT or b"," in indent else indent

    def _drop(self) -> None:
        """Drops everything before the next element from the buffer."""
        self._count_lines()
        self._base += self._at
        self._marks = {mark: seen - self._at for mark, seen in self._marks.items()}
        self._unsplit = max(0, self._unsplit - self._at)
        del self._buffer[: self._at]
        self._at = self._counted = 0

    def _count_lines(self) -> None:
        self._line += self._buffer.count(b"\n", self._counted, self._at)
        self._counted = self._at

    def _more(self) -> bool:
        """Reads more into the buffer; False at the end."""
        if self._source is None:
            return False
        chunk = bytearray(READ)
        count = self._source.readinto(memoryview(chunk)) or 0
        self._buffer += memoryview(chunk)[:count]
        return count > 0

    def _spans(self) -> Spans:
        """The spans of valid objects from here on, relative to here; none if each element must be followed."""
        if self._split is None or self._broken or self._at < self._unsplit:
            return []
        spans = self._split(self._buffer, self._at, self._index >= 0, self._max)
        if not spans:
            # To try again at once after each broken object would take too long.
            self._unsplit = self._at + min(_UNSPLIT, len(self._buffer) - self._at)
        return spans

    def _take_spans(self, spans: Spans) -> Iterator[Element]:
        """Takes objects of which the spans are known."""
        self._count_lines()
        at, line, base = self._at, self._line, self._base
        with memoryview(self._buffer) as buffer:
            found = [
                (base + at + start, line + lines, bytes(buffer[at + start : at + end])) for start, end, lines in spans
            ]
        start, end, lines = spans[-1]
        self._line, self._counted, self._at = line + lines, at + start, at + end
        self._indent = None
        for byte, on_line, data in found:
            yield Element(byte, on_line, self._index, data)
            self._index += self._index >= 0
        if len(self._buffer) - self._at < self._at:
            self._drop()

    def _element(self, first: int) -> Element:
        """The next element, of which this is the first byte."""
        follower = self._follower
        follower.begin(first, in_array=self._index >= 0)
        scan = self._at + 1
        # The scan has a fixed length: the result must not depend on the size of reads.
        self._sources = self._max + len(self._indent or b"") + 2
        while True:
            scan, ended = follower.follow(self._buffer, scan, self._horizon())
            if ended:
                # With mismatched brackets, the element may have swallowed the next ones.
                return (self._take_broken(scan) if follower.mismatched else None) or self._take(scan)
            # Scanning to the limit once for each broken element would take too long.
            if self._broken and (element := self._take_broken()):
                return element
            if len(self._buffer) - self._at >= self._sources:
                return self._take_broken() or self._pass_over(scan)
            if not self._more():
                return self._take_broken() or self._take(len(self._buffer))

    def _horizon(self) -> int:
        """How far to look for the end: not beyond the next element, once there were unbalanced brackets."""
        if self._broken and (found := self._next_mark(self._at + self._sources)) >= 0:
            return found
        return min(len(self._buffer), self._at + self._sources)

    def _next_mark(self, end: int) -> int:
        """The next line with the same indentation and `{` as this one; -1 if there is none."""
        if self._indent is None:
            return -1
        mark, marks = b"\n" + self._indent + b"{", self._marks
        start = max(self._at + 1, marks.get(mark, 0))
        found = self._buffer.find(mark, start, end)
        if len(marks) >= _MAX_MARKS:
            marks.clear()
        # Do not scan the same bytes again for each element in them.
        marks[mark] = found if found >= 0 else max(start, min(end, len(self._buffer)) - len(mark) + 1)
        return found

    def _take(self, end: int) -> Element:
        self._count_lines()
        data: bytes | None = bytes(memoryview(self._buffer)[self._at : end])
        if end - self._at > self._max:
            self._passed_over(data or b"")
            data = None
        element = Element(self._base + self._at, self._line, self._index, data)
        self._at = end
        if len(self._buffer) - end < end:
            self._drop()  # of a long element, only its text is in memory
        return element

    def _take_broken(self, end: int | None = None) -> Element | None:
        """Ends an element with unbalanced brackets where another begins at the same indentation."""
        found = self._next_mark(self._at + self._sources if end is None else end)
        if found < 0:
            return None
        self._broken = True
        return self._take(found)

    def _pass_over(self, scan: int) -> Element:
        """Reads an element longer than the limit to its end, without keeping it."""
        self._count_lines()
        element = Element(self._base + self._at, self._line, self._index, None)
        self._indent = None  # dropped bytes cannot be scanned again
        self._sources = sys.maxsize
        ended = False
        while not ended:
            self._passed_over(bytes(memoryview(self._buffer)[self._at : scan]))
            self._at = scan
            self._drop()
            scan, ended = self._follower.follow(self._buffer, 0, len(self._buffer))
            if not ended and not self._more():
                scan, ended = len(self._buffer), True
        self._passed_over(bytes(memoryview(self._buffer)[self._at : scan]))
        self._at = scan
        return element
