"""Protocols of what the line observers write to and pass calls to."""

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
        """Starts an input."""
        ...

    def block(self, block: Block, line: int, judged: Sequence[Verdict]) -> None:
        """Handles lines with one call each; `line` is the number of the first."""
        ...

    def line(self, line: ObservedLine) -> None:
        """Handles a line that was read separately."""
        ...
