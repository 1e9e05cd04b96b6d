"""Decodes gzip with zlib-ng (docs/performance.md says why), up to the damaged byte."""

from __future__ import annotations

import contextlib
from typing import Any

from zlib_ng import zlib_ng

from validator.input.decoder import CorruptError

# The type stubs lack a decompressor's `copy`, and that the error is a class.
_zlib: Any = zlib_ng

# A member is decoded in portions: the first about as large as the previous member, the next ones growing. A read may
# contain thousands of members, and what a member leaves of its portion is copied.
_LEAST, _LARGEST = 1 << 10, 1 << 16

# A portion may expand a thousandfold; above this size, it is decoded in smaller ones.
_MOST = 1 << 20


class GzipDecoder:
    """Decodes one gzip member after another."""

    ended = True

    def __init__(self) -> None:
        self._portion = _LEAST
        self._size = 0  # of the current member, as far as decoded

    def begin(self) -> None:
        """Starts the next member."""
        self._member = _zlib.decompressobj(wbits=31)
        self._portion = max(_LEAST, min(self._size + self._size // 8, _LARGEST))
        self._size = 0
        self.ended = False

    def decode(self, data: memoryview) -> tuple[bytes, int]:
        """Decodes bytes of the member; returns the output and the number of bytes consumed.

        Raises:
            CorruptError: The data cannot be decoded any further.
        """
        portion = data[: self._portion]
        least = len(portion) <= _LEAST
        before = self._member.copy()
        try:
            output: bytes = self._member.decompress(portion, 0 if least else _MOST)
        except _zlib.error:
            raise CorruptError(_before_fault(before, portion)) from None
        if len(output) == _MOST and not least:
            # Output may be held back, so that call is undone. The smallest portion expands to little more than this.
            self._member, self._portion = before, _LEAST
            return self.decode(data)
        taken = len(portion) - len(self._member.unused_data)
        self._size += taken
        if len(output) < _MOST // 2:
            self._portion = min(2 * self._portion, _LARGEST)
        self.ended = self._member.eof
        return output, taken


def _before_fault(member: Any, data: memoryview) -> bytes:
    """Decodes up to the damage byte by byte: a failed call returns nothing, not even what came before."""
    output = bytearray()
    with contextlib.suppress(_zlib.error):
        for i in range(len(data)):
            output += member.decompress(data[i : i + 1])
    return bytes(output)
