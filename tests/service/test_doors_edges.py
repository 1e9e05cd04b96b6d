"""The edges of the doors: what users hand over by mistake, marks of byte order, long lines, selections."""

from __future__ import annotations

import io
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.checking import body
from tests.support.command import SAMPLES
from validator import (
    ByteStream,
    CheckRequest,
    FileRange,
    Limits,
    Policy,
    Profiler,
    Selection,
    Severity,
    UsageError,
    build_report,
    check_paths,
    check_stream,
    compile_program,
    merge,
    profile,
    read_plan,
)
from validator.engine.lint.conventions import Convention, Naming, Pattern
from validator.service.observe_sources import evidence_in
from validator.setup.evidence import Evidence, GatheredEvidence, Watch

if TYPE_CHECKING:
    from pathlib import Path

FLAWED = SAMPLES / "acquire-paid-subscriptions.flawed.ndjson"
SHOP = str(SAMPLES / "plans" / "shop.json")
MARK = b"\xef\xbb\xbf"
CALL = b'{"type":"track","event":"Trial Started","userId":"u","properties":{"category":"a"}}\n'
FIRST = Selection(limit=1)
SOME = Selection(events=frozenset({"Trial Started"}))


def test_a_byte_order_mark_is_no_part_of_a_call(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(MARK + FLAWED.read_bytes())
    request = CheckRequest()
    program = compile_program(request)
    expected = body(check_paths([str(path)], request))
    for cut in (0, 1, 3, 4000):
        parts = [profile(FileRange(str(path), 0, cut), program), profile(FileRange(str(path), cut), program)]
        assert body(build_report(merge(parts, program), program, request)) == expected
    profiler = Profiler(program, name=str(path))
    for start in range(0, path.stat().st_size, 100):
        profiler.feed(path.read_bytes()[start : start + 100])
    profiler.finish()
    assert body(build_report(profiler.snapshot(), program, request)) == expected


@pytest.mark.parametrize("piece", [1000, 70_000, 10**6])
def test_a_profiler_keeps_no_line_that_is_too_long(piece: int) -> None:
    limits, request = Limits(line=10_000), CheckRequest()
    program = compile_program(request)
    data = CALL + b'{"a":"' + b"x" * 300_000 + b'"}\n' + CALL + b'"' + b"y" * 30_000
    profiler = Profiler(program, limits)
    for start in range(0, len(data), piece):
        profiler.feed(data[start : start + piece])
    assert len(profiler._rest) <= limits.line
    profiler.finish()
    expected = body(check_stream(data, request, limits=limits))
    assert body(build_report(profiler.snapshot(), program, request)) == expected
    assert expected["lines"]["too_long"] == 2


def test_a_missing_range_is_a_finding(tmp_path: Path) -> None:
    request = CheckRequest()
    program = compile_program(request)
    found = profile(FileRange(str(tmp_path / "nothing"), 0, 9), program)
    report = build_report(found, program, request)
    assert report.partial
    assert "IN507" in {finding.code for finding in report.findings}


def test_bytes_of_all_kinds() -> None:
    for data in (CALL, bytearray(CALL), memoryview(CALL), io.BytesIO(CALL), [CALL[:9], CALL[9:]]):
        assert check_stream(data).calls == 1  # type: ignore[arg-type]


def refused() -> list[tuple[str, Any]]:
    program, first, some = (compile_program(CheckRequest(selection=s)) for s in (Selection(), FIRST, SOME))
    plan = read_plan(SHOP)
    return [
        ("not from text", lambda: ByteStream(CALL.decode())),  # type: ignore[arg-type]
        ("not from text", lambda: ByteStream(io.StringIO(CALL.decode()))),  # type: ignore[arg-type]
        ("not a range", lambda: profile(FileRange("-"), program)),
        ("not a range", lambda: profile(FileRange(str(FLAWED), -1), program)),
        ("only where all are read in order", lambda: profile(FileRange(str(FLAWED), 0, 9), first)),
        ("only where all are read in order", lambda: merge([], first)),
        ("none may be left out", lambda: Profiler(some)),
        ("check_stream reads bytes", lambda: check_paths(ByteStream(CALL))),  # type: ignore[arg-type]
        ("two plans are called 'Shop'", lambda: CheckRequest(plans=[plan, SHOP])),
        ("is not a use case", lambda: CheckRequest(use_cases=[1])),  # type: ignore[list-item]
    ]


@pytest.mark.parametrize("number", range(10))
def test_what_cannot_be_meant_is_refused(number: int) -> None:
    message, do = refused()[number]
    with pytest.raises(UsageError, match=message):
        do()


def test_paths_may_be_paths(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CALL)
    for paths in (tmp_path / "a", str(tmp_path / "a"), [tmp_path / "a"]):
        assert check_paths(paths).inputs[0].path == str(tmp_path / "a")  # type: ignore[arg-type]
    plan = read_plan(SHOP)
    assert len(CheckRequest(plans=[plan, plan]).own_plans) == 1
    assert CheckRequest(unplanned="error").unplanned is Severity.ERROR  # type: ignore[arg-type]


def test_a_pickled_request_is_the_same(tmp_path: Path) -> None:
    policy = Policy.of(naming=Naming(Convention("snake"), Pattern("[a-z]+")))
    request = CheckRequest(use_cases=["acquire-paid-subscriptions"], plans=[SHOP], policy=policy, selection=SOME)
    copy = pickle.loads(pickle.dumps(request))  # noqa: S301
    assert copy == request
    assert hash(copy) == hash(request)
    assert request not in (CheckRequest(plans=[SHOP]), CheckRequest(policy=policy), None)
    (tmp_path / "shop.json").write_text((SAMPLES / "plans" / "shop.json").read_text().replace("Trial", "Test"))
    assert CheckRequest(plans=[SHOP]) != CheckRequest(plans=[str(tmp_path / "shop.json")])


@pytest.mark.parametrize("field", ["context", "properties", "traits", "some"])
@pytest.mark.parametrize("key", ['a"b', "a\\b", "a\tb"])
def test_pointers_may_have_any_characters(field: str, key: str) -> None:
    call = {"type": "track", "event": "A", "userId": "u", field: {key: {"x": "yes"}}, key: "yes"}
    for pointer in (f"/{field}/{key}/x", f"/{key}"):
        watch = Watch({"shop": {pointer: ("yes",)}})
        request = CheckRequest(evidence=watch)
        for data in (json.dumps(call).encode(), json.dumps(call, indent=1).encode(), json.dumps([call]).encode()):
            profiled = profile(ByteStream(data + b"\n"), compile_program(request))
            assert evidence_in(profiled, watch).declared["shop"].calls == 1


@pytest.mark.parametrize("pointer", ["/traits/email", "/batch", "/batch/0", "/properties/a", "/event"])
def test_evidence_changes_no_report(pointer: str) -> None:
    data = b'{"type":"identify","userId":"1","traits":{"email":"x@y.z"}}\n' + CALL
    plain, watching = CheckRequest(), CheckRequest(evidence=Watch({"s": {pointer: ("x@y.z",)}}))
    assert body(check_stream(data, watching)) == body(check_stream(data, plain))
    by = CheckRequest(selection=Selection(by=("traits.email",)))
    assert "SP316" not in {finding.code for finding in check_stream(data, by).findings}


def test_what_is_kept_of_evidence_does_not_depend_on_the_split() -> None:
    watch = Watch(destinations=frozenset(f"wanted {n}" for n in range(50)))

    def of(names: range) -> GatheredEvidence:
        found = Evidence()
        for n in names:
            values = {("integrations",): {f"name {n}": True}}
            found.note(lambda path, values=values: values.get(path), None, watch)  # type: ignore[misc]
        return GatheredEvidence(watch, found.finish(watch))

    parts = [range(150), range(110, 260), range(150)]
    total = of(parts[0]).plus(of(parts[1])).plus(of(parts[2])).found
    whole = of([n for part in parts for n in part]).found  # type: ignore[arg-type]
    assert total.destinations == whole.destinations
    assert total.more_destinations == whole.more_destinations
