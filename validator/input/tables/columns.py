"""Chooses what of a table is a call: a column of JSON text, or all columns as fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from validator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Fields that every call has one of.
_OF_CALLS: Final = frozenset(
    ["anonymousId", "batch", "event", "groupId", "messageId", "previousId", "properties", "traits", "type", "userId"]
)

# Values that are looked at.
SAMPLE: Final = 100


def chosen(names: Sequence[str], texts: Sequence[str], sample: Iterable[tuple[str, list[Any]]], path: str,
           asked: str | None) -> str | None:  # fmt: skip
    """The column with the JSON text of calls; None if the columns are the fields of calls.

    Args:
        names: All columns.
        texts: The columns of text.
        sample: The first values of each column of text.
        path: The table, for messages.
        asked: The column that the user named.

    Raises:
        UsageError: There is no such column, or several may be meant.
    """
    if asked is not None:
        if asked in texts:
            return asked
        others = f"; columns of text are {', '.join(texts)}" if texts else ""
        raise UsageError(f"{path} has no column {asked!r} of text{others}")
    if {"type", "event"} & set(names):
        return None
    found = [name for name, values in sample if _are_calls(values)]
    if len(found) > 1:
        raise UsageError(f"several columns of {path} hold calls: {', '.join(found)}; pick one with --column")
    return found[0] if found else None


def _are_calls(values: list[Any]) -> bool:
    """Whether values are JSON objects with fields of calls; some may be broken."""
    given = [value for value in values[:SAMPLE] if value]
    calls = sum(map(_is_call, given))
    return bool(calls) and calls * 2 >= len(given)


def _is_call(value: str | bytes) -> bool:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and not _OF_CALLS.isdisjoint(found)
