"""A plan file while it is read, with its diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from validator.model import Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

    from validator.syntax.plan_file_codes import Code

_LONGEST_SHOWN = 60


class Spot(Protocol):
    """Anything with a line and a column, from 1."""

    @property
    def line(self) -> int: ...  # noqa: D102

    @property
    def column(self) -> int: ...  # noqa: D102


class PlanFile:
    """Collects the diagnostics of one file.

    Attributes:
        path: Its path.
        diagnostics: The mistakes so far, in the order of discovery.
    """

    __slots__ = ("diagnostics", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: Code, at: Spot | None, message: str, help: str) -> None:  # noqa: A002 - as in Diagnostic
        """Reports a mistake at a spot; None for the file as a whole."""
        line, column = (at.line, at.column) if at else (0, 0)
        self.diagnostics.append(Diagnostic(code.value, str(self.path), line, column, message, help))


def shown(text: str) -> str:
    """Text of a plan file for a message: shortened, and escaped for terminals."""
    short = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "..."
    return f"`{short if short.isprintable() else ascii(short)[1:-1]}`"
