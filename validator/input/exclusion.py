"""Files and folders excluded by `--exclude`."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ANY_FOLDERS: Final = "**"


class Exclusion:
    """Decides which files and folders are excluded.

    Args:
        patterns: Globs. One without a slash (except at its end) matches names of files and folders anywhere; one with a
            slash matches paths from the working directory, where `**` stands for any folders.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._names: list[str] = []
        self._paths: list[list[str]] = []
        patterns = [pattern.rstrip("/") for pattern in patterns]
        self._here = os.getcwd() if patterns else ""  # noqa: PTH109 - paths as text
        for pattern in patterns:
            if "/" in pattern:
                self._paths.append(_parts(os.path.join(self._here, pattern)))  # noqa: PTH118 - a glob is not a path
            else:
                self._names.append(pattern)

    def __bool__(self) -> bool:
        """Whether there are any patterns."""
        return bool(self._names or self._paths)

    def of_entry(self, path: str) -> bool:
        """Whether a file or folder found in a folder is excluded."""
        if not self:
            return False
        name = os.path.basename(path.rstrip("/"))  # noqa: PTH119 - a path as text
        if any(fnmatchcase(name, pattern) for pattern in self._names):
            return True
        if not self._paths:
            return False
        parts = _parts(os.path.join(self._here, path))  # noqa: PTH118 - a path as text
        return any(fits(parts, pattern) for pattern in self._paths)

    def of_named(self, path: str) -> bool:
        """Whether a named path, or a folder in it, is excluded."""
        while self and path and not _is_above(path, self._here):
            if self.of_entry(path):
                return True
            path = os.path.dirname(path.rstrip("/"))  # noqa: PTH120 - a path as text
        return False


def _is_above(path: str, here: str) -> bool:
    """Whether a path is the working directory or above it."""
    whole = os.path.normpath(os.path.join(here, path))  # noqa: PTH118 - a path as text
    return here == whole or here.startswith(whole.rstrip("/") + "/")


def _parts(path: str) -> list[str]:
    return os.path.normpath(path).split("/")[1:]


def fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path match those of a pattern, in time bounded by the product of both lengths."""
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
    """Adds the states after a `**` that stands for no folder."""
    found = set(states)
    for state in sorted(states):
        while state < len(pattern) and pattern[state] == ANY_FOLDERS:
            state += 1  # noqa: PLW2901
            found.add(state)
    return found
