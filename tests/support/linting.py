"""Streams for lint rules, and what those rules find in them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.support.checking import check_stream
from validator.plan import PlanRule, TrackingPlan
from validator.report.rule_policy import Policy
from validator.rules import RULES, content

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator import Report

CASES = yaml.safe_load((Path(__file__).parents[1] / "engine" / "lint" / "cases" / "lint.yaml").read_text("utf-8"))
ALL = frozenset(RULES)
# A plan, so that no use case is checked; it knows an event that no call here is.
PLAN = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Planned", {}),))
# Those that were there before, and are no matter here.
OTHERS = {"SP301", "SP302", "NM401"}


def only(codes: Iterable[str]) -> Policy:
    """Of the rules that are tested here, these."""
    return Policy(off=frozenset(code for code in RULES if code[:2] in ("SP", "NM", "PV")) - OTHERS - set(codes))


def check(lines: Iterable[bytes], **options: Any) -> Report:
    options = {"plans": [PLAN], "unplanned": None, "policy": only(options.pop("rules", ALL))} | options
    return check_stream(b"".join(line + b"\n" for line in lines), **options)


def lint(report: Report) -> Counter[str]:
    """Code, and place where there is one -> how many calls."""
    found: Counter[str] = Counter()
    for finding in report.findings:
        if finding.code[:2] in ("SP", "NM", "PV") and finding.code not in OTHERS:
            found[" ".join(filter(None, [finding.code, finding.instance_location]))] += finding.count
    return found


def made(call: dict[str, Any]) -> bytes:
    whole = CASES["all"] | call
    return content(json.dumps({key: value for key, value in whole.items() if value is not None}))


def named(*events: str) -> list[bytes]:
    return [made({"event": event, "messageId": f"m-{n}"}) for n, event in enumerate(events)]


def messages(report: Report, code: str) -> list[str]:
    return [finding.message for finding in report.findings if finding.code == code]
