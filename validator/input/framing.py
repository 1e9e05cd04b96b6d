"""Detects the framing of an input: one call a line (NDJSON), or documents (an array, pretty-printed objects).

The rows of a table are recognised elsewhere (`tables/kinds.py`).
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING

from validator.input.blank_lines import JSON_SPACE
from validator.input.debugger_page import first_call, has_page_lines, is_lines_among_page_lines
from validator.input.documents import Elements

if TYPE_CHECKING:
    from collections.abc import Iterator


class Framing(StrEnum):
    """How the units of an input are separated."""

    NDJSON = "ndjson"
    DOCUMENTS = "documents"
    TABLE = "table"


def is_pasted(head: bytes) -> bool:
    """Whether documents are pasted from a debugger, with lines of its page around them."""
    text = head.lstrip(JSON_SPACE)
    return first_call(head) is not None or (text.startswith(b"{") and has_page_lines(head))


def detect(head: bytes, *, is_all: bool) -> Framing:
    """Detects the framing by the first bytes of the content.

    A first line that is a JSON value by itself means NDJSON, unless it is an array with nothing after it. Otherwise
    it is documents if the first element is complete but spans lines, or if no line is a value by itself and some line
    does not begin an object. Calls pasted with lines of a debugger's page are documents too: pretty-printed ones below
    such lines, and ones of a line each if they are all there is.

    Args:
        head: The first bytes (64 KiB is plenty).
        is_all: Whether they are the whole content.
    """
    start = first_call(head)
    if start is not None and _first_element_is_sound(head[start:]):
        return Framing.DOCUMENTS
    if is_all and is_lines_among_page_lines(head):
        return Framing.DOCUMENTS
    return _by_lines(head, is_all=is_all)


def _by_lines(head: bytes, *, is_all: bool) -> Framing:
    lines = list(_lines(head, is_all=is_all))
    text = head.lstrip(JSON_SPACE)
    if not text.startswith((b"{", b"[")):
        return Framing.NDJSON
    if not lines:
        return Framing.DOCUMENTS if text.startswith(b"[") or _several(head) else Framing.NDJSON
    first, *others = lines
    if _is_value(first):
        alone = not text.removeprefix(first.lstrip(JSON_SPACE)).strip(JSON_SPACE)
        return Framing.DOCUMENTS if alone and text.startswith(b"[") else Framing.NDJSON
    if _first_element_is_sound(head):
        return Framing.DOCUMENTS
    # If every line begins an object, they are lines, however broken.
    if not others and _several(head):
        return Framing.DOCUMENTS
    begins = bool(others) and text.startswith(b"{") and all(line.startswith(b"{") for line in others)
    return Framing.NDJSON if begins or any(_is_object(line) for line in others) else Framing.DOCUMENTS


def _lines(head: bytes, *, is_all: bool) -> Iterator[bytes]:
    """Complete lines that are not blank."""
    *whole, last = head.split(b"\n")
    for line in [*whole, last] if is_all else whole:
        if line.strip(JSON_SPACE):
            yield line


def _is_value(text: bytes) -> bool:
    try:
        json.loads(text.decode())
    except (ValueError, RecursionError):
        return False
    return True


def _is_object(line: bytes) -> bool:
    return line.startswith(b"{") and _is_value(line)


def _first_element_is_sound(head: bytes) -> bool:
    """Whether the first element is JSON and spans lines."""
    first = next(iter(Elements(None, data=head)), None)
    if first is None or first.data is None or not _is_value(first.data):
        return False
    return first.position >= 0 or b"\n" in first.data


def _several(head: bytes) -> bool:
    """Whether a head without a line end holds one object after another."""
    elements = iter(Elements(None, data=head))
    first = next(elements, None)
    return first is not None and _is_value(first.data or b"") and next(elements, None) is not None
