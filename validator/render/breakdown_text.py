"""Breakdowns in the text report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.compile.selection import DAY
from validator.model import Severity
from validator.render.breakdown_parts import NONE, OTHERS, about, further, rule_of, share_invalid, shown
from validator.render.phrases import count
from validator.render.terminal_style import Style, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.report import Report
    from validator.report.model import Breakdown, GroupFinding, GroupReport

# Values shown of a field, and findings of a value; the JSON report has all.
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
    groups, more = shown(breakdown, MOST_VALUES)
    left_out = wrap(f"  ... {further(breakdown, more)} left out; --format json has them", style, 6) if more else []
    yield from left_out if breakdown.field == DAY else ()
    for group in groups:
        yield from _group(style.text(group.value) if group.value is not None else NONE, group, style)
    yield from left_out if breakdown.field != DAY else ()
    if breakdown.others:
        yield from _group(OTHERS, breakdown.others, style)


def _group(name: str, group: GroupReport, style: Style) -> Iterator[str]:
    invalid = f", {share}" if (share := share_invalid(group)) else ""
    first, *rest = wrap(f"  {name}  {count(group.calls, 'call')}{invalid}", style, 6)
    yield style.paint(first, "red") if group.invalid else first
    yield from rest
    for finding in group.findings[:MOST_FINDINGS]:
        yield from _finding(finding, style)
    more = len(group.findings) - MOST_FINDINGS
    if more > 0:
        yield from wrap(f"      ... and {count(more, 'further finding')}", style, 10)


def _finding(finding: GroupFinding, style: Style) -> Iterator[str]:
    names = ": ".join(style.text(name) for name in about(finding))
    look = "red" if finding.severity is Severity.ERROR else "yellow"
    text = f"      {finding.count:,} {rule_of(finding)}" + (f"  {names}" if names else "")
    yield from (style.paint(line, look) for line in wrap(text, style, 10))
