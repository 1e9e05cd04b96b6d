"""Lists folders as they will be once a run has written its outputs."""

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
    """Something in a folder.

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
        outputs: What the run writes; what is not there yet is listed as if it were.
        left_out: Whether something of that path is left out, with all that is in it.
    """

    def __init__(self, outputs: Outputs, left_out: Callable[[str], bool] = lambda _: False) -> None:
        self._outputs = outputs
        self._left_out = left_out

    def has(self, path: str) -> bool:
        """Whether something is there or will be. Of what may not be looked at opening it tells, unless it is a glob."""
        try:
            os.lstat(path)
        except PermissionError:
            return not MAGIC.search(path)
        except (OSError, ValueError):
            return self._outputs.named(path) is not None
        return True

    def entries(self, folder: str) -> list[Entry]:
        """What is in a folder, by name; `""` is the working directory.

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
        """All files below but hidden ones, pipes, sockets and devices; those of a folder before those of folders in it.

        Links to folders are not followed. A folder that cannot be listed stands for itself, since opening it fails
        and says why.
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
        return False  # a link that leads nowhere, or in a circle


def _is_something_else(path: str) -> bool:
    """Whether it is no file but a pipe, a socket or a device; what cannot be told is not left out in silence."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - a path as text
    except OSError:
        return False
