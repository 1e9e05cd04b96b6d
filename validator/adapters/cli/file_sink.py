"""Output files that are written in pieces but appear whole or not at all; pipes and devices are written directly."""

from __future__ import annotations

import contextlib
import os
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator.adapters.cli.output import is_special, mode_for, write_all
from validator.adapters.cli.standard_streams import silence
from validator.errors import OutputError
from validator.input.buckets.names import in_bucket

if TYPE_CHECKING:
    from collections.abc import Callable

_BUFFER = 1 << 20

_GZIP_LEVEL = 6


class FileSink:
    """Writes bytes to a file; `-` is standard output. The ending of its name decides on compression.

    A regular file appears only when `keep` is called, complete. A reader that closes early is not an error.

    Raises:
        OutputError: It cannot be written; also raised by the methods.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._held: list[bytes] = []
        self._size = 0
        self._temporary: str | None = None
        self._handle: int | None = None
        self._compress, self._finish = _compressor(path)
        self._guarded(self._open)

    def _open(self) -> None:
        if self.path == "-":
            if sys.stdout is not None:
                sys.stdout.flush()
                self._handle = os.dup(sys.stdout.fileno())
        elif in_bucket(self.path):
            raise OSError(0, "lines are not written to buckets; write a file, and copy it")
        elif Path(self.path).is_dir():
            raise IsADirectoryError(0, "it is a directory")
        elif is_special(self.path):
            self._handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        else:
            import tempfile  # noqa: PLC0415 - it imports much

            self._target = Path(self.path).resolve()
            prefix = f".{self._target.name[:100]}."
            self._handle, self._temporary = tempfile.mkstemp(dir=self._target.parent, prefix=prefix)

    def write(self, data: bytes) -> None:
        """Writes more bytes."""
        self._held.append(data)
        self._size += len(data)
        if self._size >= _BUFFER:
            self.flush()

    def flush(self) -> None:
        """Writes buffered bytes."""
        data = self._compress(b"".join(self._held))
        self._held.clear()
        self._size = 0
        self._guarded(lambda: self._pass_on(data))

    def _pass_on(self, data: bytes) -> None:
        if self._handle is not None:
            try:
                write_all(self._handle, data)
            except BrokenPipeError:
                self._close()
                if self.path == "-":
                    silence(sys.stdout)

    def complete(self) -> None:
        """Flushes all bytes to disk; nothing may be written after it."""
        self.flush()
        self._guarded(self._complete)

    def _complete(self) -> None:
        self._pass_on(self._finish())
        if self._handle is not None and self._temporary is not None:
            os.fchmod(self._handle, mode_for(self._target))
            os.fsync(self._handle)
        self._close()

    def keep(self) -> None:
        """Moves the complete file into place."""
        if self._temporary is not None:
            temporary = self._temporary
            self._guarded(lambda: os.replace(temporary, self._target))  # noqa: PTH105 - both are paths already
            self._temporary = None

    def discard(self) -> None:
        """Discards the bytes; an old file stays as it was."""
        self._close()
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)  # noqa: PTH108
            self._temporary = None

    def _close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _guarded(self, do: Callable[[], object]) -> None:
        try:
            do()
        except OSError as error:
            where = "standard output" if self.path == "-" else self.path
            raise OutputError(f"cannot write {where}: {error.strerror or error}") from error


def _compressor(path: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    """The compression for a file of that name: a function for pieces, and one for the rest at the end."""
    name = path.lower()
    if name.endswith(".gz"):
        member = zlib.compressobj(_GZIP_LEVEL, wbits=31)
        return member.compress, member.flush
    if name.endswith((".zst", ".zstd")):
        frame: Any = _zstd().ZstdCompressor()
        return frame.compress, frame.flush
    return bytes, bytes


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415 - only where such a file is wanted
    else:
        from backports import zstd  # noqa: PLC0415
    return zstd
