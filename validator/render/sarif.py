"""SARIF 2.1.0 within GitHub's limits: one result for each finding, with a stable fingerprint."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from validator._version import __version__
from validator.render.breakdown_parts import shown
from validator.render.phrases import HOME, clip, count, rule_address, unnamed
from validator.render.terminal_style import PLAIN, Style, safe
from validator.report.fingerprints import fingerprints
from validator.report.model import Status
from validator.rules import RULES

if TYPE_CHECKING:
    from validator.model import Place
    from validator.report import Finding, Report, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

# Results of a run and locations of a result that GitHub shows. It accepts 10 MB, even if compressed.
MOST_RESULTS = 5_000
MOST_LOCATIONS = 100
MOST_BYTES = 9_000_000

# GitHub cuts a rule's descriptions here; messages are cut likewise, to stay readable.
LONGEST = 1_000

# Fixed findings, and values of a field, shown beside the results.
MOST_FIXED = 500
MOST_NOTES = 20
MOST_VALUES = 50

_STATES = {Status.NEW: "new", Status.GROWN: "updated", Status.KNOWN: "unchanged"}

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def render_sarif(report: Report, verdict: Verdict, style: Style = PLAIN) -> str:  # noqa: ARG001
    """The report as one SARIF log, ASCII only. Findings beyond GitHub's limits are counted in a notification."""
    codes = sorted({f.code for f in report.findings})
    results = _within(report, codes)
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "uclint",
                "version": __version__,
                "informationUri": HOME,
                "rules": [_rule(code) for code in codes],
            }
        },
        "invocations": [_invocation(report, verdict, len(report.findings) - len(results))],
        "results": results,
    }
    if properties := _baseline(report) | _breakdowns(report):
        run["properties"] = properties
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> dict[str, Any]:
    rule = RULES[code]
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": clip(rule.summary, LONGEST)},
        "fullDescription": {"text": clip(f"{rule.summary} {rule.why}", LONGEST)},
        "help": {
            "text": f"Why: {rule.why}\n\nFix: {rule.fix}",
            "markdown": f"**Why.** {rule.why}\n\n**Fix.** {rule.fix}",
        },
        "helpUri": rule_address(rule),
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": ["analytics", "tracking"], "problem.severity": rule.severity.value},
    }


def _invocation(report: Report, verdict: Verdict, left_out: int) -> dict[str, Any]:
    invocation: dict[str, Any] = {
        "executionSuccessful": not report.partial,
        "exitCode": verdict.exit_code,
        "exitCodeDescription": _message("; ".join(verdict.reasons)),
    }
    notices = [f"{count(left_out, 'further finding')} left out: above the limit of code scanning"] if left_out else []
    notices += [f"not named: {more}"] if (more := unnamed(report)) else []
    notifications = [{"level": "warning", "message": {"text": text}} for text in notices]
    notifications += [
        {"level": "note", "message": {"text": _message(note.message)}} for note in report.notes[:MOST_NOTES]
    ]
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    return invocation


def _baseline(report: Report) -> dict[str, Any]:
    """The baseline and fixed findings; as absent results, code scanning would open alerts for them."""
    if report.baseline is None:
        return {}
    fixed = report.baseline.fixed
    shown = [
        {
            "ruleId": known.code,
            "event": _name(known.event),
            "property": _name(known.property),
            "instanceLocation": _name(known.instance_location),
            "keyword": known.keyword,
            "count": known.count,
        }
        for known in fixed[:MOST_FIXED]
    ]
    return {"baseline": {"path": address(report.baseline.path), "fixedCount": len(fixed), "fixed": shown}}


def _breakdowns(report: Report) -> dict[str, Any]:
    """Calls of the most common values of each field; the JSON report has all."""
    if not report.breakdowns:
        return {}
    return {
        "breakdowns": [
            {
                "field": _name(breakdown.field),
                "values": [
                    {"value": _name(group.value), "calls": group.calls, "invalid": group.invalid}
                    for group in groups.groups
                ],
                "others": breakdown.others.calls if breakdown.others else 0,
                "leftOut": groups.more,
            }
            for breakdown, groups in ((b, shown(b, MOST_VALUES)) for b in report.breakdowns)
        ]
    }


def _within(report: Report, codes: list[str]) -> list[dict[str, Any]]:
    """The first and worst results, up to GitHub's limits."""
    numbers = {code: number for number, code in enumerate(codes)}
    results: list[dict[str, Any]] = []
    room = MOST_BYTES
    chosen = report.findings[:MOST_RESULTS]
    for finding, same in zip(chosen, fingerprints(chosen), strict=True):
        result = _result(finding, numbers[finding.code], same, report)
        text = json.dumps(result, indent=2)
        room -= len(text) + 8 * (text.count("\n") + 1)  # it is indented deeper in the document
        if room < 0:
            break
        results.append(result)
    return results


def _result(finding: Finding, number: int, same: str, report: Report) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": number,
        "level": finding.severity.value,
        "message": {"text": _message(finding.message)},
        "locations": _locations(finding, report),
        # GitHub uses the first; without it, GitHub would hash the line, which is not stable.
        "partialFingerprints": {"primaryLocationLineHash": f"{same}:1", "finding/v1": same},
        "properties": {
            "event": _name(finding.event),
            "property": _name(finding.property),
            "count": finding.count,
            "instanceLocation": _name(finding.instance_location),
            "keyword": finding.keyword,
            "useCases": list(finding.use_cases),
            "plans": list(finding.plans),
        },
    }
    if finding.status:
        result["baselineState"] = _STATES[finding.status]
    if known := finding.known:
        result["properties"] |= {"baselineCount": known.count, "baselineOf": known.of}
    if finding.count:
        result["occurrenceCount"] = finding.count
    return result


def _locations(finding: Finding, report: Report) -> list[dict[str, Any]]:
    """The places of a finding; without one, the first input, as GitHub shows nothing without a place."""
    if finding.places:
        return [_location(report.inputs[p.input].path, p) for p in finding.places[:MOST_LOCATIONS]]
    return [_location(report.inputs[0].path)] if report.inputs else []


def _location(path: str, place: Place | None = None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": address(path)}}
    if place:
        physical["region"] = {"startLine": max(place.line, 1)}
    return {"physicalLocation": physical}


def address(path: str) -> str:
    """A path as a URI reference; bytes that are not UTF-8 are kept."""
    if _URL.match(path):
        return quote(path.encode("utf-8", "surrogatepass"), safe="/:?&=%#@+,;~!$'()*[]")
    named = quote(_bytes(posixpath.normpath(path)))
    return f"file://{named}" if named.startswith("/") else named


def _bytes(path: str) -> bytes:
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def _message(text: str) -> str:
    """Plain text in SARIF's sense: no links, no placeholders."""
    shown = clip(safe(text), LONGEST).replace("](", "] (")
    return _PLACEHOLDER.sub(r"{{\1}}", shown)


def _name(text: str | None) -> str | None:
    return None if text is None else clip(safe(text), LONGEST)
