"""Report formats: one pure function each, in a file of its own.

A format's module is imported when used; the names are known without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from validator.render.json import render_json
    from validator.render.terminal_style import Style
    from validator.render.text import render_text
    from validator.report import Report, Verdict

    class Renderer(Protocol):
        """Renders a report as text; only text for a terminal uses the style."""

        def __call__(self, report: Report, verdict: Verdict, style: Style = ...) -> str: ...


# Format -> its module here, and the function in it.
FORMATS: Mapping[str, str] = {
    "text": "text:render_text",
    "json": "json:render_json",
    "jsonl": "jsonl:render_jsonl",
    "sarif": "sarif:render_sarif",
    "junit": "junit:render_junit",
    "github": "github:render_github",
    "gitlab": "gitlab:render_gitlab",
    "markdown": "markdown:render_markdown",
    "html": "html:render_html",
}

_HOME = {"render_json": "json", "render_text": "text", "Style": "terminal_style"}

__all__ = ["FORMATS", "Style", "render_json", "render_text", "renderer"]


def renderer(name: str) -> Renderer:
    """The function of a format, one of FORMATS: from report, verdict and style to text."""
    module, _, function = FORMATS[name].partition(":")
    found: Renderer = getattr(_module(module), function)
    return found


def _module(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415

    return import_module(f"validator.render.{name}")


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
