"""Decompresses what is read: everything that can be decoded before a fault, and what the fault is."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.input.source import Source

# Bytes that tell the compression.
MAGIC = 4

_READ = 1 << 16

# Input is given in such portions at the start of a member, then in ever larger ones: what a member leaves is copied,
# and there may be thousands of them in one read.
_FIRST = 1 << 10

# The most memory (as a power of two) that a zstd frame may ask for to look back into: 64 MiB.
WINDOW_LOG = 26

# More than this much from so few bytes is nothing that anybody recorded, but made to exhaust who reads it.
# No gzip data reaches the ratio (1,032 at most): that takes as long to read as it would unpacked, and no longer.
BOMB_SIZE = 256 << 20
BOMB_RATIO = 1_040


def compression_of(head: bytes) -> str | None:
    """`gzip` or `zstd` by the first bytes, else None."""
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    # The second form is a frame that holds no data, which some tools write first.
    if head.startswith(b"\x28\xb5\x2f\xfd") or (head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F):
        return "zstd"
    return None


class DecompressingSource:
    """Gives out the content of members or frames, one after another.

    Args:
        source: The compressed bytes.
        compression: `gzip` or `zstd`.
        damaged: Is told, in words, what ends the content before its time.

    Attributes:
        taken: Compressed bytes read so far.
    """

    def __init__(self, source: Source, compression: str, damaged: Callable[[str], None]) -> None:
        self._source = source
        self._name = compression
        self._codec = _gzip_codec() if compression == "gzip" else _zstd_codec()
        self._damaged = damaged
        self._input = bytearray(_READ)
        self._rest = b""
        self._read = memoryview(b"")
        self._portion = _FIRST
        self._output = memoryview(b"")  # slices of a view copy nothing
        self._ended = False
        self._fresh = True
        self.taken = self._given = 0

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills the buffer from its start; returns how many bytes, 0 at the end or at a fault."""
        while not self._output and not self._ended:
            self._output = memoryview(self._decompress(len(buffer)))
            self._given += len(self._output)
            if self._given > BOMB_SIZE and self._given > BOMB_RATIO * self.taken:
                self._end(f"more than {BOMB_RATIO:,} times its size came out of it: a decompression bomb, left unread")
        part = self._output[: len(buffer)]
        self._output = self._output[len(part) :]
        buffer[: len(part)] = part
        return len(part)

    def _decompress(self, most: int) -> bytes:
        codec = self._codec
        data = self._rest or (self._more() if codec.hungry else b"")
        if self._fresh:
            data = self._next_member(data)
            if not data:
                self._ended = True
                return b""
            codec.begin()
            self._fresh = False
            self._portion = _FIRST
        elif not data and codec.hungry:
            self._end(f"the {self._name} data is truncated: its end is missing")
            return codec.held()
        try:
            output, self._rest = codec.decompress(data, most)
        except CorruptError as fault:
            self._end(f"the {self._name} data {fault.why}")
            return fault.output
        self._fresh = codec.ended
        return output

    def _next_member(self, data: bytes) -> bytes:
        """The next member's first bytes; zero padding after the last one is allowed, anything else is not."""
        while data and not (data := data.lstrip(b"\0")):
            data = self._more()
        while 0 < len(data) < MAGIC and (more := self._more()):
            data += more
        if data and compression_of(data) != self._name:
            self._end(f"bytes that are not {self._name} follow the compressed data")
            return b""
        return data

    def _more(self) -> bytes:
        if not self._read:
            count = self._source.readinto(memoryview(self._input)) or 0
            self.taken += count
            self._read = memoryview(self._input)[:count]
        portion = bytes(self._read[: self._portion])
        self._read = self._read[self._portion :]
        self._portion = min(2 * self._portion, self._codec.portion)
        return portion

    def _end(self, why: str) -> None:
        self._ended = True
        self._damaged(why)


class CorruptError(Exception):
    """Compressed data cannot be decoded.

    Args:
        output: What was decoded before the fault.
        why: What is wrong with the data, as the rest of a sentence.
    """

    def __init__(self, output: bytes, why: str = "is corrupt") -> None:
        super().__init__(why)
        self.output = output
        self.why = why


# What the zstd library says of data that is sound -> how the sentence goes on.
_REFUSALS = {
    "too much memory": f"needs over {1 << WINDOW_LOG >> 20} MiB of memory: `zstd -dc --long=31 FILE` can unpack it",
    "Dictionary mismatch": "needs the dictionary it was packed with: unpack it first",
}


class _Gzip:
    """One gzip member after another.

    Attributes:
        portion: How many bytes it takes at most at a time.
        hungry: Whether it can go on only with more input.
        ended: Whether the member has ended.
    """

    portion = _READ
    hungry = True
    ended = False

    def __init__(self, zlib: Any) -> None:
        self._zlib = zlib

    def begin(self) -> None:
        self._member = self._zlib.decompressobj(wbits=31)
        self.ended = False

    def decompress(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        """What comes out, `most` bytes at a time, and the input that is left."""
        before = self._member.copy()
        try:
            output: bytes = self._member.decompress(data, most)
        except self._zlib.error:
            raise CorruptError(self._until_fault(before, data)) from None
        self.ended = self._member.eof
        return output, self._member.unused_data if self.ended else self._member.unconsumed_tail

    def held(self) -> bytes:
        """What came out and was not given yet, when there is no more input."""
        try:
            rest: bytes = self._member.flush()
        except self._zlib.error:
            return b""
        return rest

    def _until_fault(self, member: Any, data: bytes) -> bytes:
        """A failed call returns nothing, not even what came before the fault: byte by byte, that part is had."""
        output = bytearray()
        with contextlib.suppress(self._zlib.error):
            for i in range(len(data)):
                output += member.decompress(data[i : i + 1])
        return bytes(output)


class _Zstd:
    """One zstd frame after another."""

    # A failed call loses what came out of it before the fault: a portion holds few blocks, most often none whole.
    portion = 1 << 13
    hungry = True
    ended = False

    def __init__(self, zstd: Any) -> None:
        self._zstd = zstd
        self._options = {zstd.DecompressionParameter.window_log_max: WINDOW_LOG}

    def begin(self) -> None:
        self._frame = self._zstd.ZstdDecompressor(options=self._options)
        self.ended = False

    def decompress(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        """What comes out, `most` bytes at a time, and the input that is left."""
        try:
            output: bytes = self._frame.decompress(data, most)
        except self._zstd.ZstdError as error:
            why = next((why for words, why in _REFUSALS.items() if words in str(error)), "is corrupt")
            raise CorruptError(b"", why) from None
        self.ended = self._frame.eof
        self.hungry = self.ended or self._frame.needs_input
        return output, self._frame.unused_data if self.ended else b""

    def held(self) -> bytes:
        """What came out and was not given yet, when there is no more input: nothing, it is given at once."""
        return b""


def _gzip_codec() -> _Gzip:
    from zlib_ng import zlib_ng  # noqa: PLC0415 - only where there is such an input; it takes 0.6 of the time of zlib

    return _Gzip(zlib_ng)


def _zstd_codec() -> _Zstd:
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415 - only where there is such an input
    else:
        from backports import zstd  # noqa: PLC0415
    return _Zstd(zstd)
