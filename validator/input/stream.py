"""Opening one input: raw bytes, gzip found by its magic bytes, a byte order mark skipped, a head to look at."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import zlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

HEAD = 1 << 16
GZIP = b"\x1f\x8b"
UTF8_BOM = b"\xef\xbb\xbf"


class Source(Protocol):
    """Something bytes are read from; 0 bytes mean its end."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fills the buffer from its start; returns how many bytes."""
        ...


class Stream:
    """One input, decompressed.

    Attributes:
        path: What the user named; `-` is standard input.
        compression: `"gzip"` or None.
        damage: Why the input ended before its time, in words; None while all is well.
        size: Decompressed bytes delivered so far, a byte order mark included.
        handle: The descriptor it is read from, if it is read from one.
    """

    def __init__(
        self, path: str, raw: Source, close: Callable[[], None] = lambda: None, handle: int | None = None
    ) -> None:
        self.path = path
        self.compression: str | None = None
        self.damage: str | None = None
        self.size = 0
        self.handle = handle
        self._close = close
        magic = _fill(raw, len(UTF8_BOM))
        self._source: Source = Prepended(magic, raw)
        if magic.startswith(GZIP):
            self.compression = "gzip"
            self._source = GzipSource(self._source, self._damaged)
        self._head = _fill(self._source, HEAD)
        self._taken = 0
        if self._head.startswith(UTF8_BOM):
            self._taken = self.size = len(UTF8_BOM)

    @property
    def head(self) -> bytes:
        """The first bytes (up to 64 KiB) without a byte order mark; nothing is consumed."""
        return self._head[self._taken :]

    @property
    def head_is_all(self) -> bool:
        """Whether the head is the whole input."""
        return len(self._head) < HEAD

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills `buffer` from its start; returns how many bytes, 0 at the end.

        Raises:
            OSError: Reading failed.
        """
        if self._taken < len(self._head):
            part = self._head[self._taken : self._taken + len(buffer)]
            buffer[: len(part)] = part
            self._taken += len(part)
            count = len(part)
        else:
            count = self._source.readinto(buffer) or 0
        self.size += count
        return count

    def _damaged(self, why: str) -> None:
        self.damage = self.damage or why

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._close()


class Prepended:
    """A source with the bytes that were looked at put back in front."""

    def __init__(self, head: bytes, source: Source) -> None:
        self._head = head
        self._source = source

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills the buffer from its start; returns how many bytes, 0 at the end."""
        if self._head:
            part = self._head[: len(buffer)]
            self._head = self._head[len(part) :]
            buffer[: len(part)] = part
            return len(part)
        return self._source.readinto(buffer) or 0


class GzipSource:
    """Decompresses gzip members one after another, giving out everything that can be decoded before a fault."""

    def __init__(self, source: Source, damaged: Callable[[str], None]) -> None:
        self._source = source
        self._damaged = damaged
        self._input = bytearray(HEAD)
        self._rest = b""
        self._output = b""
        self._ended = False
        self._member = zlib.decompressobj(wbits=31)
        self._fresh = True

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills the buffer from its start; returns how many bytes, 0 at the end or at a fault."""
        while not self._output and not self._ended:
            self._output = self._decompress(len(buffer))
        part = self._output[: len(buffer)]
        self._output = self._output[len(part) :]
        buffer[: len(part)] = part
        return len(part)

    def _decompress(self, most: int) -> bytes:
        data = self._rest or self._more()
        if self._fresh:
            data = self._next_member(data)
        if not data:
            if not self._ended and not self._fresh:
                self._end("the gzip file is truncated: its end is missing")
            self._ended = True
            return b""
        self._fresh = False
        before = self._member.copy()
        try:
            output = self._member.decompress(data, most)
        except zlib.error:
            self._end("the gzip file is corrupt")
            return _until_fault(before, data)
        self._rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        if self._member.eof:
            self._member = zlib.decompressobj(wbits=31)
            self._fresh = True
        return output

    def _next_member(self, data: bytes) -> bytes:
        """The next member's first bytes; zero padding after the last one is allowed, anything else is not."""
        while data and not (data := data.lstrip(b"\0")):
            data = self._more()
        while len(data) == 1 and (more := self._more()):
            data += more
        if data and not data.startswith(GZIP):
            self._end("bytes that are not gzip follow the compressed data")
            return b""
        return data

    def _more(self) -> bytes:
        count = self._source.readinto(memoryview(self._input)) or 0
        return bytes(self._input[:count])

    def _end(self, why: str) -> None:
        self._ended = True
        self._damaged(why)


def _until_fault(member: zlib._Decompress, data: bytes) -> bytes:
    """A failed call returns nothing, not even what came before the fault: byte by byte, that part is had."""
    output = bytearray()
    with contextlib.suppress(zlib.error):
        for i in range(len(data)):
            output += member.decompress(data[i : i + 1])
    return bytes(output)


def open_stream(path: str) -> Stream:
    """Opens a file, pipe or device; `-` is standard input.

    Raises:
        OSError: It cannot be opened or read.
    """
    if path == "-":
        if sys.stdin is None:
            raise OSError(0, "standard input is closed")
        return Stream(path, io.FileIO(sys.stdin.fileno(), closefd=False), handle=sys.stdin.fileno())
    raw = io.FileIO(os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)))
    try:
        return Stream(path, raw, raw.close, raw.fileno())
    except BaseException:
        raw.close()
        raise


def _fill(source: Source, size: int) -> bytes:
    """Reads until `size` bytes or the end."""
    buffer = memoryview(bytearray(size))
    filled = 0
    while filled < size and (count := source.readinto(buffer[filled:])):
        filled += count
    return bytes(buffer[:filled])
