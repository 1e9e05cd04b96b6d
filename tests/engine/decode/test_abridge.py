"""Huge calls are abridged: what is left counts as the whole would."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.checking import check_stream
from validator import PlanRule, TrackingPlan
from validator.engine.compile.program import Program
from validator.engine.decode import abridge, decoder
from validator.engine.decode.abridge import Abridger
from validator.engine.decode.json_exact import parse
from validator.engine.near_miss import LONGEST, shortened

PROPERTIES = {
    "text": {"type": "string", "minLength": 2, "maxLength": 150},
    "pattern": {"type": "string", "pattern": "z$"},
    "number": {"type": ["number", "null"], "minimum": 3, "maximum": 1e300},
    "list": {"type": "array", "items": {"type": "string"}},
    "mixed": {"type": "array", "items": {"type": ["number", "object"]}},
    "few": {"type": "array", "maxItems": 3, "uniqueItems": True},
    "inside": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
    "choice": {"enum": ["a", "b" * 300, 7]},
    "any": {},
}
PLAN = TrackingPlan(
    "own",
    "Own",
    (
        PlanRule("TRACK", "Paid", {"properties": {"properties": {"properties": PROPERTIES, "required": ["text"]}}}),
        PlanRule("COMMON", None, {"properties": {"context": {"required": ["traits"]}, "userId": {"type": "string"}}}),
    ),
)

TEXTS = st.sampled_from(["", "x", "z", "é" * 160, "a" * 149, "b" * 300, "b" * 299 + "c", '\\"' * 3_000, "\ud800" * 900])
SCALARS = st.one_of(
    TEXTS, st.sampled_from([None, True, 0, 7, 2.5, -(10**500), 10**500, 10**4_200, 1e300, float("1e-9")])
)
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=4),
    st.sampled_from([["x"] * 500, ["x"] * 500 + [7], [1] * 500 + [{}], [{"a": [1]}] * 100 + [[]], [7.5] * 200]),
    st.sampled_from([{}, {"a": 1}, {"a": 1.5, "b": ["c" * 99] * 9}, {"b": {"a": "x" * 999}}]),
)
CALLS = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "page", "Track"])},
    optional={
        "event": st.sampled_from(["Paid", "paid", "E" * 6_500, 7]),
        "userId": VALUES,
        "messageId": TEXTS,
        "context": st.one_of(VALUES, st.just({"traits": {}})),
        "more": VALUES,
        "properties": st.one_of(
            VALUES,
            st.dictionaries(st.sampled_from([*PROPERTIES, "other", "k" * 6_500, "\ud800", ""]), VALUES, max_size=6),
        ),
    },
)


def abridging(patch: pytest.MonkeyPatch) -> None:
    """Calls of more than 40 bytes are abridged from now on, and batches come a few calls at a time."""
    patch.setattr(decoder, "LARGE", 40)
    patch.setattr(abridge, "LARGE", 6 * LONGEST)
    patch.setattr(decoder, "GROUP", 40)
    patch.setattr("validator.input.batch_members.GROUP", 40)
    patch.setattr(abridge, "_ITEMS", 30)
    patch.setattr(abridge, "_OF_OTHERS", 20)


@given(st.lists(CALLS, max_size=4))
def test_what_is_left_counts_as_the_whole(calls: list[dict[str, Any]]) -> None:
    lines = [json.dumps(call).encode() for call in calls]
    lines.append(b'{"batch":[' + b",".join(lines) + b',7],"context":{"traits":1}}')
    text = b"\n".join(lines) + b"\n"
    expected = check_stream(text, plans=[PLAN])
    with pytest.MonkeyPatch.context() as patch:
        abridging(patch)
        assert check_stream(text, plans=[PLAN]) == expected


def test_little_is_left_of_what_nobody_looks_into() -> None:
    program = Program([PLAN], own=["own"])
    call = {
        "type": "track",
        "event": "Paid",
        "more": [1] * 9_000,
        "properties": {"text": "t" * 99_999, "list": ["x"] * 9_999, "pattern": "p" * 9_999, "other": "o" * 9_999},
    }
    left = parse(Abridger(program.wanted)(json.dumps(call).encode()))
    properties = left.pop("properties")
    assert left == {"type": "track", "event": "Paid"}
    assert properties["pattern"] == "p" * 9_999
    assert 200 < len(properties["text"]) <= 1 << 12
    assert set(properties["list"]) <= {"x", ""}
    assert len(json.dumps(properties)) < 16_000


def test_long_names_are_left_as_they_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    abridging(monkeypatch)
    name = "é\n" * 4_000
    text = json.dumps({"event": name, "properties": {name: 1, "other": 2}}).encode()
    left = parse(Abridger(Program([PLAN]).wanted)(text))
    assert left == {"event": shortened(name), "properties": {shortened(name): 1, "other": 2}}


def test_so_many_properties_are_left_and_all_that_plans_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abridge, "_MOST_OTHERS", 3)
    properties = {f"k{n}": n for n in range(10)} | {"text": "x", "k1": 7}
    left = parse(Abridger(Program([PLAN]).wanted)(json.dumps({"properties": properties}).encode()))
    assert left["properties"] == {"k0": 0, "k1": 7, "k2": 2, "text": "x"}
