"""Which files make a catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_FOLDERS = ("events", "goals")
_SUFFIXES = frozenset({".yaml", ".yml"})


def plan_paths(directory: Path) -> list[Path]:
    """The plan files of a directory, sorted: `events/*.yaml` and `goals/*.yaml`.

    Raises:
        UsageError: It cannot be listed.
    """
    try:
        return sorted(
            path for folder in _FOLDERS for path in (directory / folder).glob("[!.]*") if path.suffix in _SUFFIXES
        )
    except OSError as error:
        raise UsageError(f"cannot list the plans in {str(directory)!r}: {error.strerror}") from None
