"""What the count of a finding is a share of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validator.report.model import Finding, Report

# Findings about whole inputs, not lines.
_OF_INPUTS = frozenset(["IN506", "IN507", "IN509"])

# Findings whose event is an unplanned name, or stands for several.
OF_NAMES = frozenset(["NM401", "NM403", "NM405", "TP203"])

# Findings about several names each, of which a call can have more than one: their counts add up what each has.
OF_SEVERAL = frozenset(["NM407", "NM408", "NM409", "NM410"])


def total_of(finding: Finding, report: Report) -> int:
    """The total that a finding's count is a share of."""
    if finding.code in _OF_INPUTS:
        return len(report.inputs)
    if finding.code.startswith("IN"):
        return sum(report.lines.values())
    if finding.event is None or finding.code in OF_NAMES:
        return report.calls
    if finding.code in OF_SEVERAL and finding.event not in report.events:
        return report.calls
    return report.events.get(finding.event, 0)
