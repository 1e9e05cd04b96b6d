"""Expands globs as Python's `glob` does, except that folders that cannot be listed are not skipped."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from validator.input.exclusion import ANY_FOLDERS
from validator.input.folders import MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.input.folders import Entry, Folders


def matches(pattern: str, folders: Folders) -> list[str]:
    """The matching paths, sorted; `**` stands for any folders; only patterns with a leading dot match hidden names.

    A folder that should be searched but cannot be listed is included: opening it fails and reports why.
    """
    root = "/" if pattern.startswith("/") else ""
    parts = [part for part in pattern.split("/") if part]
    found = set(_Matching(folders).below(root, parts))
    if pattern.endswith("/"):
        found = {path.rstrip("/") + "/" for path in found if os.path.isdir(path) or not _can_be_looked_at(path)}  # noqa: PTH112
    return sorted(found)


class _Matching:
    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    def below(self, folder: str, parts: Sequence[str]) -> Iterator[str]:
        """Matches the parts of a pattern in a folder."""
        if not parts:
            if folder:
                yield folder
            return
        part, rest = parts[0], parts[1:]
        if part == ANY_FOLDERS:
            yield from self._any(folder, rest, (), folder)
        elif not MAGIC.search(part):
            yield from self._literal(folder, part, rest)
        else:
            for entry in self._listed(folder):
                if isinstance(entry, str):
                    yield entry
                elif _hidden(entry.name) <= _hidden(part) and fnmatchcase(entry.name, part):
                    path = os.path.join(folder, entry.name)  # noqa: PTH118 - as it was named
                    if entry.is_folder or not rest:
                        yield from self.below(path, rest)

    def _literal(self, folder: str, name: str, rest: Sequence[str]) -> Iterator[str]:
        path = os.path.join(folder, name)  # noqa: PTH118 - as it was named
        if not self._folders.has(path):
            return
        if not rest or os.path.isdir(path):  # noqa: PTH112 - a path as text
            yield from self.below(path, rest)
        elif not _can_be_looked_at(path):
            yield path

    def _any(self, folder: str, rest: Sequence[str], above: tuple[object, ...], here: str) -> Iterator[str]:
        """Matches the rest in a folder and all folders below; links are followed, but not in circles."""
        if rest or here == folder:
            yield from self.below(folder, rest)
        marker = _marker(folder)
        if marker in above:
            return
        for entry in self._listed(folder):
            if isinstance(entry, str):
                yield entry
            elif not _hidden(entry.name):
                path = os.path.join(folder, entry.name)  # noqa: PTH118 - as it was named
                if not rest:
                    yield path
                if entry.is_folder:
                    yield from self._any(path, rest, (*above, marker), here)

    def _listed(self, folder: str) -> Iterator[Entry | str]:
        """The entries of a folder; the folder itself if it cannot be listed."""
        try:
            yield from self._folders.entries(folder)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError:
            yield folder or "."


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _marker(folder: str) -> object:
    try:
        status = os.stat(folder or ".")  # noqa: PTH116 - a path as text
    except OSError:
        return folder
    return status.st_dev, status.st_ino


def _can_be_looked_at(path: str) -> bool:
    try:
        os.stat(path)  # noqa: PTH116 - a path as text
    except PermissionError:
        return False
    except OSError:
        return True
    return True
