"""Finds the spans of values in a JSON text without building them, in constant memory.

The text must be JSON: only brackets and strings are followed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from validator.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from collections.abc import Iterator

# Start and end in a text.
Span = tuple[int, int]

_SPACE = rb"[ \t\r\n]*+"
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_FLAT = rb'(?:[^"{}\[\]]++|%b)*+' % _STRING
_NESTED = rb'(?:[^"{}\[\]]++|%b|[{\[]%%b[}\]])*+' % _STRING

# The content of matching brackets, nested at most twice.
_INNER = _NESTED % (_NESTED % _FLAT)
_TO_BRACKET = LazyPattern(_NESTED % _INNER + rb"[{}\[\]]", re.DOTALL)

# A value nested no deeper than that.
_VALUE = rb'(?:%b|[{\[]%b[}\]]|[^ \t\r\n,:"{}\[\]]++)' % (_STRING, _INNER)
_ONE_VALUE = LazyPattern(_VALUE, re.DOTALL)
_SOME_ITEMS = LazyPattern(rb"(?:%b%b,%b)++" % (_VALUE, _SPACE, _SPACE), re.DOTALL)
_KEY = LazyPattern(rb"[ \t\r\n,]*+(%b)%b:%b" % (_STRING, _SPACE, _SPACE), re.DOTALL)
_BETWEEN = LazyPattern(rb"[ \t\r\n,]*+")
_CONTENT = LazyPattern(rb"[^ \t\r\n]")


def content_start(data: bytes) -> int:
    """The offset of the first byte that is not white space; the end if there is none."""
    found = _CONTENT.search(data)
    return found.start() if found else len(data)


def value_end(data: bytes, start: int) -> int:
    """The end of the value that starts at an offset."""
    if found := _ONE_VALUE.match(data, start):
        return found.end()
    depth, at = 1, start + 1
    while depth and (bracket := _TO_BRACKET.match(data, at)):
        at = bracket.end()
        depth += 1 if data[at - 1] in b"{[" else -1
    return at


def members(data: bytes, start: int) -> Iterator[tuple[Span, Span]]:
    """The keys and values of the object that starts at an offset."""
    at = start + 1
    while found := _KEY.match(data, at):
        at = value_end(data, found.end())
        yield found.span(1), (found.end(), at)


def item_groups(data: bytes, start: int, size: int) -> Iterator[Span]:
    """Groups of elements of the array that starts at an offset; a group has at most `size` bytes, or one element."""
    at = start + 1
    while (found := _BETWEEN.match(data, at)) and not data.startswith(b"]", at := found.end()):
        some = _SOME_ITEMS.match(data, at, min(at + size, len(data)))
        end = some.end() if some else value_end(data, at)
        yield at, end
        at = end


def items(data: bytes, group: Span) -> Iterator[Span]:
    """The elements of a group, one by one."""
    at, end = group
    while (found := _BETWEEN.match(data, at, end)) and (at := found.end()) < end:
        begin, at = at, value_end(data, at)
        yield begin, at


def key_name(data: bytes, key: Span, longest: int) -> str:
    """Decodes a key; empty if it is longer than the longest key of interest."""
    begin, end = key
    if end - begin > 6 * longest + 2:  # no character takes more bytes
        return ""
    text = data[begin:end]
    return str(json.loads(text)) if b"\\" in text else text[1:-1].decode()
