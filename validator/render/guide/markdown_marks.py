"""Escapes text from events, plans and people for Markdown; texts may be longer than in a comment."""

from __future__ import annotations

from validator.render.markdown_marks import harmless

LONGEST = 400


def text(content: str) -> str:
    """Escaped text."""
    return harmless(content, LONGEST)


def code(name: str) -> str:
    """A name, as code."""
    return f"<code>{text(name)}</code>"
