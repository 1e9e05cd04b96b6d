"""Refuses files that a run would both read and write, or write twice, before any output is opened."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import UsageError
from validator.input.buckets.names import in_bucket
from validator.input.folders import Folders
from validator.input.output_files import Outputs
from validator.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.input.paths import Overlap

STDOUT = "-"

# Other names of standard output.
_STDOUT = LazyPattern(r"/dev/stdout|/dev/fd/1|/proc/self/fd/1")


def refuse_overlap(overlaps: Iterable[Overlap]) -> None:
    """Refuses to overwrite calls that the run reads.

    Raises:
        UsageError: An output is among the inputs.
    """
    for overlap in overlaps:
        if overlap.path == overlap.name:
            raise _read(overlap.output, overlap.path)
        import glob  # noqa: PLC0415 - rarely needed
        import shlex  # noqa: PLC0415

        path = overlap.path if in_bucket(overlap.path) else os.path.relpath(overlap.path)
        pattern = glob.escape(path)
        also = "" if _same_name(overlap.output, overlap.path) else f"{overlap.path}, "
        raise UsageError(
            f"{_called(overlap.output)} is among the inputs ({also}from {overlap.name}) and cannot be written as well; "
            f"write elsewhere, or exclude it with --exclude {shlex.quote(pattern)}"
        )


def refuse_overwriting(written: Iterable[str], read: Iterable[str | None], catalog: str | None = None) -> None:
    """Refuses to overwrite a plan, a configuration file, or anything else a command reads besides calls.

    Args:
        written: The output files; `-` is standard output.
        read: Files and folders of plans that are read.
        catalog: The folder of a catalog.

    Raises:
        UsageError: An output is, or would be, one of them.
    """
    outputs = Outputs(path for path in written if path != STDOUT)
    if not outputs:
        return
    for path in filter(None, read):
        if output := outputs.named(path):
            raise _read(output, path)
        if os.path.isdir(path):  # noqa: PTH112 - a path as text
            _refuse_in_folder(outputs, path)
    if catalog:
        _refuse_in_catalog(outputs, catalog)


def _refuse_in_folder(outputs: Outputs, folder: str) -> None:
    """Refuses to overwrite a file in a folder of plans, or to add one."""
    from validator.plan.folder_files import could_be_plan  # noqa: PLC0415

    for path in Folders(outputs).files(folder):
        if could_be_plan(Path(path)) and (output := outputs.named(path)):
            raise _read_from(folder, output)


def _refuse_in_catalog(outputs: Outputs, catalog: str) -> None:
    """Refuses to overwrite a plan file of a catalog, or to add one."""
    from validator.catalog.files import FOLDERS, SUFFIXES  # noqa: PLC0415

    for folder in (Path(catalog, name) for name in FOLDERS):
        for entry in Folders(outputs).entries(str(folder)) if folder.is_dir() else ():
            if Path(entry.name).suffix in SUFFIXES and (output := outputs.named(str(folder / entry.name))):
                raise _read_from(str(folder), output)


def _read_from(folder: str, output: str) -> UsageError:
    return UsageError(f"{output} is among the plans of {folder}, which are read; name a file elsewhere")


def refuse_twice(written: Iterable[str]) -> None:
    """Refuses to write two outputs to one file; devices and named pipes can take several.

    Raises:
        UsageError: Two outputs would go to the same place.
    """
    taken: set[object] = set()
    for path in written:
        places = set(_places(path))
        if taken & places:
            where = "standard output" if path == STDOUT else path
            raise UsageError(f"two outputs would go to {where}; name another file for one of them")
        taken |= places


def _places(path: str) -> Iterable[object]:
    """The identity of an output file."""
    standard = path == STDOUT or bool(_STDOUT.fullmatch(path))
    if standard:
        yield STDOUT
    try:
        status = os.fstat(1) if standard else os.stat(path)  # noqa: PTH116 - a path as text
    except (OSError, ValueError):
        if not standard and "\0" not in path:
            yield os.path.realpath(path)
        return
    if stat.S_ISREG(status.st_mode):
        yield status.st_dev, status.st_ino


def _read(output: str, path: str) -> UsageError:
    also = "" if _same_name(output, path) else f" (it is {'standard input' if path == STDOUT else path})"
    return UsageError(f"{_called(output)} is read and cannot be written as well{also}; name another file")


def _same_name(one: str, other: str) -> bool:
    return STDOUT not in (one, other) and Path(one) == Path(other)


def _called(output: str) -> str:
    return "the file that standard output goes to" if output == STDOUT else output
