"""Small parts of Markdown: escaped names and sentences, tables, folded sections.

Names are put in `<code>` with special characters as character references, so no name can make a link, a mention, a
table cell or a tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.render.phrases import clip, split_at_names
from validator.render.terminal_style import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

# Longest name or path; sentences may be four times as long.
LONGEST = 200

# Characters with a meaning in Markdown, tables or links. A link may also start with `www.`.
_SPECIAL = re.compile(r"[^\w .,;:()%/'\"?!-]|_|:(?=/)|(?<=www)\.", re.IGNORECASE)

_BACKTICKS = re.compile("&#96;(.*?)&#96;")


def harmless(content: str, limit: int = LONGEST) -> str:
    """Escapes text: special characters become character references."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", clip(safe(content), limit))


def code(name: str) -> str:
    """A name, as code; empty for an empty one."""
    return f"<code>{harmless(name)}</code>" if name else ""


def text(content: str, limit: int = LONGEST) -> str:
    """Text, escaped; @ and # make no mentions or issue links."""
    escaped = _BACKTICKS.sub(r"<code>\1</code>", harmless(content, limit))
    return escaped.replace("&#64;", "<code>&#64;</code>").replace("&#35;", "<code>&#35;</code>")


def prose(sentence: str, names: Iterable[str] = ()) -> str:
    """A sentence of uclint that may contain such names."""
    parts = split_at_names(clip(sentence, 4 * LONGEST), names)
    return "".join(code(part) if number % 2 else text(part, 4 * LONGEST) for number, part in enumerate(parts))


def folded(title: str, body: str) -> str:
    """A folded section with a title."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def table(head: Iterable[str], rows: Iterable[str]) -> str:
    """A table; a column whose name starts with `>` is right-aligned."""
    names = list(head)
    rule = "".join("--:|" if name.startswith(">") else "---|" for name in names)
    return "\n".join([row(name.removeprefix(">") for name in names), f"|{rule}", *rows])


def row(cells: Iterable[str]) -> str:
    """A row of a table."""
    return "| " + " | ".join(cells) + " |"
