"""Counts unplanned property keys by name, up to a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.count.profile import highest_rank, quick_rank_of_key, rank_of_key
from validator.engine.scan.sums import KeyLimit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from validator.engine.compile.deviation import TableKey
    from validator.engine.count.profile import Profile
    from validator.model import Place


class FurtherKeys:
    """Moves the counts of unplanned keys to a profile.

    Attributes:
        limit: The rank beyond which keys need not be counted by name.
    """

    def __init__(self, profile: Profile, most: int) -> None:
        self.limit = KeyLimit()
        self._profile = profile
        self._most = most
        # When the profile is full, the highest rank in it: keys beyond would be dropped at once.
        self._last: tuple[int, tuple[str, str, str]] | None = None

    def restart(self, profile: Profile) -> None:
        """Moves counts to a new profile from now on."""
        self._profile = profile
        self._last = self.limit.rank = None

    def add(
        self,
        table: TableKey,
        counts: Mapping[str, int],
        places: Mapping[str, list[Place]],
        named: Collection[str],
    ) -> None:
        """Adds the counts of one table, except keys that plans name."""
        profile = self._profile
        for name, count in counts.items():
            if not count or name in named:
                continue
            key = (table.type, table.name, name)
            if self._is_beyond(key):
                profile.further_nameless += count
            else:
                profile.see(profile.further, key, count, places.get(name, ()))

    def bounded(self) -> None:
        """Updates the limit from a profile that was just bounded."""
        further = self._profile.further
        full = self._most > 0 and len(further) >= self._most
        self._last = highest_rank(further) if full else None
        self.limit.rank = self._last[0] if self._last else None

    def add_beyond(self, count: int) -> None:
        """Adds the counts of keys beyond the limit."""
        self._profile.further_nameless += count

    def _is_beyond(self, key: tuple[str, str | None, str]) -> bool:
        last = self._last
        return last is not None and quick_rank_of_key(key) >= last[0] and rank_of_key(key) > last
