"""Ranges of an input: what can be read from any offset, by several processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from validator.input.source import Source


class Ranges(Protocol):
    """Reads ranges of an input."""

    @property
    def size(self) -> int:
        """Its bytes."""

    def at(self, offset: int, size: int) -> bytes:
        """The bytes at an offset; fewer only at the end."""

    def source(self, start: int, end: int) -> Source:
        """The bytes of a range, as a source."""


class FileRanges:
    """Reads ranges of an open file; its position is neither used nor moved."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @property
    def size(self) -> int:
        """Its bytes."""
        return os.fstat(self._handle).st_size

    def at(self, offset: int, size: int) -> bytes:
        """The bytes at an offset."""
        return os.pread(self._handle, size, offset)

    def source(self, start: int, end: int) -> Source:
        """The bytes of a range, as a source."""
        return _FileRangeSource(self._handle, start, end)


class _FileRangeSource:
    def __init__(self, handle: int, start: int, end: int) -> None:
        self._handle = handle
        self._at = start
        self._end = end

    def readinto(self, buffer: memoryview, /) -> int:
        part = buffer[: self._end - self._at]
        count = os.preadv(self._handle, [part], self._at) if part else 0
        self._at += count
        return count
