"""Writes each rejected line as one line of JSON: the line itself, its place, and why it is not a call."""

from __future__ import annotations

import base64
import codecs
import json
import tempfile
from typing import TYPE_CHECKING, Any

from validator._version import __version__
from validator.errors import OutputError
from validator.report.finding_messages import rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.engine.scan.observer import ObservedLine
    from validator.service.lines.protocols import Sink

# Bytes of a line held in memory; the rest of a longer one goes to a temporary file.
_HELD = 1 << 20

# Bytes written at a time; a multiple of three, for base64.
_AT_ONCE = 3 << 14


class RejectLog:
    """Writes rejected lines to a sink.

    Raises:
        OutputError: Raised by the methods, if the temporary file cannot be written.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._path = ""
        self._long: _LongLine | None = None
        self._record: dict[str, Any] | None = None  # of the long line, once it is known

    def begin(self, path: str) -> None:
        """Starts an input."""
        self.finish()
        self._path = path

    def line(self, line: ObservedLine, ending: bytes) -> None:
        """Writes a rejected line, and its line end; of a long one, the first piece was passed before."""
        if line.text is not None:
            self.finish()
            self._write(self._record_of(line), _body(line.text))
            return
        self._record = self._record_of(line)
        if ending:  # an element has all its pieces now; a line has more, and its last has the LF
            self.finish()

    def passed_over(self, piece: bytes) -> None:
        """Takes the next bytes of a line that is too long to keep."""
        if self._long is None:
            self._long = _LongLine()
        is_last = self._record is not None and piece.endswith(b"\n")
        self._long.take(piece[:-1] if is_last else piece)
        if is_last:
            self.finish()

    def finish(self) -> None:
        """Ends a line that is too long to keep."""
        if self._record is not None:
            self._write(self._record, self._long.body() if self._long else _body(b""))
        if self._long:
            self._long.close()
        self._long = self._record = None

    def _record_of(self, line: ObservedLine) -> dict[str, Any]:
        unit = "line" if line.position < 0 else "element"
        return {
            "code": line.fault,
            "class": line.line_class.value,
            "message": rejected(line.fault, unit) if line.fault else f"The {unit} is blank.",
            "path": self._path,
            "line": line.line,
            "byte": line.byte,
            "index": line.position if line.position >= 0 else None,
            "uclint": __version__,
        }

    def _write(self, record: dict[str, Any], body: tuple[str, Iterator[str]]) -> None:
        name, pieces = body
        self._sink.write(f'{json.dumps(record)[:-1]}, "{name}": "'.encode())
        for piece in pieces:
            self._sink.write(piece.encode())
        self._sink.write(b'"}\n')


def _body(text: bytes) -> tuple[str, Iterator[str]]:
    """The bytes of a line as a JSON member: its name, and the content of its string."""
    try:
        return "text", iter([_inside(text.decode())])
    except UnicodeDecodeError:
        return "base64", iter([base64.b64encode(text).decode()])


def _inside(text: str) -> str:
    return json.dumps(text)[1:-1]


class _LongLine:
    """The bytes of a line that may not fit in memory."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_HELD)  # noqa: SIM115 - closed by `close`
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._is_text = True

    def take(self, piece: bytes) -> None:
        """Adds a piece."""
        try:
            self._file.write(piece)
        except OSError as error:
            why = error.strerror or str(error)
            raise OutputError(f"cannot store a long line in {tempfile.gettempdir()}: {why}") from error
        self._is_text = self._is_text and _decodes(self._decoder, piece)

    def body(self) -> tuple[str, Iterator[str]]:
        """The whole line, in the form of `_body`."""
        self._file.seek(0)
        pieces = iter(lambda: self._file.read(_AT_ONCE), b"")
        if not (self._is_text and _decodes(self._decoder, b"", final=True)):
            return "base64", (base64.b64encode(piece).decode() for piece in pieces)
        decoder = codecs.getincrementaldecoder("utf-8")()
        return "text", (_inside(decoder.decode(piece)) for piece in pieces)

    def close(self) -> None:
        """Removes the temporary file."""
        self._file.close()


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True
