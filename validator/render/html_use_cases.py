"""The HTML sections on use cases and tracking plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.render.html_marks import bar, code, covered, legend, text
from validator.render.phrases import count, grouped, ranked, sources_and_destinations
from validator.render.terminal_style import percent

if TYPE_CHECKING:
    from validator.report import EventReport, PlanReport, PropertyReport, Report, UseCaseReport

# Use cases shown unfolded.
UNFOLDED = 2

_LEGEND = (("p", "present"), ("w", "not valid"), ("m", "missing"))


def use_cases(report: Report) -> str:
    """Coverage of each use case, best first, with details."""
    groups = ranked(grouped(report.use_cases))
    if not groups:
        return ""
    lead = "Coverage is the share of recommended properties on the calls of each recommended event, averaged."
    cards = "".join(_use_case(group, unfolded=len(groups) <= UNFOLDED) for group in groups)
    return f'<p class="lead">{lead}</p>\n{legend(_LEGEND)}\n<div class="list">\n{cards}</div>\n'


def _anchor(use_case: UseCaseReport) -> str:
    return f"use-case-{use_case.goal}-{use_case.use_case}"


def _use_case(group: list[UseCaseReport], *, unfolded: bool) -> str:
    first = group[0]
    seen = f"{len(first.events) - len(first.missing_events)} of {count(len(first.events), 'event')} seen"
    goals = " · ".join(text(u.goal_name) for u in group)
    events = "".join(_event(e) for e in sorted(first.events, key=lambda e: e.coverage))
    return (
        f'<details class="card" id="{_anchor(first)}"{" open" if unfolded else ""}><summary>'
        f'<h3>{text(first.name)}</h3><span class="soft small wide-only">{seen}</span>{covered(first.coverage)}'
        f'<span class="share">{percent(first.coverage)}</span></summary>\n<div class="inside">\n'
        f'<p class="soft small">{"Goal" if len(group) == 1 else "Goals"}: {goals}</p>\n'
        f"{_sources_and_destinations(first)}{events}</div></details>\n"
    )


def _sources_and_destinations(use_case: UseCaseReport) -> str:
    """The source and destination types looked for, seen or not."""
    parts = []
    for name, found in sources_and_destinations(use_case):
        seen = [f'<span class="badge pass">{text(kind)}: seen</span>' for kind in found.seen]
        missing = [f'<span class="badge warning">{text(kind)}: not seen</span>' for kind in found.missing]
        parts.append(f"<div><dt>{name}</dt><dd>{' '.join([*seen, *missing]) or 'none recommended'}</dd></div>\n")
    return f'<dl class="reach">\n{"".join(parts)}</dl>\n' if parts else ""


def _event(event: EventReport) -> str:
    status = f'<span class="soft">{count(event.calls, "call")}</span>'
    if not event.calls:
        status = '<span class="unseen">never seen</span>'
    body = ""
    if not event.calls and event.properties:
        body = f'<p class="soft small">Recommended with it: {" ".join(code(p.name) for p in event.properties)}</p>\n'
    elif event.properties:
        rows = "".join(_property(p) for p in sorted(event.properties, key=lambda p: p.share))
        body = (
            '<table><thead><tr><th scope="col">Property</th><th scope="col" class="n">Present</th>'
            '<th scope="col" class="n">Missing</th><th scope="col" class="n">Not valid</th></tr></thead>\n'
            f"<tbody>\n{rows}</tbody></table>\n"
        )
    return f'<div class="event"><div><h4>{text(event.event)}</h4>{status}</div>\n{body}</div>\n'


def _property(entry: PropertyReport) -> str:
    calls = entry.calls or 1
    shares = bar([("p", entry.share), ("w", entry.invalid / calls), ("m", entry.missing / calls)])
    return (
        f'<tr><th scope="row">{code(entry.name)}{shares}</th><td class="n">{percent(entry.share)}</td>'
        f"{_cell(entry.missing)}{_cell(entry.invalid)}</tr>\n"
    )


def _cell(number: int) -> str:
    return f'<td class="n{"" if number else " zero"}">{number:,}</td>'


def plans(report: Report) -> str:
    """Results of each of the user's own plans."""
    if not report.plans:
        return ""
    rows = "".join(map(_plan, report.plans))
    return (
        '<div class="card pad"><table><thead><tr><th scope="col">Plan</th><th scope="col" class="n">Valid</th>'
        '<th scope="col" class="n">Invalid</th><th scope="col" class="n">Unplanned</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></div>\n"
    )


def _plan(plan: PlanReport) -> str:
    calls = plan.valid + plan.invalid + plan.unplanned or 1
    shares = bar([("p", plan.valid / calls), ("w", plan.invalid / calls), ("m", plan.unplanned / calls)])
    numbers = "".join(_cell(n) for n in (plan.valid, plan.invalid, plan.unplanned))
    return f'<tr><th scope="row">{text(plan.plan)}{shares}</th>{numbers}</tr>\n'
