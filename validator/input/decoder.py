"""Protocol of decoders of compressed members or frames, and their error."""

from __future__ import annotations

from typing import Protocol


class Decoder(Protocol):
    """Decodes one member (gzip) or frame (zstd) after another.

    All output of its input is returned at once, so the result does not depend on the size of reads.

    Attributes:
        ended: Whether the member has ended.
    """

    ended: bool

    def begin(self) -> None:
        """Starts the next member."""

    def decode(self, data: memoryview) -> tuple[bytes, int]:
        """Decodes bytes of the member; returns the output and the number of bytes consumed, at least one.

        Raises:
            CorruptError: The data cannot be decoded any further.
        """


class CorruptError(Exception):
    """Compressed data cannot be decoded.

    Args:
        output: What was decoded before the damage and not returned yet.
        why: What is wrong with the data, a phrase that follows "the data".
    """

    def __init__(self, output: bytes = b"", why: str = "is corrupt") -> None:
        super().__init__(why)
        self.output = output
        self.why = why
