"""Chunks of an input that can be counted apart: ranges of a file, and lines that were read already."""

from __future__ import annotations

import mmap
import os
from typing import TYPE_CHECKING, NamedTuple

from validator.input.lines import Block, line_blocks
from validator.workers.memory_chunks import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# A worker costs some milliseconds, a line range a few reads: both are nothing beside this many bytes.
RANGE = 32 << 20
LARGEST_RANGE = 4 * RANGE
SEGMENT = 8 << 20

_SCAN = 1 << 16


class Run(NamedTuple):
    """Whole lines in a slot.

    Attributes:
        byte: The offset of the first of them in the input.
        start: Where they are in the slot.
        end: Where they end there; the start again for one line that was longer than the limit.
    """

    byte: int
    start: int
    end: int


class Slots:
    """Shared memory for lines, used again and again.

    Unlike a process's own memory it costs nothing to inherit: neither is it copied page by page when one of the
    processes writes to it, nor given back and asked for again.

    Args:
        size: The bytes of each slot.
        count: How many there are; all of them before any worker is, so that each can be told of them by number. They
            take no memory before they are written to.
    """

    def __init__(self, size: int, count: int) -> None:
        self.size = size
        self._memory = [mmap.mmap(-1, size) for _ in range(count)]
        self._free = list(range(count))

    def __getitem__(self, number: int) -> mmap.mmap:
        return self._memory[number]

    def take(self) -> int:
        """The number of a slot that nobody uses; there must be one."""
        return self._free.pop()

    def give_back(self, number: int) -> None:
        """Lets a slot be used again."""
        self._free.append(number)


class Segment:
    """Lines in a slot.

    Args:
        slots: The memory.
        number: The number of the slot.
        runs: Where in it they are; at least one.

    Attributes:
        start: The offset of the first line in the input.
    """

    def __init__(self, slots: Slots, number: int, runs: list[Run]) -> None:
        self.number = number
        self.runs = runs
        self.start = runs[0].byte
        self._slots = slots

    def blocks(self) -> Iterator[Block]:
        """The lines."""
        memory = self._slots[self.number]
        for run in self.runs:
            yield Block(run.byte, memory[run.start : run.end])

    def halves(self) -> tuple[Segment, Segment] | None:
        """The same lines in two chunks; None for a single line."""
        middle = len(self.runs) // 2
        if middle:
            return self._part(*self.runs[:middle]), self._part(*self.runs[middle:])
        ((byte, start, end),) = self.runs
        memory, half = self._slots[self.number], (start + end) // 2
        cut = memory.rfind(b"\n", start, half) + 1 or memory.find(b"\n", half, end) + 1
        if not start < cut < end:
            return None
        return self._part(Run(byte, start, cut)), self._part(Run(byte + cut - start, cut, end))

    def _part(self, *runs: Run) -> Segment:
        return Segment(self._slots, self.number, list(runs))


class FileRange:
    """Whole lines of an open file.

    Args:
        handle: The file's descriptor; its position is neither used nor moved.
        start: Offset of the first line.
        end: Offset after the last line.
        max_line: Bytes of a line that are worth keeping.

    Attributes:
        start: Offset of the first line.
    """

    def __init__(self, handle: int, start: int, end: int, max_line: int) -> None:
        self._handle = handle
        self.start = start
        self._end = end
        self._max_line = max_line

    @property
    def size(self) -> int:
        """Its bytes."""
        return self._end - self.start

    def blocks(self) -> Iterator[Block]:
        """The lines."""
        source = _RangeSource(self._handle, self.start, self._end)
        return line_blocks(source, start=self.start, max_line=self._max_line)

    def halves(self) -> tuple[FileRange, FileRange] | None:
        """The same lines in two chunks; None for a single line."""
        cut = line_start(self._handle, (self.start + self._end) // 2, self._end)
        if cut >= self._end:
            # The half is within the last line; the others may be short.
            cut = line_start(self._handle, self.start + 1, self._end)
        if cut >= self._end:
            return None
        return (
            FileRange(self._handle, self.start, cut, self._max_line),
            FileRange(self._handle, cut, self._end, self._max_line),
        )


Chunk = Segment | FileRange | Lines


def file_ranges(
    handle: int, start: int, end: int, max_line: int, jobs: int = 1, first: int = LARGEST_RANGE
) -> Iterator[FileRange]:
    """The lines of an open file in ranges: large ones first, so that few workers are started and all end together.

    Where the reading may end soon, they grow from the size of the first on.
    """
    while start < end:
        size = min(max((end - start) // (3 * jobs), RANGE), LARGEST_RANGE, first)
        first *= 2
        cut = line_start(handle, start + size, end) if end - start > size * 3 // 2 else end
        yield FileRange(handle, start, cut, max_line)
        start = cut


def segments(blocks: Iterable[Block], slots: Slots, first: int = SEGMENT) -> Iterator[Segment]:
    """Blocks in segments of about the same size. Each has a slot of its own, to be given back once it is done with.

    Where the reading may end soon, they grow from the size of the first on.
    """
    number, runs, filled = slots.take(), list[Run](), 0
    try:
        for block in blocks:
            end = filled + len(block.data)
            if runs and (filled >= min(first, SEGMENT) or end > slots.size):
                first *= 2
                yield Segment(slots, number, runs)
                number, runs, filled, end = slots.take(), [], 0, len(block.data)
            slots[number][filled:end] = block.data
            runs.append(Run(block.byte, filled, end))
            filled = end
    except Exception:
        # Whatever ends the reading, what came before it counts.
        if runs:
            yield Segment(slots, number, runs)
        else:
            slots.give_back(number)
        raise
    if runs:
        yield Segment(slots, number, runs)
    else:
        slots.give_back(number)


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
