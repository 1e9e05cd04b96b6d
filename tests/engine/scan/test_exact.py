"""All that plan rules ask of one call: for calls that only the evaluator can judge, and to explain one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.counted import CallFacts
from validator import PlanRule, Program, TrackingPlan
from validator.json_schema.evaluator import EXCEEDED

PAYLOAD = {
    "properties": {"n": {"type": "integer", "minimum": 3}, "o": {"type": "object"}, "s": {"enum": ["a", "b"]}},
    "required": ["n"],
}


def facts_of(line: bytes, payload: Any = None, **more: Any) -> Any:
    schema = {"properties": {"properties": payload or PAYLOAD, "title": {"type": "string"}}, **more}
    return CallFacts(Program([TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Paid", schema),))])).of(line)


def call(properties: bytes, more: bytes = b"") -> bytes:
    return b'{"type":"track","event":"Paid","properties":' + properties + more + b"}"


@pytest.mark.parametrize(
    ("properties", "fields"),
    [
        (b"{}", {}),
        (b'{"n":3}', {"/properties/n": "integer"}),
        (b'{"s":"a","n":3.5}', {"/properties/n": "number", "/properties/s": "string"}),
        (b'{"o":{"n":1},"s":null}', {"/properties/o": "object", "/properties/s": "null"}),
        (b'{"n":' + b"9" * 5_000 + b"}", {"/properties/n": "integer"}),
        (b'{"n":1e999}', {"/properties/n": "number"}),
        (b"[1]", {}),
        (b"null", {}),
        (b'{"n":1,"n":"last"}', {"/properties/n": "string"}),
    ],
)
def test_types_of_all_planned_values(properties: bytes, fields: dict[str, str]) -> None:
    assert facts_of(call(properties)).fields == fields


def test_fields_at_the_top_are_read_too() -> None:
    assert facts_of(call(b"{}", b',"title":[]')).fields == {"/title": "array"}


@pytest.mark.parametrize(
    ("properties", "failed"),
    [
        (b'{"n":3,"s":"b"}', []),
        (b'{"n":2,"s":"b"}', ["minimum"]),
        (b'{"n":2.5,"s":"c"}', ["enum", "integer", "minimum"]),
        (b'{"n":"x","s":1}', ["enum"]),
        (b"7", []),
    ],
)
def test_checks_that_fail(properties: bytes, failed: list[str]) -> None:
    found = facts_of(call(properties)).failed
    assert [one.check.split()[0] for one in found] == failed
    assert [*found] == sorted(found, key=repr)


@pytest.mark.parametrize("closed", [True, False])
def test_further_keys_are_noticed_where_a_rule_minds(closed: bool) -> None:
    payload = PAYLOAD | ({"additionalProperties": False} if closed else {})
    assert facts_of(call(b'{"n":3,"x":1}'), payload).more is closed
    assert facts_of(call(b'{"n":3}'), payload).more is False
    assert facts_of(call(b'["x"]'), payload).more is False


def test_a_check_of_the_whole_message_or_of_all_properties_is_made_once() -> None:
    found = facts_of(call(b'{"n":3,"x":1}'), {**PAYLOAD, "minProperties": 3}, minProperties=9).failed
    assert sorted(one.found.keyword for one in found) == ["minProperties", "minProperties"]
    assert sorted(one.found.location for one in found) == ["", ""]


def test_each_call_has_its_own_budget() -> None:
    """What is too much for one call says nothing of the next."""
    deep: Any = {"type": "string"}
    for _ in range(14):
        deep = {"anyOf": [{"items": deep}, {"items": deep, "minItems": 1}]}
    value: Any = b"1"
    for _ in range(14):
        value = b"[" + value + b"," + value + b"]"
    payload = {"properties": {"n": deep}}
    schema = {"properties": {"properties": payload}}
    calls = CallFacts(Program([TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Paid", schema),))]))
    (slow,) = calls.of(call(b'{"n":' + value + b"}")).failed
    assert slow.found is not None
    assert slow.found.keyword == EXCEEDED
    assert calls.of(call(b'{"n":"x"}')).failed == ()
