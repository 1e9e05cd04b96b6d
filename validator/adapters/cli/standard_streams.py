"""Standard output and standard error, when they are closed or full."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


def complain(say: Callable[[], object]) -> None:
    """Says something on standard error. Where that cannot be written, the exit code alone must do."""
    try:
        say()
    except OSError:
        silence(sys.stderr)


def warn(*lines: str) -> None:
    """Says something about the work on standard error, with nothing in it that could act on a terminal."""
    import click  # noqa: PLC0415 - so that all of this costs nothing where nothing is said

    from validator.render.terminal_style import safe  # noqa: PLC0415

    text = "\n".join(map(safe, lines))
    complain(lambda: click.echo(f"uclint: {text}", err=True))


def silence(stream: TextIO | None) -> None:
    """Sends what is still buffered nowhere, so that the interpreter's exit does not complain about it."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
