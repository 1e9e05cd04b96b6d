"""The files that a run reads, as a baseline knows them: by paths from its folder, and by digests."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from validator.input.paths import STDIN
from validator.report.baseline_data import Extent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.report import Report
    from validator.report.baseline_data import Known, KnownInput


class RunFiles:
    """The files that a run reads, and those that a baseline was written from.

    Args:
        file: The baseline file.
        report: The report of the run.
        known: What the baseline knows.
    """

    def __init__(self, file: str, report: Report, known: Known) -> None:
        self._folder = os.path.dirname(os.path.realpath(file))  # noqa: PTH120 - Path may raise
        self._known = {one.path: one for one in known.inputs}
        self._digests: dict[str, tuple[int, str] | None] = {}
        paths = (summary.path for summary in report.inputs if summary.path != STDIN)
        self.paths = {self._name(path): path for path in paths if os.path.isfile(os.path.realpath(path))}  # noqa: PTH113
        unread = (name for name in self._known if name not in self.paths and self._is_there(name))
        self._unread = tuple(unread)
        self._renamed = self._renamings()

    @property
    def extent(self) -> Extent:
        """What is read and what is not; a file that was only renamed is listed under its former name."""
        return Extent(tuple(sorted(self._renamed.get(name, name) for name in self.paths)), self._unread)

    @property
    def own_extent(self) -> Extent:
        """The same, each file under its name now."""
        return Extent(tuple(sorted(self.paths)), self._unread)

    def paths_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The paths of inputs, as the run names them and in its order."""
        wanted = set(names)
        return tuple(path for name, path in self.paths.items() if self._renamed.get(name, name) in wanted)

    def changed(self) -> tuple[str, ...]:
        """The paths of inputs that the baseline does not have, or that it has with different content."""
        return tuple(path for name, path in self.paths.items() if not self._is_as_known(name))

    def content(self, path: str) -> tuple[int, str] | None:
        """The size and the digest of a file; None if it cannot be read."""
        if path not in self._digests:
            self._digests[path] = _digest(path)
        return self._digests[path]

    def _is_as_known(self, name: str) -> bool:
        known = self._known.get(self._renamed.get(name, name))
        return known is not None and self._holds(self.paths[name], known)

    def _holds(self, path: str, known: KnownInput) -> bool:
        return known.bytes == _size(path) and self.content(path) == (known.bytes, known.sha256)

    def _renamings(self) -> dict[str, str]:
        """Name -> the name of a file of the baseline that is gone and had the same content."""
        gone = [one for name, one in self._known.items() if name not in self.paths and name not in self._unread]
        renamed: dict[str, str] = {}
        for name, path in self.paths.items() if gone else ():
            if name not in self._known:
                same = next((one for one in gone if one.sha256 and self._holds(path, one)), None)
                if same:
                    gone.remove(same)
                    renamed[name] = same.path
        return renamed

    def _name(self, path: str) -> str:
        return Path(os.path.relpath(os.path.realpath(path), self._folder)).as_posix()

    def _is_there(self, name: str) -> bool:
        try:
            os.stat(os.path.join(self._folder, name))  # noqa: PTH116, PTH118 - a path as text
        except PermissionError:
            return True  # the inputs are unknown
        except (OSError, ValueError):
            return False
        return True


def _size(path: str) -> int | None:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return None


def _digest(path: str) -> tuple[int, str] | None:
    try:
        with Path(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return file.tell(), digest.hexdigest()
    except (OSError, ValueError):
        return None
