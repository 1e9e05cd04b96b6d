"""Functions made from source that is put together while running: of our own text only, nothing of a plan or a call."""

from __future__ import annotations

import linecache
from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import CodeType

# How many sources are held, and of how many the code is.
_CAPACITY = 1_024

# The files whose sources are held, oldest first.
_files: deque[str] = deque()


def define(source: str, name: str, **names: Any) -> Any:
    """Runs the definition of a function and returns it.

    Args:
        source: The definition.
        name: The function that it defines.
        names: What its global names stand for.
    """
    exec(_code(source, name), names)  # noqa: S102 - of our own text only
    return names[name]


@lru_cache(maxsize=_CAPACITY)
def _code(source: str, name: str) -> CodeType:
    """Compiled once, however many engines there are: each worker has one, and a start takes no time then."""
    file = f"<{name} {hash(source):x}>"
    _show(file, source)
    return compile(source, file, "exec")


def _show(file: str, source: str) -> None:
    """Lets tracebacks and profiles show the source, until many more have come."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    _files.append(file)
    if len(_files) > _CAPACITY:
        linecache.cache.pop(_files.popleft(), None)
