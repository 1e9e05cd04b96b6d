"""How a report is said: one pure function for each format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.render.json import render_json
from validator.render.style import Style
from validator.render.text import render_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from validator.report import Report, Verdict

FORMATS: Mapping[str, Callable[[Report, Verdict, Style], str]] = {
    "text": render_text,
    "json": render_json,
}

__all__ = ["FORMATS", "Style", "render_json", "render_text"]
