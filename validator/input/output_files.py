"""The output files of a run, identified by the file itself and not by its path."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# (device, inode) of a file.
Identity = tuple[int, int]

_STANDARD = {"-": 0}


class Outputs:
    """Detects whether a path is an output of the run: also by another name, a link, a hard link or a redirection.

    Devices and sockets can be read and written at once, so they do not count.

    Args:
        paths: The output paths; `-` is standard output. Invalid paths are skipped: writing them reports why.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._there: dict[Identity, str] = {}
        self._missing: dict[str, str] = {}  # by real path
        self._folders: dict[Identity, list[str]] = {}  # names of missing ones, by folder
        for path in filter(None, paths):
            self._add(path)

    def __bool__(self) -> bool:
        """Whether there are any outputs that could be read."""
        return bool(self._there or self._missing)

    def _add(self, path: str) -> None:
        try:
            status = os.fstat(1) if path == "-" else os.stat(path)  # noqa: PTH116 - a path as text
        except FileNotFoundError:
            self._add_missing(path)
        except (OSError, ValueError):
            return
        else:
            if stat.S_ISREG(status.st_mode) or (stat.S_ISFIFO(status.st_mode) and path != "-"):
                self._there.setdefault((status.st_dev, status.st_ino), path)

    def _add_missing(self, path: str) -> None:
        real = os.path.realpath(path)
        folder, name = os.path.split(real)
        if (identity := _identity(folder)) is not None:
            self._missing.setdefault(real, path)
            self._folders.setdefault(identity, []).append(name)

    @property
    def missing(self) -> Iterable[tuple[str, str]]:
        """The outputs that do not exist yet: the real path of each, and its given path."""
        return self._missing.items()

    def coming(self, folder: str) -> list[str]:
        """The names of outputs that will be created in a folder."""
        if not self._folders:
            return []
        identity = _identity(folder or ".")
        return [] if identity is None else self._folders.get(identity, [])

    def named(self, path: str) -> str | None:
        """The given path of the output that a path is, or will be; `-` is standard input here."""
        if not self:
            return None
        identity = _identity(path)
        if identity is None:
            cannot_be = not self._missing or "\0" in path or path.endswith("/")
            return None if cannot_be else self._missing.get(os.path.realpath(path))
        return self._there.get(identity)


def _identity(path: str) -> Identity | None:
    try:
        status = os.fstat(_STANDARD[path]) if path in _STANDARD else os.stat(path)  # noqa: PTH116 - a path as text
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino
