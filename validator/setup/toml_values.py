"""Reads values of a TOML document strictly; a wrong one is reported with its place.

After a mistake, a method returns a placeholder, so that reading can go on and report the others.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from validator.syntax.near_name import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.syntax.document import Keys
    from validator.syntax.toml_document import TomlDocument

NO_DAY = datetime.date(1970, 1, 1)


class TomlValues:
    """The values of one document.

    Args:
        document: The document; every `way` (a path of keys) must lead to a value in it.

    Attributes:
        mistakes: Line, column and message of each mistake, each once.
    """

    def __init__(self, document: TomlDocument) -> None:
        self.mistakes: dict[tuple[int, int, str], None] = {}
        self._document = document

    def day(self, way: Keys, value: Any) -> datetime.date:
        """A day."""
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        self.mistake(way, f"`{way[-1]}` must be a day such as 2026-03-02, without quotes")
        return NO_DAY

    def moment(self, way: Keys, value: Any) -> datetime.datetime | None:
        """A time with its zone, in UTC; None where it is absent."""
        if value is None:
            return None
        if isinstance(value, datetime.datetime) and value.tzinfo is not None:
            return value.astimezone(datetime.UTC)
        self.mistake(way, f"`{way[-1]}` must be a time such as 2026-03-02T08:00:00Z, without quotes")
        return None

    def choice(self, way: Keys, value: Any, known: Sequence[str]) -> str:
        """One of the known words."""
        if value in known:
            return str(value)
        near = nearest(value, known) if isinstance(value, str) else []
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        self.mistake(way, f"`{way[-1]}` must be one of the types; {hint}")
        return known[0]

    def texts(self, way: Keys, value: Any) -> tuple[str, ...]:
        """A list of texts."""
        if not isinstance(value, list) or not value:
            self.mistake(way, f'`{way[-1]}` must be a non-empty list of strings, such as ["web"]')
            return ()
        return tuple(self.text((*way, number), member) for number, member in enumerate(value))

    def text(self, way: Keys, value: Any) -> str:
        """A string that is not empty."""
        if isinstance(value, str) and value.strip():
            return value
        what = f"`{way[-1]}`" if isinstance(way[-1], str) else f"element {way[-1] + 1} of `{way[-2]}`"
        self.mistake(way, f"{what} must be a non-empty string")
        return ""

    def table(self, way: Keys, value: Any, known: Sequence[str] | None, required: Sequence[str] = ()) -> dict[str, Any]:
        """A table; reports unknown and missing keys."""
        if not isinstance(value, dict):
            self.mistake(way, f"`{way[-1]}` must be a table")
            return {}
        if known is not None:
            self.known(way, value, known)
        for key in required:
            if key not in value:
                self.mistake(way, f"`{key}` is missing")
        return value

    def known(self, way: Keys, value: Mapping[str, Any], known: Sequence[str]) -> None:
        """Reports unknown keys."""
        for key in value:
            if key not in known:
                near = nearest(key, known)
                hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known)}"
                self.mistake((*way, key), f"`{key[:80]}` is not a known key; {hint}")

    def mistake(self, way: Keys, message: str) -> None:
        """Reports a mistake, once."""
        self.mistakes[(*self._document.mark(way), message)] = None
