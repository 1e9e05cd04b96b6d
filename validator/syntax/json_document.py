"""Reads JSON as plain values. Places are looked up only on demand."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TYPE_CHECKING

from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code
from validator.syntax.read_text import Mark, StopError, mark_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from validator.syntax.document import Keys
    from validator.syntax.plan_file import PlanFile

MAX_BYTES = 8 << 20
MAX_DEPTH = 64
MAX_MARKS = 300_000  # `,`, `[`, `{` and `:`: their number bounds that of the values

_decode = json.JSONDecoder().raw_decode

_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')
_MOST_REPORTED = 20
_SKIPPED = 10  # most characters scanned for places, per character of the text; enough for any plan


class JsonDocument:
    """A JSON file."""

    __slots__ = ("_children", "_line_ends", "_text", "_to_skip", "path", "value")

    def __init__(self, path: str, text: str, value: Any) -> None:
        self.path = path
        self.value = value
        self._text = text
        self._line_ends: list[int] = []
        self._to_skip = _SKIPPED * len(text)
        self._children: dict[int, dict[str | int, tuple[int, int]]] = {}

    def mark(self, keys: Sequence[str | int]) -> Mark:
        """The place of a value (of its key, in an object), else of the nearest value around it."""
        value = at = self._skip(0)
        for key in keys:
            found = self._inside(value).get(key)
            if found is None:
                break
            at, value = found
        if not self._line_ends:
            self._line_ends = [-1, *(end.start() for end in re.finditer("\n", self._text))]
        line = bisect_left(self._line_ends, at)
        return Mark(line, at - self._line_ends[line - 1])

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _inside(self, at: int) -> dict[str | int, tuple[int, int]]:
        """The members of the object or array at an offset: offsets of the key (or element) and of the value."""
        if at not in self._children:
            if self._to_skip < 0:
                return {}
            opening = self._text[at]
            self._children[at] = self._members(at) if opening == "{" else self._elements(at) if opening == "[" else {}
        return self._children[at]

    def _members(self, at: int) -> dict[str | int, tuple[int, int]]:
        found: dict[str | int, tuple[int, int]] = {}
        key = self._skip(at + 1)
        while self._text[key] != "}":
            name, end = scanstring(self._text, key + 1)
            value = self._skip(self._skip(end) + 1)
            found[name] = (key, value)
            key = self._after(value)
        return found

    def _elements(self, at: int) -> dict[str | int, tuple[int, int]]:
        found: dict[str | int, tuple[int, int]] = {}
        value = self._skip(at + 1)
        while self._text[value] != "]":
            found[len(found)] = (value, value)
            value = self._after(value)
        return found

    def _after(self, value: int) -> int:
        """Where the next member starts, or the closing bracket is."""
        end = self._skip(_decode(self._text, value)[1])
        self._to_skip -= end - value
        return self._skip(end + 1) if self._text[end] == "," else end


def parse_json(text: str, file: PlanFile) -> JsonDocument | None:
    """Parses JSON; None if it has duplicate keys, which are reported (PL601).

    Raises:
        StopError: It is not JSON, or exceeds a limit.
    """
    _bound(text)
    repeated = False

    def member(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        made = dict(pairs)
        repeated = repeated or len(made) < len(pairs)
        return made

    try:
        value = json.loads(text, object_pairs_hook=member, parse_constant=_refuse, parse_float=_finite)
    except json.JSONDecodeError as error:
        at = Mark(error.lineno, error.colno)
        raise StopError(at, f"not JSON: {error.msg}", "fix it here or just above", Code.NOT_JSON) from None
    except RecursionError:
        raise _too_deep(text) from None
    except ValueError as error:
        why = "a number with too many digits" if "digits" in str(error) else str(error)
        raise StopError(
            None, f"not JSON: {why}", "numbers must be finite and of a sane length", Code.NOT_JSON
        ) from None
    if _too_nested(value):
        raise _too_deep(text)
    if repeated:
        _report_repeated(text, file)
        return None
    return JsonDocument(str(file.path), text, value)


def _bound(text: str) -> None:
    if sum(map(text.count, ",[{:")) > MAX_MARKS:
        raise StopError(None, "the file holds too many values", "split it; no plan needs this many", Code.TOO_LARGE)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is beyond what a double holds")
    return number


def _too_nested(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return False
        level = (
            [
                child
                for holder in level
                for child in (holder.values() if isinstance(holder, dict) else holder)
                if isinstance(child, dict | list)
            ]
            if isinstance(level[0], dict | list)
            else []
        )
    return True


def _too_deep(text: str) -> StopError:
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
        if depth > MAX_DEPTH:
            at = mark_of(text[: token.start()])
            break
    else:
        at = Mark(1, 1)
    return StopError(at, f"nested more than {MAX_DEPTH} deep", "no plan needs this; check the brackets", Code.TOO_LARGE)


def _report_repeated(text: str, file: PlanFile) -> None:
    """Reports duplicate keys of an object, up to a limit."""
    open_keys: list[dict[str, int] | None] = []
    expects_key = False
    reported = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "{[":
            open_keys.append({} if sign == "{" else None)
        elif sign in "}]":
            open_keys.pop()
        elif sign[0] == '"' and expects_key and (keys := open_keys[-1]) is not None:
            name = json.loads(sign)
            if name in keys:
                first = text.count("\n", 0, keys[name]) + 1
                message = f"the key {shown(name)} is already on line {first}"
                file.report(Code.DUPLICATE_KEY, mark_of(text[: token.start()]), message, "keep one of the two")
                reported += 1
                if reported == _MOST_REPORTED:
                    return
            keys.setdefault(name, token.start())
        expects_key = sign in "{,"


def location(keys: Keys) -> str:
    """The path to a value in readable form, such as `rules[3].jsonSchema`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
