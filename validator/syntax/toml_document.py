"""TOML text as plain values. Python's own parser reads it; the lines of keys are then looked up in the text."""

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

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'|#[^\n]*|[\[\]{}=\n]",
    re.DOTALL,
)


class TomlDocument:
    """TOML text.

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
    def _marks(self) -> dict[Keys, Mark]:
        return _marks(self._text.replace("\r\n", "\n"))

    def mark(self, keys: Sequence[str | int]) -> Mark:
        """The place of a value's key, else of the nearest table or array around it with a known place."""
        ways = (tuple(keys[:length]) for length in range(len(keys), 0, -1))
        return next((self._marks[way] for way in ways if way in self._marks), Mark(1, 1))


def _marks(text: str) -> dict[Keys, Mark]:
    """The place of each table and key; what is inside braces or an array is at the place of its key.

    A parser has already accepted the text, so nothing needs to be rejected here.
    """
    marks: dict[Keys, Mark] = {}
    last: dict[Keys, int] = {}  # array of tables -> index of its last table
    table: Keys = ()
    line, depth, start, at, has_key = 1, 0, 0, 1, False
    for token in _TOKEN.finditer(text + "\n"):
        part = token[0]
        depth += (part in ("[", "{")) - (part in ("]", "}"))
        line += part.count("\n")
        statement = text[start : token.start()]
        mark = Mark(at, len(statement) - len(statement.lstrip(" \t")) + 1)
        if part == "=" and not depth and not has_key:
            has_key = True
            _place(marks, mark, table, _keys(f"{statement}= 0")[0], last)
        elif part == "\n" and not depth:
            if not has_key and statement.lstrip(" \t").startswith("["):
                keys, is_repeated = _keys(statement)
                table = _place(marks, mark, (), keys, last, is_repeated=is_repeated)
            start, at, has_key = token.end(), line, False
    return marks


def _place(
    marks: dict[Keys, Mark],
    mark: Mark,
    table: Keys,
    keys: Sequence[str],
    last: dict[Keys, int],
    *,
    is_repeated: bool = False,
) -> Keys:
    """Records the places of dotted keys; returns the path to the last of them."""
    way = table
    for number, key in enumerate(keys, 1):
        way = (*way, key)
        marks.setdefault(way, mark)
        if is_repeated and number == len(keys):
            last[way] = last.get(way, -1) + 1
        if way in last:
            way = (*way, last[way])
            marks.setdefault(way, mark)
    return way


def _keys(statement: str) -> tuple[list[str], bool]:
    """The keys of a header or a pair, and whether it is a header in double brackets."""
    import tomllib  # noqa: PLC0415

    keys = []
    value: Any = tomllib.loads(statement)
    while isinstance(value, dict) and value:
        ((key, value),) = value.items()
        keys.append(key)
    return keys, isinstance(value, list)
