"""The `uclint` command."""

from __future__ import annotations

import gc
import sys

NEW_OBJECTS = 50_000
"""Garbage collection threshold: a run makes few cycles, and start-up makes many objects that stay."""


def main() -> None:
    """Runs the command and ends the process with its exit code."""
    gc.set_threshold(NEW_OBJECTS)
    try:
        from validator.adapters.cli.app import run  # noqa: PLC0415 - so that importing this costs nothing
    except KeyboardInterrupt:
        sys.exit(130)
    code = run(sys.argv[1:])
    gc.freeze()  # the process ends anyway; a last collection would take longer than a small check
    sys.exit(code)
