"""JSON lines: one for each finding, and a last line with the rest; `schemas/report-line.schema.json` describes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator.render.json import finding_to_json, to_json
from validator.render.phrases import severities
from validator.render.terminal_style import PLAIN, Style

if TYPE_CHECKING:
    from validator.report import Report, Verdict


def render_jsonl(report: Report, verdict: Verdict, style: Style = PLAIN) -> str:  # noqa: ARG001
    """One JSON object a line, ASCII only: the findings in order, then the summary."""
    lines: list[dict[str, Any]] = [finding_to_json(f, report) for f in report.findings]
    lines.append(_summary(report, verdict))
    return "".join(json.dumps(line) + "\n" for line in lines)


def _summary(report: Report, verdict: Verdict) -> dict[str, Any]:
    whole = to_json(report)
    del whole["findings"]
    counts = {severity.value: n for severity, n in severities(report).items()}
    return whole | {"severities": counts, "exit_code": verdict.exit_code, "reasons": list(verdict.reasons)}
