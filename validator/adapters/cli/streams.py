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


def silence(stream: TextIO | None) -> None:
    """Sends what is still buffered nowhere, so that the interpreter's exit does not complain about it."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
