"""Style and script of the HTML pages, kept as files in this folder."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def page_file(name: str) -> str:
    """The content of a file to embed in a page."""
    return "\n" + (files(__package__) / name).read_text("utf-8")
