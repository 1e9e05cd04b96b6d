"""Batch bodies: the outer `context` and `integrations` belong to every call in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from validator import Catalog, LineClass, check_stream
from validator.engine.decode.json_exact import batch_calls

CALL = {"type": "track", "event": "Trial Started", "properties": {"category": "team"}}


@pytest.mark.parametrize(
    ("outer", "member", "expected"),
    [
        ({}, {"a": 1}, {"a": 1}),
        ({"context": {"ip": 1}}, {"a": 1}, {"a": 1, "context": {"ip": 1}}),
        ({"context": {"ip": 1, "x": 1}}, {"context": {"ip": 2}}, {"context": {"ip": 2, "x": 1}}),
        ({"integrations": {"All": True}}, {"integrations": {"All": False}}, {"integrations": {"All": False}}),
        ({"context": {"ip": 1}}, {"context": None}, {"context": None}),
        ({"context": [1], "writeKey": "k", "sentAt": "s"}, {"a": 1}, {"a": 1}),
        ({"context": {"ip": 1}}, 7, 7),
    ],
)
def test_members_get_what_the_batch_shares(outer: dict[str, Any], member: Any, expected: Any) -> None:
    body = outer | {"batch": [member]}
    before = json.dumps(body)
    assert batch_calls(body) == [expected]
    assert json.dumps(body) == before


@pytest.mark.parametrize("pretty", [False, True])
def test_members_are_calls_and_places_name_them(pretty: bool) -> None:
    body = json.dumps(
        {"batch": [CALL, 7, CALL | {"event": "trial started", "messageId": "m"}]}, indent=2 if pretty else None
    )
    found = check_stream(f"{body}\n{body}\n".encode(), Catalog.load().find("acquire-paid-subscriptions"))
    assert found.calls == found.types["track"] == 4
    assert found.lines[LineClass.BATCH] == sum(found.lines.values()) == 2
    line = body.count("\n") + 2
    places = {f.code: [(p.line, p.position, p.message_id) for p in f.places] for f in found.findings}
    assert places["NM401"] == [(1, 2, "m"), (line, 2, "m")]
    assert places["IN503"] == [(1, 1, None), (line, 1, None)]


@pytest.mark.parametrize("batch", [{"a": 1}, "x", 3, None, True, 1.5])
def test_a_batch_that_is_no_array_is_a_field_like_any_other(batch: Any) -> None:
    found = check_stream(json.dumps(CALL | {"batch": batch}).encode())
    assert found.lines[LineClass.CALL] == found.types["track"] == 1
