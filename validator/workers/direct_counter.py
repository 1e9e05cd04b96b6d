"""Counts blocks and elements so that a stop need not wait for long, whatever is in them."""

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

# What is larger than this is one line, or nearly: as a batch of very many calls it may take seconds.
LONG = 2 * BLOCK


class Counter(Protocol):
    """Counts what is read into an engine, and the lines (or elements) of each input into its summary.

    Attributes:
        engine: The engine.
        holding: Whether anything is held back.
    """

    engine: Engine

    @property
    def holding(self) -> bool:
        """Whether anything is held back."""
        ...

    def lines(self, block: Block, summary: InputSummary) -> None:
        """Counts the lines of a block."""
        ...

    def elements(self, elements: Sequence[Element], summary: InputSummary) -> None:
        """Counts elements."""
        ...

    def flush(self, summary: InputSummary) -> None:
        """Counts what is held back of an input."""
        ...


class DirectCounter:
    """Counts all at once as it comes.

    A stop is heeded between blocks, and these are small, but for very long lines: those are counted apart, and
    abandoned, as if they had never been read, if a stop would have to wait for them.

    Args:
        engine: What counts.
        stop: Lets a signal handler end the reading.
        program: The engine's program; None where nothing may be counted apart, as something sees each call in turn.

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
        """Counts what is held back of an input: nothing is."""

    def _apart(self, program: Program, what: Block | Sequence[Element]) -> tuple[int, Profile]:
        engine = Engine(program, self.engine.limits, self.engine.profile)
        engine.begin(0)
        with self._stop.abandoning():
            number = engine.lines(what) if isinstance(what, Block) else engine.elements(what)
            return number, engine.finish()
