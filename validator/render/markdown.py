"""Markdown for a comment or a job summary: a short summary, folded details, within the limit of a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator._version import __version__
from validator.render.markdown_breakdowns import breakdowns
from validator.render.markdown_findings import findings
from validator.render.markdown_marks import code, folded, prose, row, table, text
from validator.render.phrases import (
    count,
    grouped,
    inputs_name,
    outcome,
    ranked,
    sources_and_destinations,
    types,
    unnamed,
)
from validator.render.phrases import lines as line_counts
from validator.render.terminal_style import PLAIN, Style
from validator.report.shares import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.report import EventReport, PlanReport, Report, TypesReport, UseCaseReport, Verdict

# GitHub's limit for a comment.
MOST_CHARACTERS = 65_536

# A bot finds its comment by this, to replace it.
MARKER = "<!-- uclint report -->"

# Use cases shown with their events, and in total.
IN_FULL = 3
MOST_USE_CASES = 50
MOST_NOTES = 10

_CLOSING = 800  # characters reserved for what follows the findings


def render_markdown(report: Report, verdict: Verdict, style: Style = PLAIN) -> str:  # noqa: ARG001
    """The report as GitHub's or GitLab's Markdown, at most MOST_CHARACTERS long."""
    groups = ranked(grouped(report.use_cases))
    head, coverage, plans = [*_head(report, verdict)], [*_ranking(groups)], [*_plans(report)]
    details = [_use_case(group[0]) for group in groups] if len(groups) <= IN_FULL else []
    room = MOST_CHARACTERS - _CLOSING
    for parts in ([*coverage, *details, *plans], [*coverage, *plans], ["Coverage would not fit here."]):
        above = "\n\n".join([*head, *parts])
        if len(above) <= room:
            break
    room -= len(above)
    below = breakdowns(report, room // 2)
    return above + findings(report, room - len(below)) + below + "\n"


def _head(report: Report, verdict: Verdict) -> Iterator[str]:
    yield MARKER
    sign = "❌" if verdict.exit_code else "✅"
    reasons = prose("; ".join(verdict.reasons))
    yield f"### {sign} uclint: {outcome(verdict)}, {reasons}"
    read = f"{count(sum(report.lines.values()), 'line')} ({', '.join(line_counts(report)) or 'none'})"
    calls = f"{count(report.calls, 'call')}: {report.valid:,} valid, {report.invalid:,} invalid"
    kinds = f" ({', '.join(types(report))})" if report.calls else ""
    yield f"Read {code(inputs_name(report))}: {read}, {calls}{kinds}. uclint {__version__}"
    if more := unnamed(report):
        yield f"Not named: {more}."
    if report.notes:
        rest = len(report.notes) - MOST_NOTES
        listed = [f"- {prose(note.message)}" for note in report.notes[:MOST_NOTES]]
        yield "\n".join([*listed, *([f"- {count(rest, 'further note')}"] if rest > 0 else [])])


def _ranking(groups: Sequence[Sequence[UseCaseReport]]) -> Iterator[str]:
    if not groups:
        return
    rows = []
    for group in groups[:MOST_USE_CASES]:
        first = group[0]
        seen = len(first.events) - len(first.missing_events)
        goals = f" ({len(group)} goals)" if len(group) > 1 else ""
        rows.append(row([text(percent(first.coverage)), f"{seen} of {len(first.events)}", text(first.name) + goals]))
    yield table([">coverage", ">events seen", "use case"], rows)
    for about, found in sources_and_destinations(*(use_case for group in groups for use_case in group)):
        yield f"{about}: {_sources_and_destinations(found)}."
    if len(groups) > MOST_USE_CASES:
        yield f"{count(len(groups) - MOST_USE_CASES, 'further use case')} not shown."


def _use_case(use_case: UseCaseReport) -> str:
    rows = [line for event in use_case.events for line in _event(event)]
    body = table(["event", "property", ">present", ">missing", ">not valid"], rows)
    return folded(f"{text(use_case.name)}: events and properties", body)


def _sources_and_destinations(found: TypesReport) -> str:
    parts = ((", ".join(map(text, names)), word) for names, word in ((found.seen, "seen"), (found.missing, "not seen")))
    return "; ".join(f"{names} {word}" for names, word in parts if names) or "none recommended"


def _event(event: EventReport) -> Iterator[str]:
    name = code(event.event)
    yield f"| {name} | | {count(event.calls, 'call') if event.calls else '**never seen**'} | | |"
    if event.calls:
        for p in sorted(event.properties, key=lambda p: p.share):
            yield f"| | {code(p.name)} | {text(percent(p.share))} | {p.missing or ''} | {p.invalid or ''} |"


def _valid(plan: PlanReport) -> str:
    return text(percent(plan.share_valid)) if plan.calls else ""


def _plans(report: Report) -> Iterator[str]:
    if report.plans:
        rows = [
            row([code(p.plan), f"{p.planned:,}", f"{p.valid:,}", f"{p.invalid:,}", f"{p.unplanned:,}", _valid(p)])
            for p in report.plans[:MOST_USE_CASES]
        ]
        yield table(["plan", ">planned", ">valid", ">invalid", ">unplanned", ">planned and valid"], rows)
    if len(report.plans) > MOST_USE_CASES:
        yield f"{count(len(report.plans) - MOST_USE_CASES, 'further plan')} not shown."
