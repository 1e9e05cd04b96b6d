"""Reads a configuration file strictly; every mistake is reported with its place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator.config.find_config import PYPROJECT
from validator.config.keys import FORM, Leaf, Open, Table, leaves
from validator.config.settings import Origin, Setting
from validator.errors import ConfigError
from validator.model import MaxErrors
from validator.syntax.near_name import nearest
from validator.syntax.read_text import StopError, read_text
from validator.syntax.toml_document import TomlDocument

if TYPE_CHECKING:
    from validator.config.settings import Key
    from validator.syntax.document import Document

MAX_BYTES = 1 << 20

_MOST_SHOWN = 1 << 64

_KINDS = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def read_config(path: Path, shown: str | None = None, base: str | None = None) -> dict[Key, Setting]:
    """Reads the settings of a configuration file.

    Args:
        path: The file; in a `pyproject.toml`, the table `[tool.uclint]`.
        shown: Its name in messages.
        base: The directory of its relative paths; None for that of the file.

    Raises:
        ConfigError: There are mistakes in it; the error lists all of them.
    """
    name = shown or str(path)
    try:
        document = TomlDocument(name, read_text(path, MAX_BYTES, "keep only settings in it"))
    except StopError as stop:
        place = f"{name}:{stop.at.line}:{stop.at.column}" if stop.at else name
        raise ConfigError([f"{place}: {stop.message}; {stop.help}"]) from None
    inside: Key = ("tool", "uclint") if path.name == PYPROJECT else ()
    directory = os.path.relpath(path.parent) if base is None else base
    return settings_of(document, inside, directory)


def settings_of(document: Document, inside: Key = (), directory: str = ".") -> dict[Key, Setting]:
    """Reads the settings of a document.

    Args:
        document: The document.
        inside: The keys of uclint's table.
        directory: The directory of relative paths.

    Raises:
        ConfigError: There are mistakes in it; the error lists all of them.
    """
    reading = _Reading(document, inside, directory)
    value = document.value
    for number, key in enumerate(inside):
        value = value.get(key, {}) if isinstance(value, dict) else value
        if not isinstance(value, dict):
            reading.mistake(inside[: number + 1], f"`{key}` must be a table", outside=True)
            break
    else:
        reading.table(FORM, value, ())
    if reading.mistakes:
        raise ConfigError([text for _, text in sorted(reading.mistakes)])
    return reading.settings


class _Reading:
    def __init__(self, document: Document, inside: Key, directory: str) -> None:
        self.document = document
        self.inside = inside
        self.directory = directory
        self.settings: dict[Key, Setting] = {}
        self.mistakes: list[tuple[tuple[int, int], str]] = []

    def mistake(self, way: tuple[str | int, ...], message: str, *, outside: bool = False) -> None:
        mark = self.document.mark(way if outside else (*self.inside, *way))
        self.mistakes.append((mark, f"{self.document.path}:{mark.line}:{mark.column}: {message}"))

    def origin(self, way: tuple[str | int, ...]) -> Origin:
        mark = self.document.mark((*self.inside, *way))
        return Origin("file", self.document.path, mark.line, mark.column)

    def table(self, form: Table, value: dict[str, Any], way: Key) -> None:
        for key, member in value.items():
            node = form.members.get(key)
            here = (*way, key)
            if node is None:
                self.unknown(here, form.members)
            elif isinstance(node, Leaf):
                self.leaf(node, member, here)
            elif not isinstance(member, dict):
                self.mistake(here, f"`{'.'.join(here)}` must be a table, not {_kind(member)}")
            elif isinstance(node, Table):
                self.table(node, member, here)
            else:
                self.open(node, member, here, nested=node.nested)

    def open(self, form: Open, value: dict[str, Any], way: Key, *, nested: bool) -> None:
        for key, member in value.items():
            here = (*way, key)
            if form.keys and key not in form.keys:
                self.unknown(here, form.keys)
            elif not key:
                self.mistake(here, f"a name in `{'.'.join(way)}` is empty")
            elif nested and isinstance(member, dict):
                self.open(form, member, here, nested=False)
            else:
                self.leaf(form.value, member, here)

    def unknown(self, way: Key, known: Any) -> None:
        *above, key = way
        where = f" in `{'.'.join(above)}`" if above else ""
        near = nearest(key, list(known)) or _elsewhere(key)
        hint = f"did you mean `{'` or `'.join(near)}`?" if near else f"there are {', '.join(known)}"
        self.mistake(way, f"unknown key {_quoted(key)}{where}; {hint}")

    def leaf(self, leaf: Leaf, value: Any, way: Key) -> None:
        if leaf.kind == "convention" and isinstance(value, dict):
            self.pattern(value, way)
            return
        if wrong := _wrong(leaf, value):
            self.mistake(way, f"`{'.'.join(way)}` must be {wrong}")
            return
        elements: tuple[Origin, ...] = ()
        if leaf.kind == "texts":
            for number, text in enumerate(value):
                if wrong := _wrong_text(text):
                    self.mistake((*way, number), f"an element of `{'.'.join(way)}` must be {wrong}")
                    return
            elements = tuple(self.origin((*way, number)) for number in range(len(value)))
            moved = self.glob if leaf.names else self.path if leaf.path else str
            value = tuple(map(moved, value))
        elif leaf.path:
            value = self.path(value)
        elif leaf.kind == "whole":
            value = int(value)
        elif leaf.kind == "errors":
            value = str(value)
        self.settings[way] = Setting(value, self.origin(way), elements)

    def pattern(self, value: dict[str, Any], way: Key) -> None:
        """Reads a table with a pattern, given instead of a choice."""
        for key in value:
            if key != "pattern":
                self.unknown((*way, key), ("pattern",))
        if "pattern" not in value:
            self.mistake(way, f"`{'.'.join(way)}` must have a `pattern`")
        elif wrong := _wrong_text(value["pattern"]):
            self.mistake((*way, "pattern"), f"`{'.'.join((*way, 'pattern'))}` must be {wrong}")
        else:
            self.settings[way] = Setting(value, self.origin((*way, "pattern")))

    def path(self, text: str) -> str:
        """A path relative to the working directory."""
        if text == "-" or self.directory in ("", ".") or Path(text).is_absolute():
            return text
        return os.path.normpath(os.path.join(self.directory, text))  # noqa: PTH118 - globs are not paths

    def glob(self, text: str) -> str:
        """A glob relative to the working directory; it keeps a slash, so that it still matches paths."""
        if "/" not in text.rstrip("/"):
            return text
        path = self.path(text)
        return path if "/" in path else f"./{path}"


def _elsewhere(key: str) -> list[str]:
    """Suggests keys of other tables."""
    known = {way[-1]: ".".join(way) for way in leaves()}
    return [known[name] for name in nearest(key, list(known))]


def _wrong(leaf: Leaf, value: Any) -> str:
    """What a value must be, if it is wrong."""
    match leaf.kind:
        case "text" | "texts":
            several = "" if isinstance(value, list) else f"a list of strings, not {_kind(value)}"
            return _wrong_text(value) if leaf.kind == "text" else several
        case "flag":
            return "" if isinstance(value, bool) else f"true or false, not {_kind(value)}"
        case "share":
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            return "" if number and 0 <= value <= 1 else f"a number from 0 to 1, not {_kind(value, number=number)}"
        case "whole":
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            fits = number and value % 1 == 0 and leaf.low <= value <= leaf.high
            return (
                "" if fits else f"a whole number from {leaf.low:,} to {leaf.high:,}, not {_kind(value, number=number)}"
            )
        case "errors":
            return "" if _is_max_errors(value) else 'a whole number from 1, or a share such as "5%"'
        case "choice" | "convention":
            return "" if value in leaf.choices else _wrong_choice(leaf, value)


def _is_max_errors(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return False
    try:
        MaxErrors.parse(value if isinstance(value, str) else _digits(value))
    except ValueError:
        return False
    return True


def _digits(number: int) -> str:
    return str(number) if abs(number) <= _MOST_SHOWN else ""  # Python refuses to print very long numbers


def _wrong_choice(leaf: Leaf, value: Any) -> str:
    other = ", or a table with a `pattern`" if leaf.kind == "convention" else ""
    near = nearest(value, leaf.choices) if isinstance(value, str) else []
    hint = f"; did you mean {_quoted(near[0])}?" if near else ""
    actual = _quoted(value) if isinstance(value, str) else _kind(value)
    return f"one of {', '.join(map(_quoted, leaf.choices))}{other}, not {actual}{hint}"


def _wrong_text(value: Any) -> str:
    if not isinstance(value, str):
        return f"a string, not {_kind(value)}"
    if not value or "\0" in value:
        return "a non-empty string" if not value else "a string without null characters"
    return ""


def _kind(value: Any, *, number: bool = False) -> str:
    if number:
        enormous = isinstance(value, int) and abs(value) > _MOST_SHOWN  # Python refuses to print very long numbers
        return "one far beyond that" if enormous else f"{value:,}".removesuffix(".0")
    return _KINDS.get(type(value), "a date or time")


def _quoted(text: str) -> str:
    return '"' + text[:60].encode("unicode_escape").decode() + '"' if not text.isprintable() else f'"{text[:60]}"'
