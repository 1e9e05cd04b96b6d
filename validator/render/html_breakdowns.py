"""The HTML section on breakdowns: the values of each field, with a chart of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.compile.selection import DAY
from validator.render.breakdown_parts import about, further, rule_of, shown, trend
from validator.render.html_marks import bar, code, legend, text
from validator.render.phrases import count
from validator.render.terminal_style import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from validator.render.breakdown_parts import Trend
    from validator.report import Report
    from validator.report.model import Breakdown, GroupFinding, GroupReport

# Values shown, values unfolded, and findings shown of a value.
MOST_VALUES = 100
UNFOLDED = 7
MOST_FINDINGS = 3

# With more days, bars are too narrow to see.
MOST_DAYS = 366

# Least height of the invalid part, in percent, so that one call among thousands is visible.
_LEAST = 2.0

_NONE = {DAY: "without a readable time"}


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
    days = trend(breakdown, MOST_DAYS) if breakdown.field == DAY else None
    chart = _trend(days) if days and len(days.days) > 1 else ""
    groups, more = shown(breakdown, MOST_DAYS if breakdown.field == DAY else MOST_VALUES)
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
    what = "Day" if field == DAY else "Value"
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
        part = percent(group.invalid / group.calls)
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


def _trend(trend: Trend) -> str:
    """A chart with a bar for each day, invalid calls at its foot; the table has the numbers."""
    days = list(trend.days.items())
    most = max((group.calls for _, group in days if group), default=0) or 1
    empty = sum(group is None for _, group in days)
    caption = f"{days[0][0]} to {days[-1][0]}: {count(most, 'call')} a day at most"
    caption += f", and no calls on {count(empty, 'day')}" if empty else ""
    outside = [_outside(trend.before, "before"), _outside(trend.after, "after")]
    caption = "; ".join([caption, *filter(None, outside)])
    bars = "".join(_bar(number, len(days), day, group, most) for number, (day, group) in enumerate(days))
    return (
        f'<figure class="trend"><figcaption class="soft small">{caption}.</figcaption>\n'
        f'<svg class="bars" aria-hidden="true">{bars}</svg>\n'
        f'<svg class="ticks" aria-hidden="true">{"".join(_ticks([day for day, _ in days]))}</svg></figure>\n'
    )


def _outside(groups: Sequence[GroupReport], where: str) -> str:
    calls = sum(group.calls for group in groups)
    verb = "is" if calls == 1 else "are"
    return f"{count(calls, 'call')} on {count(len(groups), 'day')} {where} {verb} not drawn" if groups else ""


def _bar(number: int, days: int, day: date, group: GroupReport | None, most: int) -> str:
    slot = 100 / days
    gap = 0.15 * slot if days <= 100 else 0.0
    side = f'x="{number * slot + gap:.3f}%" width="{slot - 2 * gap:.3f}%"'
    whole = f'<rect class="hit" x="{number * slot:.3f}%" width="{slot:.3f}%" height="100%"/>'
    if group is None:
        return f'<g><title>{day}: no calls</title>{whole}<rect class="m" {side} y="98%" height="2%"/></g>'
    height = max(100 * group.calls / most, _LEAST)
    foot = min(max(height * group.invalid / group.calls, _LEAST), height) if group.invalid else 0.0
    title = f"{day}: {count(group.calls, 'call')}" + (f", {group.invalid:,} invalid" if group.invalid else "")
    top = (
        f'<rect class="c" {side} y="{100 - height:.2f}%" height="{height - foot:.2f}%"/>'
        if height - foot >= 0.01
        else ""
    )
    below = f'<rect class="w" {side} y="{100 - foot:.2f}%" height="{foot:.2f}%"/>' if foot else ""
    return f"<g><title>{title}</title>{whole}{top}{below}</g>"


def _ticks(days: Sequence[date]) -> Iterator[str]:
    """Up to four dates under their bars; a phone shows the first and the last."""
    steps = 3 if len(days) > 7 else 2
    wanted = sorted({round(number * (len(days) - 1) / steps) for number in range(steps + 1)})
    for number in wanted:
        at = 100 * (number + 0.5) / len(days)
        end = {0: "start", len(days) - 1: "end"}.get(number, "middle")
        x = {"start": 0.0, "end": 100.0}.get(end, at)
        wide = ' class="wide-only"' if end == "middle" else ""
        yield f'<text x="{x:.2f}%" y="1em" text-anchor="{end}"{wide}>{days[number]}</text>'
