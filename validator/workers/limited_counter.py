"""Counts what one process reads, up to the error limit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from validator.engine.engine import Engine
from validator.input.lines import BLOCK, Block
from validator.input.stop import EnoughError
from validator.workers.chunks import SEGMENT
from validator.workers.memory_chunks import Group, Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.compile.program import Program
    from validator.engine.count.profile import InputSummary, Profile
    from validator.input.documents import Element
    from validator.input.stop import Stop
    from validator.workers.error_limit import ErrorLimit, Part

# Approximate seconds that counting held-back blocks may take.
_WHILE = 0.2


class LimitedCounter:
    """Holds blocks or elements back, checks their errors, and counts what comes before the end.

    Args:
        engine: The engine.
        stop: Lets a signal handler end the reading.
        program: The engine's program.
        limit: The error limit.
        again: Whether the engine must see calls in order, and so counts again what was checked.
    """

    def __init__(self, engine: Engine, stop: Stop, program: Program, limit: ErrorLimit, *, again: bool = False) -> None:
        self.engine = engine
        self._stop = stop
        self._program = program
        self._limit = limit
        self._again = again
        self._held: list[Block] | list[Element] = []
        self._size = 0
        self._most = BLOCK

    @property
    def holding(self) -> bool:
        """Whether anything is held back."""
        return bool(self._held)

    def lines(self, block: Block, summary: InputSummary) -> None:
        """Counts the lines of a block, now or later."""
        self._hold([block], summary)

    def elements(self, elements: Sequence[Element], summary: InputSummary) -> None:
        """Counts elements, now or later."""
        self._hold(elements, summary)

    def _hold(self, more: Sequence[Block] | Sequence[Element], summary: InputSummary) -> None:
        self._held += more  # type: ignore[operator]
        self._size += sum(len(one.data or b"") for one in more)
        if self._size >= self._most:
            self.flush(summary)

    def flush(self, summary: InputSummary) -> None:
        """Counts what is held back of an input.

        Raises:
            EnoughError: There are too many errors in it.
        """
        held, size, start = self._held, self._size, time.monotonic()
        self._held, self._size = [], 0
        if not held:
            return
        for part, profile in self._limit.take(_part(held), self._profile):
            self._count(part, profile, summary)
        if self._limit.ended:
            raise EnoughError
        took = max(time.monotonic() - start, 1e-6)
        self._most = min(max(int(size / took * _WHILE), BLOCK), SEGMENT)

    def _profile(self, part: Part) -> Profile:
        engine = Engine(self._program, self.engine.limits, self.engine.profile)
        engine.begin(0)
        with self._stop.abandoning():
            if isinstance(part, Group):
                engine.elements(part.held)
            else:
                for block in part.blocks():
                    engine.lines(block)
            return engine.finish()

    def _count(self, part: Part, profile: Profile, summary: InputSummary) -> None:
        lines = sum(profile.lines.values())
        if not self._again:
            self.engine.absorb(profile, lines=0 if isinstance(part, Group) else lines)
        elif isinstance(part, Group):
            self.engine.elements(part.held)
        else:
            for block in part.blocks():
                self.engine.lines(block)
        summary.lines += lines


def _part(held: list[Block] | list[Element]) -> Lines | Group:
    first = held[0]
    return Lines(held) if isinstance(first, Block) else Group(held)  # type: ignore[arg-type]
