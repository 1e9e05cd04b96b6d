"""A document that is not in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.syntax.read_text import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence


class PlainDocument:
    """A value as a document.

    Attributes:
        path: Empty.
        value: The value.
    """

    __slots__ = ("value",)

    path = ""

    def __init__(self, value: Any) -> None:
        self.value = value

    def mark(self, keys: Sequence[str | int]) -> Mark:  # noqa: ARG002 - same signature as other documents
        """Line 0, column 0: there is no file."""
        return Mark(0, 0)
