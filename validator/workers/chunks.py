"""Pieces of an input that can be checked apart: ranges of a file, and lines that were read already."""

from __future__ import annotations

import gc
import json
import mmap
import os
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.count.profile import InputSummary, Profile
from validator.engine.engine import Engine
from validator.engine.lint import Fault
from validator.input.lines import Block, line_blocks
from validator.input.stop import Stop, StoppedError
from validator.model import LineClass, Place
from validator.workers.direct_counter import DirectCounter
from validator.workers.memory_chunks import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validator.engine.compile.program import Program
    from validator.model import Limits

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


class Counted(NamedTuple):
    """What was counted of a piece.

    Attributes:
        profile: The profile of its first lines.
        whole: Whether these are all; after a stop they need not be.
    """

    profile: Profile
    whole: bool = True


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
        """The same lines in two pieces; None for a single line."""
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


class SegmentWork:
    """Profiles segments, which a worker is told of one after another.

    Args:
        slots: Where they are.
        program: The compiled plans.
        limits: What bounds memory.
        stop: Ends the work of a worker early.
        known: The profile of what comes before a worker's first segment.
    """

    def __init__(self, slots: Slots, program: Program, limits: Limits, stop: Stop, known: Profile) -> None:
        self._slots = slots
        self._program = program
        self._limits = limits
        self._stop = stop
        self._before = known
        self._own = Profile()
        self._at = -1  # the number of the segment that this is the profile of
        self._made = 0

    def order(self, segment: Segment) -> tuple[int, int, list[Run]]:
        """What tells a worker of the next segment."""
        self._made += 1
        return self._made, segment.number, segment.runs

    def __call__(self, order: tuple[int, int, list[Run]]) -> Counted:
        """The profile of a segment; see `profile_piece`."""
        number, slot, runs = order
        # A segment whose worker has died may come after one that follows it.
        known = self._own if number > self._at >= 0 else self._before
        counted = profile_piece(Segment(self._slots, slot, runs), self._program, self._limits, self._stop, known)
        if self._at < 0 and sum(counted.profile.lines.values()) > sum(self._before.lines.values()):
            self._own, self._at = counted.profile, number  # it knows more places
        return counted


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
        """The same lines in two pieces; None for a single line."""
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


Piece = Segment | FileRange | Lines


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


def profile_piece(
    piece: Piece, program: Program, limits: Limits, stop: Stop | None = None, known: Profile | None = None
) -> Counted:
    """The profile of one piece; its places are of input 0 and count lines from the piece's first."""
    stop = stop or Stop()
    engine = Engine(program, limits, known)
    engine.begin(0)
    counter, summary = DirectCounter(engine, stop, program), InputSummary("")
    try:
        for block in stop.soon(piece.blocks()):
            counter.lines(block, summary)
            del block  # it may be a long line, and the next one is read now
    except StoppedError:
        return Counted(engine.finish(), whole=False)
    return Counted(engine.finish())


def warm_up(program: Program, limits: Limits) -> None:
    """Lets the program prepare all that it prepares when it is first needed: else every worker does so again.

    No call of the input is looked at: it might be one that ends the process.
    """
    called = {(rule.type.lower(), rule.key) for plan in program.plans for rule in plan.rules}
    kinds = [{"type": kind, "event": name or "", "properties": {"": 0}} for kind, name in called]
    text = b"".join(json.dumps(call).encode() + b"\n" for call in [*kinds, {"type": "track", "event": "?"}])
    engine = Engine(program, limits)
    engine.begin(0)
    engine.lines(Block(0, text))
    engine.finish()
    gc.freeze()  # what is there already is not looked through, and so not copied, by each worker


def profile_of_lost_line(piece: Piece, limits: Limits) -> Profile:
    """The profile of a piece of one line that no worker survives."""
    profile = Profile(max_places=limits.places)
    profile.lines[LineClass.MALFORMED] = 1
    profile.fault(Fault("IN508"), (Place(0, piece.start, -1, 1, None),))
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
