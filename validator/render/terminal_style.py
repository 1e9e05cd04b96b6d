"""Colour, width and characters of terminal text, and escaping of event data."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

_SGR = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36}

_SGR_CODE = re.compile(r"\x1b\[[0-9;]*m")

# Format characters can reorder or hide text; look-alike spaces would not be noticed.
_UNSAFE = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"])


class Style(msgspec.Struct, frozen=True):
    """The style of the output.

    Attributes:
        width: Columns.
        color: Whether to colour.
        unicode: Whether characters beyond ASCII can be shown.
    """

    width: int = 80
    color: bool = False
    unicode: bool = True

    def paint(self, text: str, *looks: str) -> str:
        """The text in a colour or weight, if there is colour."""
        if not (self.color and looks and text):
            return text
        return f"\x1b[{';'.join(str(_SGR[look]) for look in looks)}m{text}\x1b[0m"

    def bar(self, share: float, width: int) -> str:
        """A bar as wide as `width`; full only at 1 and empty only at 0."""
        full = round(share * width)
        full = min(max(full, 1), width - 1) if 0 < share < 1 and width > 1 else full
        on, off = ("█", "░") if self.unicode else ("#", ".")
        return on * full + off * (width - full)

    def pick(self, fancy: str, plain: str) -> str:
        """The first text if Unicode can be shown, else the second."""
        return fancy if self.unicode else plain

    def text(self, text: str) -> str:
        """Text from an event or a plan, escaped where unsafe or not displayable."""
        shown = safe(text)
        return shown if self.unicode else shown.encode("ascii", "backslashreplace").decode("ascii")


PLAIN = Style()


# Azure Pipelines, older GitHub runners and TeamCity obey these anywhere in a line.
_COMMAND = re.compile(r"##(?=\[|vso\[|teamcity\[)")


def safe(text: str) -> str:
    """Escapes whatever a terminal or a CI runner would act on."""
    if "##" in text:
        text = _COMMAND.sub(r"#\\x23", text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == " " or unicodedata.category(c) not in _UNSAFE else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def columns(text: str) -> int:
    """The width of a text in columns."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """The text cut or filled to exactly `width` columns."""
    if columns(text) > width:
        while text and columns(text) > width - len(ellipsis):
            text = text[:-1]
        text += ellipsis if width >= len(ellipsis) else ""
    return text + " " * (width - columns(text))


def wrap(text: str, style: Style, indent: int = 0) -> list[str]:
    """Wraps text at spaces to `style.width` columns; further lines are indented.

    Spaces within a line are kept. Words longer than a line are broken. Colour codes have no width.
    """
    lines: list[str] = []
    line = " " * (len(text) - len(text.lstrip(" ")))
    empty = True  # the line has only its indentation
    for word in text.lstrip(" ").split(" "):
        rest = word if empty else f" {word}"
        if _visible(line + rest) > style.width and not empty:
            lines.append(line.rstrip(" "))
            line, rest = " " * indent, word
        while _visible(line + rest) > style.width:
            cut = _fitting(rest, style.width - columns(line))
            lines.append(line + rest[:cut])
            line, rest = " " * indent, rest[cut:]
        line += rest
        empty = False
    return [*lines, line]


def wrap_whole(lead: str, words: Iterable[str], style: Style) -> list[str]:
    """Wraps words after a lead to `style.width` columns; further lines are indented like the first.

    For text to copy or click: words are never broken, even if longer than a line.
    """
    lines = [lead]
    for word in words:
        line = lines[-1] if lines[-1] == lead else f"{lines[-1]} "
        if columns(line + word) > style.width and lines[-1].strip() and lines[-1] != lead:
            lines.append(" " * columns(lead) + word)
        else:
            lines[-1] = line + word
    return lines


def _fitting(text: str, width: int) -> int:
    """How many characters fit; at least one."""
    if text.isascii():
        return max(width, 1)
    end = 1
    while end < len(text) and columns(text[: end + 1]) <= width:
        end += 1
    return end


def _visible(text: str) -> int:
    return columns(_SGR_CODE.sub("", text))
