"""Recognises calls pasted from a debugger with lines of its page around them: names, times, buttons."""

from __future__ import annotations

import re
from typing import Final

from validator.input.blank_lines import JSON_SPACE
from validator.lazy_pattern import LazyPattern

# Buttons, call types and times, as pages of debuggers show them beside a call.
_OF_PAGE: Final = LazyPattern(
    rb"(?:raw|pretty|json|copy|copied!?|expand|collapse|violations?|details|allowed|blocked"
    rb"|track|page|screen|identify|group|alias"
    rb"|(?:an?|a few|[0-9]+) (?:seconds?|minutes?|hours?|days?) ago|just now"
    rb"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap]m)?"
    rb"|[a-z]{3} [0-9]{1,2},? (?:[0-9]{4},? )?(?:at )?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap]m)?)",
    re.IGNORECASE,
)

# The page has few lines before a call, and short ones.
_MOST: Final = 20
_LONGEST: Final = 200


def first_call(head: bytes) -> int | None:
    """Where the first object begins, below lines of a page; None if the content is not pasted from one.

    Some of the lines must be typical of a debugger's page; a line that could be a broken call does not count as one.
    """
    known, at = False, 0
    for line in head.split(b"\n")[: _MOST + 1]:
        text = line.strip(JSON_SPACE)
        if text == b"{" or _is_object_line(text):
            return at if known else None
        if not _may_be_of_page(text):
            return None
        known = known or is_of_page(text)
        at += len(line) + 1
    return None


def has_page_lines(head: bytes) -> bool:
    """Whether content that begins with a call has lines of a page between its calls.

    Within pretty-printed JSON no line is a bare word.
    """
    return any(is_of_page(line.strip(JSON_SPACE)) for line in head.split(b"\n"))


def is_lines_among_page_lines(content: bytes) -> bool:
    """Whether the whole content is calls of one line each, with lines of a page between them.

    One stray word makes no page: at least one line is typical of it, and nothing else looks like a broken call.
    """
    lines = [line.strip(JSON_SPACE) for line in content.split(b"\n")]
    others = [line for line in lines if line and not _is_object_line(line)]
    calls = any(map(_is_object_line, lines))
    return calls and any(map(is_of_page, others)) and all(map(_may_be_of_page, others))


def _is_object_line(text: bytes) -> bool:
    return text.startswith(b"{") and text.endswith(b"}")


def _may_be_of_page(text: bytes) -> bool:
    """Whether a line is short and no part of a call."""
    return len(text) <= _LONGEST and not text.startswith((b"{", b"[", b'"')) and not text.endswith((b"}", b"]"))


def is_of_page(text: bytes) -> bool:
    """Whether a line, without the spaces around it, is typical of a debugger's page."""
    return _OF_PAGE.fullmatch(text) is not None
