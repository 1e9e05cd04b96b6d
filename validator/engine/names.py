"""Event names that were probably meant to be a planned one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEPARATORS = str.maketrans("", "", " _-./")

# Of shorter names too many are one edit apart: Buy, Bay, Boy.
EDITABLE = 5


class NearMisses:
    """Finds the planned name that an unplanned one misses by case, separators or one edit.

    An edit puts in, leaves out or changes one character, or swaps two neighbours.
    """

    def __init__(self, planned: Iterable[str]) -> None:
        self._planned = {fold(name): name for name in sorted(planned, reverse=True)}
        self._editable = [folded for folded in self._planned if len(folded) >= EDITABLE]
        self.planned = lru_cache(maxsize=1 << 14)(self._find)

    def _find(self, name: str) -> str | None:
        """The planned name that `name` nearly is; None if there is none."""
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - only a stream with unplanned names needs it
        from rapidfuzz.process import extractOne  # noqa: PLC0415

        folded = fold(name)
        if exact := self._planned.get(folded):
            return exact
        found = extractOne(folded, self._editable, scorer=OSA.distance, score_cutoff=1)
        return self._planned[found[0]] if found else None


def fold(name: str) -> str:
    """The name without what people vary: case and separators."""
    return name.translate(_SEPARATORS).casefold()


def near_keys(missing: str, keys: Iterable[str]) -> tuple[str, ...]:
    """The keys that nearly are a missing one: in another case or with other separators, else one edit away."""
    there = sorted(key for key in keys if key != missing)
    same = tuple(key for key in there if fold(key) == fold(missing))
    return same or tuple(key for key in there if len(key) > EDITABLE and one_edit(fold(key), fold(missing)))


def one_edit(left: str, right: str) -> bool:
    """Whether one edit makes `left` into `right`."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only a stream with unplanned names needs it

    return OSA.distance(left, right, score_cutoff=1) <= 1
