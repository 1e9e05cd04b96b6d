"""Reads inputs with several workers; what comes out is what reading them one after another gives."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.crew import AHEAD, Crew, Lost, Task
from validator.engine.engine import Engine
from validator.engine.pieces import (
    SEGMENT,
    FileRange,
    Piece,
    Segment,
    SegmentWork,
    Slots,
    file_ranges,
    profile_of_lost_line,
    profile_piece,
    segments,
    warm_up,
)
from validator.engine.profile import InputSummary, Profile
from validator.input.framing import Framing
from validator.input.lines import BLOCK, line_blocks
from validator.input.stream import open_stream
from validator.model import LineClass, Place
from validator.service.read import (
    Progress,
    Reader,
    Stop,
    StoppedError,
    look_at,
    no_progress,
    open_stoppable,
    read_inputs,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from validator.engine.program import Program
    from validator.input.stream import Stream
    from validator.model import Limits

# Files up to this size are read whole by one worker, several of them together up to BATCH bytes.
SMALL = 4 << 20
BATCH = 8 << 20

# Less than this in all is read faster by one process.
WORTH = 20_000_000

# How long workers may finish what they have begun after a stop, in seconds.
GRACE = 1.0


class Whole(NamedTuple):
    """What a worker that reads whole inputs sends: their profile, and what it had to warn of."""

    profile: Profile
    warnings: list[str]


class _Inputs(NamedTuple):
    """Whole inputs that a worker reads.

    Attributes:
        first: The number of the first.
        paths: Where to find them again; none if they cannot be read twice.
        size: How many.
        consumed: Their bytes as they lie on disk.
    """

    first: int
    paths: tuple[str, ...]
    size: int
    consumed: int = 0


class _Part(NamedTuple):
    """A piece of one input that a worker reads.

    Attributes:
        number: The number of the input.
        piece: The piece.
        consumed: Its bytes as they lie on disk.
        source: What it is a piece of.
    """

    number: int
    piece: Piece
    consumed: int = 0
    source: _Source | None = None


class _Source:
    """An input read in pieces, which is to be closed once the last of them is counted.

    Attributes:
        stream: The input.
        pieces: Those that are not counted yet.
        whole: Whether there will be no more.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.pieces = 0
        self.whole = False


def usable_cores() -> int:
    """The cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota()
    return cores if quota is None else max(1, min(cores, round(quota)))


def _quota() -> float | None:
    """How many cores' worth of time a container may use; None where that is not limited."""
    try:
        most, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return int(most) / int(period)
    except (OSError, ValueError):  # there is no such file, or it says `max`
        return None


