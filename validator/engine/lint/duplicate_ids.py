"""Message ids that come again: exact on a share of all ids, chosen by a hash, so that memory is bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.engine.decode.call import Call
    from validator.model import Place

# How many ids are kept.
CAPACITY = 1 << 15

# The hash has so many bits.
_FINEST = 32

# Ids longer than this are kept by their hash alone.
_LONGEST = 100


class Repeats(msgspec.Struct):
    """The message ids of a stream whose hash falls into a share; a monoid.

    The share is the largest power of a half that leaves no more ids than are kept. Since an id of a share is in every
    larger share, what is known of those that are left is exact, and which are left depends on nothing but the ids.

    Attributes:
        level: The share is 1 in `2 ** level`.
        seen: Id -> its calls, and the places of the first two.
    """

    level: int = 0
    seen: dict[str, tuple[int, tuple[Place, ...]]] = msgspec.field(default_factory=dict)

    def add(self, identity: str, count: int, places: Iterable[Place]) -> None:
        """Counts calls with an id of the share."""
        known = self.seen.get(identity)
        if known is None:
            self.seen[identity] = count, tuple(places)[:2]
            while len(self.seen) > CAPACITY and self.level < _FINEST:
                self._halve()
        else:
            first = known[1] if len(known[1]) > 1 and not places else tuple(sorted({*known[1], *places})[:2])
            self.seen[identity] = known[0] + count, first

    def merge(self, other: Repeats, shifted: Any) -> None:
        """Adds the ids of another stream, its places shifted by a function of tuples of them."""
        while self.level < other.level:
            self._halve()
        for identity, (count, places) in other.seen.items():
            if self.holds(identity):
                self.add(identity, count, shifted(places))

    def holds(self, identity: str) -> bool:
        """Whether an id is in the share."""
        return not _hash(identity) & ((1 << self.level) - 1)

    def _halve(self) -> None:
        self.level += 1
        self.seen = {identity: seen for identity, seen in self.seen.items() if self.holds(identity)}

    @property
    def repeated(self) -> int:
        """The calls of the share whose id an earlier call has."""
        return sum(count - 1 for count, _ in self.seen.values())

    def places(self, most: int | None) -> tuple[Place, ...]:
        """The first places of calls whose id an earlier call has, as far as they are the second with it."""
        second = sorted(places[1] for count, places in self.seen.values() if count > 1 and len(places) > 1)
        return tuple(second[:most])


def _hash(identity: str) -> int:
    return crc32(identity.encode("utf-8", "surrogatepass"))


def identities(calls: Sequence[Call], attribute: str) -> Iterator[tuple[int, str, str]]:
    """The position of each call with a message id, the id as it is kept, and the id."""
    for position, call in enumerate(calls):
        identity = getattr(call, attribute)
        if type(identity) is str and identity:
            yield position, identity if len(identity) <= _LONGEST else _digest(identity), identity


def _digest(identity: str) -> str:
    from hashlib import blake2b  # noqa: PLC0415 - few ids are that long

    return "#" + blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
