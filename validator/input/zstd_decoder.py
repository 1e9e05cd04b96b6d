"""Decodes Zstandard block by block, so that a damaged block loses none of those before it."""

from __future__ import annotations

import sys

from validator.input.decoder import CorruptError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# The most memory (as a power of two) that a frame may ask for to look back into: 64 MiB.
WINDOW_LOG = 26

_OPTIONS: dict[int, int] = {zstd.DecompressionParameter.window_log_max: WINDOW_LOG}

# What the library says of data that is sound -> how the sentence goes on.
_REFUSALS = {
    "too much memory": f"needs over {1 << WINDOW_LOG >> 20} MiB of memory: `zstd -dc --long=31 FILE` can unpack it",
    "Dictionary mismatch": "needs the dictionary it was packed with: unpack it first",
}


class ZstdDecoder:
    """Decodes one zstd frame after another.

    A call of the library that fails returns nothing, not even the blocks that it decoded before the damaged one. So no
    call is given the ends of two blocks.
    """

    ended = True

    def begin(self) -> None:
        """Begins the next frame."""
        self._frame = zstd.ZstdDecompressor(options=_OPTIONS)
        self._blocks = BlockEnds()
        self.ended = False

    def decode(self, data: memoryview) -> tuple[bytes, int]:
        """What some bytes of the frame decode to, and how many of them were taken.

        Raises:
            CorruptError: The data cannot be decoded any further.
        """
        end = self._blocks.next_end(data)
        try:
            output = self._frame.decompress(data[:end], _BLOCK_MOST)
        except zstd.ZstdError as error:
            why = next((why for words, why in _REFUSALS.items() if words in str(error)), "is corrupt")
            raise CorruptError(why=why) from None
        self.ended = self._frame.eof
        return output, end - len(self._frame.unused_data)


# Bytes of a frame's magic number and of the descriptor that says how long the rest of its header is; of a skippable
# frame's magic number and size; of a block's header; of the checksum after the last block.
_DESCRIPTOR, _SKIPPABLE, _BLOCK, _CHECKSUM = 5, 8, 3, 4

# The most that a block decodes to.
_BLOCK_MOST = 1 << 17

_RLE = 1  # a type of block: one byte, to be repeated


class BlockEnds:
    """Finds where the blocks of one frame end (RFC 8878, section 3.1), however the frame is portioned."""

    def __init__(self) -> None:
        self._header = bytearray()  # the part of a header that is here already
        self._size = _DESCRIPTOR  # of that header
        self._read = self._read_descriptor
        self._body = 0  # bytes that are still to come of what follows the header
        self._checksum = 0  # bytes of it
        self._last = False

    def next_end(self, data: memoryview) -> int:
        """How many of the frame's next bytes can be decoded at once, of those that are here.

        That is to the end of the frame's header (of a frame given whole, the library returns all or nothing), or of a
        block that is not empty, or of the frame.
        """
        at, ends = 0, False
        while at < len(data) and not ends:
            if self._body:
                part = min(self._body, len(data) - at)
                self._body -= part
                at += part
                ends = not self._body
                if ends and self._last:
                    self._body, self._checksum = self._checksum, 0
            else:
                part = min(self._size - len(self._header), len(data) - at)
                self._header += data[at : at + part]
                at += part
                ends = len(self._header) == self._size and self._read(self._header)
        return at

    def _read_descriptor(self, header: bytearray) -> bool:
        if header[0] >> 4 == 5:
            self._size, self._read = _SKIPPABLE, self._read_skippable
            return False
        descriptor = header[-1]
        single_segment = descriptor >> 5 & 1
        content_size = (single_segment, 2, 4, 8)[descriptor >> 6]
        dictionary_id = (0, 1, 2, 4)[descriptor & 3]
        self._checksum = _CHECKSUM if descriptor >> 2 & 1 else 0
        self._size += (not single_segment) + dictionary_id + content_size
        self._read = self._read_rest
        return False

    def _read_rest(self, header: bytearray) -> bool:
        header.clear()
        self._size, self._read = _BLOCK, self._read_block
        return True

    def _read_block(self, header: bytearray) -> bool:
        number = int.from_bytes(header, "little")
        header.clear()
        self._last = bool(number & 1)
        self._body = 1 if number >> 1 & 3 == _RLE else number >> 3
        if self._last and not self._body:
            self._body, self._checksum = self._checksum, 0
        return self._last and not self._body

    def _read_skippable(self, header: bytearray) -> bool:
        self._body = int.from_bytes(header[4:], "little")
        self._last = True
        return not self._body
