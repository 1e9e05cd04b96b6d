"""Reads TOML as plain values with Python's parser; places are then looked up in the valid text."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from validator.syntax.read_text import Mark, StopError, mark_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from validator.syntax.document import Keys

_WHERE = re.compile(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})' + r"|'''.*?'''(?:'{0,2})" + r'|"(?:\\.|[^"\\])*"' + r"|'[^']*'", re.DOTALL
)
_OTHER = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[^\s,\]}#]*|[^\s,\]}#]+")


class TomlDocument:
    """TOML text.

    Args:
        path: The file.
        text: What it holds.

    Attributes:
        path: The file.
        value: Its value.

    Raises:
        StopError: It is not TOML.
    """

    def __init__(self, path: str, text: str) -> None:
        import tomllib  # noqa: PLC0415 - many runs have no such file

        self.path = path
        self._text = text
        try:
            self.value: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise self._refused(str(error)) from None
        except ValueError:  # Python refuses very long numbers
            raise StopError(None, "a number in the file has thousands of digits", "shorten it") from None
        except RecursionError:
            raise StopError(None, "the file is nested too deep", "check the brackets") from None

    def _refused(self, message: str) -> StopError:
        found = _WHERE.search(message)
        at = None
        if found:
            at = Mark(int(found[1]), int(found[2])) if found[1] else mark_of(self._text)
        return StopError(at, f"not TOML: {_WHERE.sub('', message)}", "fix it there or just before")

    @cached_property
    def _spots(self) -> dict[Keys, int]:
        return _Scanner(self._text.replace("\r\n", "\n")).spots()

    def mark(self, keys: Sequence[str | int]) -> Mark:
        """The place of a value (of its key, in a table), else of the nearest value around it."""
        for length in range(len(keys), 0, -1):
            if (at := self._spots.get(tuple(keys[:length]))) is not None:
                return mark_of(self._text.replace("\r\n", "\n")[:at])
        return Mark(1, 1)


class _Scanner:
    """Scans text that the parser has accepted, so nothing has to be refused here."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._spots: dict[Keys, int] = {}
        self._last: dict[Keys, int] = {}  # of an array of tables, the number of the last one

    def spots(self) -> dict[Keys, int]:
        """The path to each value -> the offset of its key, or of itself in an array."""
        table: Keys = ()
        while self._next():
            if self._take("["):
                table = self._header()
            else:
                self._pair(table)
        return self._spots

    def _next(self) -> str:
        """The next significant character; empty at the end."""
        self._skip(_BLANK)
        return self._text[self._at : self._at + 1]

    def _skip(self, what: re.Pattern[str]) -> str:
        found = what.match(self._text, self._at)
        if not found:
            return ""
        self._at = found.end()
        return found[0]

    def _take(self, mark: str) -> bool:
        found = self._next() == mark
        self._at += found
        return found

    def _header(self) -> Keys:
        repeated = self._text.startswith("[", self._at)
        self._at += repeated
        way: Keys = ()
        keys = self._keys()
        for number, (key, at) in enumerate(keys, 1):
            way = (*way, key)
            self._spots.setdefault(way, at)
            if number == len(keys) and repeated:
                self._last[way] = self._last.get(way, -1) + 1
                self._spots[(*way, self._last[way])] = at
            if way in self._last:
                way = (*way, self._last[way])
        self._take("]")
        if repeated:
            self._take("]")
        return way

    def _pair(self, way: Keys) -> None:
        for key, at in self._keys():
            way = (*way, key)
            self._spots.setdefault(way, at)
        self._take("=")
        self._value(way)

    def _keys(self) -> list[tuple[str, int]]:
        """A dotted key: its parts, and their offsets."""
        keys = []
        while True:
            self._next()
            at = self._at
            keys.append((self._skip(_BARE) or _plain(self._skip(_TEXT)), at))
            if not self._skip(_DOT):
                return keys

    def _value(self, way: Keys) -> None:
        if self._take("["):
            number = 0
            while not self._take("]"):
                self._spots[(*way, number)] = self._at
                self._value((*way, number))
                self._take(",")
                number += 1
        elif self._take("{"):
            while not self._take("}"):
                self._pair(way)
                self._take(",")
        else:
            self._skip(_TEXT) or self._skip(_OTHER)


def _plain(quoted: str) -> str:
    """The value of a quoted key."""
    import tomllib  # noqa: PLC0415

    text: str = tomllib.loads(f"key = {quoted}")["key"]
    return text
