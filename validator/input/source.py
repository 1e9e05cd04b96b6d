"""What bytes are read from."""

from __future__ import annotations

from typing import Protocol


class Source(Protocol):
    """Something bytes are read from; 0 bytes mean its end."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fills the buffer from its start; returns how many bytes."""
        ...


def fill(source: Source, size: int) -> bytes:
    """Reads until `size` bytes or the end."""
    buffer = memoryview(bytearray(size))
    filled = 0
    while filled < size and (count := source.readinto(buffer[filled:])):
        filled += count
    return bytes(buffer[:filled])
