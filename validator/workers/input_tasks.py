"""Splits inputs into tasks for workers: small files together, big ones in chunks."""

from __future__ import annotations

import os
import signal
import stat
from functools import partial
from typing import TYPE_CHECKING

from validator.engine.count.profile import InputSummary
from validator.engine.engine import Engine
from validator.input import requests
from validator.input.buckets.names import ObjectPath, in_bucket
from validator.input.framing import Framing
from validator.input.lines import line_blocks
from validator.input.open_input import open_input
from validator.input.tables.kinds import kind_of_table
from validator.workers.chunk_profile import ChunkWork, Counted
from validator.workers.chunks import FileRange, Segment, file_ranges, segments
from validator.workers.direct_counter import DirectCounter
from validator.workers.in_process import read_in_turn
from validator.workers.process import Task
from validator.workers.read_faults import code_of
from validator.workers.sequential import Reader, look_at, open_stoppable
from validator.workers.state import Inputs, Part, Reading, Source
from validator.workers.table_chunks import TableFile, TableRange, table_ranges
from validator.workers.whole_inputs import Whole, read_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from validator.engine.compile.program import Program
    from validator.input.stop import Stop
    from validator.input.stream import Stream
    from validator.input.tables.layout import Layout
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
        other = bool(batch) and isinstance(batch[0], ObjectPath) != isinstance(path, ObjectPath)
        if batch and (small is None or size + small > BATCH or other):
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
    reading.total.inputs += [InputSummary(str(path), complete=False) for path in paths]
    reading.expected.append(expected)
    if isinstance(paths[0], ObjectPath):
        return Task(reading.object_work, order=reading.object_work.order(expected.paths), stop=_stopping(reading))
    work = partial(read_whole, expected.paths, reading.program, reading.limits, reading.stop, reading.warm_engine)
    return Task(work, stop=_stopping(reading))


def _stopping(reading: Reading) -> Callable[[], None]:
    """The function that ends a task early, in its worker."""
    return partial(reading.stop.request, signal.SIGUSR1)


def _chunks(reading: Reading, path: str) -> Iterator[Task[Counted | Whole]]:
    """The tasks of one big or endless input."""
    number = len(reading.total.inputs)
    summary = InputSummary(str(path))
    reading.total.inputs.append(summary)
    reading.unfinished.add(number)
    try:
        stream = open_stoppable(path, open_input, reading.stop)
        source = reading.sources[number] = Source(stream)
        framing = look_at(stream, summary, reading.warn)
        if framing is Framing.DOCUMENTS:
            yield _documents(reading, number, stream, path)
            return
        before = 0
        range_work = ChunkWork(reading.program, reading.limits, reading.stop, reading.total, warm=reading.warm_engine)
        for chunk in split(reading, stream, summary):
            consumed = chunk.size if isinstance(chunk, FileRange | TableRange) else stream.consumed - before
            before += consumed
            source.chunks += 1
            reading.expected.append(Part(number, chunk, consumed, source))
            if isinstance(path, ObjectPath) and isinstance(chunk, FileRange | TableRange):
                yield Task(reading.object_work, order=reading.object_work.order(chunk), stop=_stopping(reading))
            elif isinstance(chunk, Segment):
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
        reading.faults.append((number, code_of(error), error.strerror or str(error)))


def _documents(reading: Reading, number: int, stream: Stream, path: str) -> Task[Counted | Whole]:
    """The task of an input that cannot be split."""
    reading.unfinished.discard(number)
    if isinstance(path, ObjectPath):  # its connection cannot be shared with a worker
        reading.sources.pop(number).stream.close()
        reading.expected.append(Inputs(number, (path,), 1, path.size))
        return Task(reading.object_work, order=reading.object_work.order((path,)), stop=_stopping(reading))
    if reading.limit and not _can_be_read_again(stream):
        reading.expected.append(Inputs(number, (), 1, here=True))
        return Task(partial(read_in_turn, reading, reading.limit, lambda reader: reader.read_opened(stream)), here=True)
    reading.expected.append(Inputs(number, (), 1))
    work = partial(_read_opened, stream, reading.program, reading.limits, reading.stop)
    return Task(work, repeatable=False, stop=_stopping(reading))


def _can_be_read_again(stream: Stream) -> bool:
    return stream.path != "-" and stream.handle is not None and stat.S_ISREG(os.fstat(stream.handle).st_mode)


def split(reading: Reading, stream: Stream, summary: InputSummary) -> Iterator[Segment | FileRange | TableRange]:
    """The chunks of an input of lines, or of a table."""
    if summary.framing == Framing.TABLE:
        yield from _of_table(reading, stream, summary)
        return
    ranges, start = stream.ranges, stream.size
    if ranges is not None:
        summary.bytes = ranges.size
        first = FIRST if reading.limit else summary.bytes
        yield from file_ranges(ranges, start, summary.bytes, reading.limits.line, reading.jobs, max(first, 1))
        return
    try:
        blocks = line_blocks(reading.stop.reader(stream), start=start, max_line=reading.limits.line)
        yield from segments(blocks, reading.slots, *([FIRST] if reading.limit else []))
    finally:
        summary.bytes = stream.size


def _of_table(reading: Reading, stream: Stream, summary: InputSummary) -> Iterator[TableRange]:
    kind, ranges = kind_of_table(stream.head), stream.ranges
    assert kind is not None  # noqa: S101 - it would not be a table
    assert ranges is not None  # noqa: S101
    layout: Layout = next(requests.request("layout", stream.path))
    if layout.unclear:
        raise OSError(0, layout.unclear)
    summary.bytes, summary.from_columns = layout.size, layout.column is None
    yield from table_ranges(TableFile(ranges, kind, stream.path, layout.column), layout, reading.jobs)


def _small(path: str) -> int | None:
    """The size of a file that one worker reads whole; None if it is big, endless or unknown."""
    if path == "-" or in_bucket(path):
        return path.size if isinstance(path, ObjectPath) and path.size <= SMALL else None
    try:
        status = os.stat(path)  # noqa: PTH116 - a path as text
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) and status.st_size <= SMALL else None


def _read_opened(stream: Stream, program: Program, limits: Limits, stop: Stop) -> Whole:
    warnings: list[str] = []
    counter = DirectCounter(Engine(program, limits), stop, program)
    reader = Reader(counter, stop, warnings.append)
    reader.read_opened(stream)
    return Whole(counter.engine.finish(), warnings)
