"""Recognises tables, and says what reading them needs. Imports nothing that is large."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

INSTALL: Final = "pip install 'uclint[parquet]'"

_KINDS = ((b"PAR1", "Parquet"), (b"ARROW1\0\0", "Arrow"))


def kind_of_table(head: bytes) -> str | None:
    """`Parquet` or `Arrow` by the first bytes; None if it is neither."""
    return next((kind for mark, kind in _KINDS if head.startswith(mark)), None)


def lacking() -> str | None:
    """What is to be installed before tables can be read, in words that follow "a Parquet file"; None if nothing is."""
    return None if find_spec("pyarrow") else f"which is read with pyarrow, and that is not installed: {INSTALL}"


class _Options:
    """How tables are read.

    Attributes:
        column: The column with the JSON text of calls; None to choose it.
    """

    column: str | None = None


options: Final = _Options()
