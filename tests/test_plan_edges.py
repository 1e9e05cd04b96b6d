"""Corners of plans and calls: wherever `jsonschema` can be asked, the engine says the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import anyplan
from tests.anyplan import Breach
from tests.test_plan_oracle import shapes
from validator import PlanRule, Program, TrackingPlan, check_stream

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "plan_edges.yaml").read_text("utf-8"))


def plan_of(schema: Any, kind: str = "TRACK", key: str | None = "E", **more: Any) -> TrackingPlan:
    return TrackingPlan("plan", "Plan", (PlanRule(kind, key, schema),), **more)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES])
def test_the_engine_finds_what_jsonschema_finds(case: dict[str, Any]) -> None:
    schema = {"$schema": anyplan.DRAFT_7, **case["schema"]}
    program = Program([plan_of(schema, case.get("type", "TRACK"), case.get("key", "E"))])
    call = json.loads(case["call"], strict=False)
    ((line, element),) = shapes(program, [call])
    assert line == element
    found = {Breach(v.location, v.keyword, v.missing) for v in program.judge(line).violations}
    assert found == anyplan.oracle(schema)(call)


@pytest.mark.parametrize(
    ("divisor", "value", "holds"),
    [
        (2, "9" * 5_000, False),
        (3, "9" * 5_000, True),
        (0.5, "9" * 5_000, True),
        (10**400, "0.5", False),
        (10**400, "1e300", False),
        (10**400, "1" + "0" * 400, True),
        (float("inf"), "9" * 400, False),
        (float("inf"), "9" * 5_000, False),
    ],
)
def test_multiples_at_any_size(divisor: float, value: str, holds: bool) -> None:
    for schema in ({"multipleOf": divisor}, {"allOf": [{"multipleOf": divisor}]}):
        plan = plan_of({"properties": {"properties": {"properties": {"a": schema}}}})
        report = check_stream(b'{"type":"track","event":"E","properties":{"a":%s}}\n' % value.encode(), plans=[plan])
        assert report.invalid == (not holds)
