"""Pieces of an input that can be checked apart: ranges of a file, and lines that were read already."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from validator.engine.engine import Engine
from validator.engine.profile import Profile
from validator.input.lines import Block, line_blocks
from validator.model import LineClass, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validator.engine.program import Program
    from validator.model import Limits

# A worker costs some milliseconds, a line range a few reads: both are nothing beside this many bytes.
RANGE = 32 << 20
SEGMENT = 8 << 20

_SCAN = 1 << 16


class Segment:
    """Lines in memory.

    Args:
        blocks: Whole lines, as read.
    """

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks

    def blocks(self) -> Iterable[Block]:
        """The lines."""
        return self._blocks

    def halves(self) -> tuple[Segment, Segment] | None:
        """The same lines in two pieces; None for a single line."""
        middle = len(self._blocks) // 2
        if middle:
            return Segment(self._blocks[:middle]), Segment(self._blocks[middle:])
        (block,) = self._blocks
        size = len(block.data)
        cut = block.data.rfind(b"\n", 0, size // 2) + 1 or block.data.find(b"\n") + 1
        if not 0 < cut < size:
            return None
        rest = Block(block.byte + cut, block.data[cut:])
        return Segment([Block(block.byte, block.data[:cut])]), Segment([rest])


class FileRange:
    """Whole lines of an open file.

    Args:
        handle: The file's descriptor; its position is neither used nor moved.
        start: Offset of the first line.
        end: Offset after the last line.
        max_line: Bytes of a line that are worth keeping.
    """

    def __init__(self, handle: int, start: int, end: int, max_line: int) -> None:
        self._handle = handle
        self._start = start
        self._end = end
        self._max_line = max_line

    @property
    def size(self) -> int:
        """Its bytes."""
        return self._end - self._start

    def blocks(self) -> Iterator[Block]:
        """The lines."""
        source = _RangeSource(self._handle, self._start, self._end)
        return line_blocks(source, start=self._start, max_line=self._max_line)

    def halves(self) -> tuple[FileRange, FileRange] | tuple[Segment, Segment] | None:
        """The same lines in two pieces; None for a single line."""
        if self._end - self._start <= SEGMENT:
            return Segment(list(self.blocks())).halves()
        cut = line_start(self._handle, (self._start + self._end) // 2, self._end)
        if cut == self._end:
            return Segment(list(self.blocks())).halves()
        return (
            FileRange(self._handle, self._start, cut, self._max_line),
            FileRange(self._handle, cut, self._end, self._max_line),
        )


Piece = Segment | FileRange


def file_ranges(handle: int, start: int, end: int, max_line: int) -> Iterator[FileRange]:
    """The lines of an open file in ranges of about the same size."""
    while start < end:
        cut = line_start(handle, start + RANGE, end) if end - start > RANGE * 3 // 2 else end
        yield FileRange(handle, start, cut, max_line)
        start = cut


def segments(blocks: Iterable[Block]) -> Iterator[Segment]:
    """Blocks in segments of about the same size."""
    held: list[Block] = []
    size = 0
    try:
        for block in blocks:
            held.append(block)
            size += len(block.data)
            if size >= SEGMENT:
                yield Segment(held)
                held, size = [], 0
    except Exception:
        # Whatever ends the reading, what came before it counts.
        if held:
            yield Segment(held)
        raise
    if held:
        yield Segment(held)


def line_start(handle: int, offset: int, end: int) -> int:
    """Where the first line at or after `offset` starts; `end` if none does before it."""
    if offset == 0:
        return 0
    offset -= 1  # a line that starts at the offset has its LF just before
    while offset < end:
        data = os.pread(handle, min(_SCAN, end - offset), offset)
        if not data:
            return end
        if (found := data.find(b"\n")) >= 0:
            return offset + found + 1
        offset += len(data)
    return end


def profile_piece(piece: Piece, program: Program, limits: Limits, known: Profile | None = None) -> Profile:
    """The profile of one piece; its places are of input 0 and count lines from the piece's first."""
    engine = Engine(program, limits, known)
    engine.begin(0)
    for block in piece.blocks():
        engine.lines(block)
    return engine.finish()


def profile_of_lost_line(piece: Piece, limits: Limits) -> Profile:
    """The profile of a piece of one line that no worker survives."""
    profile = Profile(max_places=limits.places)
    profile.lines[LineClass.MALFORMED] = 1
    byte = next(iter(piece.blocks())).byte
    profile.fault("IN508", (Place(0, byte, -1, 1, None),))
    return profile


class _RangeSource:
    """A range of an open file as a source."""

    def __init__(self, handle: int, start: int, end: int) -> None:
        self._handle = handle
        self._at = start
        self._end = end

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills the buffer from its start; returns how many bytes, 0 at the end."""
        part = buffer[: self._end - self._at]
        count = os.preadv(self._handle, [part], self._at) if part else 0
        self._at += count
        return count
