"""Lists folders as they will be after the run has written its outputs."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator.input.output_files import Outputs

MAGIC = re.compile("[*?[]")


class Entry(NamedTuple):
    """An entry of a folder.

    Attributes:
        name: Its name there.
        is_folder: Whether it is a folder, or a link to one.
        is_link: Whether it is a link.
    """

    name: str
    is_folder: bool
    is_link: bool


class Folders:
    """Lists folders.

    Args:
        outputs: The outputs of the run; missing ones are listed as if they existed.
        left_out: Whether a path is excluded, with everything in it.
    """

    def __init__(self, outputs: Outputs, left_out: Callable[[str], bool] = lambda _: False) -> None:
        self._outputs = outputs
        self._left_out = left_out

    def has(self, path: str) -> bool:
        """Whether a path exists or will. If that cannot be checked, opening it reports why, unless it is a glob."""
        try:
            os.lstat(path)
        except PermissionError:
            return not MAGIC.search(path)
        except (OSError, ValueError):
            return self._outputs.named(path) is not None
        return True

    def entries(self, folder: str) -> list[Entry]:
        """The entries of a folder, by name; `""` is the working directory.

        Raises:
            OSError: It cannot be listed.
        """
        with os.scandir(folder or ".") as listing:
            found = {entry.name: Entry(entry.name, _is_folder(entry), entry.is_symlink()) for entry in listing}
        for name in self._outputs.coming(folder):
            found.setdefault(name, Entry(name, is_folder=False, is_link=False))
        kept = (entry for _, entry in sorted(found.items()))
        return [entry for entry in kept if not self._left_out(os.path.join(folder, entry.name))]  # noqa: PTH118

    def files(self, folder: str) -> Iterator[str]:
        """All files below a folder, except hidden ones, pipes, sockets and devices; a folder's own files come first.

        Links to folders are not followed. A folder that cannot be listed is returned itself: opening it fails and
        reports why.
        """
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                entries = [entry for entry in self.entries(here) if not entry.name.startswith(".")]
            except OSError:
                yield here
                continue
            paths = {entry: str(Path(here, entry.name)) for entry in entries}
            yield from (path for entry, path in paths.items() if not (entry.is_folder or _is_something_else(path)))
            below = [path for entry, path in paths.items() if entry.is_folder and not entry.is_link]
            waiting += reversed(below)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a broken or circular link


def _is_something_else(path: str) -> bool:
    """Whether it is a pipe, a socket or a device; unknown ones count as files, so that opening them reports why."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - a path as text
    except OSError:
        return False
