"""Decodes gzip, with zlib-ng (docs/performance.md says why), up to the byte at which a fault shows."""

from __future__ import annotations

import contextlib
from typing import Any

from zlib_ng import zlib_ng

from validator.input.decoder import CorruptError

# Its type stubs know neither that a decompressor can be copied nor that the error is a class.
_zlib: Any = zlib_ng

# A member is decoded in portions: the first about as large as the member before, the next ones ever larger. There may
# be thousands of members in one read, and what a member leaves of its portion is copied.
_LEAST, _LARGEST = 1 << 10, 1 << 16

# A portion may pack a thousand to one; where more than this comes of it, it is decoded in smaller ones.
_MOST = 1 << 20


class GzipDecoder:
    """Decodes one gzip member after another."""

    ended = True

    def __init__(self) -> None:
        self._portion = _LEAST
        self._size = 0  # of the present member, as far as it was decoded

    def begin(self) -> None:
        """Begins the next member."""
        self._member = _zlib.decompressobj(wbits=31)
        self._portion = max(_LEAST, min(self._size + self._size // 8, _LARGEST))
        self._size = 0
        self.ended = False

    def decode(self, data: memoryview) -> tuple[bytes, int]:
        """What some bytes of the member decode to, and how many of them were taken.

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
            # More may be held back of what was taken, so that is undone. The least portion gives little more than this.
            self._member, self._portion = before, _LEAST
            return self.decode(data)
        taken = len(portion) - len(self._member.unused_data)
        self._size += taken
        if len(output) < _MOST // 2:
            self._portion = min(2 * self._portion, _LARGEST)
        self.ended = self._member.eof
        return output, taken


def _before_fault(member: Any, data: memoryview) -> bytes:
    """A failed call returns nothing, not even what came before the fault: byte by byte, that part is had."""
    output = bytearray()
    with contextlib.suppress(_zlib.error):
        for i in range(len(data)):
            output += member.decompress(data[i : i + 1])
    return bytes(output)
