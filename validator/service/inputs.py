"""Expands named paths, directories and globs to the inputs to read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from validator.input.buckets.names import in_bucket
from validator.input.paths import expand
from validator.service.not_calls import refuse_other_files
from validator.service.output_conflicts import refuse_overlap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from validator.input.paths import Expansion


def inputs_of(
    paths: Sequence[str],
    *,
    exclude: Iterable[str] = (),
    outputs: Iterable[str] = (),
    kept: Iterable[str | None] = (),
    warn: Callable[[str], None] = lambda _: None,
    since: datetime | None = None,
) -> Expansion:
    """Expands the inputs; warns at once of paths that cannot be used.

    Args:
        paths: Paths, directories and globs.
        exclude: Globs of paths to leave out.
        outputs: Files the run writes; `-` is standard output.
        kept: Other files of the run, such as a baseline: in a directory they are not read as events.
        warn: Takes a sentence about a path.
        since: Day folders in buckets that end before it are not listed.

    Raises:
        UsageError: An output would be read, or a named file does not contain calls.
    """
    refuse_other_files(paths)
    known = [path for path in kept if path]
    inputs = expand(paths, exclude=exclude, outputs=outputs, kept=known, since=since)
    refuse_overlap(inputs.overlaps)
    for name in inputs.absent:
        warn(f"{name}: no such {'object, folder or bucket' if in_bucket(name) else 'file or directory'}")
    for name in inputs.empty:
        warn(f"{name}: the directory holds no files")
    for name in inputs.excluded:
        warn(f"{name}: excluded, and not read")
    real = {os.path.realpath(path) for path in known}
    for name in (name for name in inputs.own if os.path.realpath(name) not in real):
        warn(f"{name} was written by uclint, and is not read")
    if inputs.repeated:
        more = len(inputs.repeated) - 1
        others = f" and {more:,} more are" if more else " is"
        warn(f"{inputs.repeated[0]}{others} named more than once; read once")
    return inputs
