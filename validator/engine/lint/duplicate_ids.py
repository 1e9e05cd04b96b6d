"""Finds duplicate message ids, exactly, in a sample of all ids chosen by a hash; so memory is bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.engine.decode.call import Call
    from validator.model import Place

# Number of ids kept.
CAPACITY = 1 << 15

# Bits of the hash.
_FINEST = 32

# Of longer ids only the hash is kept.
_LONGEST = 100


class Repeats(msgspec.Struct):
    """The message ids of a stream whose hash is in the sampled share; a monoid.

    The share is the largest power of a half with which the ids fit the limit. Since an id of a share is in every
    larger share, the counts of the remaining ids are exact, and which ids remain depends only on the ids.

    Attributes:
        level: The share is 1 in `2 ** level`.
        seen: Id -> its calls, and the places of the first two of them.
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
        """Adds the ids of another stream; a function moves its places."""
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
        """The number of calls in the share whose id an earlier call has."""
        return sum(count - 1 for count, _ in self.seen.values())

    def places(self, most: int | None) -> tuple[Place, ...]:
        """The first places of the second calls with an id."""
        second = sorted(places[1] for count, places in self.seen.values() if count > 1 and len(places) > 1)
        return tuple(second[:most])


def _hash(identity: str) -> int:
    return crc32(identity.encode("utf-8", "surrogatepass"))


def identities(calls: Sequence[Call], attribute: str) -> Iterator[tuple[int, str, str]]:
    """For each call with a message id: its position, the id as it is kept, and the id."""
    for position, call in enumerate(calls):
        identity = getattr(call, attribute)
        if type(identity) is str and identity:
            yield position, identity if len(identity) <= _LONGEST else _digest(identity), identity


def _digest(identity: str) -> str:
    from hashlib import blake2b  # noqa: PLC0415 - few ids are that long

    return "#" + blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
