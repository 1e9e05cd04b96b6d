"""Reads whole inputs in a worker, and objects in buckets by order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.engine.count.profile import Profile  # noqa: TC001 - a field of a NamedTuple
from validator.workers.chunk_profile import Counted, profile_chunk
from validator.workers.chunks import FileRange
from validator.workers.sequential import read_inputs
from validator.workers.table_chunks import TableRange

if TYPE_CHECKING:
    from validator.engine.compile.program import Program
    from validator.input.stop import Stop
    from validator.model import Limits


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
    """

    def __init__(self, program: Program, limits: Limits, stop: Stop, known: Profile) -> None:
        self._program = program
        self._limits = limits
        self._stop = stop
        self._known = known

    def __call__(self, order: tuple[str, ...] | FileRange | TableRange) -> Counted | Whole:
        """Reads whole objects, or a range of one."""
        if isinstance(order, FileRange | TableRange):
            return profile_chunk(order, self._program, self._limits, self._stop, self._known)
        return read_whole(order, self._program, self._limits, self._stop)


def read_whole(paths: tuple[str, ...], program: Program, limits: Limits, stop: Stop) -> Whole:
    """The work of a worker that reads whole inputs."""
    warnings: list[str] = []
    profile = read_inputs(paths, program, limits=limits, stop=stop, warn=warnings.append)
    return Whole(profile, warnings)
