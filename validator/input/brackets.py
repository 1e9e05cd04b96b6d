"""Follows brackets and strings to where an element ends; whether it is JSON is decided elsewhere."""

from __future__ import annotations

import re

# Up to a bracket, or to the quote of a string that does not end on its line (or not yet). What is between brackets that
# belong together, with at most one pair inside another, is passed over at once.
_FLAT = rb'(?:[^"{}\[\]]++|"(?:[^"\\\n]++|\\[^\n])*+"%b)*+'
_PAIR = rb"|\{%b\}|\[%b\]"
_INNER = _FLAT % b""
_OUTER = _FLAT % (_PAIR % (_INNER, _INNER))
_TO_BRACKET = re.compile(_FLAT % (_PAIR % (_OUTER, _OUTER)) + rb'["{}\[\]]')
_INSIDE_STRING = re.compile(rb'(?:[^"\\\n]++|\\[^\n])*+')
_PLAIN_IN_ARRAY = re.compile(rb'[^",\]\n]*+')
_PLAIN = re.compile(rb'[^" \t\r\n{\[]*+')  # not `\s`, which is more than JSON's white space

_QUOTE, _ESCAPE, _LINE_END = b'"\\\n'
_CLOSING = {0x7B: 0x7D, 0x5B: 0x5D}


class Follower:
    """Follows one element after another, each over as many reads as it takes.

    Attributes:
        mismatched: Whether a bracket closed one of another kind.
    """

    def __init__(self) -> None:
        self.mismatched = False
        self._open = bytearray()  # the closing brackets that are still to come
        self._in_string = False
        self._plain = _PLAIN

    def begin(self, first: int, *, in_array: bool) -> None:
        """Starts with an element, whose first byte it takes whatever it is: so none is ever empty."""
        self.mismatched = False
        self._open.clear()
        if first in _CLOSING:
            self._open.append(_CLOSING[first])
        self._in_string = first == _QUOTE
        self._plain = _PLAIN_IN_ARRAY if in_array else _PLAIN

    def follow(self, buffer: bytes | bytearray, scan: int, end: int) -> tuple[int, bool]:
        """Goes on from a place in the buffer; tells how far, and whether that is where the element ends."""
        return (self._follow_brackets if self._open else self._follow_scalar)(buffer, scan, end)

    def _follow_scalar(self, buffer: bytes | bytearray, scan: int, end: int) -> tuple[int, bool]:
        """Follows a number, a word, a string or garbage."""
        while True:
            if self._in_string:
                scan = self._follow_string(buffer, scan, end)
                if self._in_string:
                    return scan, False
            found = self._plain.match(buffer, scan, end)
            scan = found.end() if found else scan
            if scan >= end:
                return scan, False
            if buffer[scan] != _QUOTE:
                return scan, True
            scan, self._in_string = scan + 1, True

    def _follow_brackets(self, buffer: bytes | bytearray, scan: int, end: int) -> tuple[int, bool]:
        """Follows an object or array to the bracket that closes it."""
        while True:
            if self._in_string:
                scan = self._follow_string(buffer, scan, end)
                if self._in_string:
                    return scan, False
            while found := _TO_BRACKET.match(buffer, scan, end):
                scan = found.end()
                byte = buffer[scan - 1]
                if byte in _CLOSING:
                    self._open.append(_CLOSING[byte])
                elif byte == _QUOTE:
                    self._in_string = True
                    break
                else:
                    self.mismatched |= self._open.pop() != byte
                    if not self._open:
                        return scan, True
            if not self._in_string:
                return max(scan, end), False

    def _follow_string(self, buffer: bytes | bytearray, scan: int, end: int) -> int:
        """Follows the inside of a string, and tells how far. A line end ends it, as JSON has none there."""
        found = _INSIDE_STRING.match(buffer, scan, end)
        scan = found.end() if found else scan
        if scan >= end or (buffer[scan] == _ESCAPE and scan + 1 >= end):
            return scan
        self._in_string = False
        return scan + (buffer[scan] != _LINE_END)
