"""The interface of a comparison for the functions that compare keywords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.json_schema.keywords import Draft
    from validator.plan.diff.change import Change
    from validator.plan.diff.equivalence import Pair


class Comparing(Protocol):
    """A comparison of two documents."""

    pair: Pair
    draft: Draft

    def level(self, old: Any, new: Any, where: str, *, linear: bool) -> Iterator[Change]:
        """Compares two schemas of the same place."""
