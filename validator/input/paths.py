"""From what the user names (files, directories, globs, `-`) to the inputs that are read, in order."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STDIN = "-"


class Expansion(msgspec.Struct, frozen=True):
    """What the named paths stand for.

    Attributes:
        paths: The inputs in reading order; `-` is standard input.
        absent: Names that stand for nothing that exists.
        empty: Directories that hold no file.
    """

    paths: tuple[str, ...]
    absent: tuple[str, ...]
    empty: tuple[str, ...]


def expand(names: Iterable[str]) -> Expansion:
    """Expands files, directories (all files below, hidden ones left out), globs and `-`."""
    paths: list[str] = []
    absent: list[str] = []
    empty: list[str] = []
    for name in names:
        if name == STDIN:
            paths.append(name)
        elif os.path.lexists(name):
            _add(name, paths, empty)
        else:
            import glob  # noqa: PLC0415 - rarely needed: shells expand patterns

            found = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - absolute patterns too
            if not found:
                absent.append(name)
            for match in found:
                _add(match, paths, empty)
    return Expansion(tuple(paths), tuple(absent), tuple(empty))


def _add(name: str, paths: list[str], empty: list[str]) -> None:
    if not Path(name).is_dir():
        paths.append(name)
        return
    files = list(_files(name))
    paths.extend(files)
    if not files:
        empty.append(name)


def _files(directory: str) -> Iterator[str]:
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not name.startswith(".") and path.is_file():
                yield str(path)
