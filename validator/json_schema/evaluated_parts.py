"""Which parts of a value have been looked at, for `unevaluatedProperties` and `unevaluatedItems`."""

from __future__ import annotations


class Seen:
    """The parts of a value that keywords have looked at with success.

    Attributes:
        keys: Of an object.
        items: Numbers of elements of an array.
    """

    __slots__ = ("items", "keys")

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.items: set[int] = set()

    def __len__(self) -> int:
        return len(self.keys) + len(self.items)

    def update(self, other: Seen) -> None:
        """Takes over what another has."""
        self.keys |= other.keys
        self.items |= other.items
