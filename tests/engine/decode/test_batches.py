"""Batch bodies: the outer `context` and `integrations` belong to every call in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.checking import check_stream
from tests.support.linting import PLAN, made
from validator import Catalog, LineClass, PlanRule, TrackingPlan
from validator.engine.decode import decoder
from validator.engine.decode.json_exact import batch_calls

if TYPE_CHECKING:
    from validator import Report

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


def streaming(patch: pytest.MonkeyPatch, size: int) -> None:
    """All batches come some bytes at a time from now on."""
    patch.setattr(decoder, "GROUP", 0)
    patch.setattr("validator.input.batch_members.GROUP", size)


def bodies() -> st.SearchStrategy[dict[str, Any]]:
    context = st.sampled_from([None, 7, {}, {"traits": {"a": 1}}, {"ip": "x", "traits": None}])
    call = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["track", "Track", "page", "identify", 7]),
            "event": st.sampled_from(["Paid", "paid", "Signed Up", "", None]),
            "properties": st.sampled_from([None, {}, {"amount": 1}, {"amount": "x", "more": [1]}, "\ud800", 1e5]),
            "context": context,
            "messageId": st.sampled_from(["m-1", "m-2", 3]),
            "batch": st.sampled_from([[{}], {}, "x"]),
        },
    )
    member: st.SearchStrategy[Any] = st.one_of(call, st.sampled_from([None, 1, "x", [{}], True]))
    return st.fixed_dictionaries(
        {"batch": st.lists(member, max_size=12)}, optional={"context": context, "integrations": context}
    )


OWN = TrackingPlan(
    "own",
    "Own",
    (
        PlanRule("TRACK", "Paid", {"properties": {"properties": {"properties": {"amount": {"type": "number"}}}}}),
        PlanRule("COMMON", None, {"properties": {"context": {"required": ["traits"]}}}),
    ),
)


def counted(report: Report) -> Any:
    """What a report says, without places and findings about lines."""
    findings = [
        (f.code, f.event, f.property, f.instance_location, f.count) for f in report.findings if f.code != "IN503"
    ]
    return report.calls, report.types, report.plans, findings


@pytest.mark.parametrize("plan", [PLAN, OWN])
@given(body=bodies(), spread=st.booleans())
def test_a_batch_is_counted_as_its_calls_by_themselves(plan: TrackingPlan, body: dict[str, Any], spread: bool) -> None:
    text = json.dumps(body, indent=1 if spread else None).replace("\n", " ").encode()
    calls = batch_calls(body)
    # What is inside a member under `batch` is no call; alone on a line it would be.
    alone = [
        {k: v for k, v in m.items() if k != "batch" or not isinstance(v, list)} for m in calls if isinstance(m, dict)
    ]
    lines = b"".join(json.dumps(call).encode() + b"\n" for call in alone)
    expected = check_stream(lines + b"7\n" * (len(calls) - len(alone)), plans=[plan])
    whole = check_stream(text + b"\n", plans=[plan])
    assert counted(whole) == counted(expected)
    assert whole.lines[LineClass.BATCH] == sum(whole.lines.values()) == 1
    strays = [finding.count for finding in whole.findings if finding.code == "IN503"]
    assert strays == [len(calls) - len(alone)] * (len(calls) > len(alone))
    for size in (1, 100):
        with pytest.MonkeyPatch.context() as patch:
            streaming(patch, size)
            assert check_stream(text + b"\n", plans=[plan]) == whole


@pytest.mark.parametrize("size", [None, 4, 1 << 15])
@pytest.mark.parametrize(
    ("text", "line_class", "calls"),
    [
        (b'{"batch":[{},{},{}]}', LineClass.BATCH, 3),
        (b'{"batch":[]}', LineClass.BATCH, 0),
        (b' {"batch" : [ {} , 7 ] } ', LineClass.BATCH, 1),
        (b'{"batch":[{}],"batch":[{},{}]}', LineClass.BATCH, 2),
        (b'{"batch":7,"batch":[{},{}]}', LineClass.BATCH, 2),
        (b'{"batch":[{},{}],"batch":7}', LineClass.CALL, 1),
        (b'{"b\\u0061tch":[{},{}]}', LineClass.BATCH, 2),
        (b'{"batch":[{"batch":[{},{}]}]}', LineClass.BATCH, 1),
        (b'{"batch":[{"a":"\\ud800"},{}]}', LineClass.BATCH, 2),
        (b'{"batch":[{"a":1e999},{}],"sentAt":"\\ud800"}', LineClass.BATCH, 2),
        (b'[{"batch":[{},{}]},7]\n7', LineClass.NOT_OBJECT, 0),
        *(
            (b'{"batch":[{},{},{}' + end, LineClass.MALFORMED, 0)
            for end in (
                b"",
                b"]",
                b"]}}",
                b",]}",
                b"} ]}",
                b'],"a":01}',
                b'],"a":tru}',
                b"]} x",
                b'],"a":"\xff"}',
                b"]\x0b}",
            )
        ),
    ],
)
def test_a_line_is_in_one_class_and_what_is_malformed_near_its_end_counts_for_nothing(
    text: bytes, line_class: LineClass, calls: int, size: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if size is not None:
        streaming(monkeypatch, size)
    found = check_stream(b'{"type":"alias"}\n' + text + b"\n")
    counts = {name: count for name, count in found.lines.items() if count}
    expected = {LineClass.CALL: 1}
    for name in [line_class, *[LineClass.NOT_OBJECT] * text.count(b"\n7")]:
        expected[name] = expected.get(name, 0) + 1
    assert counts == expected
    assert found.calls == calls + 1


def test_places_in_a_long_batch_are_the_first_ones() -> None:
    members = [made({"event": "planned" if n % 700 == 699 else "Planned", "messageId": f"m-{n}"}) for n in range(5_000)]
    found = check_stream(b'{"batch":[' + b",".join(members) + b"]}\n", plans=[PLAN])
    (finding,) = (f for f in found.findings if f.code == "NM401")
    assert finding.count == 7
    assert [(p.position, p.message_id) for p in finding.places] == [(n, f"m-{n}") for n in range(699, 3500, 700)]


@pytest.mark.parametrize("length", [200, 201, 100_000])
def test_reports_show_the_beginning_of_a_long_message_id(length: int) -> None:
    identity = "m" * length
    shown = identity if length <= 200 else "m" * 199 + "…"
    call = made({"event": "planned", "messageId": identity})
    text = b"\n".join([call, b'{"batch":[' + call + b"]}", call.replace(b'"planned"', b'"planned", "x": "\\ud800"')])
    for data in (text, text.replace(b"{", b"{ ", 1) + b"\n[]"):
        (finding,) = (f for f in check_stream(data, plans=[PLAN]).findings if f.code == "NM401")
        assert [place.message_id for place in finding.places] == [shown] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'7\n[1]\n"x"\n', "3 lines are valid JSON but not objects."),
        (b'7\n{"batch":[7,{},8]}\n', "1 line and 2 members of batches are valid JSON but not objects."),
        (b'{"batch":[7,{}]}\n', "1 member of a batch is valid JSON but not an object."),
    ],
)
def test_lines_and_members_that_are_no_objects_are_told_apart(text: bytes, expected: str) -> None:
    """So that the finding says the number of lines that the head of a report says."""
    found = check_stream(text)
    (finding,) = [finding for finding in found.findings if finding.code == "IN503"]
    assert finding.message == expected
    lines = found.lines[LineClass.NOT_OBJECT]
    assert not lines or finding.message.startswith(f"{lines:,} line")
