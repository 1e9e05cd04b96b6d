"""Reads whole inputs in a worker, and objects in buckets by order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.engine.count.profile import Profile  # noqa: TC001 - a field of a NamedTuple
from validator.workers.chunk_profile import ChunkWork, Counted, Order
from validator.workers.chunks import FileRange
from validator.workers.sequential import read_inputs
from validator.workers.table_chunks import TableRange

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.engine.compile.program import Program
    from validator.engine.engine import Engine
    from validator.input.stop import Stop
    from validator.model import Limits


ObjectOrder = tuple[tuple[str, ...], "Order | None"]
"""Objects, or the order for a range of one."""


class Whole(NamedTuple):
    """The result of a worker that reads whole inputs: their profile, and warnings."""

    profile: Profile
    warnings: list[str]


class ObjectWork:
    """Reads objects in buckets, in a worker that keeps its connections.

    Args:
        program: The compiled plans.
        limits: The limits that bound memory.
        stop: Ends the work of a worker early.
        known: The profile of everything before a worker's first task.
        warm: Returns an engine that knows the program already; None if there is none.
    """

    def __init__(
        self, program: Program, limits: Limits, stop: Stop, known: Profile, warm: Callable[[], Engine | None]
    ) -> None:
        self._program = program
        self._limits = limits
        self._stop = stop
        self._warm = warm
        self._chunks = ChunkWork(program, limits, stop, known, warm=warm)

    def order(self, what: tuple[str, ...] | FileRange | TableRange) -> ObjectOrder:
        """The order for some objects, or for a range of one."""
        if isinstance(what, FileRange | TableRange):
            return (), self._chunks.order(what)
        return what, None

    def __call__(self, order: ObjectOrder) -> Counted | Whole:
        """Reads whole objects, or a range of one."""
        paths, chunk = order
        if chunk is not None:
            return self._chunks(chunk)
        return read_whole(paths, self._program, self._limits, self._stop, self._warm)


def read_whole(
    paths: tuple[str, ...],
    program: Program,
    limits: Limits,
    stop: Stop,
    warm: Callable[[], Engine | None] = lambda: None,
) -> Whole:
    """The work of a worker that reads whole inputs."""
    warnings: list[str] = []
    if engine := warm():
        engine.restart()
    profile = read_inputs(paths, program, limits=limits, stop=stop, warn=warnings.append, engine=engine)
    return Whole(profile, warnings)
