"""The files that a run writes, known by what they are and not by what they are called."""

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
    """Tells whether a path is one of the outputs of a run: by another name, a link, a hard link or a redirection.

    Devices and sockets can be read and written at once, so they are nobody's output here.

    Args:
        paths: Where the outputs go; `-` is standard output. What cannot be a file is passed over: writing says why.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._there: dict[Identity, str] = {}
        self._missing: dict[str, str] = {}  # by the path that it will really have
        self._folders: dict[Identity, list[str]] = {}  # the names of missing ones by their folder
        for path in filter(None, paths):
            self._add(path)

    def __bool__(self) -> bool:
        """Whether there are any that could be read."""
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
        """The outputs that are not there yet: the path that each will really have, and what it is called."""
        return self._missing.items()

    def coming(self, folder: str) -> list[str]:
        """The names of the outputs that a folder does not have yet and will have."""
        if not self._folders:
            return []
        identity = _identity(folder or ".")
        return [] if identity is None else self._folders.get(identity, [])

    def named(self, path: str) -> str | None:
        """What the output is called that a path stands for, or will stand for; `-` is standard input here."""
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
