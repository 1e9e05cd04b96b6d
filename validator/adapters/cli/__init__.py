"""The `uclint` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command and ends the process with its exit code."""
    try:
        from validator.adapters.cli.app import run  # noqa: PLC0415 - so that importing this costs nothing
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))
