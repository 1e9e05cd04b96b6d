"""What is left out of reading: `--exclude`."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ANY_FOLDERS: Final = "**"


class Exclusion:
    """Which files and folders are left out.

    Args:
        patterns: Globs. One without a slash, but at its end, is about the names of files and folders, wherever they
            are; one with a slash about paths from the working directory, where `**` stands for any folders.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._names: list[str] = []
        self._paths: list[list[str]] = []
        patterns = [pattern.rstrip("/") for pattern in patterns]
        self._here = os.getcwd() if patterns else ""  # noqa: PTH109 - paths as text
        for pattern in patterns:
            if "/" in pattern:
                self._paths.append(_parts(os.path.join(self._here, pattern)))  # noqa: PTH118 - a glob is no path
            else:
                self._names.append(pattern)

    def __bool__(self) -> bool:
        """Whether anything can be left out."""
        return bool(self._names or self._paths)

    def of_entry(self, path: str) -> bool:
        """Whether a file or folder is left out for what it is called itself."""
        if not self:
            return False
        name = os.path.basename(path.rstrip("/"))  # noqa: PTH119 - a path as text
        if any(fnmatchcase(name, pattern) for pattern in self._names):
            return True
        if not self._paths:
            return False
        parts = _parts(os.path.join(self._here, path))  # noqa: PTH118 - a path as text
        return any(_fits(parts, pattern) for pattern in self._paths)

    def of_named(self, path: str) -> bool:
        """Whether a path that somebody names is left out, or one of the folders that it names on the way."""
        while self and path and not _is_above(path, self._here):
            if self.of_entry(path):
                return True
            path = os.path.dirname(path.rstrip("/"))  # noqa: PTH120 - a path as text
        return False


def _is_above(path: str, here: str) -> bool:
    """Whether a path is a folder that the working directory is in, or that directory."""
    whole = os.path.normpath(os.path.join(here, path))  # noqa: PTH118 - a path as text
    return here == whole or here.startswith(whole.rstrip("/") + "/")


def _parts(path: str) -> list[str]:
    return os.path.normpath(path).split("/")[1:]


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path match those of a pattern, in time that grows with both and no faster."""
    states = _past({0}, pattern)
    for part in parts:
        after = set()
        for state in states:
            if state < len(pattern) and pattern[state] == ANY_FOLDERS:
                after.add(state)
            elif state < len(pattern) and fnmatchcase(part, pattern[state]):
                after.add(state + 1)
        states = _past(after, pattern)
    return len(pattern) in states


def _past(states: set[int], pattern: Sequence[str]) -> set[int]:
    """The states, and those behind a `**` that stands for no folder."""
    found = set(states)
    for state in sorted(states):
        while state < len(pattern) and pattern[state] == ANY_FOLDERS:
            state += 1  # noqa: PLW2901
            found.add(state)
    return found
