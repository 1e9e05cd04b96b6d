"""Counts the properties that no plan knows, where nearly every call has others: too many to be part of shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.names import LONGEST, shortened
from validator.engine.profile import quick_rank_of_more, rank_of_more

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from validator.engine.cell import Places
    from validator.engine.decode import Envelope
    from validator.engine.judged import Variant
    from validator.engine.profile import More, Profile

    Refine = Callable[[Envelope], Variant]


class MoreProperties:
    """Counts them into a profile.

    Args:
        profile: Where the counts go.
        names: How many are kept by name.
        bound: Keeps the profile within its limits.
    """

    def __init__(self, profile: Profile, names: int, bound: Callable[[], None]) -> None:
        self._profile = profile
        self._names = names
        self._bound = bound
        self._counts: dict[More, int] = {}
        self._new: list[tuple[More, Envelope]] = []
        # Where as many are kept as can be, the highest of their ranks: what is beyond it would be dropped at once.
        self._last: tuple[int, str] | None = None

    def counting(
        self, refine: Refine | None, about: tuple[str, str | None], known: Collection[str], most: int
    ) -> Refine:
        """The refinement of some calls, which also counts what else they have.

        Args:
            refine: The refinement; None for nothing.
            about: Call type and event of the calls.
            known: The properties that plans know.
            most: How many places of each other one are kept.
        """
        counts, new = self._counts, self._new

        def refine_and_count(call: Envelope) -> Variant:
            payload: Any = call.properties
            for key in payload.keys() - known:
                more = (*about, key if len(key) <= LONGEST else shortened(key))
                seen = counts[more] = counts.get(more, 0) + 1
                if seen <= most:
                    new.append((more, call))
            return refine(call) if refine else ()

        return refine_and_count

    def settle(self, calls: Sequence[Envelope], places: Places) -> None:
        """Takes in what was counted of calls, which `places` tells the places of."""
        at = 0
        for more, call in self._new:
            if not self._beyond(more):
                at = calls.index(call, at)
                self._profile.add_more(more, 0, (places.at(at),))
        self._new.clear()
        if len(self._counts) > 2 * self._names:
            self.flush()

    def flush(self) -> None:
        """Moves all counts to the profile."""
        profile, names = self._profile, self._names
        for more, count in self._counts.items():
            if self._beyond(more):
                profile.more_nameless += count
            else:
                profile.add_more(more, count, ())
        self._counts.clear()
        if len(profile.more) > names and (self._last is not None or len(profile.more) > 2 * names):
            self._bound()
            self._last = max(map(rank_of_more, profile.more)) if names else None

    def _beyond(self, more: More) -> bool:
        last = self._last
        return last is not None and quick_rank_of_more(more) >= last[0] and rank_of_more(more) > last
