"""Small parts of Markdown: names from events and plans made harmless, sentences, tables, what is folded.

Names stand in `<code>` with every character that means something written as a number: no name can make a link, a
mention, a table cell or a tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.render.phrases import clip, split_at_names
from validator.render.terminal_style import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

# Names and paths are cut there, and sentences at four times that.
LONGEST = 200

# Whatever Markdown, its tables and links may take for more than text. A link could also start with `www.`.
_SPECIAL = re.compile(r"[^\w .,;:()%/'\"?!-]|_|:(?=/)|(?<=www)\.", re.IGNORECASE)

_BACKTICKS = re.compile("&#96;(.*?)&#96;")


def harmless(content: str, limit: int = LONGEST) -> str:
    """Text in which nothing acts: every character that could mean something is written as a number."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", clip(safe(content), limit))


def code(name: str) -> str:
    """A name, set apart; nothing for an empty one."""
    return f"<code>{harmless(name)}</code>" if name else ""


def text(content: str, limit: int = LONGEST) -> str:
    """Text as it is; an @ or a # on its own names nobody and no issue."""
    escaped = _BACKTICKS.sub(r"<code>\1</code>", harmless(content, limit))
    return escaped.replace("&#64;", "<code>&#64;</code>").replace("&#35;", "<code>&#35;</code>")


def prose(sentence: str, names: Iterable[str] = ()) -> str:
    """A sentence of ours that may hold such names."""
    parts = split_at_names(clip(sentence, 4 * LONGEST), names)
    return "".join(code(part) if number % 2 else text(part, 4 * LONGEST) for number, part in enumerate(parts))


def folded(title: str, body: str) -> str:
    """What the reader opens; the title is shown."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def table(head: Iterable[str], rows: Iterable[str]) -> str:
    """A table; what a column's name starts with `>` is set to the right."""
    names = list(head)
    rule = "".join("--:|" if name.startswith(">") else "---|" for name in names)
    return "\n".join([row(name.removeprefix(">") for name in names), f"|{rule}", *rows])


def row(cells: Iterable[str]) -> str:
    """A row of a table."""
    return "| " + " | ".join(cells) + " |"
