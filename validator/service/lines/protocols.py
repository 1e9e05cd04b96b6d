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


class KeptSink(Sink, Protocol):
    """Writes a file that appears whole or not at all."""

    def complete(self) -> None:
        """Makes sure that all bytes are written; nothing may be written afterwards."""

    def keep(self) -> None:
        """Puts the file in its place, once it is complete."""

    def discard(self) -> None:
        """Leaves the old file, if there is one."""


class Log(Protocol):
    """Sees every line with a call, in order."""

    def begin(self, path: str) -> None:
        """Starts an input."""

    def block(self, block: Block, line: int, judged: Sequence[Verdict]) -> None:
        """Handles lines with one call each; `line` is the number of the first."""

    def line(self, line: ObservedLine) -> None:
        """Handles a line that was read separately."""
