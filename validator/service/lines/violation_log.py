"""Writes each violation of each call as one line of JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator.engine.decode.json_exact import message_id, parse
from validator.render.violation_json import VIOLATION_FORMATS, Occurrence
from validator.report.call_violations import CallReader, value_at
from validator.service.lines.short_value import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.engine.compile.program import Program
    from validator.engine.scan.observer import ObservedLine, Verdict
    from validator.input.lines import Block
    from validator.service.lines.protocols import Sink

_ENCODER = json.JSONEncoder(default=str)


class ViolationLog:
    """Writes the violations of calls to a sink."""

    def __init__(self, program: Program, sink: Sink, form: str = "uclint", *, show_values: bool = False) -> None:
        self._reader = CallReader(program)
        self._names = {plan.id: plan.name for plan in program.plans}
        self._sink = sink
        self._render = VIOLATION_FORMATS[form]
        self._show_values = show_values
        self._path = ""

    def begin(self, path: str) -> None:
        """Starts an input."""
        self._path = path

    def block(self, block: Block, line: int, judged: Sequence[Verdict]) -> None:
        """Handles lines with one call each; `line` is the number of the first."""
        has_violations = self._reader.has_something
        if not any(map(has_violations, judged)):
            return
        byte = block.byte
        for number, (text, found) in enumerate(zip(block.data.split(b"\n"), judged, strict=False), line):
            if has_violations(found):
                self._write(parse(text), found, number, byte, None)
            byte += len(text) + 1

    def line(self, line: ObservedLine) -> None:
        """Handles a line that was read separately."""
        for member, verdict, call in line.each():
            if self._reader.has_something(verdict):
                index = member if member >= 0 else line.position if line.position >= 0 else None
                self._write(call(), verdict, line.line, line.byte, index)

    def _write(self, call: Mapping[str, Any], judged: Verdict, line: int, byte: int, index: int | None) -> None:
        identity = message_id(call)
        for violation in self._reader.violations(call, judged):
            value: str | None = None
            if self._show_values and violation.missing is None:
                spot = self._reader.spots(violation, call, judged)[0]
                value = shown(value_at(call, spot)) if spot else None  # the whole call is not a useful value
            occurrence = Occurrence(self._path, line, byte, index, identity, call, violation, value, self._names)
            for record in self._render(occurrence):
                self._sink.write(_ENCODER.encode(record).encode() + b"\n")
