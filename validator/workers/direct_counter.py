"""Counts blocks and elements so that a stop never has to wait long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from validator.engine.engine import Engine
from validator.input.lines import BLOCK, Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.compile.program import Program
    from validator.engine.count.profile import InputSummary, Profile
    from validator.input.documents import Element
    from validator.input.stop import Stop

# Larger blocks are a single long line: as a batch of very many calls it may take seconds.
LONG = 2 * BLOCK


class Counter(Protocol):
    """Counts lines or elements into an engine, and into the summary of each input.

    Attributes:
        engine: The engine.
        holding: Whether anything is held back.
    """

    engine: Engine

    @property
    def holding(self) -> bool:
        """Whether anything is held back."""

    def lines(self, block: Block, summary: InputSummary) -> None:
        """Counts the lines of a block."""

    def elements(self, elements: Sequence[Element], summary: InputSummary) -> None:
        """Counts elements."""

    def flush(self, summary: InputSummary) -> None:
        """Counts what is held back of an input."""


class DirectCounter:
    """Counts everything immediately.

    A stop takes effect between blocks, which are small, except for very long lines. Those are counted separately, and
    abandoned, as if never read, if a stop would have to wait for them.

    Args:
        engine: The engine.
        stop: Lets a signal handler end the reading.
        program: The engine's program; None if nothing may be counted separately, since an observer sees calls in order.

    Attributes:
        holding: Whether anything is held back; it never is.
    """

    holding = False

    def __init__(self, engine: Engine, stop: Stop, program: Program | None = None) -> None:
        self.engine = engine
        self._stop = stop
        self._program = program

    def lines(self, block: Block, summary: InputSummary) -> None:
        """Counts the lines of a block."""
        if len(block.data) > LONG and self._program:
            number, part = self._apart(self._program, block)
            self.engine.absorb(part, lines=number)
        else:
            number = self.engine.lines(block)
        summary.lines += number

    def elements(self, elements: Sequence[Element], summary: InputSummary) -> None:
        """Counts elements."""
        if self._program and sum(len(e.data or b"") for e in elements) > LONG:
            number, part = self._apart(self._program, elements)
            self.engine.absorb(part)
        else:
            number = self.engine.elements(elements)
        summary.lines += number

    def flush(self, summary: InputSummary) -> None:
        """Does nothing: nothing is held back."""

    def _apart(self, program: Program, what: Block | Sequence[Element]) -> tuple[int, Profile]:
        engine = Engine(program, self.engine.limits, self.engine.profile)
        engine.begin(0)
        with self._stop.abandoning():
            number = engine.lines(what) if isinstance(what, Block) else engine.elements(what)
            return number, engine.finish()
