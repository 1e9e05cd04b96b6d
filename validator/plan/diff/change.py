"""What a change of a plan means for senders and readers of calls."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable


class Effect(StrEnum):
    """The effect of a change on one side, best first.

    `compatible`: for senders, every call that was valid still is; for readers, every call that is valid now was valid
    before. `unplanned`: compatible except for properties, events and versions that were not planned: for calls that
    send them already, or for readers that refuse them. `breaking`: anything else, and what cannot be judged.
    """

    COMPATIBLE = "compatible"
    UNPLANNED = "unplanned"
    BREAKING = "breaking"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return tuple(Effect).index(self)


def worst(effects: Iterable[Effect]) -> Effect:
    """The worst of several effects; compatible if there is none."""
    return max(effects, key=lambda effect: effect.rank, default=Effect.COMPATIBLE)


class Kind(StrEnum):
    """What happened to a part of a plan."""

    ADDED = "added"
    REMOVED = "removed"
    STRICTER = "stricter"
    LOOSER = "looser"
    CHANGED = "changed"
    NOTED = "noted"
    """No effect on calls: a description, a default, a keyword without effect."""


class Change(msgspec.Struct, frozen=True):
    """One thing that differs between two plan rules.

    Attributes:
        kind: What happened.
        location: The place in the call, as `properties.products[].sku`; empty for the call itself.
        keyword: The JSON Schema keyword that differs.
        message: What differs, on one line, without the place.
        senders: Its effect on senders of calls.
        readers: Its effect on readers.
        judged: Whether it could be judged; if not, it counts as breaking for both.
    """

    kind: Kind
    location: str
    keyword: str
    message: str
    senders: Effect = Effect.COMPATIBLE
    readers: Effect = Effect.COMPATIBLE
    judged: bool = True


def directed(location: str, keyword: str, message: str, *, keeps: bool, kept: bool) -> Change:
    """A change of one keyword.

    Args:
        location: The place in the call.
        keyword: The keyword.
        message: What differs.
        keeps: Whether everything that was allowed still is.
        kept: Whether everything that is allowed now was before.
    """
    kinds = {(True, True): Kind.NOTED, (True, False): Kind.LOOSER, (False, True): Kind.STRICTER}
    kind = kinds.get((keeps, kept), Kind.CHANGED)
    senders = Effect.COMPATIBLE if keeps else Effect.BREAKING
    readers = Effect.COMPATIBLE if kept else Effect.BREAKING
    return Change(kind, location, keyword, message, senders, readers)


def unjudged(location: str, keyword: str, message: str) -> Change:
    """A change that cannot be judged, so it counts as breaking for both sides."""
    text = f"{message}: changed, cannot be judged"
    return Change(Kind.CHANGED, location, keyword, text, Effect.BREAKING, Effect.BREAKING, judged=False)
