"""From what the user names (files, directories, globs, `-`) to the inputs that are read, in order."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STDIN = "-"

# How what uclint writes as JSON begins.
_OURS = re.compile(rb'\{\s*"(?:report|baseline|profile)_version"\s*:\s*[0-9]+\s*,\s*"(?:uclint|use_cases)"\s*:')


class Expansion(msgspec.Struct, frozen=True):
    """What the named paths stand for.

    Attributes:
        paths: The inputs in reading order; `-` is standard input.
        absent: Names that stand for nothing that exists.
        empty: Directories that hold no file.
        repeated: Further paths of inputs that are among `paths` already.
        own: Reports, baselines and profiles among the files of directories and globs, which are no events.
    """

    paths: tuple[str, ...]
    absent: tuple[str, ...]
    empty: tuple[str, ...]
    repeated: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


def expand(names: Iterable[str]) -> Expansion:
    """Expands files, directories (all files below, but hidden ones and what uclint wrote), globs and `-`.

    A file that is named more than once, by whatever path, is read once, where it comes first.
    """
    paths: list[str] = []
    absent: list[str] = []
    empty: list[str] = []
    own: list[str] = []
    for name in names:
        if name == STDIN:
            paths.append(name)
        elif _is_there(name):
            _add(name, paths, empty, own)
        else:
            import glob  # noqa: PLC0415 - rarely needed: shells expand patterns

            found = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - absolute patterns too
            if not found:
                absent.append(name)
            for match in found:
                if _is_ours(match):
                    own.append(match)
                else:
                    _add(match, paths, empty, own)
    once: dict[str, str] = {}
    repeated: list[str] = []
    for path in paths:
        place = path if path == STDIN else os.path.realpath(path)
        if place in once:
            repeated.append(path)
        else:
            once[place] = path
    return Expansion(tuple(once.values()), tuple(absent), tuple(empty), tuple(repeated), tuple(own))


def _is_there(name: str) -> bool:
    try:
        os.lstat(name)
    except PermissionError:
        return True  # nobody can tell: opening it says why
    except OSError:
        return False
    return True


def _add(name: str, paths: list[str], empty: list[str], own: list[str]) -> None:
    if not os.path.isdir(name):  # noqa: PTH112 - Path raises where a folder above may not be entered
        paths.append(name)
        return
    files = list(_files(name))
    for path in files:
        (own if _is_ours(path) else paths).append(path)
    if not files:
        empty.append(name)


def _files(directory: str) -> Iterator[str]:
    """All files below; a directory that cannot be listed stands for itself, since opening it fails and says why."""
    closed: list[str] = []

    def note(error: OSError) -> None:
        closed.append(str(error.filename))

    for folder, folders, names in os.walk(directory, onerror=note):
        yield from closed
        closed.clear()
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            path = str(Path(folder, name))
            if not name.startswith(".") and not _is_something_else(path):
                yield path
    yield from closed


def _is_something_else(path: str) -> bool:
    """Whether it is no file but a pipe, a socket or a device; what cannot be told is not left out in silence."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - a path as text
    except OSError:
        return False


def _is_ours(path: str) -> bool:
    """Whether uclint wrote it: a report, a baseline or a profile."""
    if not path.endswith(".json") or not os.path.isfile(path):  # noqa: PTH113 - Path may raise
        return False
    try:
        with Path(path).open("rb") as file:
            return _OURS.match(file.read(128)) is not None
    except OSError:
        return False  # reading it says why


def total_size(paths: Iterable[str]) -> int | None:
    """The bytes of all inputs as they lie on disk; None where that cannot be known."""
    total = 0
    for path in paths:
        try:
            status = os.fstat(0) if path == "-" else os.stat(path)  # noqa: PTH116 - descriptors too
        except OSError:
            continue
        if not stat.S_ISREG(status.st_mode):
            return None
        total += status.st_size
    return total
