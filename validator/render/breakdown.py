"""Breakdowns in the report for people: who sends what, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.model import Severity
from validator.render.phrases import count
from validator.render.style import Style, percent, wrap
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.report import Report
    from validator.report.model import Breakdown, GroupFinding, GroupReport

# Of each field so many values are shown, of each value so many findings; the JSON report has all of them.
MOST_VALUES = 20
MOST_FINDINGS = 3


def breakdown_lines(report: Report, style: Style) -> Iterator[str]:
    """One block for each field."""
    for number, breakdown in enumerate(report.breakdowns):
        if number:
            yield ""
        yield from _breakdown(breakdown, style)


def _breakdown(breakdown: Breakdown, style: Style) -> Iterator[str]:
    yield style.paint(f"By {style.text(breakdown.field)}", "bold")
    shown = list(breakdown.groups[:MOST_VALUES])
    if breakdown.field == "day":
        shown.sort(key=lambda group: (group.value is None, group.value or ""))
    for group in shown:
        yield from _group(style.text(group.value) if group.value is not None else "(none)", group, style)
    more = len(breakdown.groups) - len(shown)
    if more > 0:
        yield from wrap(f"  ... and {count(more, 'further value')}; --format json has them", style, 6)
    if breakdown.others:
        yield from _group("(further values)", breakdown.others, style)


def _group(name: str, group: GroupReport, style: Style) -> Iterator[str]:
    share = group.invalid / group.calls if group.calls else 0.0
    invalid = f", {group.invalid:,} invalid ({percent(share)})" if group.invalid else ""
    first, *rest = wrap(f"  {name}  {count(group.calls, 'call')}{invalid}", style, 6)
    yield style.paint(first, "red") if group.invalid else first
    yield from rest
    for finding in group.findings[:MOST_FINDINGS]:
        yield from _finding(finding, style)
    more = len(group.findings) - MOST_FINDINGS
    if more > 0:
        yield from wrap(f"      ... and {count(more, 'further finding')}", style, 10)


def _finding(finding: GroupFinding, style: Style) -> Iterator[str]:
    about = ": ".join(style.text(part) for part in (finding.event, finding.property) if part)
    look = "red" if finding.severity is Severity.ERROR else "yellow"
    text = f"      {finding.count:,} {finding.code} {RULES[finding.code].name}" + (f"  {about}" if about else "")
    yield from (style.paint(line, look) for line in wrap(text, style, 10))
