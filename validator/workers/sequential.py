"""Reads inputs one after another through the engine; a fault in one does not affect the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from validator.engine.count.profile import InputSummary, Profile
from validator.engine.engine import GROUP, Engine
from validator.engine.lint import Fault
from validator.input.buckets.names import in_bucket
from validator.input.documents import Element, Elements
from validator.input.framing import Framing, detect, is_pasted
from validator.input.lines import BLOCK, line_blocks
from validator.input.open_input import open_input as open_any
from validator.input.source import is_ready
from validator.input.stop import EnoughError, Stop, StoppedError
from validator.input.tables.kinds import kind_of_table
from validator.input.wrong_format import what_it_is
from validator.model import Limits, LineClass, Place
from validator.workers.direct_counter import Counter, DirectCounter
from validator.workers.read_faults import code_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.engine.compile.program import Program
    from validator.engine.scan.observer import Observer
    from validator.input.stream import Stream
    from validator.workers.error_limit import ErrorLimit


# Takes bytes read (as stored on disk), calls counted (a batch as one), and malformed lines.
Progress = Callable[[int, int, int], None]


def no_progress(consumed: int, calls: int, malformed: int) -> None:
    """Ignores progress."""


def read_inputs(
    paths: Iterable[str],
    program: Program,
    *,
    limits: Limits | None = None,
    stop: Stop | None = None,
    open_input: Callable[[str], Stream] = open_any,
    warn: Callable[[str], None] = lambda _: None,
    progress: Progress = no_progress,
    observer: Observer | None = None,
    limit: ErrorLimit | None = None,
    engine: Engine | None = None,
) -> Profile:
    """Reads inputs one after another, in this process.

    Args:
        paths: Files, pipes or devices; `-` is standard input.
        program: The compiled plans.
        limits: The limits that bound memory; the defaults if None.
        stop: Lets a signal handler end the reading; inputs not read are incomplete.
        open_input: Opens one of the paths.
        warn: Receives the reason, a sentence, if an input could not be read whole.
        progress: Called repeatedly with the progress.
        observer: Sees every line with its verdicts.
        limit: Ends the reading after too many errors; inputs not read are incomplete.
        engine: The engine to use; a new one if None.
    """
    engine, stop = engine or Engine(program, limits or Limits(), observer=observer), stop or Stop()
    # Observers and limits need the calls in order.
    alone = observer is None and program.selection.limit is None
    counter: Counter = DirectCounter(engine, stop, program if alone else None)
    if limit:
        from validator.workers.limited_counter import LimitedCounter  # noqa: PLC0415 - few ask for it

        counter = LimitedCounter(engine, stop, program, limit, again=not alone)
    reader = Reader(counter, stop, warn, progress, limit)
    paths = tuple(paths)
    if any(map(in_bucket, paths)):
        from validator.input.buckets.ahead import Ahead  # noqa: PLC0415 - few read buckets
        from validator.input.buckets.reading import each_input  # noqa: PLC0415

        ahead = Ahead(each_input(paths, warn, stop, lambda: limit is not None and limit.ended), open_input)
        paths, open_input = ahead, ahead.open
    for path in paths:
        reader.read(path, open_input)
    return engine.finish()


class Reader:
    """Reads inputs one after another into an engine.

    Args:
        counter: The counter, with its engine.
        stop: Lets a signal handler end the reading.
        warn: Receives the reason, a sentence, if an input could not be read whole.
        progress: Called repeatedly with the progress.
        limit: Ends the reading after too many errors.
    """

    def __init__(
        self,
        counter: Counter,
        stop: Stop,
        warn: Callable[[str], None],
        progress: Progress = no_progress,
        limit: ErrorLimit | None = None,
    ) -> None:
        self.counter = counter
        self.engine = counter.engine
        self.stop = stop
        self.warn = warn
        self.progress = progress
        self.limit = limit
        self.consumed = 0  # bytes of the previous inputs

    def read(self, path: str, open_input: Callable[[str], Stream]) -> None:
        """Reads one input; faults go into the profile."""
        self.guarded(path, lambda summary: self._open_and_read(path, summary, open_input))

    def read_opened(self, stream: Stream) -> None:
        """Reads an input that is open already."""
        self.guarded(stream.path, lambda summary: self.read_stream(stream, summary))

    def _open_and_read(self, path: str, summary: InputSummary, open_input: Callable[[str], Stream]) -> None:
        if self.limit and self.limit.ended:
            raise StoppedError
        with open_stoppable(path, open_input, self.stop) as stream:
            self.read_stream(stream, summary)

    def guarded(self, path: str, read: Callable[[InputSummary], None]) -> None:
        """A context for the next input; a fault ends only this one."""
        summary = InputSummary(str(path))  # without what is known of an object
        inputs = self.engine.profile.inputs
        inputs.append(summary)
        self.engine.begin(len(inputs) - 1)
        try:
            read(summary)
        except EnoughError:
            summary.complete = False
            if self.limit and summary.framing != Framing.TABLE:
                summary.bytes = self.limit.end
        except StoppedError:
            summary.complete = False
        except OSError as error:
            self.incomplete(summary, code_of(error), error.strerror or str(error))

    def read_stream(self, stream: Stream, summary: InputSummary) -> None:
        """Reads an open input to its end."""
        damage = framing = None
        try:
            framing = look_at(stream, summary, self.warn)
            if framing is Framing.DOCUMENTS:
                damage = self.documents(stream, summary)
            elif framing is Framing.TABLE:
                self.table(stream, summary)
            else:
                self.lines(stream, summary)
        finally:
            if framing is not Framing.TABLE:
                summary.bytes = stream.size
                self.consumed += stream.consumed
        # Damaged compression explains why the content ends early, not the other way round.
        if why := stream.damage or damage:
            self.incomplete(summary, "IN506", why)
        if why := stream.changed():
            self.incomplete(summary, "IN509", why)

    def lines(self, stream: Stream, summary: InputSummary) -> None:
        """Reads physical lines."""
        source, limits = self.stop.reader(stream), self.engine.limits

        def passed_over(piece: bytes) -> None:
            self.counter.flush(summary)  # observers see what comes before first
            self.passed_over(piece)

        try:
            for block in line_blocks(source, start=stream.size, max_line=limits.line, passed_over=passed_over):
                self.counter.lines(block, summary)
                del block  # it may be a long line; free it before reading the next one
                self.look_up(stream, summary)
        finally:
            self.counter.flush(summary)

    def table(self, stream: Stream, summary: InputSummary) -> None:
        """Reads the rows of a table."""
        from validator.input.tables.table import open_table  # noqa: PLC0415 - few read tables

        try:
            table = open_table(stream)
            summary.bytes, summary.from_columns = table.size, table.column is None
            for block in self.stop.soon(table.blocks()):
                self.counter.lines(block, summary)
                del block  # see above
                self.report_progress(stream)
        finally:
            self.counter.flush(summary)
            self.consumed += summary.bytes

    def documents(self, stream: Stream, summary: InputSummary) -> str | None:
        """Reads elements; returns why they end early, if they do."""
        source, limits = self.stop.reader(stream), self.engine.limits
        group: list[Element] = []

        def count() -> None:
            self.counter.elements(group, summary)
            group.clear()

        def passed_over(piece: bytes) -> None:
            count()
            self.counter.flush(summary)  # observers see what comes before first
            self.passed_over(piece)

        pasted = is_pasted(stream.head)
        elements = Elements(source, start=stream.size, max_element=limits.line, passed_over=passed_over, pasted=pasted)
        try:
            size = 0
            for element in self.stop.soon(elements):
                group.append(element)
                size += len(element.data or b"")
                del element  # see above
                if len(group) == GROUP or size > BLOCK:
                    count()
                    size = 0
                    self.look_up(stream, summary)
        finally:
            # What was complete before a fault or a stop counts.
            count()
            self.counter.flush(summary)
            summary.page_lines = elements.page_lines
        return elements.damage

    def passed_over(self, piece: bytes) -> None:
        """Shows observers a piece of a line too long to keep."""
        if self.engine.observer:
            self.engine.observer.passed_over(piece)

    def look_up(self, stream: Stream, summary: InputSummary) -> None:
        """Reports progress; counts held-back lines before waiting for input."""
        if self.counter.holding and not is_ready(stream.handle):
            self.counter.flush(summary)
        self.report_progress(stream)

    def report_progress(self, stream: Stream) -> None:
        """Reports progress."""
        lines = self.engine.profile.lines
        calls = lines[LineClass.CALL] + lines[LineClass.BATCH]
        self.progress(self.consumed + stream.consumed, calls, lines[LineClass.MALFORMED])

    def incomplete(self, summary: InputSummary, code: str, why: str) -> None:
        """Records that an input could not be read whole."""
        summary.complete = False
        place = Place(len(self.engine.profile.inputs) - 1, summary.bytes, -1, max(summary.lines, 1), None)
        self.engine.profile.fault(Fault(code), (place,))
        self.warn(f"{summary.path}: {why}")


def look_at(stream: Stream, summary: InputSummary, warn: Callable[[str], None]) -> Framing:
    """Records compression and framing of an input in its summary; returns the framing."""
    summary.compression = stream.compression
    if stream.note:
        warn(f"{summary.path} {stream.note}")
    if kind_of_table(stream.head) and stream.ranges is not None:
        framing = Framing.TABLE
    elif what := what_it_is(stream.head):
        warn(f"{summary.path}: this looks like {what}")
        framing = Framing.NDJSON  # its brackets mean nothing
    else:
        framing = detect(stream.head, is_all=stream.head_is_all)
    summary.framing = framing.value
    return framing


def open_stoppable(path: str, open_input: Callable[[str], Stream], stop: Stop) -> Stream:
    """Opens an input. That reads its first bytes and may wait for them; a stop interrupts it."""
    stop.check()
    with stop.waiting():
        return open_input(path)
