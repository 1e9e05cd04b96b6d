"""Follows brackets and strings to the end of an element; does not check that it is JSON."""

from __future__ import annotations

from validator.lazy_pattern import LazyPattern

# Up to a bracket, or to the quote of a string that does not end on its line (or not yet). Matching brackets, nested at
# most once, are skipped at once.
_FLAT = rb'(?:[^"{}\[\]]++|"(?:[^"\\\n]++|\\[^\n])*+"%b)*+'
_PAIR = rb"|\{%b\}|\[%b\]"
_INNER = _FLAT % b""
_OUTER = _FLAT % (_PAIR % (_INNER, _INNER))
_TO_BRACKET = LazyPattern(_FLAT % (_PAIR % (_OUTER, _OUTER)) + rb'["{}\[\]]')
_INSIDE_STRING = LazyPattern(rb'(?:[^"\\\n]++|\\[^\n])*+')
_PLAIN_IN_ARRAY = LazyPattern(rb'[^",\]\n]*+')
_PLAIN = LazyPattern(rb'[^" \t\r\n{\[]*+')  # not `\s`, which is more than JSON's white space

_QUOTE, _ESCAPE, _LINE_END = b'"\\\n'
_CLOSING = {0x7B: 0x7D, 0x5B: 0x5D}


class Follower:
    """Follows elements one after another; an element may span several reads.

    Attributes:
        mismatched: Whether a bracket was closed by one of another kind.
    """

    def __init__(self) -> None:
        self.mismatched = False
        self._open = bytearray()  # the closing brackets still expected
        self._in_string = False
        self._plain = _PLAIN

    def begin(self, first: int, *, in_array: bool) -> None:
        """Starts an element and always takes its first byte, so no element is empty."""
        self.mismatched = False
        self._open.clear()
        if first in _CLOSING:
            self._open.append(_CLOSING[first])
        self._in_string = first == _QUOTE
        self._plain = _PLAIN_IN_ARRAY if in_array else _PLAIN

    def follow(self, buffer: bytes | bytearray, scan: int, end: int) -> tuple[int, bool]:
        """Continues at an offset in the buffer; returns the new offset, and whether the element ends there."""
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
        """Follows an object or array to its closing bracket."""
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
        """Follows the inside of a string; returns the new offset. A line end ends it, as in JSON."""
        found = _INSIDE_STRING.match(buffer, scan, end)
        scan = found.end() if found else scan
        if scan >= end or (buffer[scan] == _ESCAPE and scan + 1 >= end):
            return scan
        self._in_string = False
        return scan + (buffer[scan] != _LINE_END)
