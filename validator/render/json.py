"""The JSON report; `schemas/report.schema.json` describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from validator._version import __version__
from validator.render.terminal_style import PLAIN, Style
from validator.report.finding_totals import total_of
from validator.report.model import Status

if TYPE_CHECKING:
    from validator.engine.count.profile import InputSummary
    from validator.model import Place
    from validator.report import EventReport, Finding, PlanReport, Report, TypesReport, UseCaseReport, Verdict
    from validator.report.model import Breakdown, GroupReport

VERSION = 2


def render_json(report: Report, verdict: Verdict | None = None, style: Style = PLAIN) -> str:  # noqa: ARG001
    """The report as one JSON document; ASCII only, so it is safe on a terminal."""
    return json.dumps(to_json(report), indent=2) + "\n"


def to_json(report: Report) -> dict[str, Any]:
    """The report in the form of its schema."""
    return {
        "report_version": VERSION,
        "uclint": __version__,
        "partial": report.partial,
        "inputs": [_input(i) for i in report.inputs],
        "lines": {"total": sum(report.lines.values())} | {c.value: n for c, n in report.lines.items()},
        "calls": {
            "total": report.calls,
            "valid": report.valid,
            "invalid": report.invalid,
            "by_type": dict(report.types),
        }
        | ({} if report.left_out is None else {"left_out": report.left_out}),
        "use_cases": [_use_case(u) for u in report.use_cases],
        "plans": [_plan(p) for p in report.plans],
        "findings": [finding_to_json(f, report) for f in report.findings],
        "notes": [asdict(note) for note in report.notes],
        **_baseline(report),
        **({"unnamed": asdict(report.unnamed)} if report.unnamed else {}),
        **({"breakdowns": [_breakdown(b) for b in report.breakdowns]} if report.breakdowns else {}),
    }


def _breakdown(breakdown: Breakdown) -> dict[str, Any]:
    return {
        "field": breakdown.field,
        "values": [{"value": group.value} | _group(group) for group in breakdown.groups],
        "others": _group(breakdown.others) if breakdown.others else None,
    }


def _group(group: GroupReport) -> dict[str, Any]:
    return {
        "calls": {"total": group.calls, "valid": group.valid, "invalid": group.invalid},
        "findings": [
            {
                "code": f.code,
                "event": f.event,
                "property": f.property,
                "instance_location": f.instance_location,
                "keyword": f.keyword,
                "severity": f.severity.value,
                "count": f.count,
            }
            for f in group.findings
        ],
    }


def _baseline(report: Report) -> dict[str, Any]:
    """The comparison with the baseline, if there is one."""
    if report.baseline is None:
        return {}
    counts = {status.value: sum(f.status is status for f in report.findings) for status in Status}
    fixed, unread = [asdict(known) for known in report.baseline.fixed], list(report.baseline.unread)
    return {"baseline": {"path": report.baseline.path, **counts, "fixed": fixed, "unread": unread}}


def _input(summary: InputSummary) -> dict[str, Any]:
    return {
        "path": summary.path,
        "compression": summary.compression,
        "framing": summary.framing,
        "bytes": summary.bytes,
        "lines": summary.lines,
        "complete": summary.complete,
    }


def _use_case(use_case: UseCaseReport) -> dict[str, Any]:
    return {
        "goal": use_case.goal,
        "use_case": use_case.use_case,
        "name": use_case.name,
        "coverage": use_case.coverage,
        "not_covered": {"missing": use_case.share_missing, "invalid": use_case.share_invalid},
        "events": [_event(e) for e in use_case.events],
        "missing_events": list(use_case.missing_events),
        "sources": _types(use_case.sources),
        "destinations": _types(use_case.destinations),
    }


def _types(found: TypesReport | None) -> dict[str, list[str]] | None:
    return None if found is None else {"seen": list(found.seen), "missing": list(found.missing)}


def _event(event: EventReport) -> dict[str, Any]:
    properties = [
        {"property": p.name, "present": p.present, "missing": p.missing, "invalid": p.invalid} for p in event.properties
    ]
    return {"event": event.event, "calls": event.calls, "properties": properties}


def _plan(plan: PlanReport) -> dict[str, Any]:
    calls = {
        "total": plan.calls,
        "planned": plan.planned,
        "valid": plan.valid,
        "invalid": plan.invalid,
        "unplanned": plan.unplanned,
    }
    return {"plan": plan.plan, "calls": calls}


def finding_to_json(finding: Finding, report: Report) -> dict[str, Any]:
    """A finding in the form of its schema."""
    return {
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "use_cases": list(finding.use_cases),
        "plans": list(finding.plans),
        "event": finding.event,
        "property": finding.property,
        "instance_location": finding.instance_location,
        "keyword": finding.keyword,
        "schema_location": finding.schema_location,
        "message": finding.message,
        "count": finding.count,
        "of": total_of(finding, report),
        "places": [_place(p, report) for p in finding.places],
        **_known(finding),
    }


def _known(finding: Finding) -> dict[str, Any]:
    """How a finding compares with the baseline, if there is one."""
    if finding.status is None:
        return {}
    count, of = (finding.known.count, finding.known.of) if finding.known else (None, None)
    return {"baseline": {"status": finding.status.value, "count": count, "of": of}}


def _place(place: Place, report: Report) -> dict[str, Any]:
    summary = report.inputs[place.input]
    in_table = summary.framing == "table"
    return {
        "path": summary.path,
        "line": None if in_table else place.line,
        "row": place.line if in_table else None,
        "byte": None if in_table else place.byte,
        "index": place.position if place.position >= 0 else None,
        "message_id": place.message_id,
    }
