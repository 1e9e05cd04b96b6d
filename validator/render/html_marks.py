"""Small parts of the HTML page: escaped text and names, bars, badges."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from validator.render.phrases import clip, names_of, split_at_names
from validator.render.terminal_style import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.report import Finding

# Longest name or message shown, so that the page stays readable.
LONGEST = 400

# Minimum width of a part of a bar, so that one call among thousands is visible.
_LEAST = 0.006

_CODE = re.compile("`([^`]*)`")


def text(content: str) -> str:
    """Escaped text from an event, a plan or a path."""
    return escape(clip(safe(content), LONGEST))


def attribute(content: str | None) -> str:
    """Escaped text as the value of an attribute; not cut, and empty for None."""
    return escape(safe(content or ""))


def code(name: str) -> str:
    """A name, as code."""
    return f"<code>{text(name)}</code>"


def prose(content: str) -> str:
    """A text of uclint; its only Markdown is backticks."""
    return _CODE.sub(r"<code>\1</code>", escape(safe(content), quote=False))


def sentence(finding: Finding) -> str:
    """The message, with names as code."""
    parts = split_at_names(clip(finding.message, 4 * LONGEST), names_of(finding))
    return "".join(code(p) if number % 2 else prose(p) for number, p in enumerate(parts))


def bar(parts: Iterable[tuple[str, float]]) -> str:
    """A bar of shares, each with its CSS class; the numbers are beside it."""
    drawn = [(kind, max(share, _LEAST)) for kind, share in parts if share]
    excess = max(sum(share for _, share in drawn) - 1, 0.0)
    largest = max((share for _, share in drawn), default=0.0)
    start = 0.0
    rectangles = []
    for kind, share in drawn:
        width = share
        if share == largest:
            width, excess = share - excess, 0.0
        rectangles.append(f'<rect class="{kind}" x="{start:.2%}" width="{width:.2%}" height="100%"/>')
        start += width
    return f'<svg class="bar" aria-hidden="true">{"".join(rectangles)}</svg>'


def legend(kinds: Iterable[tuple[str, str]]) -> str:
    """A legend for the colours of bars."""
    parts = "".join(
        f'<span><svg aria-hidden="true"><rect class="{kind}" width="100%" height="100%"/></svg>{name}</span>'
        for kind, name in kinds
    )
    return f'<p class="legend">{parts}</p>'


def covered(share: float) -> str:
    """A bar of one share."""
    return bar([("p", share), ("m", 1 - share)])
