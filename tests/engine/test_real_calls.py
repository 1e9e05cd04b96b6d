"""Calls from public repositories, as odd as real data is: nothing breaks, everything adds up, nothing leaks."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry

from tests.support.call_oracle import check_call, matches, parsed
from tests.support.checking import check_stream
from tests.support.counted import Reader
from validator import Catalog, LineClass, Program, Report, compile_use_case, judge_report, render_json, render_text
from validator.config import data_directory
from validator.model import CALL_TYPES
from validator.report.rule_policy import Policy

FILE = Path(__file__).resolve().parents[3] / "shared" / "real" / "calls.ndjson"
# Rules that find something or not by what a value is: empty, long, a currency.
BY_VALUE = {"SP303", "SP304", "SP305", "SP306", "SP307", "SP315"}
KEY = "wK7sEcReTwRiTeKeY9zQ"

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason="the real calls (../shared/real) are not beside this checkout"
)


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    data = FILE.read_bytes()
    assert data.endswith(b"\n")
    return data[:-1].split(b"\n")


@pytest.fixture(scope="module")
def calls(lines: list[bytes]) -> list[dict[str, Any]]:
    return [call for line in lines for call in calls_of(parsed(line))]


@pytest.fixture(scope="module")
def report(lines: list[bytes]) -> Report:
    return check_stream(b"\n".join(lines))


def calls_of(value: Any) -> list[dict[str, Any]]:
    members = value["batch"] if isinstance(value.get("batch"), list) else [value]
    return [member for member in members if isinstance(member, dict)]


def kind_of(call: dict[str, Any]) -> str:
    kind = call.get("type")
    folded = kind.lower() if isinstance(kind, str) and kind.isascii() else None
    return folded if folded in CALL_TYPES else "unknown"


def test_lines_and_calls_add_up(lines: list[bytes], calls: list[dict[str, Any]], report: Report) -> None:
    batches = sum(isinstance(parsed(line).get("batch"), list) for line in lines)
    counts = dict.fromkeys(LineClass, 0) | {LineClass.CALL: len(lines) - batches, LineClass.BATCH: batches}
    assert report.lines == counts
    assert [source.lines for source in report.inputs] == [len(lines)]
    assert report.calls == report.valid + report.invalid == len(calls) > 1_000
    assert dict(report.types) == dict.fromkeys((*CALL_TYPES, "unknown"), 0) | Counter(map(kind_of, calls))
    assert not report.partial


def test_events_add_up(calls: list[dict[str, Any]], report: Report) -> None:
    seen = 0
    for use_case, shown in zip(Catalog.load().use_cases, report.use_cases, strict=True):
        counts = Counter(use.event.name for call in calls for use, _ in matches(use_case, call))
        for event in shown.events:
            assert event.calls == counts[event.event]
            assert all(prop.calls == event.calls for prop in event.properties)
        seen += counts.total()
    assert seen > 1_000, "hardly any call is of a recommended event"


@pytest.mark.no_cover
def test_every_call_breaks_what_jsonschema_says(lines: list[bytes]) -> None:
    reader = Reader(Program(map(compile_use_case, Catalog.load().use_cases)))
    for line in lines:
        for call in calls_of(parsed(line)):
            check_call(reader, json.dumps(call).encode())
        if not isinstance(parsed(line).get("batch"), list):
            check_call(reader, line)


def test_json_report_keeps_its_schema(report: Report) -> None:
    schema = json.loads((data_directory("schemas") / "report.schema.json").read_text("utf-8"))
    document = json.loads(render_json(report, judge_report(report)))
    jsonschema.Draft202012Validator(schema, registry=Registry()).validate(document)
    assert document["findings"]


# ------------------------------------------------------------------------------------------------- nothing leaks


def masked(value: Any, number: int = 0) -> Any:
    """The same shape with other values: a message with one of them would now differ."""
    if isinstance(value, dict):
        return {key: masked(inner, number + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, number + 1) for inner in value]
    if isinstance(value, str):
        return f"masked-{number}"
    if isinstance(value, bool) or value is None:
        return value
    return value + 918_273_645 if abs(value) < 2**40 else value


def kept(call: dict[str, Any]) -> dict[str, Any]:
    """Without its values, except what says which event it is."""
    hidden: dict[str, Any] = masked(call)
    return hidden | {key: call[key] for key in ("type", "event") if key in call}


def test_messages_are_the_same_whatever_the_values(calls: list[dict[str, Any]]) -> None:
    policy = Policy.of(ignore=BY_VALUE)
    first, second = (
        check_stream(b"".join(json.dumps(call).encode() + b"\n" for call in stream), policy=policy)
        for stream in (calls, map(kept, calls))
    )
    assert [finding.message for finding in first.findings] == [finding.message for finding in second.findings]
    assert [finding.count for finding in first.findings] == [finding.count for finding in second.findings]


def test_masking_leaves_no_value() -> None:
    call = {"type": "track", "event": "E", "properties": {"a": 1, "b": 1.5, "c": ["x", {"d": "y"}], "e": None}}
    hidden = {"a": 918_273_646, "b": 918_273_646.5, "c": ["masked-3", {"d": "masked-4"}], "e": None}
    assert kept(call) == {"type": "track", "event": "E", "properties": hidden}


def test_write_key_is_reported_nowhere(lines: list[bytes]) -> None:
    key = f'"writeKey":"{KEY}"'.encode()
    spoiled: list[bytes] = []
    for line in lines:
        with_key = b"{" + key + b"," + line.lstrip()[1:]
        spoiled += [with_key, with_key[:-1], b'{"batch":[' + line + b"]," + key + b"}", b"[" + with_key + b"]"]
        spoiled += [line[:-1].rstrip() + b',"properties":{' + key + b"}}"]
    report = check_stream(b"\n".join(spoiled))
    assert report.lines[LineClass.MALFORMED] == report.lines[LineClass.NOT_OBJECT] == len(lines)
    for shown in (render_json(report), render_text(report, judge_report(report)), repr(report)):
        assert KEY not in shown
