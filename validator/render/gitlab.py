"""GitLab's code quality report: an array with one object for each finding."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any

from validator.model import Severity
from validator.render.phrases import clip, message_of
from validator.render.terminal_style import PLAIN, Style, safe
from validator.report.fingerprints import fingerprints
from validator.report.model import Status

if TYPE_CHECKING:
    from validator.report import Finding, Report, Verdict

# Of GitLab's five: info, minor, major, critical, blocker.
_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor"}

LONGEST = 1_000


def render_gitlab(report: Report, verdict: Verdict, style: Style = PLAIN) -> str:  # noqa: ARG001
    """The findings in GitLab's form, ASCII only.

    GitLab compares two branches itself, so known findings are included; without them, they would count as fixed.
    """
    named = zip(report.findings, fingerprints(report.findings), strict=True)
    return json.dumps([_finding(finding, same, report) for finding, same in named], indent=2) + "\n"


def _finding(finding: Finding, same: str, report: Report) -> dict[str, Any]:
    return {
        "description": clip(safe(message_of(finding)), LONGEST),
        "check_name": finding.code,
        "fingerprint": same,
        "severity": "info" if finding.status is Status.KNOWN else _SEVERITY[finding.severity],
        "location": _location(finding, report),
    }


def _location(finding: Finding, report: Report) -> dict[str, Any]:
    """The first place; GitLab requires one even for a finding about something never seen."""
    if finding.places:
        first = finding.places[0]
        path, line = report.inputs[first.input].path, max(first.line, 1)
    else:
        path, line = report.inputs[0].path if report.inputs else "-", 1
    return {"path": safe(posixpath.normpath(path)), "lines": {"begin": line}}
