"""Sources of calls: files by path, a range of a file, or bytes from anywhere."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from validator.engine.count.profile import InputSummary, Profile
from validator.engine.lint import Fault
from validator.errors import UsageError
from validator.input.framing import Framing, detect
from validator.input.open_input import open_input
from validator.input.stream import Stream
from validator.model import Place

if TYPE_CHECKING:
    from validator.engine.compile.program import Program
    from validator.input.stop import Stop
    from validator.model import Limits


class Paths(NamedTuple):
    """Files, pipes, devices or objects in buckets, one after another.

    Attributes:
        paths: `-` is standard input; a name in a bucket also stands for the objects below it.
    """

    paths: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the inputs in reports."""
        return self.paths

    def open(self, path: str) -> Stream:
        """Opens one of them."""
        return open_input(path)


class ByteStream:
    """One stream of bytes: NDJSON, an array, pretty-printed objects or a batch body; compressed or not.

    Args:
        data: Bytes, a binary file, or an iterable of pieces of bytes.
        name: Its name in reports.
    """

    def __init__(self, data: bytes | BinaryIO | Iterable[bytes], name: str = "-") -> None:
        if isinstance(data, str | io.TextIOBase):
            raise UsageError("calls are read from bytes, not from text: encode it, or open the file in binary mode")
        self.names = (name,)
        pieces = [bytes(data)] if isinstance(data, bytes | bytearray | memoryview) else data
        self._source = _Pieces(pieces)
        if isinstance(data, io.IOBase):
            self._source = _Pieces(iter(lambda: data.read(1 << 16), b""))

    def open(self, path: str) -> Stream:
        """Opens it."""
        return Stream(path, self._source)


class FileRange(NamedTuple):
    """The lines of a plain NDJSON file, or object in a bucket, that start within a range of bytes.

    Ranges that cover a file without gaps cover each line once, wherever the cuts are.

    Attributes:
        path: The file, or an object such as `s3://bucket/key`.
        start: The first byte.
        end: The byte after the last; None for the end of the file.
    """

    path: str
    start: int = 0
    end: int | None = None

    def profile(self, program: Program, limits: Limits, stop: Stop) -> Profile:
        """The profile of these lines; places in it number lines from the first of them.

        Raises:
            UsageError: The file is compressed or holds documents, so it cannot be cut at lines.
        """
        if self.path == "-" or self.start < 0 or (self.end or 0) < 0:
            raise UsageError(f"{self.path}, from {self.start} to {self.end}: not a range of a file")
        if program.selection.limit is not None:
            raise UsageError("which calls are the first shows only where all are read in order, not in ranges")
        try:
            return self._profile(program, limits, stop)
        except OSError:
            found = Profile(max_places=limits.places)
            found.inputs.append(InputSummary(self.path, start=self.start, complete=False))
            found.fault(Fault("IN507"), (Place(0, self.start, -1, 1, None),))
            return found

    def _profile(self, program: Program, limits: Limits, stop: Stop) -> Profile:
        from validator.workers import chunks  # noqa: PLC0415 - few read ranges
        from validator.workers.chunk_profile import profile_chunk  # noqa: PLC0415

        with open_input(self.path) as stream:
            framing = detect(stream.head, is_all=stream.head_is_all)
            if stream.compression or framing is Framing.DOCUMENTS:
                what = stream.compression or "a document"
                raise UsageError(f"{self.path} is {what}: only plain NDJSON can be read in ranges; read it whole")
            mark = stream.size  # of a byte order mark
            ranges = stream.ranges
            if ranges is None:
                return self._nothing(stream, limits)
            size = ranges.size
            start = chunks.line_start(ranges, min(self.start, size), size)
            end = size if self.end is None else chunks.line_start(ranges, min(self.end, size), size)
            lines = chunks.FileRange(ranges, max(start, mark), max(start, end, mark), limits.line)
            found = profile_chunk(lines, program, limits, stop)
        summary = InputSummary(str(self.path), start=start, bytes=max(0, end - start), complete=found.whole)
        summary.lines = sum(found.profile.lines.values())
        total = Profile(max_places=limits.places)
        total.inputs.append(summary)
        total.absorb(found.profile, inputs=0)
        if found.fault:
            summary.complete = False
            total.fault(Fault(found.fault[0]), (Place(0, start, -1, max(summary.lines, 1), None),))
        return total

    def _nothing(self, stream: Stream, limits: Limits) -> Profile:
        """The profile of an input that cannot be read from anywhere; only an empty one has lines in no range."""
        if stream.head:
            raise UsageError(f"{self.path} is no file or object, so it cannot be read in ranges; read it whole")
        found = Profile(max_places=limits.places)
        found.inputs.append(InputSummary(self.path, start=self.start))
        return found


AnyPath = str | os.PathLike[str]
Source = AnyPath | Iterable[AnyPath] | Paths | ByteStream | FileRange


def source_of(source: Source) -> Paths | ByteStream | FileRange:
    """Makes a source; a path, or several, become `Paths`."""
    if isinstance(source, Paths | ByteStream | FileRange):
        return source
    paths = [source] if isinstance(source, str | os.PathLike) else source
    return Paths(tuple(os.fspath(path) for path in paths))


class _Pieces:
    """Chunks of bytes as a raw source."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")  # slicing a view copies nothing

    def readinto(self, buffer: memoryview, /) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(bytes(piece))
        part = self._rest[: len(buffer)]
        self._rest = self._rest[len(part) :]
        buffer[: len(part)] = part
        return len(part)
