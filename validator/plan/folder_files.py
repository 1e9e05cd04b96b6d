"""Finds the files of a folder that belong to a plan, whatever their content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from validator.errors import PlanError
from validator.model import Diagnostic
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES: Final = frozenset({".json", ".yaml", ".yml", ".csv"})
MOST_FILES: Final = 2_000
MOST_BYTES: Final = 16 << 20

_MOST_SEEN: Final = 20_000
_START: Final = 4_096
_IGLU_VERSION: Final = re.compile(r"[0-9]+-[0-9]+-[0-9]+")


def files_of(folder: Path) -> list[Path]:
    """The files of a folder and its subfolders that may be plans, by name, except hidden ones.

    Raises:
        PlanError: There are too many, or they cannot be listed.
    """
    try:
        found = []
        for seen, path in enumerate(folder.rglob("*")):
            if seen == _MOST_SEEN:
                raise _too_many(folder)
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if not hidden and _is_plan(path) and _inside(path, folder):
                found.append(path)
    except OSError as error:
        message = f"the folder cannot be listed: {error.strerror}"
        raise PlanError([Diagnostic(Code.NOT_A_TRACKING_PLAN.value, str(folder), 0, 0, message)]) from None
    if len(found) > MOST_FILES or sum(path.stat().st_size for path in found) > MOST_BYTES:
        raise _too_many(folder)
    return sorted(found)


def could_be_plan(path: Path) -> bool:
    """Whether a file in a plan's folder is read, judging by its name."""
    return path.suffix in SUFFIXES or bool(_IGLU_VERSION.fullmatch(path.name))


def beside(path: Path, marker: bytes) -> list[Path]:
    """The other YAML files in the folder of a file.

    Args:
        path: The file.
        marker: A text near the beginning of the others.
    """
    folder = path.parent
    try:
        names = sorted(p for p in folder.iterdir() if p.suffix in (".yaml", ".yml") and not p.name.startswith("."))
    except OSError:
        return []
    found = [p for p in names if p.is_file() and _inside(p, folder) and not p.samefile(path) and marker in _start(p)]
    if len(found) > MOST_FILES:
        raise _too_many(folder)
    return found


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_START)
    except OSError:
        return b""


def _is_plan(path: Path) -> bool:
    return could_be_plan(path) and path.is_file()


def _inside(path: Path, folder: Path) -> bool:
    """Whether a file is really in the folder: a link out of it is skipped."""
    return path.resolve().is_relative_to(folder.resolve())


def _too_many(folder: Path) -> PlanError:
    help_text = "name the file, or the folder of the plan alone"
    message = f"the folder holds more than {MOST_FILES:,} files, or more than {MOST_BYTES:,} bytes in them"
    return PlanError([Diagnostic(Code.TOO_LARGE.value, str(folder), 0, 0, message, help_text)])
