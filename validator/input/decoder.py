"""What decodes one compressed member or frame after another, and how it says that one is damaged."""

from __future__ import annotations

from typing import Protocol


class Decoder(Protocol):
    """Decodes one member (gzip) or frame (zstd) after another.

    All that its input decodes to comes out at once, so that nothing depends on how the input is portioned.

    Attributes:
        ended: Whether the member has ended.
    """

    ended: bool

    def begin(self) -> None:
        """Begins the next member."""
        ...

    def decode(self, data: memoryview) -> tuple[bytes, int]:
        """What some bytes of the member decode to, and how many of them were taken: at least one.

        Raises:
            CorruptError: The data cannot be decoded any further.
        """
        ...


class CorruptError(Exception):
    """Compressed data cannot be decoded.

    Args:
        output: What was decoded before the fault and not returned yet.
        why: What is wrong with the data, as the rest of a sentence.
    """

    def __init__(self, output: bytes = b"", why: str = "is corrupt") -> None:
        super().__init__(why)
        self.output = output
        self.why = why
