"""Drafts of events: every call that they were made from is valid, and what a plan file held stays as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.checking import check_stream
from tests.support.command import SAMPLES, uclint
from tests.support.examples import examples
from validator.plan import TrackingPlan, read_plan
from validator.plan.formats import uclint as our_yaml
from validator.plan.read import read_texts
from validator.service.draft_event import Drafted, EventShape, Shape

if TYPE_CHECKING:
    from pathlib import Path

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text(max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b.c", "d[", ""]), inner, max_size=3)
    ),
    max_leaves=6,
)
PROPERTIES = st.dictionaries(st.sampled_from(["p", "q.r", "s", "yes"]), VALUES, max_size=4)


def drafted(calls: list[dict[str, Any]]) -> Drafted:
    shape = EventShape("E")
    for call in calls:
        shape._see(call)
    found = shape.drafted()
    assert found is not None
    return found


@settings(max_examples=examples(60))
@given(st.lists(PROPERTIES | st.none(), min_size=1, max_size=5))
def test_every_call_is_valid_under_its_draft(properties: list[dict[str, Any] | None]) -> None:
    calls: list[dict[str, Any]] = [
        {"type": "track", "event": "E"} | ({} if p is None else {"properties": p}) for p in properties
    ]
    draft = drafted(calls)
    plan = TrackingPlan("P", "P", (draft.rule,))
    lines = b"".join(json.dumps(call).encode() + b"\n" for call in calls)
    report = check_stream(lines, plans=[plan])
    assert (report.plans[0].valid, report.plans[0].invalid, report.plans[0].unplanned) == (len(calls), 0, 0)
    assert not [finding for finding in report.findings if finding.code.startswith("TP")]
    for call in calls:
        jsonschema.Draft7Validator(draft.rule.schema).validate(call)
    text = our_yaml.write(plan).files["plan.yaml"]
    (again,) = read_texts("plan.yaml", {"plan.yaml": text}).plan.rules
    assert check_stream(lines, plans=[TrackingPlan("P", "P", (again,))]).plans == report.plans


def test_what_is_always_there_is_required() -> None:
    shape = Shape()
    for value in ({"a": 1, "b": None}, {"a": 2, "b": 1, "c": "x"}):
        shape.see(value)
    assert shape.always == ["a"]


@pytest.mark.parametrize("indent", ["", "  ", "    "])
def test_a_plan_keeps_its_text(indent: str, tmp_path: Path) -> None:
    event = f"{indent}- event: A  # the first\n{indent}  properties: {{x: {{type: string}}}}\n"
    before = f"# Ours.\nuclint: 1\nplan: P\nevents:\n{event}"
    (tmp_path / "plan.yaml").write_text(before)
    calls = str(SAMPLES / "acquire-paid-subscriptions.flawed.ndjson")
    for event in ("Trial Started", "Trial Start"):
        assert uclint("plan", "add", event, "--from", calls, "-o", "plan.yaml", cwd=tmp_path).returncode == 0
    text = (tmp_path / "plan.yaml").read_text()
    assert text.startswith(before)
    assert [rule.key for rule in read_plan(tmp_path / "plan.yaml").plan.rules] == ["A", "Trial Started", "Trial Start"]
    assert text.count(f"\n{indent}# Drafted from ") == 2
