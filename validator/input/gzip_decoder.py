"""Decodes gzip, with zlib-ng (docs/performance.md says why), up to the byte at which a fault shows."""

from __future__ import annotations

import contextlib
from typing import Any

from zlib_ng import zlib_ng

from validator.input.decoder import CorruptError

# Its type stubs know neither that a decompressor can be copied nor that the error is a class.
_zlib: Any = zlib_ng


class GzipDecoder:
    """Decodes one gzip member after another."""

    ended = True

    def begin(self) -> None:
        """Begins the next member."""
        self._member = _zlib.decompressobj(wbits=31)
        self.ended = False

    def decode(self, data: memoryview) -> tuple[bytes, int]:
        """What some bytes of the member decode to, and how many of them were taken.

        Raises:
            CorruptError: The data cannot be decoded any further.
        """
        before = self._member.copy()
        try:
            output: bytes = self._member.decompress(data)
        except _zlib.error:
            raise CorruptError(_before_fault(before, data)) from None
        self.ended = self._member.eof
        return output, len(data) - len(self._member.unused_data)


def _before_fault(member: Any, data: memoryview) -> bytes:
    """A failed call returns nothing, not even what came before the fault: byte by byte, that part is had."""
    output = bytearray()
    with contextlib.suppress(_zlib.error):
        for i in range(len(data)):
            output += member.decompress(data[i : i + 1])
    return bytes(output)
