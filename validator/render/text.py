"""The report as text for a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator._version import __version__
from validator.model import Severity
from validator.render.phrases import (
    count,
    grouped,
    input_name,
    inputs_name,
    lines,
    message_of,
    position,
    ranked,
    size,
    sources_and_destinations,
    types,
    unfit,
    unnamed,
)
from validator.render.terminal_style import PLAIN, Style, columns, fit, percent, wrap, wrap_whole
from validator.report.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.report import EventReport, Finding, PropertyReport, Report, TypesReport, UseCaseReport, Verdict

# Use cases shown in full; more are ranked in a table.
IN_FULL = 3

# Bars have full length from this width on.
ROOMY = 60

# Findings shown; more are only counted. The JSON report has all.
MOST_FINDINGS = 40

_COMMAND = re.compile(r"^( *)::", re.MULTILINE)


def render_text(report: Report, verdict: Verdict, style: Style = PLAIN) -> str:
    """The report as text that fits `style.width` columns, from 40 upwards."""
    groups = grouped(report.use_cases)
    in_full = len(groups) <= IN_FULL
    coverage = _in_full(groups, report.findings, style) if in_full else _ranking(groups, style)
    shown = coverage if groups or not report.plans else ()
    above = [_header(report, style), _plans(report, style), shown, _findings(report, style)]
    parts = [*above, _breakdowns(report, style), _compared(report, style), closing_lines(verdict, style)]
    return inert("\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n")


def inert(text: str) -> str:
    """Prevents workflow commands of CI runners: `::` at the start of a line, after any spaces."""
    return _COMMAND.sub(lambda match: match[1][:-1] + "\\::", text)


def _breakdowns(report: Report, style: Style) -> Iterator[str]:
    if report.breakdowns:
        from validator.render.breakdown_text import breakdown_lines  # noqa: PLC0415 - few ask for them

        yield from breakdown_lines(report, style)


def _header(report: Report, style: Style) -> Iterator[str]:
    dot = style.pick(" · ", ", ")
    read = sum(i.bytes for i in report.inputs)
    total = sum(report.lines.values())
    inputs = style.text(inputs_name(report))
    yield from wrap(
        dot.join([f"{style.paint('uclint', 'bold')} {__version__}", inputs, size(read), count(total, "line")]), style
    )
    yield from wrap("lines: " + (", ".join(lines(report)) or "none"), style, indent=7)
    if kinds := ", ".join(types(report)):
        yield from wrap(f"calls: {report.valid:,} valid, {report.invalid:,} invalid{dot}{kinds}", style, 7)
    if report.left_out is not None:
        yield from wrap(f"left out: {count(report.left_out, 'call')} not selected", style, 10)
    if more := unnamed(report):
        yield from wrap(f"not named: {more}", style, 11)


def _plans(report: Report, style: Style) -> Iterator[str]:
    for plan in report.plans:
        yield from wrap(style.paint(style.text(plan.plan), "bold"), style, 2)
        planned = plan.valid + plan.invalid
        share = plan.valid / planned if planned else 0.0
        bar = style.bar(share, 20 if style.width >= ROOMY else 6)
        shown = style.paint(f"{percent(share):>4}", _look(share)) if planned else "   -"
        numbers = f"{plan.valid:,} valid, {plan.invalid:,} invalid, {plan.unplanned:,} unplanned"
        yield from wrap(f"{bar} {shown} of its calls valid: {numbers}", style, 2)


def _ranking(groups: list[list[UseCaseReport]], style: Style) -> Iterator[str]:
    bar = 12 if style.width >= ROOMY else 4
    yield style.paint(f"{'Coverage':<{bar + 5}}  Events  Use case", "bold")
    room = style.width - bar - 15
    for group in ranked(groups):
        first = group[0]
        seen = len(first.events) - len(first.missing_events)
        goals = f" ({len(group)} goals)" if len(group) > 1 else ""
        share = style.paint(f"{percent(first.coverage):>4}", _look(first.coverage))
        events = f"{seen}/{len(first.events)}"
        name = fit(style.text(first.name), room - len(goals), style.pick("…", "...")).rstrip()
        yield f"{style.bar(first.coverage, bar)} {share}  {events:>6}  {name}{style.paint(goals, 'dim')}"
    yield ""
    for about, found in sources_and_destinations(*(use_case for group in groups for use_case in group)):
        yield from _sources_and_destinations(about, found, style)
    yield from wrap(f"One in full: uclint check ... -u {_best(groups).use_case}", style, 2)


def _best(groups: list[list[UseCaseReport]]) -> UseCaseReport:
    return max((g[0] for g in groups), key=lambda u: u.coverage)


def _in_full(groups: list[list[UseCaseReport]], findings: Sequence[Finding], style: Style) -> Iterator[str]:
    for number, group in enumerate(groups):
        if number:
            yield ""
        concerned = [f for f in findings if group[0].id in f.use_cases]
        yield from _use_case(group, concerned, style)


def _use_case(group: list[UseCaseReport], findings: Sequence[Finding], style: Style) -> Iterator[str]:
    first = group[0]
    seen = len(first.events) - len(first.missing_events)
    yield from (style.paint(line, "bold") for line in wrap(style.text(first.name), style, 2))
    for use_case in group:
        yield from (style.paint(line, "dim") for line in wrap(f"goal: {style.text(use_case.goal_name)}", style, 6))
    bar = style.bar(first.coverage, 20 if style.width >= ROOMY else 6)
    share = style.paint(f"{percent(first.coverage):>4}", _look(first.coverage))
    yield from wrap(f"{bar} {share} covered, {seen} of {count(len(first.events), 'event')} seen", style, 2)
    for name, found in sources_and_destinations(first):
        yield from _sources_and_destinations(name, found, style)
    for event in sorted(first.events, key=lambda e: e.coverage):
        yield ""
        yield from _event(event, findings, style)


def _sources_and_destinations(name: str, found: TypesReport, style: Style) -> Iterator[str]:
    seen = f"{', '.join(map(style.text, found.seen)) or 'none'} seen"
    missing = f"; {style.paint('not seen', 'yellow')}: {', '.join(map(style.text, found.missing))}"
    yield from wrap(f"{name}: {seen}{missing if found.missing else ''}", style, 4)


def _event(event: EventReport, findings: Sequence[Finding], style: Style) -> Iterator[str]:
    name = style.text(event.event)
    if not event.calls:
        yield from wrap(f"  {name}  {style.paint('never seen', 'red')}", style, 4)
        if event.properties:
            names = ", ".join(style.text(p.name) for p in event.properties)
            yield from wrap(f"      recommended with it: {names}", style, 8)
        return
    yield from wrap(f"  {name}  {count(event.calls, 'call')}", style, 4)
    width = max((columns(style.text(p.name)) for p in event.properties), default=0)
    width = min(width, max(style.width - 46, 12))
    for entry in sorted(event.properties, key=lambda p: p.share):
        yield from _property(entry, unfit(event.event, entry.name, findings), width, style)


def _property(entry: PropertyReport, wrong: str, width: int, style: Style) -> Iterator[str]:
    lacks = [f"{n:,} {what}" for n, what in ((entry.missing, "missing"), (entry.invalid, wrong)) if n]
    name = fit(style.text(entry.name), width, style.pick("…", "..."))
    bar = style.bar(entry.share, 10 if style.width >= ROOMY else 4)
    share = style.paint(f"{percent(entry.share):>4}", _look(entry.share))
    yield from wrap(f"      {name}  {bar} {share}  {', '.join(lacks)}".rstrip(), style, 8)


def _findings(report: Report, style: Style) -> Iterator[str]:
    findings = [finding for finding in report.findings if finding.status is not Status.KNOWN]
    if findings:
        yield style.paint("Findings", "bold")
    for finding in findings[:MOST_FINDINGS]:
        yield from finding_lines(finding, report, style)
    more = len(findings) - MOST_FINDINGS
    if more > 0:
        yield from wrap(f"... and {count(more, 'further finding')}; --format json has all of them", style, 4)


def finding_lines(finding: Finding, report: Report, style: Style) -> Iterator[str]:
    """A finding with its places."""
    look = "red" if finding.severity is Severity.ERROR else "yellow"
    label = f"{finding.severity.value:<7} {finding.code}"
    text, *rest = wrap(f"{label}  {style.text(message_of(finding))}", style, 15)
    yield style.paint(label, look) + text.removeprefix(label)
    yield from rest
    if finding.places:
        yield from (style.paint(line, "dim") for line in _places(finding, report, style))


def _compared(report: Report, style: Style) -> Iterator[str]:
    """The comparison with the baseline: known findings, and fixed ones."""
    if report.baseline is None:
        return
    path = style.text(report.baseline.path)
    known = sum(finding.status is Status.KNOWN for finding in report.findings)
    if known:
        yield from wrap(f"Known: {count(known, 'finding')} in {path}; --format json has all of them", style, 4)
    if fixed := report.baseline.fixed:
        yield from wrap(f"Fixed; to remove from the baseline: --write-baseline {path}:", style, 4)
    for finding in fixed[:MOST_FINDINGS]:
        quoted = f'"{finding.event}"' if finding.event and finding.code.startswith(("NM4", "TP203")) else finding.event
        what = ": ".join(style.text(part) for part in (quoted, finding.property) if part)
        yield from wrap(f"  {finding.code}  {what}".rstrip(), style, 9)
    if len(fixed) > MOST_FINDINGS:
        yield from wrap(f"  ... and {len(fixed) - MOST_FINDINGS:,} more; --format json has all of them", style, 4)


def _places(finding: Finding, report: Report, style: Style) -> Iterator[str]:
    words = []
    path = ""
    for place in finding.places:
        own = report.inputs[place.input].path
        words.append((style.text(input_name(own)) if own != path else "") + position(place))
        path = own
    if finding.count > len(finding.places):
        words.append("...")
    yield from wrap_whole(" " * 15 + "at ", words, style)


def closing_lines(verdict: Verdict, style: Style) -> Iterator[str]:
    """Pass or fail, and why."""
    label, look = ("PASS", "green") if verdict.exit_code == 0 else ("FAIL", "red")
    text, *rest = wrap(f"{label}  {style.text('; '.join(verdict.reasons))} (exit {verdict.exit_code})", style, 6)
    yield style.paint(label, "bold", look) + text.removeprefix(label)
    yield from rest


def _look(share: float) -> str:
    return "green" if share == 1 else "yellow" if share >= 0.5 else "red"
