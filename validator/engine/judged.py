"""What the plans say of each call, for those who want to know it call by call and not only counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from validator.engine.decode import Envelope
    from validator.engine.outcome import Outcome
    from validator.engine.program import Program
    from validator.engine.shape import Shape
    from validator.input.lines import Block
    from validator.model import LineClass

# What the value checks of a call found.
Variant = tuple[str, ...]


class Judged(NamedTuple):
    """What the plans say of a call.

    Attributes:
        shape: The call, projected on what the plans look at.
        outcome: What they say of it.
        invalid: Whether it has a violation of error severity.
    """

    shape: Shape
    outcome: Outcome
    invalid: bool


class Judgements(dict[Variant, Judged]):
    """What the plans say of calls that are alike up to what the value checks find; worked out when it is asked for."""

    def __init__(self, refined: Callable[[Variant], Shape], program: Program) -> None:
        self._refined = refined
        self._program = program

    def __missing__(self, found: Variant) -> Judged:
        shape = self._refined(found)
        outcome = self._program.judge(shape)
        judged = self[found] = Judged(shape, outcome, outcome.invalid)
        return judged


class JudgedLine(NamedTuple):
    """A line (or element) that was read apart.

    Attributes:
        byte: Where it starts.
        line: Its line number.
        position: Its index in an array, else -1.
        text: Its bytes without the LF; None where it is longer than what is kept.
        line_class: Its class.
        strays: Whether it is a batch with members that are no objects.
        calls: Its calls: index in a batch (else -1), the call, and what the plans say of it.
        fault: The code of the rule that says why it is no call; None where it is one, or blank.
    """

    byte: int
    line: int
    position: int
    text: bytes | None
    line_class: LineClass
    strays: bool
    calls: Sequence[tuple[int, Envelope, Judged]]
    fault: str | None = None


class Witness(Protocol):
    """Is shown every line in input order, with what the plans say of its calls."""

    def begin(self, path: str) -> None:
        """An input begins."""
        ...

    def block(self, block: Block, line: int, calls: Sequence[Envelope], judged: Sequence[Judged]) -> None:
        """Lines with one call each; `line` is the number of the first."""
        ...

    def blank(self, block: Block, line: int, lines: int) -> None:
        """So many blank lines; `line` is the number of the first."""
        ...

    def line(self, line: JudgedLine, ending: bytes) -> None:
        """A line that was read apart, and what ends it."""
        ...

    def passed_over(self, piece: bytes) -> None:
        """The next bytes of a line that is too long to be kept; they come before the line itself does."""
        ...
