"""What the comparisons of single keywords may ask of the comparison that runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.json_schema.keywords import Draft
    from validator.plan.diff.change import Change
    from validator.plan.diff.equivalence import Pair


class Comparing(Protocol):
    """One run over two documents.

    Attributes:
        pair: The documents.
        draft: The draft that both are in.
    """

    pair: Pair
    draft: Draft

    def level(self, old: Any, new: Any, where: str, *, linear: bool) -> Iterator[Change]:
        """What differs between two schemas of the same place."""
        ...
