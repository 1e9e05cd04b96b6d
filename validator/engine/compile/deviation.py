"""How calls can deviate: the data that scanning, counting and judging share."""

from __future__ import annotations

from typing import Final, NamedTuple

from validator.engine.compile.value_checks import Failed

ABSENT: Final = "absent"
OBJECT: Final = "object"

MORE: Final = Failed("more")
"""The properties of a call have a key that no plan names."""


def closed_check(number: int) -> str:
    """The check of a rule that allows only the keys that it names, by the rule's number among the sets of such keys."""
    return f"closed {number}"


class TableKey(NamedTuple):
    """The calls that have one table: the same plan rules are about them.

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
        """What reports call the event."""
        return self.name or self.type.capitalize()


class Deviation(NamedTuple):
    """One way in which calls of a table are not simply fine.

    Attributes:
        table: The table.
        places: JSON pointers of the places that are judged together, nearly always one; none for keys that may not be
            there.
        types: For each place the JSON type of the value there, or `absent`.
        failed: What the checks of the values found, sorted.
    """

    table: TableKey
    places: tuple[str, ...]
    types: tuple[str, ...]
    failed: tuple[Failed, ...]


class Facts(NamedTuple):
    """All that plan rules ask of a call, or of some of its places.

    Attributes:
        table: The table of the call.
        fields: JSON pointer -> JSON type of each value that a plan looks at.
        more: Whether `/properties` has keys besides those.
        failed: What the checks of values found.
    """

    table: TableKey
    fields: dict[str, str]
    more: bool
    failed: tuple[Failed, ...]
