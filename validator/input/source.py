"""Protocol of sources of bytes."""

from __future__ import annotations

import select
import time
from typing import Protocol

_PAUSE = 0.01


class Source(Protocol):
    """A source of bytes; 0 bytes mean the end."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fills the buffer from its start; returns how many bytes."""


class DamagedError(OSError):
    """The content of the input is damaged."""


class ChangedError(OSError):
    """The input is not what it was when its reading began."""


def read_some(source: Source, buffer: memoryview, handle: int | None = None) -> int:
    """Fills the buffer from its start; returns how many bytes, 0 only at the end.

    If a non-blocking pipe has no data, waits for it.
    """
    while (count := source.readinto(buffer)) is None:
        if handle is None:
            time.sleep(_PAUSE)
        else:
            select.select([handle], [], [])
    return count


def is_ready(handle: int | None) -> bool:
    """Whether bytes are available without waiting; True if unknown."""
    return handle is None or bool(select.select([handle], [], [], 0)[0])


def fill(source: Source, size: int, into: bytearray, handle: int | None = None) -> None:
    """Appends to `into` until it has `size` bytes or the input ends; keeps what was read even if reading fails."""
    buffer = memoryview(bytearray(size))
    while len(into) < size and (count := read_some(source, buffer[: size - len(into)], handle)):
        into += buffer[:count]
