"""A plan file while it is being read, and what has been found wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from validator.model import Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

    from validator.syntax.plan_file_codes import Code

_LONGEST_SHOWN = 60


class Spot(Protocol):
    """Anything that knows where it starts, both counted from 1."""

    @property
    def line(self) -> int: ...  # noqa: D102

    @property
    def column(self) -> int: ...  # noqa: D102


class PlanFile:
    """Collects the diagnostics of one file.

    Attributes:
        path: Where it is.
        diagnostics: What is wrong so far, in the order of discovery.
    """

    __slots__ = ("diagnostics", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: Code, at: Spot | None, message: str, help: str) -> None:  # noqa: A002 - as in Diagnostic
        """Note something wrong at a spot; at None, the file as a whole is meant."""
        line, column = (at.line, at.column) if at else (0, 0)
        self.diagnostics.append(Diagnostic(code.value, str(self.path), line, column, message, help))


def shown(text: str) -> str:
    """Text of a plan file as a message may show it: short, and nothing in it can act on a terminal."""
    short = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "..."
    return f"`{short if short.isprintable() else ascii(short)[1:-1]}`"
