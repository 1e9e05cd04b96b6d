"""Collects values at the places of violations, for `--show-values`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from validator.engine.decode.json_exact import parse
from validator.report.call_violations import CallReader, value_at
from validator.service.lines.short_value import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.engine.compile.program import Program
    from validator.engine.scan.observer import ObservedLine, Verdict
    from validator.input.lines import Block
    from validator.report import Finding, Report

# Distinct values shown for a finding.
MOST = 3

# Rules whose findings are about a value that is present.
_OF_VALUES = frozenset(("TP202", "TP205", "TP206", "TP207", "TP208", "TP209"))

# The identity of a finding in a report: code, event, property, instance location and keyword.
Key = tuple[str, str, str | None, str, str]


class SampleValues:
    """Collects the first values of each finding that is about values."""

    def __init__(self, program: Program) -> None:
        self._reader = CallReader(program)
        self._values: dict[Key, dict[str, None]] = {}

    def begin(self, path: str) -> None:
        """Starts an input."""

    def block(self, block: Block, line: int, judged: Sequence[Verdict]) -> None:  # noqa: ARG002 - a Log
        """Handles lines with one call each."""
        if any(map(self._wants, judged)):
            for text, found in zip(block.data.split(b"\n"), judged, strict=False):
                if self._wants(found):
                    self._take(parse(text), found)

    def line(self, line: ObservedLine) -> None:
        """Handles a line that was read separately."""
        for _, verdict, call in line.each():
            if self._wants(verdict):
                self._take(call(), verdict)

    def added_to(self, report: Report) -> Report:
        """Adds the values to the messages of a report's findings."""
        return replace(report, findings=tuple(map(self._with_values, report.findings)))

    def _with_values(self, finding: Finding) -> Finding:
        key = (
            finding.code,
            finding.event or "",
            finding.property,
            finding.instance_location or "",
            finding.keyword or "",
        )
        values = self._values.get(key)
        return replace(finding, message=f"{finding.message} For example: {', '.join(values)}.") if values else finding

    def _wants(self, judged: Verdict) -> bool:
        return any(
            v.code in _OF_VALUES
            and len(self._values.get((v.code, v.event, v.property, v.location, v.keyword), ())) < MOST
            for v, _ in self._reader.effect(judged).violations
        )

    def _take(self, call: Mapping[str, Any], judged: Verdict) -> None:
        for violation in self._reader.violations(call, judged):
            if violation.code not in _OF_VALUES:
                continue
            where = (violation.property, violation.instance_location, violation.keyword or "")
            values = self._values.setdefault((violation.code, violation.event, *where), {})
            for spot in self._reader.spots(violation, call, judged):
                # The whole call is not a useful example.
                if spot and len(values) < MOST and (text := shown(value_at(call, spot))) is not None:
                    values[text] = None
