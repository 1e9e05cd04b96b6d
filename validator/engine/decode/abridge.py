"""Abridges huge calls: the result is judged and counted like the original, but takes little memory when decoded.

Most values matter only by type. So long texts are cut, arrays keep an element of each type, and objects lose their
members. Values that a plan looks into are kept whole.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from validator.engine.decode.call import Value
from validator.engine.decode.json_exact import parse
from validator.engine.near_miss import LONGEST, shortened_pieces
from validator.input.json_spans import Span, content_start, item_groups, key_name, members
from validator.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.engine.decode.key_paths import Wanted

LARGE = 1 << 20
"""Size in bytes from which a call is abridged; a name or an id of this size is cut."""

# Bytes kept of the value of a planned property, and of any other.
_OF_PLANNED = 1 << 12
_OF_OTHERS = 1 << 8

# Unplanned properties kept.
_MOST_OTHERS = 20_000

# An integer of this many digits is beyond any bound.
_DIGITS = 400

_ITEMS = 1 << 16
_CALL = ("type", "event", "messageId", "userId", "anonymousId", "batch")
_PROPERTIES = "properties"

_STAND_INS = {str: b'""', int: b"0", float: b"0.5", bool: b"true", type(None): b"null", list: b"[]"}
_values = msgspec.json.Decoder(list[Value]).decode
_INTEGER = LazyPattern(rb"-?+[0-9]++(?![.eE0-9])")
_PLAIN_TEXT = LazyPattern(rb'"(?:[^"\\]++|\\u[0-9a-fA-F]{4}|\\[^u])*+')
_UNITS = LazyPattern(
    rb"[^\\]{1,65536}+|(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^u]){1,8192}+"
)


class Abridger:
    """Abridges the calls of one program."""

    def __init__(self, wanted: Wanted) -> None:
        self._all = wanted.whole
        self._fields = {*_CALL, *wanted.fields, *wanted.others} - {_PROPERTIES}
        self._whole = {path[0] for path in wanted.looked_into if len(path) == 1}
        self._whole |= (wanted.deep - {_PROPERTIES}) | {path[0] for path in wanted.paths if len(path) > 1}
        self._planned = wanted.properties
        self._whole_properties = {path[1] for path in wanted.looked_into if len(path) == 2 and path[0] == _PROPERTIES}

    def __call__(self, call: bytes) -> bytes:
        """Abridges a call, given as a JSON object."""
        if self._all:
            return call
        found: dict[str, Span] = {}  # of duplicate keys the last one counts
        for key, value in members(call, content_start(call)):
            name = key_name(call, key, LONGEST)
            if name == _PROPERTIES or name in self._fields:
                found[name] = value
        parts = []
        for name, value in found.items():
            if name in self._whole:
                text = _text(call, value)
            elif name == _PROPERTIES and call.startswith(b"{", value[0]):
                text = self._properties(call, value)
            else:
                text = _short(call, value, LARGE)  # a text may be a name or an id, which matters in full
            parts.append(json.dumps(name).encode() + b":" + text)
        return b"{" + b",".join(parts) + b"}"

    def _properties(self, data: bytes, properties: Span) -> bytes:
        planned: dict[str, Span] = {}
        others: dict[str, bytes] = {}
        for key, value in members(data, properties[0]):
            # A name is empty only if its key is empty or long.
            name = key_name(data, key, LONGEST) or (shortened_pieces(_pieces(data, key)) if key[1] > key[0] + 2 else "")
            if name in self._planned:
                planned[name] = value
            elif name in others or len(others) < _MOST_OTHERS:
                others[name] = _short(data, value, _OF_OTHERS)
        for name, value in planned.items():
            whole = name in self._whole_properties
            others[name] = _text(data, value) if whole else _short(data, value, _OF_PLANNED)
        return b"{" + b",".join(json.dumps(name).encode() + b":" + text for name, text in others.items()) + b"}"


def _text(data: bytes, span: Span) -> bytes:
    return data[span[0] : span[1]]


def _short(data: bytes, value: Span, most: int) -> bytes:
    """Abridges a value to about a maximum size."""
    start, end = value
    first = data[start : start + 1]
    if end - start <= (min(most, _OF_OTHERS) if first in (b"[", b"{") else most):
        return _text(data, value)
    if first == b"[":
        return _short_array(data, start)
    if first == b"{":
        return b"{}"
    return _short_text(data, value, most) if first == b'"' else _short_number(data, value)


def _short_text(data: bytes, value: Span, most: int) -> bytes:
    if most == LARGE:
        return json.dumps(shortened_pieces(_pieces(data, value))).encode()
    found = _PLAIN_TEXT.match(data, value[0], value[0] + most)
    return (found[0] if found else b'"').decode(errors="ignore").encode() + b'"'


def _short_number(data: bytes, value: Span) -> bytes:
    if (digits := _INTEGER.match(data, value[0])) and digits.end() == value[1]:
        return data[value[0] : value[0] + _DIGITS]
    number = float(_text(data, value))
    return repr(number).encode() if abs(number) != float("inf") else b"-1e999"[number > 0 :]


def _short_array(data: bytes, start: int) -> bytes:
    """An array with its first elements, and one element of each type."""
    first = next(item_groups(data, start, _OF_OTHERS), (start, start))
    head = _text(data, first).rstrip(b" \t\r\n,") if first[1] - first[0] <= _OF_OTHERS else b""
    kinds: dict[type, None] = {}
    for begin, end in item_groups(data, start, _ITEMS):
        if end - begin > _ITEMS:
            kinds[_kind(data[begin : begin + 1])] = None
            continue
        text = b"[" + data[begin:end].rstrip(b" \t\r\n,") + b"]"
        try:
            kinds |= dict.fromkeys(map(type, _values(text)))
        except (msgspec.MsgspecError, RecursionError):
            kinds |= dict.fromkeys(map(type, parse(text)))
    return b"[" + b",".join([*filter(None, [head]), *(_STAND_INS.get(kind, b"{}") for kind in kinds)]) + b"]"


def _kind(first: bytes) -> type:
    """The type of a long element, by its first byte."""
    return {b'"': str, b"[": list, b"{": dict}.get(first, int)


def _pieces(data: bytes, string: Span) -> Iterator[bytes]:
    """The text of a string in UTF-8, in pieces."""
    for found in _UNITS.finditer(data, string[0] + 1, string[1] - 1):
        piece = found[0]
        if piece.startswith(b"\\"):
            piece = str(json.loads(b'"' + piece + b'"')).encode("utf-8", "surrogatepass")
        yield piece
