"""Profiles what comes bit by bit, and says at once how each call stands to the plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.engine.count.profile import InputSummary, Profile
from validator.engine.engine import Engine
from validator.input.lines import Block
from validator.model import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.compile.program import Program
    from validator.engine.decode.call import Call
    from validator.engine.scan.observer import ObservedLine, Verdict


class CallVerdict(msgspec.Struct, frozen=True):
    """How one call stands to the plans.

    Attributes:
        line: The number of its line, from 1.
        byte: Where its line starts.
        index: Its place in a batch, from 0; None outside one.
        verdict: What was found; `judge_of(program).of_verdict` gives its violations.
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
    """Profiles one input that comes bit by bit. The profile is that of reading all of it at once.

    Args:
        program: The compiled plans.
        limits: What bounds memory; the defaults if None.
        name: What reports call the input.
    """

    def __init__(self, program: Program, limits: Limits | None = None, name: str = "-") -> None:
        self._verdicts = _Verdicts()
        self._engine = Engine(program, limits or Limits(), observer=self._verdicts)
        self._summary = InputSummary(name)
        self._engine.profile.inputs.append(self._summary)
        self._engine.begin(0)
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[CallVerdict]:
        """Takes more NDJSON.

        Args:
            data: Lines. What comes after the last LF waits for the rest of its line.

        Returns:
            The verdicts on the calls of the lines that are whole now, in order.
        """
        end = data.rfind(b"\n") + 1
        self._rest += data[:end]
        lines = bytes(self._rest) if end else b""
        if end:
            self._rest.clear()
        self._rest += data[end:]
        return self._count(lines) if lines else []

    def finish(self) -> list[CallVerdict]:
        """Takes what is left of a last line without LF."""
        rest = bytes(self._rest)
        self._rest.clear()
        return self._count(rest) if rest else []

    def snapshot(self) -> Profile:
        """The profile of all lines so far, which further ones do not change."""
        counted = self._engine.finish()
        copy = Profile(max_places=counted.max_places)
        copy.append(counted)
        return copy

    def _count(self, lines: bytes) -> list[CallVerdict]:
        found: list[CallVerdict] = []
        self._verdicts.found = found
        self._summary.lines += self._engine.lines(Block(self._summary.bytes, lines))
        self._summary.bytes += len(lines)
        return found


class _Verdicts:
    """An observer that keeps the verdicts."""

    def __init__(self) -> None:
        self.found: list[CallVerdict] = []

    def begin(self, path: str) -> None:
        """An input begins."""

    def block(self, block: Block, line: int, calls: Sequence[Call], verdicts: Sequence[Verdict]) -> None:  # noqa: ARG002 - an Observer
        """Lines with one call each."""
        byte = block.byte
        for number, (text, verdict) in enumerate(zip(block.data.split(b"\n"), verdicts, strict=False), line):
            self.found.append(CallVerdict(number, byte, None, verdict))
            byte += len(text) + 1

    def blank(self, block: Block, line: int, lines: int) -> None:
        """Blank lines."""

    def line(self, line: ObservedLine, ending: bytes) -> None:  # noqa: ARG002 - an Observer
        """A line that was read apart."""
        for member, _, verdict in line.calls:
            self.found.append(CallVerdict(line.line, line.byte, member if member >= 0 else None, verdict))

    def passed_over(self, piece: bytes) -> None:
        """The next bytes of a line that is too long to be kept."""