def alone() -> bool:
    """Whether no other thread runs in this process: a fork would copy the locks that it holds."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - only how many
    except OSError:
        return threading.active_count() == 1


def pays(paths: Iterable[str]) -> bool:
    """Whether there is, or may be, enough to read for several workers."""
    total = 0
    for path in paths:
        try:
            status = os.fstat(0) if path == "-" else os.stat(path)  # noqa: PTH116 - descriptors too
        except OSError:
            continue
        total += status.st_size if stat.S_ISREG(status.st_mode) else WORTH
    return total >= WORTH


def read_in_parallel(
    paths: Iterable[str],
    program: Program,
    *,
    jobs: int,
    limits: Limits,
    stop: Stop,
    warn: Callable[[str], None],
    progress: Progress = no_progress,
) -> Profile:
    """Reads inputs with several workers at a time; with one where other threads run, which no fork goes with.

    Args:
        paths: Files, pipes or devices; `-` is standard input.
        program: The compiled plans.
        jobs: How many workers.
        limits: What bounds memory.
        stop: Lets a signal handler end the reading; the inputs not read then count as incomplete.
        warn: Is told, in a sentence, why an input could not be read whole.
        progress: Is told again and again how far the reading is.
    """
    if not alone():
        return read_inputs(paths, program, limits=limits, stop=stop, warn=warn, progress=progress)
    reading = _Parallel(program, jobs=jobs, limits=limits, stop=stop, warn=warn, progress=progress)
    return reading.read(tuple(paths))


class _Parallel:
    def __init__(
        self,
        program: Program,
        *,
        jobs: int,
        limits: Limits,
        stop: Stop,
        warn: Callable[[str], None],
        progress: Progress,
    ) -> None:
        self.program = program
        self.jobs = jobs
        self.limits = limits
        self.stop = stop
        self.warn = warn
        self.progress = progress
        self.consumed = 0  # bytes of what is counted, as they lie on disk
        self.total = Profile(max_places=limits.places)
        self.expected: deque[_Inputs | _Part] = deque()
        self.unfinished: set[int] = set()  # inputs of which not all is counted
        self.faults: list[tuple[int, str, str]] = []  # input, code and words of what made it incomplete
        self.sources: dict[int, _Source] = {}  # those read in pieces
        # One is filled while the others are read, or wait for a slower one before them.
        self.slots = Slots(SEGMENT + max(BLOCK, limits.line + 1), jobs + AHEAD + 1)
        self.segment_work = SegmentWork(self.slots, program, limits, self.total)
        self.taking = False  # whether a result is being counted

    def read(self, paths: tuple[str, ...]) -> Profile:
        try:
            with Crew[Profile | Whole](self.jobs, self.check_stop) as crew:
                try:
                    for result in crew.results(self.worthwhile(self.tasks(paths))):
                        self.take_next(result)
                except StoppedError:
                    # Nothing may be counted after what a stop kept from being counted.
                    for result in () if self.taking else crew.drain(GRACE):
                        self.take_next(result)
            self.close(paths)
        finally:
            for source in self.sources.values():
                source.stream.close()
        return self.total

    def check_stop(self) -> None:
        if self.stop.signal:
            raise StoppedError

    def worthwhile(self, tasks: Iterator[Task[Profile | Whole]]) -> Iterator[Task[Profile | Whole]]:
        """The tasks, unless there is but one: that is done at once."""
        first = next(tasks, None)
        if first is None:
            return
        second, stopped = None, False
        try:
            second = next(tasks, None)
        except StoppedError:
            stopped = True
        if second is not None:
            warm_up(self.program, self.limits)
            yield first
            yield second
            yield from tasks
        else:
            self.take_next(first.do())
        if stopped:
            raise StoppedError

    # Making tasks.

    def tasks(self, paths: tuple[str, ...]) -> Iterator[Task[Profile | Whole]]:
        batch: list[str] = []
        size = 0
        for path in paths:
            small = _small(path)
            if (small is None or size + small > BATCH) and batch:
                yield self.whole(batch, size)
                batch, size = [], 0
            if small is None:
                yield from self.pieces(path)
            else:
                batch.append(path)
                size += small
        if batch:
            yield self.whole(batch, size)

    def whole(self, paths: list[str], size: int) -> Task[Profile | Whole]:
        expected = _Inputs(len(self.total.inputs), tuple(paths), len(paths), size)
        self.total.inputs += [InputSummary(path, complete=False) for path in paths]
        self.expected.append(expected)
        work = partial(_read_whole, expected.paths, self.program, self.limits, self.stop)
        return Task(work, stop=partial(self.stop.request, signal.SIGUSR1))

    def pieces(self, path: str) -> Iterator[Task[Profile | Whole]]:
        """The tasks of one big or endless input."""
        number = len(self.total.inputs)
        summary = InputSummary(path)
        self.total.inputs.append(summary)
        self.unfinished.add(number)
        try:
            stream = open_stoppable(path, open_stream, self.stop)
            source = self.sources[number] = _Source(stream)
            if look_at(stream, summary, self.warn) is Framing.DOCUMENTS:
                self.unfinished.discard(number)
                self.expected.append(_Inputs(number, (), 1))
                work = partial(_read_opened, stream, self.program, self.limits, self.stop)
                yield Task(work, repeatable=False, stop=partial(self.stop.request, signal.SIGUSR1))
                return
            before = 0
            for piece in self.split(stream, summary):
                consumed = piece.size if isinstance(piece, FileRange) else stream.consumed - before
                before += consumed
                source.pieces += 1
                self.expected.append(_Part(number, piece, consumed, source))
                if isinstance(piece, Segment):
                    yield Task(self.segment_work, order=(piece.number, piece.runs))
                else:
                    yield Task(partial(profile_piece, piece, self.program, self.limits, self.total))
            self.unfinished.discard(number)
            if stream.damage:
                self.faults.append((number, "IN506", stream.damage))
            source.whole = True
            self.close_if_counted(number)
        except OSError as error:
            self.unfinished.discard(number)
            self.faults.append((number, "IN507", error.strerror or str(error)))

    def split(self, stream: Stream, summary: InputSummary) -> Iterator[Piece]:
        handle, start = stream.handle, stream.size
        if handle is not None and not stream.compression and stat.S_ISREG(os.fstat(handle).st_mode):
            summary.bytes = os.fstat(handle).st_size
            yield from file_ranges(handle, start, summary.bytes, self.limits.line, self.jobs)
            return
        try:
            blocks = line_blocks(self.stop.reader(stream), start=start, max_line=self.limits.line)
            yield from segments(blocks, self.slots)
        finally:
            summary.bytes = stream.size

    # Taking results.

    def take_next(self, result: Profile | Whole | Lost) -> None:
        self.taking = True
        self.take(self.expected[0], result)
        self.expected.popleft()
        self.taking = False

    def take(self, expected: _Inputs | _Part, result: Profile | Whole | Lost) -> None:
        if isinstance(expected, _Part):
            profile = self.recovered(expected, result) if isinstance(result, Lost) else result
            assert isinstance(profile, Profile)  # noqa: S101 - the worker of a part sends nothing else
            summary = self.total.inputs[expected.number]
            self.total.absorb(profile, inputs=expected.number, lines=summary.lines)
            summary.lines += sum(profile.lines.values())
            if isinstance(expected.piece, Segment):
                self.slots.give_back(expected.piece.number)
            if expected.source:
                expected.source.pieces -= 1
                self.close_if_counted(expected.number)
        else:
            self.take_inputs(expected, result)
        self.consumed += expected.consumed
        lines = self.total.lines
        self.progress(self.consumed, lines[LineClass.CALL] + lines[LineClass.BATCH], lines[LineClass.MALFORMED])
        total, limits = self.total, self.limits
        tables = (total.names, total.more, total.faults)
        if len(total.shapes) > 2 * limits.shapes or any(len(table) > 2 * limits.names for table in tables):
            self.bound()

    def take_inputs(self, expected: _Inputs, result: Profile | Whole | Lost) -> None:
        if isinstance(result, Lost):
            self.recover_inputs(expected, result)
            return
        assert isinstance(result, Whole)  # noqa: S101 - the worker of whole inputs sends nothing else
        self.total.inputs[expected.first : expected.first + expected.size] = result.profile.inputs
        self.total.absorb(result.profile, inputs=expected.first)
        for warning in result.warnings:
            self.warn(warning)
        if source := self.sources.pop(expected.first, None):
            source.stream.close()

    def close_if_counted(self, number: int) -> None:
        """Closes an input once all of it is counted: there may be more of them than may be open at once."""
        source = self.sources[number]
        if source.whole and not source.pieces:
            del self.sources[number]
            self.note_change(number, source.stream)
            source.stream.close()

    def note_change(self, number: int, stream: Stream) -> None:
        if why := stream.changed():
            self.faults.append((number, "IN509", why))

    def recovered(self, lost: _Part, result: Lost) -> Profile:
        """The profile of a piece that no worker survived: halved until the line that kills is alone."""
        halves = lost.piece.halves()
        if halves is None:
            self.faults.append((lost.number, "", f"a worker that reads one of its lines is {result.why}"))
            return profile_of_lost_line(lost.piece, self.limits)
        total = Profile(max_places=self.limits.places)
        for half in halves:
            with Crew[Profile](1, self.check_stop) as crew:
                (again,) = crew.results([Task(partial(profile_piece, half, self.program, self.limits))])
            part = self.recovered(_Part(lost.number, half), again) if isinstance(again, Lost) else again
            total.absorb(part, inputs=0, lines=sum(total.lines.values()))
        return total

    def recover_inputs(self, lost: _Inputs, result: Lost) -> None:
        """Reads inputs one by one, and in pieces, after the worker that read them whole has died."""
        if not lost.paths:
            self.faults.append((lost.first, "IN507", f"the worker that reads it is {result.why}"))
            return
        for number, path in enumerate(lost.paths, lost.first):
            with Crew[Whole](1, self.check_stop) as crew:
                (again,) = crew.results([Task(partial(_read_whole, (path,), self.program, self.limits, self.stop))])
            if isinstance(again, Whole):
                self.take_inputs(_Inputs(number, (), 1), again)
            else:
                self.recover_input(number, path, again)

    def recover_input(self, number: int, path: str, result: Lost) -> None:
        summary = self.total.inputs[number] = InputSummary(path)
        try:
            with open_stream(path) as stream:
                if look_at(stream, summary, self.warn) is Framing.DOCUMENTS:
                    self.recover_inputs(_Inputs(number, (), 1), result)
                    return
                for piece in self.split(stream, summary):
                    self.take(_Part(number, piece), result)
                if stream.damage:
                    self.faults.append((number, "IN506", stream.damage))
        except OSError as error:
            self.faults.append((number, "IN507", error.strerror or str(error)))

    # The end.

    def close(self, paths: tuple[str, ...]) -> None:
        inputs = self.total.inputs
        for expected in self.expected:
            lost = range(expected.first, expected.first + expected.size) if isinstance(expected, _Inputs) else ()
            self.unfinished.update(lost or ([expected.number] if isinstance(expected, _Part) else []))
        inputs += [InputSummary(path, complete=False) for path in paths[len(inputs) :]]
        for number, source in self.sources.items():
            self.note_change(number, source.stream)
        for number in self.unfinished:
            inputs[number].complete = False
        for number, code, why in self.faults:
            summary = inputs[number]
            summary.complete = False
            if code:
                self.total.fault(code, (Place(number, summary.bytes, -1, max(summary.lines, 1), None),))
            self.warn(f"{summary.path}: {why}")
        self.bound()

    def bound(self) -> None:
        program, limits = self.program, self.limits
        is_near = program.near_misses.planned
        self.total.bound(limits.shapes, limits.names, program.judge, lambda name: is_near(name) is not None)


def _small(path: str) -> int | None:
    """The size of a file that one worker reads whole; None for what is big, endless or unknown."""
    if path == "-":
        return None
    try:
        status = os.stat(path)  # noqa: PTH116 - a path as text
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) and status.st_size <= SMALL else None


def _read_whole(paths: tuple[str, ...], program: Program, limits: Limits, stop: Stop) -> Whole:
    warnings: list[str] = []
    profile = read_inputs(paths, program, limits=limits, stop=stop, warn=warnings.append)
    return Whole(profile, warnings)


def _read_opened(stream: Stream, program: Program, limits: Limits, stop: Stop) -> Whole:
    warnings: list[str] = []
    reader = Reader(Engine(program, limits), stop, warnings.append)
    reader.read_opened(stream)
    return Whole(reader.engine.finish(), warnings)
