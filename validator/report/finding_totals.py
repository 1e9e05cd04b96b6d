"""What the count of a finding is a share of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.report.model import Finding, Report

# Findings about whole inputs, not lines.
_OF_INPUTS = frozenset(["IN506", "IN507", "IN509"])

# Findings whose event is an unplanned name, or stands for several.
OF_NAMES = frozenset(["NM401", "NM403", "NM405", "TP203"])

# Findings about several names each, of which a call can have more than one: their count is the sum over the names.
OF_SEVERAL = frozenset(["NM407", "NM408", "NM409", "NM410"])


class Totals(NamedTuple):
    """What counts are shares of.

    Attributes:
        inputs: All inputs.
        lines: All lines.
        calls: All calls.
        events: Event -> calls that count as it.
    """

    inputs: int
    lines: int
    calls: int
    events: Mapping[str, int]

    def of(self, code: str, event: str | None) -> int:
        """The total that the count of a finding is a share of."""
        if code in _OF_INPUTS:
            return self.inputs
        if code.startswith("IN"):
            return self.lines
        if event is None or code in OF_NAMES or (code in OF_SEVERAL and event not in self.events):
            return self.calls
        return self.events.get(event, 0)

    def without(self, other: Totals) -> Totals:
        """The totals less others."""
        events = {event: calls - other.events.get(event, 0) for event, calls in self.events.items()}
        return Totals(self.inputs - other.inputs, self.lines - other.lines, self.calls - other.calls, events)


def totals_of(report: Report) -> Totals:
    """What the counts of a report are shares of."""
    return Totals(len(report.inputs), sum(report.lines.values()), report.calls, report.events)


def total_of(finding: Finding, report: Report) -> int:
    """The total that a finding's count is a share of."""
    return totals_of(report).of(finding.code, finding.event)
