"""The baseline: free of order, exact about what is new, grown and fixed, and strict about its file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.checking import check_stream
from tests.support.command import GOOD, SAMPLES, uclint
from tests.support.examples import examples
from validator import Baseline, Catalog, ConfigError, Policy, judge_report
from validator.engine.lint import Naming
from validator.report.model import Status

if TYPE_CHECKING:
    from pathlib import Path

    from validator import Report, UseCase

CATALOG = Catalog.load()
USE_CASES = CATALOG.find("mitigate-cart-abandonment")[:1]
EVENTS = [use.event for use in USE_CASES[0].events]
ODD: list[Any] = [None, "x", 1, 2.5, True, [], {}, [1]]


@st.composite
def calls(draw: st.DrawFn) -> bytes:
    """A line: mostly a call of a recommended event, more or less as it should be."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(st.sampled_from([b"{", b"[1]", b"", b'{"type": "Track"}', b'{"type": "x"}']))
    event = draw(st.sampled_from(EVENTS))
    name = event.name.lower() if kind == 1 else event.name
    values = {p.name: draw(st.sampled_from(ODD)) for p in event.properties if draw(st.booleans())}
    return json.dumps({"type": "track", "event": name, "properties": values}).encode()


STREAMS = st.lists(calls(), min_size=1, max_size=12)


def report_of(lines: list[bytes], use_cases: tuple[UseCase, ...] = USE_CASES) -> Report:
    return check_stream(b"".join(line + b"\n" for line in lines), use_cases, catalog=CATALOG)


def statuses(report: Report) -> dict[tuple[Any, ...], Status | None]:
    return {(f.code, f.event, f.property, f.instance_location, f.keyword): f.status for f in report.findings}


def compared(lines: list[bytes], baseline: Baseline, tolerance: float = 0.0) -> Report:
    return baseline.compared(report_of(lines), "b.json", policy=Policy(), tolerance=tolerance)


@pytest.mark.no_cover
@settings(max_examples=examples(50))
@given(STREAMS.flatmap(lambda lines: st.tuples(st.just(lines), st.permutations(lines))))
def test_the_same_calls_in_any_order_have_nothing_new(streams: tuple[list[bytes], list[bytes]]) -> None:
    lines, shuffled = streams
    baseline = Baseline.of(report_of(lines))
    report = compared(shuffled, baseline)
    assert set(statuses(report).values()) <= {Status.KNOWN}
    assert report.baseline is not None
    assert report.baseline.fixed == ()
    assert Baseline.of(report_of(shuffled)).to_text() == baseline.to_text()
    assert judge_report(report, allow_empty=True).exit_code == 0


@pytest.mark.no_cover
@settings(max_examples=examples(50))
@given(STREAMS)
def test_twice_the_same_calls_have_nothing_new(lines: list[bytes]) -> None:
    report = compared(lines * 2, Baseline.of(report_of(lines)))
    assert set(statuses(report).values()) <= {Status.KNOWN}


@pytest.mark.no_cover
@settings(max_examples=examples(50))
@given(STREAMS)
def test_the_file_says_the_same(lines: list[bytes]) -> None:
    baseline = Baseline.of(report_of(lines))
    text = baseline.to_text()
    assert Baseline.parse(text.encode(), "b.json") == baseline
    assert text.isascii()
    assert len([line for line in text.splitlines() if '"code"' in line]) == len(baseline.findings)


@pytest.mark.no_cover
@settings(max_examples=examples(50))
@given(STREAMS, calls())
def test_one_more_call_grows_what_is_wrong_with_it_and_nothing_else(lines: list[bytes], more: bytes) -> None:
    before, alone, after = report_of(lines), report_of([more]), report_of([*lines, more])
    result = statuses(compared([*lines, more], Baseline.of(before)))
    own = {key for key in statuses(alone) if key[0] != "UC101"}
    for key, status in result.items():
        if key not in statuses(before):
            assert status is Status.NEW
            assert key in own
        elif key in own:
            assert status is (Status.KNOWN if share(before, key) == 1 else Status.GROWN)
        else:
            assert status is Status.KNOWN
    assert result.keys() == statuses(after).keys()


def share(report: Report, key: tuple[Any, ...]) -> float:
    """Of all calls, lines or calls of the event, those with a finding."""
    (count,) = [
        f.count for f in report.findings if key == (f.code, f.event, f.property, f.instance_location, f.keyword)
    ]
    event = next((e for u in report.use_cases for e in u.events if e.event == key[1]), None)
    if event:
        return count / event.calls
    return count / (sum(report.lines.values()) if key[0].startswith("IN") else report.calls)


@pytest.mark.no_cover
@settings(max_examples=examples(50))
@given(STREAMS, st.integers(0, 11))
def test_a_finding_is_fixed_once_its_event_comes_without_it(lines: list[bytes], at: int) -> None:
    fewer = [line for number, line in enumerate(lines) if number != at % len(lines)]
    before, after = report_of(lines), report_of(fewer)
    result = compared(fewer, Baseline.of(before)).baseline
    assert result is not None
    fixed = {(k.code, k.event, k.property, k.instance_location, k.keyword) for k in result.fixed}
    gone = statuses(before).keys() - statuses(after).keys()
    seen = {e.event for u in after.use_cases for e in u.events if e.calls}
    assert fixed == {key for key in gone if after.calls and (key[0] == "NM401" or key[1] is None or key[1] in seen)}


def line(*, tax: object = 1) -> bytes:
    properties = {} if tax is ... else {"order_id": "o", "tax": tax}
    return json.dumps({"type": "track", "event": "Order Completed", "properties": properties}).encode()


ORDERS = tuple(u for u in CATALOG.use_cases if any(e.event.name == "Order Completed" for e in u.events))


@pytest.mark.parametrize(
    ("known", "now", "tolerance", "grown"),
    [
        ((1, 10), (1, 10), 0.0, False),
        ((1, 10), (2, 10), 0.0, True),
        ((1, 10), (10, 100), 0.0, False),
        ((10, 100), (1, 9), 0.0, True),
        ((1, 3), (2, 6), 0.0, False),
        ((1, 10), (2, 10), 0.1, False),
        ((1, 10), (21, 100), 0.1, True),
        ((1, 10), (3, 10), 0.1, True),
        ((3, 3), (5, 5), 0.0, False),
    ],
)
def test_growth_is_of_the_share(known: tuple[int, int], now: tuple[int, int], tolerance: float, grown: bool) -> None:
    before, after = ([line(tax="x")] * bad + [line()] * (of - bad) for bad, of in (known, now))
    baseline = Baseline.of(report_of(before, ORDERS))
    report = baseline.compared(report_of(after, ORDERS), "b", policy=Policy(), tolerance=tolerance)
    (found,) = [f.status for f in report.findings if (f.code, f.property) == ("TP202", "tax")]
    assert found is (Status.GROWN if grown else Status.KNOWN)


def test_what_was_not_looked_for_is_not_fixed() -> None:
    baseline = Baseline.of(report_of([line(tax="x"), b"{"], ORDERS))
    good = report_of([line()], ORDERS)
    for report, policy, fixed in (
        (good, Policy(), {"TP202", "IN501"}),
        (good, Policy.of(ignore=["TP"]), {"IN501"}),
        (report_of([line()], ORDERS[:1]), Policy(), set()),
        (report_of([GOOD.rstrip()], ORDERS), Policy(), {"IN501"}),
    ):
        comparison = baseline.compared(report, "b", policy=policy).baseline
        assert comparison is not None
        assert {known.code for known in comparison.fixed} == fixed


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a baseline file"),
        (b"[]", "it has no `baseline_version` 2"),
        (b'{"baseline_version": "1"}', "it has no `baseline_version` 2"),
        (b'{"baseline_version": 3}', "baseline version 3 is newer than this uclint can read"),
        (b'{"baseline_version": 1, "finding": []}', "unknown field `finding`"),
        (b'{"baseline_version": 1, "findings": [{"code": 3, "count": 0, "of": 0}]}', r"`\$.findings\[0\].code`"),
        (b'{"baseline_version": 1, "findings": [{"code": "UC101"}]}', "missing required field `count`"),
        (b'{"baseline_version": 1, "findings": [{"code": "UC101", "count": -1, "of": 0}]}', "negative count"),
        (
            json.dumps({"baseline_version": 1, "findings": [{"code": "UC101", "count": 1, "of": 1}] * 2}).encode(),
            r"`\$.findings\[1\]` is there twice",
        ),
        (b'{"baseline_version": 2, "inputs": ["a"]}', r"`\$.inputs\[0\]`"),
        (b'{"baseline_version": 2, "inputs": [{"path": "a", "calls": -1}]}', "negative count"),
        (b"\xff\xfe", "not a baseline file"),
        (b"[" * 100_000, "not a baseline file"),
    ],
)
def test_a_broken_file(data: bytes, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        Baseline.parse(data, "b.json")
    assert str(caught.value).startswith("b.json: ")


# ------------------------------------------------------------------------------------------------------- the command


def test_known_findings_pass_and_new_ones_fail(tmp_path: Path) -> None:
    flawed = (SAMPLES / "acquire-paid-subscriptions.flawed.ndjson").read_bytes()
    (tmp_path / "calls.ndjson").write_bytes(flawed)
    check = ["check", "calls.ndjson", "-u", "acquire-paid-subscriptions", "--fail-on", "warning"]
    assert uclint(*check, cwd=tmp_path).returncode == 1
    assert uclint(*check, "--write-baseline", "b.json", cwd=tmp_path).returncode == 0
    done = uclint(*check, "--baseline", "b.json", cwd=tmp_path)
    assert done.returncode == 0
    assert b"PASS  no new findings; 10 known" in done.stdout
    sound = GOOD.replace(b'{"type"', b'{"userId":"u","type"')
    worse = flawed + sound.replace(b'"team"', b"3") + b"[]\n"
    (tmp_path / "calls.ndjson").write_bytes(worse)
    done = uclint(*check, "--baseline", "b.json", "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["baseline"]["new"], report["baseline"]["grown"], report["baseline"]["known"]) == (1, 1, 9)
    status = {f["code"] + (f["property"] or ""): f["baseline"]["status"] for f in report["findings"]}
    assert (status["IN503"], status["TP202category"]) == ("new", "grown")
    (tmp_path / "calls.ndjson").write_bytes(sound)
    done = uclint(*check, "--baseline", "b.json", cwd=tmp_path)
    assert done.returncode == 0
    assert b"Fixed; to remove from the baseline: --write-baseline b.json:" in done.stdout
    assert b"UC102  Trial Started: category" in done.stdout


@pytest.mark.parametrize("lines", [b"", b'{"type": "track", "event": "Trial Started"}\n'], ids=["nothing", "damaged"])
def test_no_baseline_is_written_of_what_could_not_be_read(lines: bytes, tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415

    data = gzip.compress(lines * 50)[:-9] if lines else b""
    (tmp_path / "calls.ndjson.gz").write_bytes(data)
    done = uclint("check", "calls.ndjson.gz", "--write-baseline", "b.json", cwd=tmp_path)
    assert done.returncode == 3
    assert b"b.json is not written: not all input could be read" in done.stderr
    assert not (tmp_path / "b.json").exists()


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ([*("Level 1", "Level 2", "x", "x")], ["Level 1", "Level 2", "Level 3", "x"], Status.GROWN),
        ([*("Level 1", "Level 2", "x", "x")], ["Level 1", "Level 2", "x", "x", "x"], Status.KNOWN),
        (["Level 1", "Level 2"], ["x"], None),
        (["Plan Kept", "Plan Kept", "plan_kept", "x"], ["plan_kept", "plan_kept", "Plan Kept", "x"], Status.KNOWN),
        (["Plan Kept", "plan_kept", "x"], ["Plan Kept", "plan_kept"], Status.GROWN),
        (["Plan Kept", "plan_kept", "x"], ["Plan Kept", "x"], None),
    ],
)
def test_names_that_are_reported_together_are_compared_by_their_share(
    before: list[str], after: list[str], status: Status | None
) -> None:
    code = "NM403" if "Level 1" in before else "NM405"
    policy = replace(Policy.of(select=[code]), naming=Naming(dynamic=2))

    def report(events: list[str]) -> Report:
        lines = [json.dumps({"type": "track", "event": event}).encode() + b"\n" for event in events]
        return check_stream(b"".join(lines), USE_CASES, catalog=CATALOG, policy=policy)

    then = Baseline.of(report(before)).compared(report(after), "b.json", policy=policy)
    assert [finding.status for finding in then.findings] == ([status] if status else [])
    assert then.baseline is not None
    assert [known.code for known in then.baseline.fixed] == ([] if status else [code])
