"""Markdown for a pull-request comment or a job summary: short above, details folded, no longer than a comment may be.

Names come from events and plans, so they stand in `<code>` with every character that means something written as a
number: no name can make a link, a mention, a table cell or a tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator._version import __version__
from validator.model import Severity
from validator.render.phrases import (
    clip,
    count,
    grouped,
    input_name,
    inputs_name,
    names_of,
    outcome,
    position,
    ranked,
    split_at_names,
    types,
)
from validator.render.phrases import lines as line_counts
from validator.render.style import PLAIN, Style, percent, safe
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.report import EventReport, Finding, Report, UseCaseReport, Verdict

# What GitHub takes as a comment.
MOST_CHARACTERS = 65_536

# A bot finds its comment by this, to replace it.
MARKER = "<!-- uclint report -->"

# Up to so many use cases are shown with their events; so many at all; and names and paths are cut there.
IN_FULL = 3
MOST_USE_CASES = 50
LONGEST = 200

_PLACES = 5
_CLOSING = 400  # characters kept free for what comes after the findings
# Whatever Markdown, its tables and links may take for more than text. A link could also start with `www.`.
_SPECIAL = re.compile(r"[^\w .,;:()%/'\"?!-]|_|:(?=/)|(?<=www)\.", re.IGNORECASE)

_BACKTICKS = re.compile("&#96;(.*?)&#96;")


def render_markdown(report: Report, verdict: Verdict, style: Style = PLAIN) -> str:  # noqa: ARG001
    """The report as GitHub's or GitLab's Markdown, at most MOST_CHARACTERS long."""
    groups = ranked(grouped(report.use_cases))
    head, coverage, plans = [*_head(report, verdict)], [*_ranking(groups)], [*_plans(report)]
    details = [_events(group[0]) for group in groups] if len(groups) <= IN_FULL else []
    room = MOST_CHARACTERS - _CLOSING
    for parts in ([*coverage, *details, *plans], [*coverage, *plans], ["Coverage would not fit here."]):
        text = "\n\n".join([*head, *parts])
        if len(text) <= room:
            break
    return text + _findings(report, room - len(text)) + "\n"


def _head(report: Report, verdict: Verdict) -> Iterator[str]:
    yield MARKER
    sign = "❌" if verdict.exit_code else "✅"
    reasons = _prose(clip("; ".join(verdict.reasons), 4 * LONGEST))
    yield f"### {sign} uclint: {outcome(verdict)}, {reasons}"
    read = f"{count(sum(report.lines.values()), 'line')} ({', '.join(line_counts(report)) or 'none'})"
    calls = f"{count(report.calls, 'call')}: {report.valid:,} valid, {report.invalid:,} invalid"
    kinds = f" ({', '.join(types(report))})" if report.calls else ""
    yield f"Read {_code(inputs_name(report))}: {read}, {calls}{kinds}. uclint {__version__}"


def _ranking(groups: Sequence[Sequence[UseCaseReport]]) -> Iterator[str]:
    if not groups:
        return
    rows = ["| coverage | events seen | use case |", "|--:|--:|---|"]
    for group in groups[:MOST_USE_CASES]:
        first = group[0]
        seen = len(first.events) - len(first.missing_events)
        goals = f" ({len(group)} goals)" if len(group) > 1 else ""
        rows.append(f"| {percent(first.coverage)} | {seen} of {len(first.events)} | {_name(first.name)}{goals} |")
    yield "\n".join(rows)
    if len(groups) > MOST_USE_CASES:
        yield f"{count(len(groups) - MOST_USE_CASES, 'further use case')} not shown."


def _events(use_case: UseCaseReport) -> str:
    rows = [row for event in use_case.events for row in _event(event)]
    table = ["| event | property | present | missing | wrong type |", "|---|---|--:|--:|--:|", *rows]
    return _folded(f"{_name(use_case.name)}: events and properties", "\n".join(table))


def _event(event: EventReport) -> Iterator[str]:
    name = _code(event.event)
    yield f"| {name} | | {count(event.calls, 'call') if event.calls else '**never seen**'} | | |"
    if event.calls:
        for p in sorted(event.properties, key=lambda p: p.share):
            yield f"| | {_code(p.name)} | {percent(p.share)} | {p.missing or ''} | {p.invalid or ''} |"


def _plans(report: Report) -> Iterator[str]:
    if report.plans:
        rows = [f"| {_code(p.plan)} | {p.valid:,} | {p.invalid:,} | {p.unplanned:,} |" for p in report.plans]
        table = ["| plan | valid | invalid | unplanned |", "|---|--:|--:|--:|", *rows[:MOST_USE_CASES]]
        yield "\n".join(table)
    if len(report.plans) > MOST_USE_CASES:
        yield f"{count(len(report.plans) - MOST_USE_CASES, 'further plan')} not shown."


def _findings(report: Report, room: int) -> str:
    """The findings, as many as there is room for, a folded table for each severity."""
    parts: list[str] = []
    left_out = 0
    for severity in Severity:
        found = [f for f in report.findings if f.severity is severity]
        rows, more = _rows(found, report, room)
        room -= sum(len(row) + 1 for row in rows)
        left_out += more
        if rows:
            table = ["| rule | finding | places |", "|---|---|---|", *rows]
            parts.append(_folded(f"<b>{count(len(found), severity.value)}</b>", "\n".join(table)))
    if parts:
        parts.append(_rules(report, room))
    if left_out:
        parts.append(f"{count(left_out, 'finding')} left out; `--format json` has all of them.")
    return "".join(f"\n\n{part}" for part in parts if part)


def _rows(findings: Sequence[Finding], report: Report, room: int) -> tuple[list[str], int]:
    rows: list[str] = []
    for number, finding in enumerate(findings):
        row = f"| {finding.code} | {_sentence(finding)} | {_places(finding, report)} |"
        room -= len(row) + 1
        if room < 0:
            return rows, len(findings) - number
        rows.append(row)
    return rows, 0


def _places(finding: Finding, report: Report) -> str:
    words = []
    path = ""
    for place in finding.places[:_PLACES]:
        own = report.inputs[place.input].path
        words.append(_code((input_name(own) if own != path else "") + position(place)))
        path = own
    return " ".join(words) + (" …" if finding.count > len(words) > 0 else "")


def _rules(report: Report, room: int) -> str:
    """What to do, for each rule with a finding."""
    rules = [RULES[code] for code in dict.fromkeys(f.code for f in report.findings)]
    text = _folded("What to do", "\n".join(f"- **{r.code} {r.name}**: {r.fix}" for r in rules))
    return text if len(text) <= room else ""


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def _sentence(finding: Finding) -> str:
    """The message, with the names in it set apart."""
    return _prose(clip(finding.message, 4 * LONGEST), names_of(finding))


def _prose(text: str, names: Iterable[str] = ()) -> str:
    """A sentence of ours that may hold such names."""
    parts = split_at_names(text, names)
    return "".join(_code(part) if number % 2 else _name(part, 4 * LONGEST) for number, part in enumerate(parts))


def _code(name: str) -> str:
    return f"<code>{_numbered(clip(safe(name), LONGEST))}</code>" if name else ""


def _name(text: str, limit: int = LONGEST) -> str:
    """Text as it is; an @ or a # on its own names nobody and no issue."""
    escaped = _BACKTICKS.sub(r"<code>\1</code>", _numbered(clip(safe(text), limit)))
    return escaped.replace("&#64;", "<code>&#64;</code>").replace("&#35;", "<code>&#35;</code>")


def _numbered(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", text)
