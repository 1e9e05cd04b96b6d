"""Checks that a long line is JSON, without building its values."""

from __future__ import annotations

import re

import msgspec

from validator.engine.decode.json_exact import parse
from validator.lazy_pattern import LazyPattern

_any_json = msgspec.json.Decoder(msgspec.Raw).decode

_ESCAPE = LazyPattern(rb"\\(?:(u[dD][89a-fA-F])|.)", re.DOTALL)

# Shorter texts are parsed to check them.
_SHORT = 1 << 16


def is_json(data: bytes) -> bool:
    """Whether UTF-8 bytes are JSON (RFC 8259), lone surrogates and numbers of any size included."""
    try:
        _any_json(data)
    except (msgspec.MsgspecError, RecursionError):
        return _is_json_but_for_surrogates(data)
    return True


def _is_json_but_for_surrogates(data: bytes) -> bool:
    """The same for text that a decoder refused, perhaps for lone surrogates: these are replaced first."""
    if len(data) <= _SHORT:
        try:
            parse(data)
        except ValueError:
            return False
        return True
    if b"\\ud" not in data and b"\\uD" not in data:
        return False
    text = bytearray(data)
    for found in _ESCAPE.finditer(data):
        if found[1]:
            text[found.start() + 2] = ord("0")
    try:
        _any_json(text)
    except msgspec.MsgspecError:
        return False
    return True
