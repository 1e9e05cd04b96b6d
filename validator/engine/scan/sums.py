"""Sums that the loop adds to: a count with its first places."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from validator.engine.compile.deviation import Deviation
    from validator.engine.lint import Fault
    from validator.model import Place


class Sum:
    """How often something was seen since it was last moved to the profile, and where first.

    Attributes:
        of: What was seen; None for all calls of an entry or of a table.
        breaks: The plans for which it makes a call invalid: a bit for each.
        count: The number of times.
        wanted: The number of places still wanted.
        places: The places found so far.
    """

    __slots__ = ("breaks", "count", "of", "places", "wanted")

    def __init__(self, of: Deviation | Fault | None, wanted: int, breaks: int = 0) -> None:
        self.of = of
        self.breaks = breaks
        self.count = 0
        self.wanted = wanted
        self.places: list[Place] = []

    def taken(self) -> tuple[int, list[Place]]:
        """Returns the count and the places, and resets them."""
        found = self.count, self.places
        if self.count:
            self.wanted = max(0, self.wanted - self.count)
            self.count, self.places = 0, []
        return found


class KeyLimit:
    """The rank from which keys that no plan names are no longer counted by name.

    Attributes:
        rank: The highest rank of the keys that are kept; None while there is room for more.
    """

    __slots__ = ("rank",)

    def __init__(self) -> None:
        self.rank: int | None = None


def key_rank(key: str) -> int:
    """The first part of a key's rank: the keys of lowest rank are kept, whatever their order in the stream."""
    try:
        return crc32(key.encode())
    except UnicodeEncodeError:
        return crc32(key.encode("utf-8", "surrogatepass"))
