"""Expands named files, directories, globs and `-` to the list of inputs."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from validator.input.buckets.names import in_bucket
from validator.input.exclusion import Exclusion
from validator.input.folders import Folders
from validator.input.output_files import Outputs
from validator.input.own_files import HEAD, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

STDIN = "-"


class Overlap(NamedTuple):
    """An output that would be read.

    Attributes:
        output: The output; `-` is standard output.
        path: The path it would be read as; `-` is standard input.
        name: The name given to read.
    """

    output: str
    path: str
    name: str


class Expansion(msgspec.Struct, frozen=True):
    """The result of expanding names.

    Attributes:
        paths: The inputs in reading order; `-` is standard input. A name in a bucket stands for its objects.
        absent: Names that do not exist.
        empty: Directories that hold no file.
        repeated: Further paths of inputs that are among `paths` already.
        own: Reports, baselines and profiles in directories and globs, which are not events.
        excluded: Names that are completely excluded.
        overlaps: Outputs that would be read; they are not among `paths`.
    """

    paths: tuple[str, ...]
    absent: tuple[str, ...]
    empty: tuple[str, ...]
    repeated: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    overlaps: tuple[Overlap, ...] = ()


def expand(
    names: Iterable[str],
    *,
    exclude: Iterable[str] = (),
    outputs: Iterable[str] = (),
    kept: Iterable[str] = (),
    since: datetime | None = None,
) -> Expansion:
    """Expands files, directories (all files below, except hidden ones and those uclint wrote), globs and `-`.

    A file named more than once, by any path, is read once, at its first position.

    Args:
        names: What to read.
        exclude: Globs of what to exclude; see `Exclusion`.
        outputs: The outputs of the run; those that would be read are returned as overlaps, existing or not.
        kept: Other files of the run; in directories and globs they are not read as events.
        since: Day folders in buckets that end before it are not listed.
    """
    expanding = _Expanding(tuple(exclude), tuple(outputs), tuple(kept), since)
    for name in names:
        expanding.add(name)
    return expanding.result()


class _Expanding:
    def __init__(
        self, exclude: tuple[str, ...], outputs: tuple[str, ...], kept: tuple[str, ...], since: datetime | None
    ) -> None:
        self._exclusion = Exclusion(exclude)
        self._outputs = Outputs(path for path in outputs if not in_bucket(path))
        self._in_buckets = exclude, outputs, kept, since
        self._folders = Folders(self._outputs, self._exclusion.of_entry)
        self._kept = {os.path.realpath(path) for path in kept}
        self._paths: list[str] = []
        self._absent: list[str] = []
        self._empty: list[str] = []
        self._own: list[str] = []
        self._excluded: list[str] = []
        self._overlaps: list[Overlap] = []
        self._repeated: list[str] = []

    def add(self, name: str) -> None:
        """Adds the inputs of a name."""
        if name == STDIN:
            self._take(name, name)
        elif in_bucket(name):
            self._add_bucket(name)
        elif self._folders.has(name):
            if self._exclusion.of_named(name):
                self._excluded.append(name)
            elif os.path.isdir(name):  # noqa: PTH112 - Path raises where a folder above may not be entered
                self._add_folder(name)
            else:
                self._take(name, name)
        else:
            self._add_glob(name)

    def _add_bucket(self, name: str) -> None:
        """Adds a name in a bucket; its objects are listed when they are read."""
        from validator.input.buckets.named import is_excluded, is_there, named, overlapping  # noqa: PLC0415

        before = [path for path in self._paths if in_bucket(path)]
        exclude, outputs, kept, since = self._in_buckets
        found = named(name, exclude=exclude, kept=kept, covered=before, since=since)
        if found is None:
            self._repeated.append(name)
        elif self._exclusion.of_named(name) or is_excluded(found):
            self._excluded.append(name)
        elif output := overlapping(found, outputs):
            self._overlaps.append(Overlap(output, output, name))
        elif is_there(found):
            self._paths.append(found)
        else:
            self._absent.append(name)

    def _add_folder(self, name: str) -> None:
        found = [*self._folders.files(name)]
        if not found:
            (self._excluded if self._holds_files(name) else self._empty).append(name)
        for path in found:
            self._take_found(path, name)

    def _add_glob(self, name: str) -> None:
        from validator.input.globs import matches  # noqa: PLC0415 - rarely needed: shells expand patterns

        found = matches(name, self._folders)
        wanted = [path for path in found if not self._exclusion.of_named(path)]
        if not wanted:
            is_excluded = bool(found or (self._exclusion and matches(name, Folders(self._outputs))))
            (self._excluded if is_excluded else self._absent).append(name)
        files: dict[str, None] = {}
        for path in wanted:
            if os.path.isdir(path):  # noqa: PTH112 - a path as text
                inside = [*self._folders.files(path)]
                files.update(dict.fromkeys(inside))
                if not inside and not self._holds_files(path):
                    self._empty.append(path)
            else:
                files[path] = None
        for path in files:
            self._take_found(path, name)

    def _holds_files(self, folder: str) -> bool:
        """Whether a folder holds files if none is excluded."""
        return bool(self._exclusion) and any(True for _ in Folders(self._outputs).files(folder))

    def _take_found(self, path: str, name: str) -> None:
        """Adds a file found in a directory or by a glob."""
        if self._kept and os.path.realpath(path) in self._kept:
            self._own.append(path)
        elif not self._take_overlap(path, name):
            (self._own if _is_ours(path) else self._paths).append(path)

    def _take(self, path: str, name: str) -> None:
        if not self._take_overlap(path, name):
            self._paths.append(path)

    def _take_overlap(self, path: str, name: str) -> bool:
        output = self._outputs.named(path)
        if output is not None:
            self._overlaps.append(Overlap(output, path, name))
        return output is not None

    def result(self) -> Expansion:
        """The result, each file once."""
        once: dict[str, str] = {}
        repeated = self._repeated
        for path in self._paths:
            place = path if path == STDIN or in_bucket(path) else os.path.realpath(path)
            if place in once:
                repeated.append(path)
            else:
                once[place] = path
        return Expansion(
            tuple(once.values()),
            tuple(self._absent),
            tuple(self._empty),
            tuple(repeated),
            tuple(self._own),
            tuple(self._excluded),
            tuple(self._overlaps),
        )


def _is_ours(path: str) -> bool:
    """Whether uclint wrote the file, such as a report or a baseline."""
    if not path.endswith(".json") or not os.path.isfile(path):  # noqa: PTH113 - Path may raise
        return False
    try:
        with Path(path).open("rb") as file:
            return kind_of(file.read(HEAD)) is not None
    except OSError:
        return False  # reading it reports why


def total_size(paths: Iterable[str]) -> int | None:
    """Total size of the inputs on disk; None if unknown."""
    total = 0
    for path in paths:
        if in_bucket(path):
            return None
        try:
            status = os.fstat(0) if path == "-" else os.stat(path)  # noqa: PTH116 - descriptors too
        except OSError:
            continue
        if not stat.S_ISREG(status.st_mode):
            return None
        total += status.st_size
    return total
