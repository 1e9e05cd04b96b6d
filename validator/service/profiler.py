"""Profiles input as it arrives, with a verdict on each call at once."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING

import msgspec

from validator.engine.count.profile import InputSummary, Profile
from validator.engine.engine import Engine
from validator.errors import UsageError
from validator.input.lines import Block
from validator.model import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.compile.program import Program
    from validator.engine.scan.observer import ObservedLine, Verdict


class CallVerdict(msgspec.Struct, frozen=True):
    """The verdict on one call.

    Attributes:
        line: The number of its line, from 1.
        byte: Where its line starts.
        index: Its place in a batch, from 0; None outside one.
        verdict: The deviations that were found, and the plans that they break.
    """

    line: int
    byte: int
    index: int | None
    verdict: Verdict

    @property
    def valid(self) -> bool:
        """Whether it has no violation of error severity."""
        return not self.verdict.invalid


class Profiler:
    """Profiles one input as it arrives. The profile equals that of reading it all at once.

    Args:
        program: The compiled plans.
        limits: What bounds memory; the defaults if None.
        name: Name of the input in reports.
    """

    def __init__(self, program: Program, limits: Limits | None = None, name: str = "-") -> None:
        if program.selection.narrow:
            raise UsageError("a profiler gives a verdict on each call, so none may be left out")
        self._limits = limits = limits or Limits()
        self._verdicts = _Verdicts()
        self._engine = Engine(program, limits, observer=self._verdicts)
        self._summary = InputSummary(name)
        self._engine.profile.inputs.append(self._summary)
        self._engine.begin(0)
        self._rest = bytearray()
        self._passed = 0  # bytes of a line that is too long to be kept

    def feed(self, data: bytes) -> list[CallVerdict]:
        """Takes more NDJSON.

        Args:
            data: Lines. Bytes after the last LF wait for the rest of their line.

        Returns:
            The verdicts on the calls of the lines completed now, in order.
        """
        if self._passed:
            end = data.find(b"\n") + 1
            self._passed += end or len(data)
            if not end:
                return []
            self._count_passed()
            data = data[end:]
        end = data.rfind(b"\n") + 1
        self._rest += data[:end]
        lines = bytes(self._rest) if end else b""
        if end:
            self._rest.clear()
        self._rest += data[end:]
        found = self._count(lines) if lines else []
        if len(self._rest) > self._limits.line:
            self._passed = len(self._rest)
            self._rest.clear()
        return found

    def finish(self) -> list[CallVerdict]:
        """Takes what is left of a last line without LF."""
        if self._passed:
            self._count_passed()
        rest = bytes(self._rest)
        self._rest.clear()
        return self._count(rest) if rest else []

    def snapshot(self) -> Profile:
        """The profile of all lines so far; later lines do not change it."""
        counted = self._engine.finish()
        copy = Profile(max_places=counted.max_places)
        copy.append(counted)
        return copy

    def _count(self, lines: bytes) -> list[CallVerdict]:
        found: list[CallVerdict] = []
        self._verdicts.found = found
        if not self._summary.bytes and lines.startswith(BOM_UTF8):
            self._summary.bytes = len(BOM_UTF8)
            lines = lines[len(BOM_UTF8) :]
        if lines:
            self._summary.lines += self._engine.lines(Block(self._summary.bytes, lines))
            self._summary.bytes += len(lines)
        return found

    def _count_passed(self) -> None:
        """Counts a line that was too long to be kept."""
        self._summary.lines += self._engine.lines(Block(self._summary.bytes, b""))
        self._summary.bytes += self._passed
        self._passed = 0


class _Verdicts:
    """An observer that collects the verdicts."""

    def __init__(self) -> None:
        self.found: list[CallVerdict] = []

    def begin(self, path: str) -> None:
        """Starts an input."""

    def block(self, block: Block, line: int, verdicts: Sequence[Verdict]) -> None:
        """Handles lines with one call each."""
        byte = block.byte
        for number, (text, verdict) in enumerate(zip(block.data.split(b"\n"), verdicts, strict=False), line):
            self.found.append(CallVerdict(number, byte, None, verdict))
            byte += len(text) + 1

    def blank(self, block: Block, line: int, lines: int) -> None:
        """Handles blank lines."""

    def line(self, line: ObservedLine, ending: bytes) -> None:  # noqa: ARG002 - an Observer
        """Handles a line that was read separately."""
        for member, _, verdict in line.calls:
            self.found.append(CallVerdict(line.line, line.byte, member if member >= 0 else None, verdict))

    def passed_over(self, piece: bytes) -> None:
        """Takes the next bytes of a line that is too long to keep."""
