"""Decodes Zstandard block by block, so that no block before a damaged one is lost."""

from __future__ import annotations

import sys

from validator.input.decoder import CorruptError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Largest window of a frame (as a power of two): 64 MiB.
WINDOW_LOG = 26

_OPTIONS: dict[int, int] = {zstd.DecompressionParameter.window_log_max: WINDOW_LOG}

# Errors of the library for valid data -> our message.
_REFUSALS = {
    "too much memory": f"needs over {1 << WINDOW_LOG >> 20} MiB of memory: `zstd -dc --long=31 FILE` can unpack it",
    "Dictionary mismatch": "needs the dictionary it was packed with: unpack it first",
}


class ZstdDecoder:
    """Decodes one zstd frame after another.

    A failed call of the library returns nothing, not even blocks decoded before the damaged one. So no call gets more
    than one end of a block.
    """

    ended = True

    def begin(self) -> None:
        """Starts the next frame."""
        self._frame = zstd.ZstdDecompressor(options=_OPTIONS)
        self._blocks = BlockEnds()
        self.ended = False

    def decode(self, data: memoryview) -> tuple[bytes, int]:
        """Decodes bytes of the frame; returns the output and the number of bytes consumed.

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


# Sizes in bytes: a frame's magic number and descriptor, which gives the length of the header; a skippable frame's magic
# number and size; a block's header; the checksum after the last block.
_DESCRIPTOR, _SKIPPABLE, _BLOCK, _CHECKSUM = 5, 8, 3, 4

# Largest decoded size of a block.
_BLOCK_MOST = 1 << 17

_RLE = 1  # block type: one repeated byte


class BlockEnds:
    """Finds the ends of a frame's blocks (RFC 8878, section 3.1), for reads of any size."""

    def __init__(self) -> None:
        self._header = bytearray()  # the part of a header read so far
        self._size = _DESCRIPTOR  # of that header
        self._read = self._read_descriptor
        self._body = 0  # bytes still missing after the header
        self._checksum = 0  # bytes of it
        self._last = False

    def next_end(self, data: memoryview) -> int:
        """How many of the available bytes of the frame can be decoded at once.

        That is up to the end of the frame's header (for a whole frame, the library returns all or nothing), of a
        non-empty block, or of the frame.
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
