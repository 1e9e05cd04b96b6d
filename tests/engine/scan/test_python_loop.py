"""Calls that a quick way through the loop takes are asked all that others are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.checking import check_stream
from validator import Policy
from validator.engine.compile.selection import Selection
from validator.plan import PlanRule, TrackingPlan

pytestmark = pytest.mark.usefixtures("either_way")

PLAN = TrackingPlan(
    "plan",
    "Plan",
    (
        PlanRule("PAGE", None, {"properties": {"properties": {"properties": {"n": {"type": "integer"}}}}}),
        PlanRule("TRACK", "Paid", {"properties": {"properties": {"properties": {"n": {"type": "integer"}}}}}),
    ),
)
SOUND: dict[str, Any] = {"userId": "u", "timestamp": "2026-01-02T03:04:05Z"}
BARE = SOUND | {"type": "page"}
PAID = SOUND | {"type": "track", "event": "Paid", "properties": {"n": 1}}

# Of every tenth call: what is changed, and the rule that finds it.
CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"userId": None}, "SP303"),
    ({"userId": ""}, "SP303"),
    ({"userId": {}}, "SP303"),
    ({"timestamp": "yesterday"}, "SP312"),
]
NO_FAULT: list[dict[str, Any]] = [{"userId": 7}, {"userId": None, "anonymousId": "a"}, {}]


def stream(call: dict[str, Any], change: dict[str, Any]) -> bytes:
    """Enough calls for the quick way to be taken."""
    calls = (call | (change if number % 10 == 0 else {}) for number in range(2_000))
    return b"".join(json.dumps(one).encode() + b"\n" for one in calls)


def checked(data: bytes, *rules: str, **options: Any) -> Any:
    return check_stream(data, plans=[PLAN], policy=Policy.of(rules), **options)


@pytest.mark.parametrize("call", [BARE, PAID], ids=["without properties", "with properties"])
@pytest.mark.parametrize(("change", "code"), CHANGES, ids=[str(change) for change, _ in CHANGES])
def test_what_lint_rules_find_is_found_in_all_calls(call: dict[str, Any], change: dict[str, Any], code: str) -> None:
    report = checked(stream(call, change), "SP303", "SP312", selection=Selection(by=("type",)))
    assert [(f.code, f.count) for f in report.findings] == [(code, 200)]
    ((group,),) = (breakdown.groups for breakdown in report.breakdowns)
    assert (group.calls, [finding.count for finding in group.findings]) == (2_000, [200])
    plain = checked(stream(call, change), code)
    assert [(f.code, f.count) for f in plain.findings] == [(code, 200)]


@pytest.mark.parametrize("call", [BARE, PAID], ids=["without properties", "with properties"])
@pytest.mark.parametrize("change", NO_FAULT, ids=str)
def test_an_id_of_any_kind_will_do(call: dict[str, Any], change: dict[str, Any]) -> None:
    assert checked(stream(call, change), "SP303").findings == ()
