"""Profiles a chunk in a worker, and prepares workers for it."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, NamedTuple, cast

from validator.engine.count.profile import InputSummary, Profile
from validator.engine.engine import Engine
from validator.engine.lint import Fault
from validator.input.lines import Block
from validator.input.stop import Stop, StoppedError
from validator.model import LineClass, Place
from validator.workers.chunks import FileRange, Segment
from validator.workers.direct_counter import DirectCounter
from validator.workers.read_faults import code_of
from validator.workers.table_chunks import TableRange

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.engine.compile.program import Program
    from validator.model import Limits
    from validator.workers.chunks import Chunk, Run, Slots


class Counted(NamedTuple):
    """The profile of a chunk.

    Attributes:
        profile: The profile of its first lines.
        whole: Whether these are all of its lines; not always after a stop.
        fault: The code and the reason if reading failed after these lines.
    """

    profile: Profile
    whole: bool = True
    fault: tuple[str, str] | None = None


Order = tuple[int, "FileRange | TableRange | tuple[int, list[Run]]"]
"""The number of a chunk, and a range of a file or table, or the slot and the runs of a segment."""


class ChunkWork:
    """Profiles chunks that a worker receives one after another; it learns only once what their calls have in common.

    Args:
        program: The compiled plans.
        limits: The limits that bound memory.
        stop: Ends the work of a worker early.
        known: The profile of everything before a worker's first chunk.
        slots: The shared memory with the segments; None if all chunks are ranges of a file.
        warm: Returns an engine that knows the program already; None if there is none.
    """

    def __init__(
        self,
        program: Program,
        limits: Limits,
        stop: Stop,
        known: Profile,
        slots: Slots | None = None,
        warm: Callable[[], Engine | None] = lambda: None,
    ) -> None:
        self._warm = warm
        self._slots = slots
        self._program = program
        self._limits = limits
        self._stop = stop
        self._before = known
        self._own = Profile()
        self._at = -1  # the number of the profiled chunk
        self._made = 0
        self._engine: Engine | None = None

    def order(self, chunk: Segment | FileRange | TableRange) -> Order:
        """The order for the next chunk."""
        self._made += 1
        return self._made, (chunk.number, chunk.runs) if isinstance(chunk, Segment) else chunk

    def __call__(self, order: Order) -> Counted:
        """The profile of a chunk; see `profile_chunk`."""
        number, sent = order
        chunk = sent if isinstance(sent, FileRange | TableRange) else Segment(cast("Slots", self._slots), *sent)
        # The chunk of a lost worker may come after later ones.
        known = self._own if number > self._at >= 0 else self._before
        counted = _counted(self._engine_for(known), chunk, self._program, self._stop)
        if self._at < 0 and sum(counted.profile.lines.values()) > sum(self._before.lines.values()):
            self._own, self._at = counted.profile, number  # it knows more places
        return counted

    def _engine_for(self, known: Profile) -> Engine:
        engine = self._engine = self._engine or self._warm()
        if engine is None:
            engine = self._engine = Engine(self._program, self._limits, known)
        else:
            engine.restart(known)
        return engine


def profile_chunk(
    chunk: Chunk, program: Program, limits: Limits, stop: Stop | None = None, known: Profile | None = None
) -> Counted:
    """The profile of one chunk; its places are of input 0 and count lines from the chunk's first."""
    return _counted(Engine(program, limits, known), chunk, program, stop or Stop())


def _counted(engine: Engine, chunk: Chunk, program: Program, stop: Stop) -> Counted:
    engine.begin(0)
    counter, summary = DirectCounter(engine, stop, program), InputSummary("")
    try:
        for block in stop.soon(chunk.blocks()):
            counter.lines(block, summary)
            del block  # it may be a long line; free it before reading the next one
    except StoppedError:
        return Counted(engine.finish(), whole=False)
    except OSError as error:
        return Counted(engine.finish(), fault=(code_of(error), error.strerror or str(error)))
    return Counted(engine.finish())


def warm_up(program: Program, limits: Limits) -> Engine:
    """Makes the program prepare everything it prepares lazily, else every worker would do so again.

    Does not use calls of the input: one of them might crash the process.

    Returns:
        An engine for the workers, which begin by restarting it.
    """
    called = {(rule.type.lower(), rule.key) for plan in program.plans for rule in plan.rules}
    kinds = [{"type": kind, "event": name or "", "properties": {"": 0}} for kind, name in called]
    text = b"".join(json.dumps(call).encode() + b"\n" for call in [*kinds, {"type": "track", "event": "?"}])
    engine = Engine(program, limits)
    engine.begin(0)
    engine.lines(Block(0, text))
    engine.finish()
    gc.freeze()  # existing objects are not traversed, and so not copied, by each worker
    return engine


def profile_of_lost_line(chunk: Chunk, limits: Limits) -> Profile:
    """The profile of a chunk of one line that crashed every worker."""
    profile = Profile(max_places=limits.places)
    profile.lines[LineClass.MALFORMED] = 1
    profile.fault(Fault("IN508"), (Place(0, chunk.start, -1, 1, None),))
    return profile
