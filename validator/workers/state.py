"""The state of a reading with several workers: tasks given, results counted, and faults."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.count.profile import InputSummary, Profile
from validator.engine.judge.judge import Judge
from validator.engine.lint import Fault
from validator.input.framing import Framing
from validator.input.lines import BLOCK
from validator.model import Place
from validator.workers.chunk_profile import ChunkWork
from validator.workers.chunks import SEGMENT, Chunk, Slots
from validator.workers.pool import AHEAD
from validator.workers.whole_inputs import ObjectWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from validator.engine.compile.program import Program
    from validator.engine.engine import Engine
    from validator.input.stop import Stop
    from validator.input.stream import Stream
    from validator.model import Limits
    from validator.workers.error_limit import ErrorLimit
    from validator.workers.sequential import Progress


class Inputs(NamedTuple):
    """Whole inputs that a worker reads.

    Attributes:
        first: The number of the first.
        paths: Their paths; empty if they cannot be read twice.
        size: Number of inputs.
        consumed: Their bytes on disk.
        here: Whether this process reads them, as they cannot be read twice.
    """

    first: int
    paths: tuple[str, ...]
    size: int
    consumed: int = 0
    here: bool = False


class Part(NamedTuple):
    """A chunk of one input that a worker reads.

    Attributes:
        number: The number of the input.
        chunk: The chunk.
        consumed: Its bytes on disk.
        source: The input it belongs to.
    """

    number: int
    chunk: Chunk
    consumed: int = 0
    source: Source | None = None


class Source:
    """An input read in chunks, to be closed once the last of them is counted.

    Attributes:
        stream: The input.
        chunks: Chunks not counted yet.
        whole: Whether there will be no more.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.chunks = 0
        self.whole = False


class Reading:
    """One reading of inputs by several workers.

    Args:
        program: The compiled plans.
        jobs: How many workers.
        limits: The limits that bound memory.
        stop: Lets a signal handler end the reading.
        warn: Receives the reason, a sentence, if an input could not be read whole.
        progress: Called repeatedly with the progress.
        limit: Ends the reading after too many errors.
    """

    def __init__(
        self,
        program: Program,
        *,
        jobs: int,
        limits: Limits,
        stop: Stop,
        warn: Callable[[str], None],
        progress: Progress,
        limit: ErrorLimit | None = None,
    ) -> None:
        self.program = program
        self.judge = Judge(program)
        self.jobs = jobs
        self.limits = limits
        self.stop = stop
        self.warn = warn
        self.progress = progress
        self.limit = limit
        self.consumed = 0  # counted bytes, as stored on disk
        self.total = Profile(max_places=limits.places)
        self.expected: deque[Inputs | Part] = deque()
        self.unfinished: set[int] = set()  # inputs not counted completely
        self.faults: list[tuple[int, str, str]] = []  # input, code and reason of incomplete inputs
        self.broken: set[int] = set()  # inputs that failed half-way: what comes after is not counted
        self.sources: dict[int, Source] = {}  # inputs read in chunks
        # One is filled while the others are read or wait for a slower one.
        self.slots = Slots(SEGMENT + max(BLOCK, limits.line + 1), jobs + AHEAD + 1)
        self.engine: Engine | None = None  # one for workers, once it knows the program
        self.segment_work = ChunkWork(program, limits, stop, self.total, self.slots, self.warm_engine)
        self.object_work = ObjectWork(program, limits, stop, self.total, self.warm_engine)
        self.taking = False  # a result is being counted

    def warm_engine(self) -> Engine | None:
        """An engine that knows the program already, for workers; None if there is none yet."""
        return self.engine

    def close_if_counted(self, number: int) -> None:
        """Closes an input once all of it is counted: there may be more inputs than descriptors."""
        source = self.sources[number]
        if source.whole and not source.chunks:
            del self.sources[number]
            self.note_change(number, source.stream)
            source.stream.close()

    def note_change(self, number: int, stream: Stream) -> None:
        """Records if an input changed while it was read."""
        if why := stream.changed():
            self.faults.append((number, "IN509", why))

    def end(self, number: int, size: int) -> None:
        """Ends the reading within an input, at an offset; everything beyond is ignored."""
        inputs = self.total.inputs
        if inputs[number].framing != Framing.TABLE:
            inputs[number].bytes = size
        inputs[number + 1 :] = [InputSummary(summary.path, complete=False) for summary in inputs[number + 1 :]]
        self.unfinished = {number}
        self.faults = [fault for fault in self.faults if fault[0] < number]
        self.expected.clear()
        for source in self.sources.values():
            source.stream.close()
        self.sources.clear()

    def close(self, rest: Iterable[str]) -> None:
        """Reports which inputs were not read whole, and why; nothing is read of the rest."""
        inputs = self.total.inputs
        for expected in self.expected:
            lost = range(expected.first, expected.first + expected.size) if isinstance(expected, Inputs) else ()
            self.unfinished.update(lost or ([expected.number] if isinstance(expected, Part) else []))
        inputs += [InputSummary(str(path), complete=False) for path in rest]
        for number, source in self.sources.items():
            self.note_change(number, source.stream)
        for number in self.unfinished:
            inputs[number].complete = False
        for number, code, why in dict.fromkeys(self.faults):
            summary = inputs[number]
            summary.complete = False
            if code:
                self.total.fault(Fault(code), (Place(number, summary.bytes, -1, max(summary.lines, 1), None),))
            self.warn(f"{summary.path}: {why}")
        self.bound()

    def bound(self) -> None:
        """Bounds the counted profile by the limits."""
        self.total.bound(self.limits, self.program, self.judge)
