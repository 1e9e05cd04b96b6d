"""The HTML section on breakdowns: the values of each field, with a chart of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.compile.selection import DAYS
from validator.render.breakdown_parts import about, further, rule_of, shown, trend
from validator.render.html_day_chart import day_chart
from validator.render.html_marks import bar, code, legend, text
from validator.render.phrases import count
from validator.report.shares import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from validator.report import Report
    from validator.report.model import Breakdown, GroupFinding, GroupReport

# Values shown, values unfolded, and findings shown of a value.
MOST_VALUES = 100
UNFOLDED = 7
MOST_FINDINGS = 3

# With more days, bars are too narrow to see.
MOST_DAYS = 366

_NONE = dict.fromkeys(DAYS, "without a readable time")


def breakdowns(report: Report) -> str:
    """A card for each field."""
    if not report.breakdowns:
        return ""
    lead = (
        "Calls with each value of a field, and their most frequent findings. "
        "Findings about the whole stream are in no value."
    )
    cards = "".join(map(_breakdown, report.breakdowns))
    return f'<p class="lead">{lead}</p>\n{legend((("c", "valid"), ("w", "invalid")))}\n{cards}'


def _breakdown(breakdown: Breakdown) -> str:
    days = trend(breakdown, MOST_DAYS) if breakdown.field in DAYS else None
    chart = day_chart(days) if days and len(days.days) > 1 else ""
    groups, more = shown(breakdown, MOST_DAYS if breakdown.field in DAYS else MOST_VALUES)
    most = max((g.calls for g in groups), default=0)
    rows = [_row(_named(g, breakdown.field), g, most) for g in groups]
    if breakdown.others:
        rows.append(_row('<span class="soft">further values, counted together</span>', breakdown.others, most))
    left_out = f"{further(breakdown, more)} left out here; the JSON report has all." if more else ""
    rest = f'<p class="soft small">{left_out}</p>' if left_out else ""
    return (
        f'<section class="card pad by"><h3>By {code(breakdown.field)}</h3>\n{chart}'
        f"{_tables(breakdown.field, rows, drawn=bool(chart))}{rest}</section>\n"
    )


def _tables(field: str, rows: Sequence[str], *, drawn: bool) -> str:
    """The values; long lists, and days that are in the chart, are folded."""
    if len(rows) <= UNFOLDED:
        return _table(field, rows)
    if drawn:
        return f"<details><summary>The days as a table</summary>{_table(field, rows)}</details>\n"
    folded = f"<details><summary>{count(len(rows) - UNFOLDED, 'further value')}</summary>"
    return f"{_table(field, rows[:UNFOLDED])}{folded}{_table(field, rows[UNFOLDED:])}</details>\n"


def _table(field: str, rows: Iterable[str]) -> str:
    what = "Day" if field in DAYS else "Value"
    return (
        f'<table><thead><tr><th scope="col">{what}</th><th scope="col" class="n">Calls</th>'
        f'<th scope="col" class="n">Invalid</th></tr></thead>\n{"".join(rows)}</table>\n'
    )


def _named(group: GroupReport, field: str) -> str:
    return (
        code(group.value) if group.value is not None else f'<span class="soft">{_NONE.get(field, "without it")}</span>'
    )


def _row(name: str, group: GroupReport, most: int) -> str:
    whole = most or 1
    shares = bar([("c", group.valid / whole), ("w", group.invalid / whole)])
    invalid = '<td class="n zero">0</td>'
    if group.invalid:
        part = text(percent(group.invalid / group.calls))
        invalid = f'<td class="n">{group.invalid:,} <span class="soft small">{part}</span></td>'
    found = "".join(map(_finding, group.findings[:MOST_FINDINGS]))
    more = len(group.findings) - MOST_FINDINGS
    found += f'<li class="soft">and {count(more, "further finding")}</li>' if more > 0 else ""
    below = f'<tr><td colspan="3"><ul>{found}</ul></td></tr>' if found else ""
    row = f'<tr><th scope="row">{name}{shares}</th><td class="n">{group.calls:,}</td>{invalid}</tr>'
    return f"<tbody>{row}{below}</tbody>\n"


def _finding(finding: GroupFinding) -> str:
    names = ": ".join(map(code, about(finding)))
    look = finding.severity.value
    return f'<li>{finding.count:,} <span class="{look}">{text(rule_of(finding))}</span> {names}</li>'
