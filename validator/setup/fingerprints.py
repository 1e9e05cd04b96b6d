"""Recognises calls that were read before, by hashes of their message ids. `+` merges."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.engine.decode.key_paths import KeyPath

MOST = 8
"""Fingerprints that are kept: the smallest, so the choice depends on the calls alone."""

_MESSAGE_ID: KeyPath = ("messageId",)
_SENDER: tuple[KeyPath, ...] = (("userId",), ("anonymousId",))
_TIME: KeyPath = ("timestamp",)
PATHS = (_MESSAGE_ID, *_SENDER, _TIME)
"""The fields that a fingerprint is computed from."""


class Fingerprints(msgspec.Struct):
    """Fingerprints of calls.

    Attributes:
        kept: The smallest of them, in order.
        known: Those that were looked for and found.
    """

    kept: list[str] = msgspec.field(default_factory=list)
    known: set[str] = msgspec.field(default_factory=set)

    def note(self, value: Callable[[KeyPath], Any], wanted: frozenset[str]) -> None:
        """Adds a call.

        Args:
            value: Returns the value at a path of the call.
            wanted: The fingerprints to look for.
        """
        found = fingerprint(value)
        if found is None:
            return
        if found in wanted:
            self.known.add(found)
        if len(self.kept) < MOST or found < self.kept[-1]:
            at = bisect_left(self.kept, found)
            if self.kept[at : at + 1] != [found]:
                self.kept.insert(at, found)
                del self.kept[MOST:]

    def __add__(self, other: Fingerprints) -> Fingerprints:
        return Fingerprints(sorted({*self.kept, *other.kept})[:MOST], self.known | other.known)


def fingerprint(value: Callable[[KeyPath], Any]) -> str | None:
    """The fingerprint of a call: of its message id, else of who sent it when; None without either."""
    id_ = value(_MESSAGE_ID)
    if isinstance(id_, str) and id_:
        return _hash(id_)
    sender, time = [value(path) for path in _SENDER], value(_TIME)
    if isinstance(time, str) and any(isinstance(one, str) and one for one in sender):
        return _hash("\n".join(one if isinstance(one, str) else "" for one in (*sender, time)))
    return None


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
