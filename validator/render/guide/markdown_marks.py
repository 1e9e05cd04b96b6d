"""Text from events, plans and people made harmless in Markdown; a guide has room for longer texts than a comment."""

from __future__ import annotations

from validator.render.markdown_marks import harmless

LONGEST = 400


def text(content: str) -> str:
    """Text in which nothing acts."""
    return harmless(content, LONGEST)


def code(name: str) -> str:
    """A name, set apart."""
    return f"<code>{text(name)}</code>"
