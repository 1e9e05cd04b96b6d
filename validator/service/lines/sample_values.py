"""Gathers what stands where violations are found, for those who ask to see values."""

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

# So many different values are shown of a finding.
MOST = 3

# The rules of which a finding is about a value that is there.
_OF_VALUES = frozenset(("TP202", "TP205", "TP206", "TP207", "TP208", "TP209"))

# What tells a finding among those of one report: code, event, property, instance location and keyword.
Key = tuple[str, str, str | None, str, str]


class SampleValues:
    """The first values for each finding that is about values.

    Args:
        program: The compiled plans that judge the calls.
    """

    def __init__(self, program: Program) -> None:
        self._reader = CallReader(program)
        self._values: dict[Key, dict[str, None]] = {}

    def begin(self, path: str) -> None:
        """An input begins."""

    def block(self, block: Block, line: int, judged: Sequence[Verdict]) -> None:  # noqa: ARG002 - a Log
        """Lines with one call each."""
        if any(map(self._wants, judged)):
            for text, found in zip(block.data.split(b"\n"), judged, strict=False):
                if self._wants(found):
                    self._take(parse(text), found)

    def line(self, line: ObservedLine) -> None:
        """A line that was read apart."""
        for _, verdict, call in line.each():
            if self._wants(verdict):
                self._take(call(), verdict)

    def added_to(self, report: Report) -> Report:
        """The report with the values added to what its findings say."""
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
        return replace(finding, message=f"{finding.message} Such as {', '.join(values)}.") if values else finding

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
                # The whole call would say nothing.
                if spot and len(values) < MOST and (text := shown(value_at(call, spot))) is not None:
                    values[text] = None
