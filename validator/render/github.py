"""Annotations for GitHub Actions, as workflow commands, within the limit of a step."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from validator.model import Severity
from validator.render.phrases import clip, count, message_of, outcome, unnamed
from validator.render.terminal_style import PLAIN, Style, safe
from validator.report.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.report import Finding, Report, Verdict

# Of each kind; GitHub silently drops more.
MOST = 10

LONGEST = 1_000


def render_github(report: Report, verdict: Verdict, style: Style = PLAIN) -> str:  # noqa: ARG001
    """The worst findings as annotations, and a notice with the outcome and the number of further findings.

    Known findings are only counted there: an annotation asks for action.
    """
    return "".join(line + "\n" for line in _lines(report, verdict))


def _lines(report: Report, verdict: Verdict) -> Iterator[str]:
    left_out = 0
    for severity in Severity:
        found = [f for f in report.findings if f.severity is severity and f.status is not Status.KNOWN]
        yield from (_annotation(f, report) for f in found[:MOST])
        left_out += max(len(found) - MOST, 0)
    text = "; ".join(verdict.reasons)
    if left_out:
        text += f"; {count(left_out, 'finding')} without an annotation: a step may have {MOST} of a kind"
    if more := unnamed(report):
        text += f"; not named: {more}"
    yield _command("notice", {"title": f"uclint: {outcome(verdict)}"}, text)


def _annotation(finding: Finding, report: Report) -> str:
    where: dict[str, str] = {}
    if finding.places:
        first = finding.places[0]
        path = report.inputs[first.input].path
        if path != "-":
            where = {"file": posixpath.normpath(path), "line": str(max(first.line, 1))}
    kind = "error" if finding.severity is Severity.ERROR else "warning"
    return _command(kind, where | {"title": f"{finding.code} {finding.rule}"}, message_of(finding))


def _command(kind: str, parameters: dict[str, str], message: str) -> str:
    joined = ",".join(f"{key}={_parameter(value)}" for key, value in parameters.items())
    return f"::{kind} {joined}::{_data(message)}"


def _data(text: str) -> str:
    """The runner undoes `%25` and the like; line ends are escaped already."""
    return clip(safe(text), LONGEST).replace("%", "%25")


def _parameter(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
