"""What bytes are read from."""

from __future__ import annotations

import select
import time
from typing import Protocol

_PAUSE = 0.01


class Source(Protocol):
    """Something bytes are read from; 0 bytes mean its end."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fills the buffer from its start; returns how many bytes."""
        ...


def read_some(source: Source, buffer: memoryview, handle: int | None = None) -> int:
    """Fills the buffer from its start; returns how many bytes, 0 only at the end.

    A pipe that does not block has nothing now and then: that is waited for.
    """
    while (count := source.readinto(buffer)) is None:
        if handle is None:
            time.sleep(_PAUSE)
        else:
            select.select([handle], [], [])
    return count


def is_ready(handle: int | None) -> bool:
    """Whether the next bytes are there without waiting; True where nobody can tell."""
    return handle is None or bool(select.select([handle], [], [], 0)[0])


def fill(source: Source, size: int, into: bytearray, handle: int | None = None) -> None:
    """Reads into `into` until it has `size` bytes or the end; what was read is in it even if reading fails."""
    buffer = memoryview(bytearray(size))
    while len(into) < size and (count := read_some(source, buffer[: size - len(into)], handle)):
        into += buffer[:count]
