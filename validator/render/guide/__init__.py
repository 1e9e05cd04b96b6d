"""Formats of recommendations and checklists: one pure function each, in a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = ("text", "json", "markdown", "html")


def guide_renderer(what: str, form: str) -> Callable[..., str]:
    """The function of a format, which renders an object, with a style, to text.

    Args:
        what: `recommendation` or `checklist`.
        form: One of FORMATS.
    """
    from importlib import import_module  # noqa: PLC0415 - only what is used

    module: Any = import_module(f"validator.render.guide.{what}_{form}")
    found: Callable[..., str] = module.render
    return found
