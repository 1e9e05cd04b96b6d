"""Lists the plan files of a catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("events", "goals")
"""The folders of plan files."""

SUFFIXES = frozenset({".yaml", ".yml"})
"""The suffixes of plan files."""


def plan_paths(directory: Path) -> list[Path]:
    """The plan files of a directory, sorted: `events/*.yaml` and `goals/*.yaml`.

    Raises:
        UsageError: It cannot be listed.
    """
    try:
        return sorted(
            path for folder in FOLDERS for path in (directory / folder).glob("[!.]*") if path.suffix in SUFFIXES
        )
    except OSError as error:
        raise UsageError(f"cannot list the plans in {str(directory)!r}: {error.strerror}") from None
