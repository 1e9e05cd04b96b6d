"""One self-contained HTML page: it fetches nothing and is complete without its script."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from validator._version import __version__
from validator.model import LineClass, Severity
from validator.render.html_breakdowns import breakdowns
from validator.render.html_findings import findings, fixed
from validator.render.html_marks import code, prose, text
from validator.render.html_use_cases import plans, use_cases
from validator.render.page_files import page_file
from validator.render.phrases import (
    HOME,
    LINE_CLASSES,
    count,
    grouped,
    input_name,
    inputs_name,
    outcome,
    size,
    unnamed,
)
from validator.render.terminal_style import PLAIN, Style
from validator.report.model import Status
from validator.report.shares import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.engine.count.profile import InputSummary
    from validator.report import Report, Verdict

# Inputs shown; more are only counted.
MOST_INPUTS = 200
MOST_NOTES = 50


def render_html(report: Report, verdict: Verdict, style: Style = PLAIN) -> str:  # noqa: ARG001
    """The report as an HTML page."""
    title = _title(report)
    style_sheet, script = page_file("page.css"), page_file("page.js")
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style_sheet, script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<link rel="icon" href="data:,">',
        f"<title>{outcome(verdict)}: {title} · uclint</title>",
        f"<style>{style_sheet}</style>",
    ]
    sections = [
        ("use-cases", "Use cases", use_cases(report)),
        ("plans", "Tracking plans", plans(report)),
        ("breakdowns", "Breakdowns", breakdowns(report)),
        ("findings", "Findings", findings(report)),
        ("fixed", "Fixed", fixed(report)),
        ("input", "What was read", _inputs(report)),
    ]
    shown = [(anchor, name, body) for anchor, name, body in sections if body]
    body = [
        '<a class="skip" href="#main">Skip to the report</a>',
        f'<div class="wide">\n<header>\n{_header(report, verdict, title)}',
        _navigation([(anchor, name) for anchor, name, _ in shown]),
        '</header>\n<main id="main">',
        _tiles(report),
        *(f'<section id="{a}" aria-labelledby="{a}-title">\n{_heading(a, n)}{b}</section>' for a, n, b in shown),
        f"</main>\n{_footer()}\n</div>",
        f"<script>{script}</script>",
    ]
    parts = ["<!doctype html>", '<html lang="en">', "<head>", *head, "</head>", "<body>", *body, "</body>", "</html>"]
    return "\n".join(parts) + "\n"


def _policy(style_sheet: str, script: str) -> str:
    """Allows only the style and the script of this page; nothing is loaded or sent."""
    rules = f"default-src 'none'; style-src {_hash(style_sheet)}; script-src {_hash(script)}; img-src data:"
    return f"{rules}; base-uri 'none'; form-action 'none'"


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _title(report: Report) -> str:
    groups = grouped(report.use_cases)
    if len(groups) == 1 and not report.plans:
        return text(groups[0][0].name)
    parts = [count(len(report.use_cases), "use case")] if groups else []
    parts += [text(report.plans[0].plan) if len(report.plans) == 1 else count(len(report.plans), "tracking plan")] * (
        len(report.plans) > 0
    )
    return " and ".join(parts) or "Calls"


def _header(report: Report, verdict: Verdict, title: str) -> str:
    kind, sign = ("fail", "✕") if verdict.exit_code else ("pass", "✓")
    reasons = text("; ".join(verdict.reasons))
    partial = ' <span class="badge warning">Incomplete</span>' if report.partial else ""
    return (
        f'<p class="brand"><b>uclint</b> report on {_source(report)}</p>\n<h1>{title}</h1>\n'
        f'<p class="verdict"><span class="badge {kind}"><span aria-hidden="true">{sign}</span> '
        f"{outcome(verdict)}</span>{partial} <span>{reasons}</span></p>"
    )


def _source(report: Report) -> str:
    return code(inputs_name(report)) if len(report.inputs) == 1 else count(len(report.inputs), "input")


def _navigation(sections: list[tuple[str, str]]) -> str:
    links = "".join(f'<li><a href="#{anchor}">{name}</a></li>' for anchor, name in sections)
    return f'<nav aria-label="Sections"><ul>{links}</ul></nav>'


def _heading(anchor: str, name: str) -> str:
    return f'<h2 id="{anchor}-title">{name}</h2>\n'


def _tiles(report: Report) -> str:
    tiles = "".join(f"<div><dt>{name}</dt>{value}</div>\n" for name, value in _numbers(report))
    return f'<dl class="tiles">\n{tiles}</dl>'


def _numbers(report: Report) -> Iterator[tuple[str, str]]:
    groups = [group[0] for group in grouped(report.use_cases)]
    if len(groups) == 1:
        first = groups[0]
        seen = len(first.events) - len(first.missing_events)
        yield "Coverage", _number(text(percent(first.coverage)), f"{seen} of {count(len(first.events), 'event')} seen")
    elif groups:
        full = sum(u.coverage == 1 for u in report.use_cases)
        yield "Fully covered", _number(f"{full:,}", f"of {count(len(report.use_cases), 'use case')}")
    yield "Calls", _number(f"{report.calls:,}", f"{report.valid:,} valid, {report.invalid:,} invalid")
    for severity, name, look in ((Severity.ERROR, "Errors", "bad"), (Severity.WARNING, "Warnings", "warn")):
        found = [f for f in report.findings if f.severity is severity]
        known = sum(f.status is Status.KNOWN for f in found)
        note = "finding" if len(found) == 1 else "findings"
        if report.baseline:
            note = f"{len(found) - known:,} new or grown, {known:,} known"
        yield name, _number(f"{len(found):,}", note, look if len(found) > known else "")


def _number(number: str, note: str, look: str = "") -> str:
    return f'<dd class="number {look}">{number}</dd><dd class="note">{note}</dd>'


def _inputs(report: Report) -> str:
    total = sum(report.lines.values())
    classes = [f"{n:,} {LINE_CLASSES[c][n != 1]}" for c, n in report.lines.items() if n and c is not LineClass.CALL]
    calls = f"{report.lines.get(LineClass.CALL, 0):,} of {count(total, 'line')} hold a call"
    types = ", ".join(f"{n:,} {kind}" for kind, n in report.types.items() if n)
    lead = calls + (f"; {', '.join(classes)}" if classes else "") + (f". Calls by type: {types}" if types else "")
    lead += f". Not named: {beyond}" if (beyond := unnamed(report)) else ""
    notes = "".join(f"<li>{prose(note.message)}</li>\n" for note in report.notes[:MOST_NOTES])
    rest_of_notes = len(report.notes) - MOST_NOTES
    notes += f"<li>{count(rest_of_notes, 'further note')}</li>\n" if rest_of_notes > 0 else ""
    notes = f'<ul class="notes">\n{notes}</ul>\n' if notes else ""
    rows = "".join(map(_input, report.inputs[:MOST_INPUTS]))
    more = len(report.inputs) - MOST_INPUTS
    rest = f'<p class="soft small">{count(more, "further input")} left out here.</p>' if more > 0 else ""
    return (
        f'<p class="lead">{lead}.</p>\n{notes}<div class="card pad"><table><thead><tr><th scope="col">Input</th>'
        '<th scope="col" class="n">Size</th><th scope="col" class="n">Lines</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table>{rest}</div>\n"
    )


def _input(summary: InputSummary) -> str:
    name = code(input_name(summary.path))
    notes = f' <span class="soft small">{summary.compression}</span>' if summary.compression else ""
    notes += "" if summary.complete else ' <span class="badge warning">not read to its end</span>'
    return (
        f'<tr><th scope="row">{name}{notes}</th><td class="n">{size(summary.bytes)}</td>'
        f'<td class="n">{summary.lines:,}</td></tr>\n'
    )


def _footer() -> str:
    return (
        f'<footer>Made by <a href="{HOME}" rel="noreferrer">uclint</a> {__version__}. '
        "<code>uclint rule CODE</code> explains a rule with examples; "
        "<code>uclint check --format json</code> has every number of this page.</footer>"
    )
