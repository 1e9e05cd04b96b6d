"""Whether the native core is used in what is measured."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from validator.native import VARIABLE, status

if TYPE_CHECKING:
    from collections.abc import Iterator


def has_core() -> bool:
    """Whether the native core is there."""
    with core("auto"):
        return status().module is not None


@contextmanager
def core(use: str) -> Iterator[None]:
    """Sets whether the native core is used: `0`, `1` or `auto`."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = use
    try:
        yield
    finally:
        os.environ.pop(VARIABLE)
        if before is not None:
            os.environ[VARIABLE] = before
