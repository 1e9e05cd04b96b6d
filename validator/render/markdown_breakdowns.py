"""Breakdowns in Markdown: a folded table for each field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.compile.selection import DAYS
from validator.render.breakdown_parts import NONE, OTHERS, about, further, share_invalid, shown
from validator.render.markdown_marks import code, folded, row, table, text
from validator.render.phrases import count

if TYPE_CHECKING:
    from validator.report import Report
    from validator.report.model import Breakdown, GroupFinding, GroupReport

# Days shown, values of other fields, and findings of a value.
MOST_DAYS = 31
MOST_VALUES = 12
MOST_FINDINGS = 2

# Most of the comment is for findings; this is the limit for breakdowns.
MOST_CHARACTERS = 20_000


def breakdowns(report: Report, room: int) -> str:
    """As many fields as fit."""
    room = min(room, MOST_CHARACTERS)
    parts: list[str] = []
    for breakdown in report.breakdowns:
        part = "\n\n" + _breakdown(breakdown)
        if len(part) > room:
            part = f"\n\nBy {code(breakdown.field)}: left out; `--format json` has it."
        if len(part) <= room:
            room -= len(part)
            parts.append(part)
    return "".join(parts)


def _breakdown(breakdown: Breakdown) -> str:
    groups, more = shown(breakdown, MOST_DAYS if breakdown.field in DAYS else MOST_VALUES)
    rows = [_row(code(g.value) if g.value is not None else NONE, g) for g in groups]
    if breakdown.others:
        rows.append(_row(OTHERS, breakdown.others))
    what = "day" if breakdown.field in DAYS else "value"
    body = table([what, ">calls", ">invalid", "found most"], rows)
    if more:
        body += f"\n\n{further(breakdown, more)} left out; `--format json` has all."
    return folded(f"By {code(breakdown.field)}", body)


def _row(name: str, group: GroupReport) -> str:
    found = "<br>".join(map(_finding, group.findings[:MOST_FINDINGS]))
    more = len(group.findings) - MOST_FINDINGS
    found += f"<br>and {count(more, 'further finding')}" if more > 0 else ""
    return row([name, f"{group.calls:,}", text(share_invalid(group).replace(" invalid", "")), found])


def _finding(finding: GroupFinding) -> str:
    return f"{finding.count:,} {finding.code} {': '.join(map(code, about(finding)))}".rstrip()
