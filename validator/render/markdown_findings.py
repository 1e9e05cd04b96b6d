"""The findings in Markdown, as many as fit, and their comparison with the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.model import Severity
from validator.render.markdown_marks import code, folded, prose, row, table
from validator.render.phrases import count, input_name, message_of, names_of, position
from validator.report.model import Status
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.report import Finding, Report
    from validator.report.model import KnownFinding

_PLACES = 5

# A list of fixed findings is only skimmed.
_MOST_FIXED = 50


def findings(report: Report, room: int) -> str:
    """A folded table for each severity, how to fix them, and then known and fixed findings."""
    kinds = [(s.value, [f for f in _active(report) if f.severity is s]) for s in Severity]
    known = [f for f in report.findings if f.status is Status.KNOWN]
    parts: list[str] = []
    left_out = 0
    for kind, found in [*kinds, ("known finding", known)]:
        if kind == "known finding" and parts:
            parts.append(_rules(report, room))
            room -= len(parts[-1])
        rows, more = _rows(found, report, room)
        room -= sum(len(row) + 1 for row in rows)
        left_out += more
        if rows:
            parts.append(folded(f"<b>{count(len(found), kind)}</b>", table(["rule", "finding", "places"], rows)))
    if left_out:
        parts.append(f"{count(left_out, 'finding')} left out; `--format json` has all of them.")
    if report.baseline and report.baseline.fixed:
        parts.append(_fixed(report.baseline.fixed, room))
    return "".join(f"\n\n{part}" for part in parts if part)


def _active(report: Report) -> list[Finding]:
    return [f for f in report.findings if f.status is not Status.KNOWN]


def _rows(found: Sequence[Finding], report: Report, room: int) -> tuple[list[str], int]:
    rows: list[str] = []
    for number, finding in enumerate(found):
        line = row([finding.code, prose(_sentence(finding), names_of(finding)), _places(finding, report)])
        room -= len(line) + 1
        if room < 0:
            return rows, len(found) - number
        rows.append(line)
    return rows, 0


def _sentence(finding: Finding) -> str:
    """The message without its status: known findings have a table of their own."""
    return finding.message if finding.status is Status.KNOWN else message_of(finding)


def _places(finding: Finding, report: Report) -> str:
    words = []
    path = ""
    for place in finding.places[:_PLACES]:
        own = report.inputs[place.input].path
        words.append(code((input_name(own) if own != path else "") + position(place)))
        path = own
    return " ".join(words) + (" …" if finding.count > len(words) > 0 else "")


def _rules(report: Report, room: int) -> str:
    """How to fix them, for each rule with a finding that is not in the baseline."""
    rules = [RULES[code] for code in dict.fromkeys(f.code for f in _active(report))]
    content = folded("What to do", "\n".join(f"- **{r.code} {r.name}**: {r.fix}" for r in rules))
    return content if len(content) <= room else ""


def _fixed(fixed: Sequence[KnownFinding], room: int) -> str:
    title = f"<b>{count(len(fixed), 'finding')} fixed</b>, and to be taken out of the baseline"
    items = [f"- {known.code} {': '.join(code(n) for n in (known.event, known.property) if n)}" for known in fixed]
    more = len(items) - _MOST_FIXED
    rest = [f"- and {more:,} more; `--format json` has all of them"] if more > 0 else []
    content = folded(title, "\n".join([*items[:_MOST_FIXED], *rest]))
    return content if len(content) <= room else f"{title}; `--format json` has them."
