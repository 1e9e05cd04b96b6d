"""Files that a run would both read and write, or write twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from validator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

STDOUT = "-"


def refuse_clashes(read: Iterable[str], written: Iterable[str]) -> None:
    """Refuses to write over what is read, or over what is written; devices and pipes can take all of it.

    Raises:
        UsageError: A file is to be written that is read, or two outputs would go to one.
    """
    # What may not be looked at is no reason to end here: reading says so.
    kept = {_real(path) for path in read if path != STDOUT and os.path.isfile(path)}  # noqa: PTH113
    taken: set[str] = set()
    for path in written:
        place = path if path == STDOUT else _real(path)
        if place in kept:
            raise UsageError(f"{path} is read and cannot be written as well; name another file")
        if place in taken and (path == STDOUT or not os.path.exists(path) or os.path.isfile(path)):  # noqa: PTH110, PTH113
            where = "standard output" if path == STDOUT else path
            raise UsageError(f"two outputs would go to {where}; name another file for one of them")
        taken.add(place)


def without_outputs(paths: Iterable[str], named: Iterable[str], written: Iterable[str]) -> tuple[str, ...]:
    """The inputs but for what a run itself writes, where a directory or a pattern brought it in."""
    outputs = {_real(path) for path in written if path != STDOUT}
    own = frozenset(named)
    return tuple(path for path in paths if path in own or _real(path) not in outputs)


def _real(path: str) -> str:
    return os.path.realpath(path)
