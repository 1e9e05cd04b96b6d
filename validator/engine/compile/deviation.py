"""How calls can deviate: the data that scanning, counting and judging share."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final, NamedTuple

from validator.engine.compile.value_checks import Failed

ABSENT: Final = "absent"
OBJECT: Final = "object"

MORE: Final = Failed("more")
"""Stands for keys of properties that no plan names."""


@lru_cache(maxsize=1024)
def closed_check(known: frozenset[str]) -> str:
    """The check id of rules that allow only some keys: the same for the same keys, whatever the other plans."""
    from hashlib import blake2b  # noqa: PLC0415 - few plans have such rules

    text = json.dumps(sorted(known)).encode()
    return f"closed {blake2b(text, digest_size=8).hexdigest()}"


class TableKey(NamedTuple):
    """Identifies the calls of one table: the same plan rules apply to them.

    Attributes:
        type: The call type in lower case, or `unknown`.
        name: The event name of a track call, or the name of a page or screen call, where a plan rule has that key;
            else None.
        version: The event version that the call names, where a plan has rules of several versions; else None.
        properties: The JSON type of `/properties`, or `absent`.
    """

    type: str
    name: str | None
    version: int | None
    properties: str

    @property
    def event(self) -> str:
        """The name of the event in reports."""
        return self.name or self.type.capitalize()


class Deviation(NamedTuple):
    """One way in which calls of a table deviate.

    Attributes:
        table: The table.
        places: JSON pointers of the places judged together, nearly always one; empty for forbidden keys.
        types: For each place the JSON type of the value there, or `absent`.
        failed: What the value checks found, sorted.
    """

    table: TableKey
    places: tuple[str, ...]
    types: tuple[str, ...]
    failed: tuple[Failed, ...]


class Facts(NamedTuple):
    """All that plan rules need to know of a call, or of some of its places.

    Attributes:
        table: The table of the call.
        fields: JSON pointer -> JSON type of each value that a plan uses.
        more: Whether `/properties` has other keys.
        failed: What the checks of values found.
    """

    table: TableKey
    fields: dict[str, str]
    more: bool
    failed: tuple[Failed, ...]
