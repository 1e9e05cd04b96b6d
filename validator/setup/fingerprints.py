"""Recognises calls that were read before, by hashes of their message ids. `+` merges."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.engine.decode.key_paths import KeyPath

MOST = 8
"""Fingerprints that are kept: the smallest, so the choice depends on the calls alone."""

_DIGITS = 8
_LARGEST = 16**_DIGITS - 1
_SIZE = _DIGITS + 16
_HEX = frozenset("0123456789abcdef")

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
        text = identity(value)
        if text is not None:
            self.add(text, wanted)

    def add(self, text: str, wanted: frozenset[str]) -> None:
        """Adds a call by the text that identifies it."""
        found = _hash(text)
        if found in wanted:
            self.known.add(found)
        if len(self.kept) < MOST or found < self.kept[-1]:
            at = bisect_left(self.kept, found)
            if self.kept[at : at + 1] != [found]:
                self.kept.insert(at, found)
                del self.kept[MOST:]

    @property
    def largest(self) -> int:
        """Texts whose hash begins with a larger number are not kept."""
        return _LARGEST if len(self.kept) < MOST else int(self.kept[-1][:_DIGITS], 16)

    def __add__(self, other: Fingerprints) -> Fingerprints:
        return Fingerprints(sorted({*self.kept, *other.kept})[:MOST], self.known | other.known)


def fingerprint(value: Callable[[KeyPath], Any]) -> str | None:
    """The fingerprint of a call; None if nothing identifies it."""
    text = identity(value)
    return None if text is None else _hash(text)


def first_number(found: str) -> int | None:
    """The number that a fingerprint begins with; None if it is none."""
    digits = found[:_DIGITS]
    return int(digits, 16) if len(found) == _SIZE and not set(digits) - _HEX else None


def identity(value: Callable[[KeyPath], Any]) -> str | None:
    """The text that identifies a call: its message id, else who sent it when; None without either."""
    id_ = value(_MESSAGE_ID)
    if isinstance(id_, str) and id_:
        return id_
    sender, time = [value(path) for path in _SENDER], value(_TIME)
    if isinstance(time, str) and any(isinstance(one, str) and one for one in sender):
        return "\n".join(one if isinstance(one, str) else "" for one in (*sender, time))
    return None


def _hash(text: str) -> str:
    """A quick checksum, by which the native core leaves out nearly all calls, and a hash that does not collide."""
    data = text.encode("utf-8", "surrogatepass")
    return f"{crc32(data):08x}{hashlib.blake2b(data, digest_size=8).hexdigest()}"
