"""Sorts the lines of inputs, byte for byte, into valid calls, invalid calls and rejects.

Every physical line goes to exactly one of the three. In documents, an element counts as a line: its bytes and an LF.
"""

from __future__ import annotations

from collections import Counter
from itertools import compress
from typing import TYPE_CHECKING

from validator.engine.scan.observer import ObservedLine
from validator.model import LineClass
from validator.service.lines.sort import Sort

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.engine.scan.observer import Verdict
    from validator.input.lines import Block
    from validator.service.lines.protocols import Log, Sink
    from validator.service.lines.reject_log import RejectLog


class LineSplitter:
    """An observer that sorts lines.

    Args:
        sinks: Sink for the lines of each sort; lines of a sort without one are only counted.
        logs: Observers that also see the calls.
        rejects: Log that takes rejected lines, instead of a sink.
    """

    def __init__(self, sinks: Mapping[Sort, Sink], *logs: Log, rejects: RejectLog | None = None) -> None:
        self.counts: Counter[Sort] = Counter()
        self._lines = {sort: _Lines(sink) for sort, sink in sinks.items()}
        self._logs = logs
        self._rejects = rejects
        self._invalid = False  # the current line has an invalid call
        self._passing = False  # the last bytes were a piece of a long line

    def begin(self, path: str) -> None:
        """Starts an input."""
        self._passing = False
        for log in self._logs:
            log.begin(path)
        if self._rejects:
            self._rejects.begin(path)

    def block(self, block: Block, line: int, judged: Sequence[Verdict]) -> None:
        """Sorts lines with one call each."""
        self._passing = False
        invalid = [found.invalid for found in judged]
        bad = sum(invalid)
        self.counts[Sort.INVALID] += bad
        self.counts[Sort.VALID] += len(judged) - bad
        if not bad:
            self._put(Sort.VALID, block.data)
        elif bad == len(judged):
            self._put(Sort.INVALID, block.data)
        elif self._lines:
            texts = block.data.split(b"\n")
            texts.pop()
            self._put(Sort.INVALID, b"\n".join(compress(texts, invalid)) + b"\n")
            self._put(Sort.VALID, b"\n".join(compress(texts, [not found for found in invalid])) + b"\n")
        for log in self._logs:
            log.block(block, line, judged)

    def blank(self, block: Block, line: int, lines: int) -> None:
        """Sorts blank lines."""
        self._passing = False
        self.counts[Sort.REJECTS] += lines
        self._put(Sort.REJECTS, block.data)
        if self._rejects:
            byte = block.byte
            for number, text in enumerate(block.data.removesuffix(b"\n").split(b"\n"), line):
                self._rejects.line(ObservedLine(byte, number, -1, text, LineClass.BLANK, strays=False, calls=()), b"\n")
                byte += len(text) + 1

    def line(self, line: ObservedLine, ending: bytes) -> None:
        """Sorts a line that was read separately."""
        self._invalid = self._invalid or line.strays or any(found.invalid for _, _, found in line.calls)
        if line.text is not None:
            for log in self._logs:
                log.line(line)
        if not line.last:
            return
        sort = sort_of(line.line_class, invalid=self._invalid)
        self._invalid = False
        self.counts[sort] += 1
        if self._rejects and sort is Sort.REJECTS:
            self._rejects.line(line, ending)
        if line.text is not None:
            self._passing = False
            self._put(sort, line.text + ending)
        elif ending:  # of an element; a long line has its own
            self._passing = False
            if rejects := self._lines.get(Sort.REJECTS):
                rejects.go_on(ending)

    def passed_over(self, piece: bytes) -> None:
        """Takes the next bytes of a line that is too long to keep."""
        if self._rejects:
            self._rejects.passed_over(piece)
        if rejects := self._lines.get(Sort.REJECTS):
            (rejects.go_on if self._passing else rejects.put)(piece)
        self._passing = True

    def finish(self) -> None:
        """Ends all outputs."""
        if self._rejects:
            self._rejects.finish()

    def _put(self, sort: Sort, data: bytes) -> None:
        if lines := self._lines.get(sort):
            lines.put(data)


class _Lines:
    """Writes lines to a sink. Only the very last may lack its LF, whichever input it came from."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._open = False

    def put(self, data: bytes) -> None:
        """Writes the start of a line."""
        if self._open:
            self._sink.write(b"\n")
        self.go_on(data)

    def go_on(self, data: bytes) -> None:
        """Writes a further piece of a line."""
        self._sink.write(data)
        self._open = not data.endswith(b"\n")


def sort_of(line_class: LineClass, *, invalid: bool) -> Sort:
    """The sort of a line. A batch counts as its worst member; a member that is not a call is invalid."""
    if line_class not in (LineClass.CALL, LineClass.BATCH):
        return Sort.REJECTS
    return Sort.INVALID if invalid else Sort.VALID
