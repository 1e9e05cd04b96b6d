"""Splits inputs into tasks for workers: small files together, big ones in chunks."""

from __future__ import annotations

import os
import signal
import stat
from functools import partial
from typing import TYPE_CHECKING

from validator.engine.count.profile import InputSummary
from validator.engine.engine import Engine
from validator.input.framing import Framing
from validator.input.lines import line_blocks
from validator.input.stream import open_stream
from validator.workers.chunk_profile import ChunkWork, Counted
from validator.workers.chunks import FileRange, Segment, file_ranges, segments
from validator.workers.direct_counter import DirectCounter
from validator.workers.in_process import read_in_turn
from validator.workers.process import Task
from validator.workers.sequential import Reader, look_at, open_stoppable, read_inputs
from validator.workers.state import Inputs, Part, Reading, Source, Whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from validator.engine.compile.program import Program
    from validator.input.stop import Stop
    from validator.input.stream import Stream
    from validator.model import Limits

# Files up to this size are read whole by one worker, several together up to BATCH bytes.
SMALL = 4 << 20
BATCH = 8 << 20

# Size of the first chunk of an input if the error limit may end the reading.
FIRST = 1 << 20


def tasks(reading: Reading, paths: Iterable[str]) -> Iterator[Task[Counted | Whole]]:
    """The tasks that read all inputs; the expected result of each is recorded in the reading."""
    batch: list[str] = []
    size = 0
    for path in paths:
        small = _small(path)
        if (small is None or size + small > BATCH) and batch:
            yield _whole(reading, batch, size)
            batch, size = [], 0
        if small is None:
            yield from _chunks(reading, path)
        else:
            batch.append(path)
            size += small
    if batch:
        yield _whole(reading, batch, size)


def _whole(reading: Reading, paths: list[str], size: int) -> Task[Counted | Whole]:
    expected = Inputs(len(reading.total.inputs), tuple(paths), len(paths), size)
    reading.total.inputs += [InputSummary(path, complete=False) for path in paths]
    reading.expected.append(expected)
    work = partial(read_whole, expected.paths, reading)
    return Task(work, stop=_stopping(reading))


def _stopping(reading: Reading) -> Callable[[], None]:
    """The function that ends a task early, in its worker."""
    return partial(reading.stop.request, signal.SIGUSR1)


def _chunks(reading: Reading, path: str) -> Iterator[Task[Counted | Whole]]:
    """The tasks of one big or endless input."""
    number = len(reading.total.inputs)
    summary = InputSummary(path)
    reading.total.inputs.append(summary)
    reading.unfinished.add(number)
    try:
        stream = open_stoppable(path, open_stream, reading.stop)
        source = reading.sources[number] = Source(stream)
        if look_at(stream, summary, reading.warn) is Framing.DOCUMENTS:
            yield _documents(reading, number, stream)
            return
        before = 0
        range_work = ChunkWork(reading.program, reading.limits, reading.stop, reading.total, warm=reading.warm_engine)
        for chunk in split(reading, stream, summary):
            consumed = chunk.size if isinstance(chunk, FileRange) else stream.consumed - before
            before += consumed
            source.chunks += 1
            reading.expected.append(Part(number, chunk, consumed, source))
            if isinstance(chunk, Segment):
                yield Task(reading.segment_work, order=reading.segment_work.order(chunk), stop=_stopping(reading))
            else:
                yield Task(range_work, order=range_work.order(chunk), stop=_stopping(reading))
        reading.unfinished.discard(number)
        if stream.damage:
            reading.faults.append((number, "IN506", stream.damage))
        source.whole = True
        reading.close_if_counted(number)
    except OSError as error:
        reading.unfinished.discard(number)
        reading.faults.append((number, "IN507", error.strerror or str(error)))


def _documents(reading: Reading, number: int, stream: Stream) -> Task[Counted | Whole]:
    """The task of an input that cannot be split."""
    reading.unfinished.discard(number)
    if reading.limit and not _can_be_read_again(stream):
        reading.expected.append(Inputs(number, (), 1, here=True))
        return Task(partial(read_in_turn, reading, reading.limit, lambda reader: reader.read_opened(stream)), here=True)
    reading.expected.append(Inputs(number, (), 1))
    work = partial(_read_opened, stream, reading.program, reading.limits, reading.stop)
    return Task(work, repeatable=False, stop=_stopping(reading))


def _can_be_read_again(stream: Stream) -> bool:
    return stream.path != "-" and stream.handle is not None and stat.S_ISREG(os.fstat(stream.handle).st_mode)


def split(reading: Reading, stream: Stream, summary: InputSummary) -> Iterator[Segment | FileRange]:
    """The chunks of an input of lines."""
    handle, start = stream.handle, stream.size
    if handle is not None and not stream.compression and stat.S_ISREG(os.fstat(handle).st_mode):
        summary.bytes = os.fstat(handle).st_size
        first = FIRST if reading.limit else summary.bytes
        yield from file_ranges(handle, start, summary.bytes, reading.limits.line, reading.jobs, max(first, 1))
        return
    try:
        blocks = line_blocks(reading.stop.reader(stream), start=start, max_line=reading.limits.line)
        yield from segments(blocks, reading.slots, *([FIRST] if reading.limit else []))
    finally:
        summary.bytes = stream.size


def _small(path: str) -> int | None:
    """The size of a file that one worker reads whole; None if it is big, endless or unknown."""
    if path == "-":
        return None
    try:
        status = os.stat(path)  # noqa: PTH116 - a path as text
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) and status.st_size <= SMALL else None


def read_whole(paths: tuple[str, ...], reading: Reading) -> Whole:
    """The work of a worker that reads whole inputs."""
    warnings: list[str] = []
    if engine := reading.warm_engine():
        engine.restart()
    profile = read_inputs(
        paths, reading.program, limits=reading.limits, stop=reading.stop, warn=warnings.append, engine=engine
    )
    return Whole(profile, warnings)


def _read_opened(stream: Stream, program: Program, limits: Limits, stop: Stop) -> Whole:
    warnings: list[str] = []
    counter = DirectCounter(Engine(program, limits), stop, program)
    reader = Reader(counter, stop, warnings.append)
    reader.read_opened(stream)
    return Whole(counter.engine.finish(), warnings)
