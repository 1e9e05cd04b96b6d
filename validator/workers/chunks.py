"""Chunks of an input that can be counted separately: ranges of a file, and lines in shared memory."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, NamedTuple

from validator.input.lines import Block, line_blocks
from validator.workers.memory_chunks import Lines
from validator.workers.table_chunks import TableRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validator.input.ranges import Ranges


# Starting a worker takes milliseconds, finding a range a few reads; both are negligible for this many bytes.
RANGE = 32 << 20
LARGEST_RANGE = 4 * RANGE
SEGMENT = 8 << 20

_SCAN = 1 << 16


class Run(NamedTuple):
    """Whole lines in a slot.

    Attributes:
        byte: The offset of the first line in the input.
        start: Their start in the slot.
        end: Their end in the slot; equal to the start for a line longer than the limit.
    """

    byte: int
    start: int
    end: int


class Slots:
    """Reusable shared memory for lines.

    Unlike private memory, it costs nothing to inherit: it is not copied when a process writes to it, and not freed and
    allocated again.

    Args:
        size: The bytes of each slot.
        count: Number of slots; all exist before any worker, so that orders can name them by number. They take no
            memory until written to.
    """

    def __init__(self, size: int, count: int) -> None:
        self.size = size
        self._memory = [mmap.mmap(-1, size) for _ in range(count)]
        self._free = list(range(count))

    def __getitem__(self, number: int) -> mmap.mmap:
        return self._memory[number]

    def take(self) -> int:
        """Takes a free slot and returns its number; there must be one."""
        return self._free.pop()

    def give_back(self, number: int) -> None:
        """Frees a slot."""
        self._free.append(number)


class Segment:
    """Lines in a slot.

    Args:
        slots: The memory.
        number: The number of the slot.
        runs: The runs of lines in it; at least one.

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
    """Whole lines of an input whose ranges can be read.

    Args:
        ranges: Reads its ranges.
        start: Offset of the first line.
        end: Offset after the last line.
        max_line: Longest line to keep, in bytes.
    """

    def __init__(self, ranges: Ranges, start: int, end: int, max_line: int) -> None:
        self._ranges = ranges
        self.start = start
        self._end = end
        self._max_line = max_line

    @property
    def size(self) -> int:
        """Its bytes."""
        return self._end - self.start

    def blocks(self) -> Iterator[Block]:
        """The lines."""
        return line_blocks(self._ranges.source(self.start, self._end), start=self.start, max_line=self._max_line)

    def halves(self) -> tuple[FileRange, FileRange] | None:
        """The same lines in two chunks; None for a single line."""
        cut = line_start(self._ranges, (self.start + self._end) // 2, self._end)
        if cut >= self._end:
            # The middle is in the last line; the others may be short.
            cut = line_start(self._ranges, self.start + 1, self._end)
        if cut >= self._end:
            return None
        return (
            FileRange(self._ranges, self.start, cut, self._max_line),
            FileRange(self._ranges, cut, self._end, self._max_line),
        )


Chunk = Segment | FileRange | TableRange | Lines


def file_ranges(
    ranges: Ranges, start: int, end: int, max_line: int, jobs: int = 1, first: int = LARGEST_RANGE
) -> Iterator[FileRange]:
    """Splits an input into ranges of lines: large ones first, so that few workers start and all end together.

    If the reading may end soon, they start small and grow.
    """
    while start < end:
        size = min(max((end - start) // (3 * jobs), RANGE), LARGEST_RANGE, first)
        first *= 2
        cut = line_start(ranges, start + size, end) if end - start > size * 3 // 2 else end
        yield FileRange(ranges, start, cut, max_line)
        start = cut


def segments(blocks: Iterable[Block], slots: Slots, first: int = SEGMENT) -> Iterator[Segment]:
    """Collects blocks into segments of about the same size. Each has its own slot, to be freed after use.

    If the reading may end soon, they start small and grow.
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
        # However the reading ends, lines before that count.
        if runs:
            yield Segment(slots, number, runs)
        else:
            slots.give_back(number)
        raise
    if runs:
        yield Segment(slots, number, runs)
    else:
        slots.give_back(number)


def line_start(ranges: Ranges, offset: int, end: int) -> int:
    """The start of the first line at or after `offset`; `end` if there is none before it."""
    if offset == 0:
        return 0
    offset -= 1  # a line that starts at the offset follows an LF
    while offset < end:
        data = ranges.at(offset, min(_SCAN, end - offset))
        if not data:
            return end
        if (found := data.find(b"\n")) >= 0:
            return offset + found + 1
        offset += len(data)
    return end
