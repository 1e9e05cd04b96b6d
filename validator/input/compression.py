"""Decompresses input: delivers everything that can be decoded before damage, and describes the damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.input.decoder import CorruptError

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.input.decoder import Decoder
    from validator.input.source import Source

# Bytes needed to detect the compression.
MAGIC = 4

_READ = 1 << 16
_NOTHING = memoryview(b"")

# No recorded data expands this much from so few bytes: it is a decompression bomb. Gzip expands at most 1,032
# times, so time is bounded by the size of the file.
BOMB_SIZE = 256 << 20
BOMB_RATIO = 1_000
BOMB = f"it expands to more than {BOMB_RATIO:,} times its size: a decompression bomb, not read"


def compression_of(head: bytes) -> str | None:
    """Detects `gzip` or `zstd` by the first bytes, else None."""
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    # The second form is a skippable frame, which some tools write first.
    if head.startswith(b"\x28\xb5\x2f\xfd") or (head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F):
        return "zstd"
    return None


class DecompressingSource:
    """Delivers the content of members or frames, one after another.

    Args:
        source: The compressed bytes.
        compression: `gzip` or `zstd`.
        damaged: Called with a description of what ends the content early.
    """

    def __init__(self, source: Source, compression: str, damaged: Callable[[str], None]) -> None:
        self._input = _Input(source)
        self._name = compression
        self._decoder = _decoder(compression)
        self._damaged = damaged
        self._output = _NOTHING  # slicing a view copies nothing
        self._ended = False
        self._given = 0

    @property
    def taken(self) -> int:
        """Compressed bytes read so far."""
        return self._input.read

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills the buffer from its start, waiting only for some bytes; returns how many, 0 at the end."""
        filled, size = 0, len(buffer)
        # A member may hold a single line; blocks of several lines are faster to check.
        while filled < size and (self._output or (not self._ended and (not filled or self._input.at_hand))):
            if self._output:
                part = self._output[: size - filled]
                self._output = self._output[len(part) :]
                buffer[filled : filled + len(part)] = part
                filled += len(part)
            else:
                self._output = _NOTHING  # frees its memory, still in the cache, for the next read
                self._output = memoryview(self._decode())
                self._given += len(self._output)
                if self._is_bomb():
                    self._end(BOMB)
        return filled

    def _decode(self) -> bytes:
        if self._decoder.ended and not self._next_member():
            return b""
        data = self._input.some(_READ)
        if not data:
            self._end(f"the {self._name} data is truncated: its end is missing")
            return b""
        try:
            output, count = self._decoder.decode(data)
        except CorruptError as fault:
            self._end(f"the {self._name} data {fault.why}")
            return fault.output
        self._input.take(count)
        return output

    def _next_member(self) -> bool:
        """Starts the next member, if there is one. Only zero padding may precede it."""
        head = bytes(self._input.some(MAGIC))
        if len(head) < MAGIC or not head[0]:
            self._input.skip_zeros()
            head = bytes(self._input.some(MAGIC, whole=True))
        if compression_of(head) != self._name:
            if head:
                self._end(f"bytes that are not {self._name} follow the compressed data")
            self._ended = True
            return False
        self._decoder.begin()
        return True

    def _is_bomb(self) -> bool:
        """Detects a bomb by blocks and bytes decoded, not bytes read, so that the size of reads does not matter."""
        return self._given > BOMB_SIZE and self._name == "zstd" and self._given > BOMB_RATIO * self._input.taken

    def _end(self, why: str) -> None:
        self._ended = True
        self._damaged(why)


class _Input:
    """Bytes read ahead.

    Attributes:
        read: Number of bytes read so far.
        taken: Number of bytes consumed.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._buffer = memoryview(bytearray(_READ))
        self._rest = self._buffer[:0]
        self.read = self.taken = 0

    def some(self, most: int, *, whole: bool = False) -> memoryview:
        """The next bytes, not consumed yet: at least one, or if `whole` all of `most`, unless the input ends."""
        wanted = most if whole else 1
        if len(self._rest) >= wanted:
            return self._rest[:most]
        while len(self._rest) < wanted:
            held = len(self._rest)
            self._buffer[:held] = self._rest
            count = self._source.readinto(self._buffer[held:]) or 0
            self._rest = self._buffer[: held + count]
            self.read += count
            if not count:
                break
        return self._rest[:most]

    @property
    def at_hand(self) -> bool:
        """Whether the next member, or more of this one, is there without reading."""
        return len(self._rest) >= MAGIC and self._rest[0] != 0

    def take(self, count: int) -> None:
        """Consumes bytes."""
        self._rest = self._rest[count:]
        self.taken += count

    def skip_zeros(self) -> None:
        """Skips zero bytes."""
        while (data := bytes(self.some(_READ))) and not data[0]:
            self.take(len(data) - len(data.lstrip(b"\0")))


def _decoder(compression: str) -> Decoder:
    # Each is imported only for such an input.
    if compression == "gzip":
        from validator.input.gzip_decoder import GzipDecoder  # noqa: PLC0415

        return GzipDecoder()
    from validator.input.zstd_decoder import ZstdDecoder  # noqa: PLC0415

    return ZstdDecoder()
