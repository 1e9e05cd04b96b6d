"""The evaluated parts of a value, for `unevaluatedProperties` and `unevaluatedItems`."""

from __future__ import annotations


class Seen:
    """The parts of a value that keywords evaluated successfully.

    Attributes:
        keys: Keys of an object.
        items: Indices of elements of an array.
    """

    __slots__ = ("items", "keys")

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.items: set[int] = set()

    def __len__(self) -> int:
        return len(self.keys) + len(self.items)

    def update(self, other: Seen) -> None:
        """Adds the parts of another."""
        self.keys |= other.keys
        self.items |= other.items
