"""What the observers of lines write to, and what they pass calls on to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.scan.observer import ObservedLine, Verdict
    from validator.input.lines import Block


class Sink(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Takes more bytes."""
        ...


class Log(Protocol):
    """Sees every line with a call, in order."""

    def begin(self, path: str) -> None:
        """An input begins."""
        ...

    def block(self, block: Block, line: int, judged: Sequence[Verdict]) -> None:
        """Lines with one call each; `line` is the number of the first."""
        ...

    def line(self, line: ObservedLine) -> None:
        """A line that was read apart."""
        ...
