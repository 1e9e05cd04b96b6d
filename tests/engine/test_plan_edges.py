"""Corners of plans and calls: wherever `jsonschema` can be asked, the engine says the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.test_plan_oracle import violations
from tests.support import anyplan
from tests.support.anyplan import Breach
from tests.support.checking import check_stream
from validator import PlanError, PlanRule, Program, TrackingPlan
from validator.json_schema.equality import key_of

pytestmark = pytest.mark.usefixtures("either_way")

FOLDER = Path(__file__).parent / "cases"
CASES = yaml.safe_load((FOLDER / "plan_edges.yaml").read_text("utf-8"))
REFUSED = yaml.safe_load((FOLDER / "plan_refused.yaml").read_text("utf-8"))


def plan_of(schema: Any, kind: str = "TRACK", key: str | None = "E", **more: Any) -> TrackingPlan:
    return TrackingPlan("plan", "Plan", (PlanRule(kind, key, schema),), **more)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES])
def test_the_engine_finds_what_jsonschema_finds(case: dict[str, Any]) -> None:
    schema = {"$schema": anyplan.DRAFT_7, **case["schema"]}
    program = Program([plan_of(schema, case.get("type", "TRACK"), case.get("key", "E"))])
    call = json.loads(case["call"], strict=False)
    (those,) = violations(program, [call])
    found = {Breach(v.location, v.keyword, v.missing) for v in those}
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
    ],
)
def test_multiples_at_any_size(divisor: float, value: str, holds: bool) -> None:
    for schema in ({"multipleOf": divisor}, {"allOf": [{"multipleOf": divisor}]}):
        plan = plan_of({"properties": {"properties": {"properties": {"a": schema}}}})
        report = check_stream(b'{"type":"track","event":"E","properties":{"a":%s}}\n' % value.encode(), plans=[plan])
        assert report.invalid == (not holds)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in REFUSED])
def test_what_cannot_be_judged_is_refused(case: dict[str, Any]) -> None:
    schema = case.get("schema", {"properties": {"properties": case.get("payload")}})
    with pytest.raises(PlanError) as refused:
        Program([plan_of(schema, documents=case.get("documents", {}))])
    assert case["message"] in str(refused.value)


def test_a_chain_of_references_is_refused_and_deep_documents_are() -> None:
    links = {f"a{n}": {"$ref": f"#/definitions/a{n + 1}"} for n in range(3_000)}
    with pytest.raises(PlanError, match="a very long chain"):
        Program([plan_of({"definitions": links | {"a3000": {}}, "allOf": [{"$ref": "#/definitions/a0"}]})])
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"not": deep}
    with pytest.raises(PlanError, match="nested too deeply"):
        Program([plan_of({"allOf": [{"$ref": "http://d/x"}]}, documents={"http://d/x": deep})])


def test_a_document_that_is_not_referred_to_may_be_anything() -> None:
    plan = plan_of({"definitions": {"a": {}}, "$ref": "#/definitions/a"}, documents={"http://d/x": {"properties": []}})
    assert not Program([plan]).routes.versions


def test_plans_with_equal_rules_and_other_documents_are_told_apart() -> None:
    schema = {"properties": {"properties": {"properties": {"a": {"$ref": "http://d/x"}}}}}
    one = TrackingPlan("one", "One", (PlanRule("TRACK", "E", schema),), documents={"http://d/x": {"type": "string"}})
    two = TrackingPlan("two", "Two", (PlanRule("TRACK", "E", schema),), documents={"http://d/x": {"type": "null"}})
    report = check_stream(b'{"type":"track","event":"E","properties":{"a":"x"}}\n', plans=[one, two])
    assert [(plan.valid, plan.invalid) for plan in report.plans] == [(1, 0), (0, 1)]


def test_numbers_that_are_equal_and_no_others_have_equal_keys() -> None:
    """And integers of equal hashes, which calls could be full of, have keys of others."""
    same = [1, 1.0, 10**20, 1e20, -0.0, 0]
    assert len({key_of(value) for value in same}) == 3
    assert len({hash(key_of((2**61 - 1) * n)) for n in range(200)}) > 190
