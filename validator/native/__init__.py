"""The native core: the loop over calls in C, for most lines in one pass. Optional; without it Python does the same.

If a C compiler is available when uclint is installed, `_core` is built from the C files here (see `build_hook.py`).
The environment variable `UCLINT_NATIVE` decides at run time: `auto` (the default) uses it if it is there, `0` never
does, and with `1` it is an error if it is not.

The files, each with one job:

- `special_bytes`: finds quotes, backslashes and control characters, 64 bytes at a time, and checks UTF-8
- `json_text`: reads JSON by RFC 8259
- `byte_table`, `memory`: a hash table of bytes; allocations, which tests let fail
- `core.h`: the inputs of the core, its counts, and its results
- `read_call`: parses a line to the facts of a call; `values`: classifies a value; `judge`: judges the facts and counts
- `scan`: the lines of a block; `core`: creates and frees the core; `tell`, `tell_selection`, `give`, `module`: the
  interface to Python
- `shapes`: objects and arrays that a plain schema certainly allows
- `batch`: a batch, counted as a whole; `selection`: which calls are left out
- `groups`: the values by which calls are grouped; `evidence`: their times, and the ids of some
- `signatures`: what calls that add to the same sums have in common
- `object_spans`: where the objects of a document begin and end
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

CONTRACT = 9
"""Must equal `CONTRACT` in `module.c`, so that a binary of an earlier version is never used."""

VARIABLE = "UCLINT_NATIVE"


class Status(NamedTuple):
    """Whether the native core is in use.

    Attributes:
        module: The core; None if Python is used instead.
        reason: Why it is used, or not.
    """

    module: ModuleType | None
    reason: str


@cache
def _found() -> Status:
    try:
        from validator.native import _core  # type: ignore[attr-defined]  # noqa: PLC0415 - not everywhere
    except ImportError as error:
        there = "No module" not in str(error) and "cannot import name" not in str(error)
        return Status(None, f"it cannot be loaded: {error}" if there else "it was not built")
    if (own := getattr(_core, "CONTRACT", None)) != CONTRACT:
        return Status(None, f"it is of another version (contract {own}, not {CONTRACT}); install uclint again")
    return Status(_core, f"with {_core.INSTRUCTIONS} instructions")


def status() -> Status:
    """Whether the native core is in use, and why.

    Raises:
        UsageError: The core is required but missing, or the variable is not `0`, `1` or `auto`.
    """
    wanted = os.environ.get(VARIABLE) or "auto"
    if wanted not in ("0", "1", "auto"):
        raise UsageError(f"{VARIABLE} is {wanted!r}; it can be 0, 1 or auto")
    if wanted == "0":
        return Status(None, f"{VARIABLE} is 0")
    found = _found()
    if wanted == "1" and found.module is None:
        raise UsageError(f"{VARIABLE} is 1, but there is no native core: {found.reason}")
    return found


Spans = list[tuple[int, int, int]]
"""Objects that follow each other: start, end, and the number of lines before each."""


def object_splitter() -> Callable[[bytes | bytearray, int, bool, int], Spans] | None:
    """Returns the function that splits objects which follow each other; None if Python has to do it.

    It is given the bytes, a start in them, whether commas stand between the objects, and the longest object. It stops
    at what is not an object, or not complete.
    """
    module = status().module
    return None if module is None else module.object_spans


def core_type() -> Any:
    """The class of the core; None if Python is used instead."""
    module = status().module
    return None if module is None else module.Core
