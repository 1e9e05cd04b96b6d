"""Finds the planned name that a misspelt name was probably meant to be."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, TypeVar

from validator.engine.name_stems import stems_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Answer = TypeVar("Answer")

_DIGITS = re.compile("[0-9]")
_SEPARATORS = str.maketrans("", "", " _-./")

# Too many shorter names are one edit apart: Buy, Bay, Boy.
EDITABLE = 5

# Longer texts are not real names: only their beginning is kept, and results for them are not cached.
LONGEST = 1_000
_BEGINNING = 200
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")


def remembered(ask: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Caches a function of names for the most recent names: more than a profile holds before it is bounded."""
    known = lru_cache(maxsize=1 << 15)(ask)

    @wraps(ask)
    def answer(name: str) -> Answer:
        return known(name) if len(name) <= LONGEST else ask(name)

    return answer


def shortened(name: str) -> str:
    """A name as it is kept: whole, or its beginning with a hash of the whole."""
    return name if len(name) <= LONGEST else shortened_pieces((name.encode("utf-8", "surrogatepass"),))


def shortened_pieces(pieces: Iterable[bytes]) -> str:
    """The same for a name longer than `LONGEST`, given in pieces of UTF-8."""
    from hashlib import blake2b  # noqa: PLC0415 - hardly ever needed

    beginning, digest = b"", blake2b(digest_size=8)
    for piece in pieces:
        if len(beginning) < 4 * _BEGINNING:
            beginning += piece[: 4 * _BEGINNING]
        digest.update(piece)
    # The hash is written in letters, so that it does not look like a value in the name.
    letters = digest.hexdigest().translate(_LETTERS)
    text, _ = codecs.utf_8_decode(beginning, "surrogatepass", False)
    return f"{text[:_BEGINNING]}… {letters}"


class NearMisses:
    """Finds the planned name that differs from an unplanned one by case, separators, one edit, or its words' forms.

    An edit inserts, deletes or changes one character, or swaps two neighbours. Words may differ in tense, number and
    order: `Start Trial` is near `Trial Started`.
    """

    def __init__(self, planned: Iterable[str]) -> None:
        planned = list(planned)
        self._planned = {fold(name): name for name in sorted(planned, reverse=True)}
        self._halves = _Halves(folded for folded in self._planned if len(folded) >= EDITABLE)
        self._by_stems = {stems: name for name in sorted(planned, reverse=True) if (stems := stems_of(name))}
        self._most_digits = max((len(_DIGITS.findall(folded)) for folded in self._planned), default=0)
        self.planned = remembered(self._find)

    def _find(self, name: str) -> str | None:
        """The planned name that is nearly `name`; None if there is none."""
        # Names made by code are often new, and full of digits.
        if name.isascii() and len(_DIGITS.findall(name)) > self._most_digits + 1:
            return None
        folded = fold(name)
        if exact := self._planned.get(folded):
            return exact
        near = next((planned for planned in self._halves.alike(folded) if one_edit(folded, planned)), None)
        return self._planned[near] if near else self._by_stems.get(stems_of(name)) if self._by_stems else None


class _Halves:
    """Names indexed by their halves: one edit leaves the first half or the text after the middle unchanged."""

    def __init__(self, names: Iterable[str]) -> None:
        self._order: dict[str, int] = {}
        self._by_length: dict[int, tuple[dict[str, list[str]], dict[str, list[str]]]] = {}
        for name in names:
            self._order[name] = len(self._order)
            firsts, lasts = self._by_length.setdefault(len(name), ({}, {}))
            middle = len(name) // 2
            firsts.setdefault(name[:middle], []).append(name)
            lasts.setdefault(name[middle + 1 :], []).append(name)

    def alike(self, name: str) -> list[str]:
        """The names that may be one edit away from a name, in order."""
        found: set[str] = set()
        for length in range(len(name) - 1, len(name) + 2):
            if halves := self._by_length.get(length):
                middle = length // 2
                found.update(halves[0].get(name[:middle], ()))
                found.update(halves[1].get(name[len(name) - (length - middle - 1) :], ()))
        return sorted(found, key=self._order.__getitem__) if found else []


@remembered
def fold(name: str) -> str:
    """The name without differences in case, separators and Unicode normalisation."""
    folded = name.translate(_SEPARATORS).casefold()
    return folded if folded.isascii() else unicodedata.normalize("NFKC", folded)


def near_keys(missing: str, keys: Iterable[str]) -> tuple[str, ...]:
    """The keys that nearly equal a missing one: with another case or other separators, else one edit away."""
    there = sorted(key for key in keys if key != missing)
    same = tuple(key for key in there if fold(key) == fold(missing))
    return same or tuple(key for key in there if len(key) > EDITABLE and one_edit(fold(key), fold(missing)))


def one_edit(left: str, right: str) -> bool:
    """Whether at most one edit turns `left` into `right`."""
    if len(left) > len(right):
        left, right = right, left
    if len(right) - len(left) > 1:
        return False
    same = next((at for at, both in enumerate(zip(left, right, strict=False)) if both[0] != both[1]), len(left))
    if len(left) < len(right):
        return left[same:] == right[same + 1 :]
    # The rest begins with the first difference: only that character may differ, or two are swapped.
    left, right = left[same:], right[same:]
    return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
