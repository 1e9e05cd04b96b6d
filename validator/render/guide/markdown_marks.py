"""Text from events, plans and people made harmless in Markdown."""

from __future__ import annotations

import re

from validator.render.phrases import clip
from validator.render.style import safe

LONGEST = 400

# Whatever Markdown, its tables and links may take for more than text.
_SPECIAL = re.compile(r"[^\w .,;:()%/'\"?!-]|_|:(?=/)|(?<=www)\.", re.IGNORECASE)


def text(content: str) -> str:
    """Text in which nothing acts: every character that could mean something is written as a number."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", clip(safe(content), LONGEST))


def code(name: str) -> str:
    """A name, set apart."""
    return f"<code>{text(name)}</code>"
