"""Writes to standard output and standard error, which may be closed or full."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


def complain(say: Callable[[], object]) -> None:
    """Prints to standard error. If that fails, only the exit code reports the failure."""
    try:
        say()
    except OSError:
        silence(sys.stderr)


def warn(*lines: str) -> None:
    """Prints a message about the run on standard error, with terminal escapes removed."""
    import click  # noqa: PLC0415 - so that it costs nothing when there is no message

    from validator.render.terminal_style import safe  # noqa: PLC0415

    text = "\n".join(map(safe, lines))
    complain(lambda: click.echo(f"uclint: {text}", err=True))


def silence(stream: TextIO | None) -> None:
    """Discards what is buffered, so that the interpreter does not complain at exit."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
