"""A document as plain values, with the place of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from validator.syntax.read_text import Mark

Keys = tuple[str | int, ...]
"""The path to a value: keys of mappings and indices of lists."""


class Document(Protocol):
    """A document read from one file.

    Attributes:
        path: The file.
        value: Its value, made of `dict`, `list`, `str`, `int`, `float`, `bool` and None.
    """

    @property
    def path(self) -> str: ...  # noqa: D102

    @property
    def value(self) -> Any: ...  # noqa: D102

    def mark(self, keys: Sequence[str | int]) -> Mark:
        """The place of a value (of its key, in a mapping), else of the nearest value around it."""
