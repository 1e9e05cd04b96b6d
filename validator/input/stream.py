"""Opens one input: detects compression, skips a byte order mark, and offers the first bytes for inspection."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from validator.input.compression import MAGIC, DecompressingSource, compression_of
from validator.input.ranges import FileRanges
from validator.input.source import fill, read_some

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from validator.input.ranges import Ranges
    from validator.input.source import Source

HEAD = 1 << 16
UTF8_BOM = b"\xef\xbb\xbf"


class Stream:
    """One input, decompressed.

    Attributes:
        path: What the user named; `-` is standard input.
        compression: `"gzip"`, `"zstd"` or None.
        damage: Why the input ended early, in words; None if it did not.
        size: Decompressed bytes delivered so far, a byte order mark included.
        handle: The file descriptor, if there is one.
        close: Ends the reading.
        note: Why nothing of it is read, for something that is no input; words that follow its name.
    """

    def __init__(
        self,
        path: str,
        raw: Source,
        close: Callable[[], None] = lambda: None,
        handle: int | None = None,
        *,
        ranges: Ranges | None = None,
        note: str | None = None,
    ) -> None:
        self.path = path
        self.note = note
        self.damage: str | None = None
        self.size = 0
        self.handle = handle
        status = None if handle is None else os.fstat(handle)
        self._opened = status if status and stat.S_ISREG(status.st_mode) else None
        if self._opened and handle is not None:
            ranges = FileRanges(handle)
        self._ranges = ranges
        self.close = close
        self.compression: str | None = None
        self._source: Source = raw
        self._head = bytearray()
        self._taken = 0
        # An error while reading the head is raised after the bytes before it are delivered.
        self._fault: Exception | None = None
        try:
            self._look(raw, handle)
        except Exception as fault:
            self._fault = fault
        if self._head.startswith(UTF8_BOM):
            self._taken = self.size = len(UTF8_BOM)

    def _look(self, raw: Source, handle: int | None) -> None:
        magic = bytearray()
        try:
            fill(raw, MAGIC, magic, handle)
        except Exception:
            self._head += magic
            raise
        self._source = Prepended(bytes(magic), raw, handle)
        self.compression = compression_of(bytes(magic))
        if self.compression:
            self._source = DecompressingSource(self._source, self.compression, self._damaged)
        fill(self._source, HEAD, self._head, None)

    @property
    def consumed(self) -> int:
        """Bytes consumed from the input on disk."""
        return self._source.taken if isinstance(self._source, DecompressingSource) else self.size

    @property
    def ranges(self) -> Ranges | None:
        """Reads ranges of its content; None if that can only be read from the start."""
        return None if self.compression else self._ranges

    def changed(self) -> str | None:
        """How a regular file changed since it was opened, in words; None if it did not."""
        if self._opened is None or self.handle is None:
            return None
        now = os.fstat(self.handle)
        if now.st_size != self._opened.st_size:
            return f"the file {'grew' if now.st_size > self._opened.st_size else 'shrank'} while it was read"
        if now.st_mtime_ns != self._opened.st_mtime_ns:
            return "the file was written to while it was read"
        moved = self._moved(now) if self.path != "-" else None
        if moved is None and _only_time_tells(self._opened, now):
            return "the file was written to while it was read, and its time was set back"
        return moved

    def _moved(self, now: os.stat_result) -> str | None:
        try:
            there = os.stat(self.path)  # noqa: PTH116 - a path as text
        except OSError:
            return "the file was moved or removed while it was read"
        return None if os.path.samestat(there, now) else "another file took its place while it was read"

    @property
    def head(self) -> bytes:
        """The first bytes (up to 64 KiB) without a byte order mark; does not consume them."""
        return bytes(self._head[self._taken :])

    @property
    def head_is_all(self) -> bool:
        """Whether the head is the whole input."""
        return len(self._head) < HEAD and self._fault is None

    @property
    def waits(self) -> bool:
        """Whether the next bytes must be read, and perhaps waited for; the head is in memory."""
        return self._taken >= len(self._head)

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
        elif self._fault is not None:
            raise self._fault
        else:
            count = self._source.readinto(buffer) or 0
        self.size += count
        return count

    def _damaged(self, why: str) -> None:
        self.damage = self.damage or why

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


class Prepended:
    """A source with inspected bytes put back in front."""

    def __init__(self, head: bytes, source: Source, handle: int | None) -> None:
        self._head = head
        self._source = source
        self._handle = handle

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills the buffer from its start; returns how many bytes, 0 at the end."""
        if self._head:
            part = self._head[: len(buffer)]
            self._head = self._head[len(part) :]
            buffer[: len(part)] = part
            return len(part)
        return read_some(self._source, buffer, self._handle)


def _only_time_tells(before: os.stat_result, now: os.stat_result) -> bool:
    """Whether a file was changed and its time set back: only the change time shows it.

    Other updates of the change time, such as a new link or owner, leave other traces.
    """
    marks = [(s.st_mode, s.st_uid, s.st_gid, s.st_nlink) for s in (before, now)]
    return before.st_ctime_ns != now.st_ctime_ns and marks[0] == marks[1]


def _widen(handle: int) -> None:
    """Makes the buffer of a pipe as large as allowed, which reads 1.5 times as fast."""
    set_size = getattr(fcntl, "F_SETPIPE_SZ", None)
    if set_size is not None and stat.S_ISFIFO(os.fstat(handle).st_mode):
        with contextlib.suppress(OSError, ValueError):
            fcntl.fcntl(handle, set_size, int(Path("/proc/sys/fs/pipe-max-size").read_text()))


def open_stream(path: str) -> Stream:
    """Opens a file, pipe or device; `-` is standard input.

    Raises:
        OSError: It cannot be opened or read.
    """
    if path == "-":
        if sys.stdin is None:
            raise OSError(0, "standard input is closed")
        handle = sys.stdin.fileno()
        _widen(handle)
        return Stream(path, io.FileIO(handle, closefd=False), handle=handle)
    raw = io.FileIO(os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)))
    try:
        return Stream(path, raw, raw.close, raw.fileno())
    except BaseException:
        raw.close()
        raise
