"""Narrowing and breaking down: the report on some calls is the one where there are no others."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import validator.engine.count.breakdown as breakdown_module
import validator.workers.chunks as chunks_module
import validator.workers.input_tasks as tasks_module
from tests.support.checking import check_paths, check_stream
from tests.support.command import uclint
from tests.support.examples import examples
from validator import Limits, Policy, Severity
from validator.config import data_directory
from validator.engine.compile.selection import Selection
from validator.engine.count.breakdown import Group, Groups
from validator.engine.decode.json_exact import parse
from validator.engine.scan import entries
from validator.engine.scan.breakdown_values import day_of, label
from validator.plan import PlanRule, TrackingPlan
from validator.render.json import to_json
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from validator import Report

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((data_directory("schemas") / "report.schema.json").read_text("utf-8"))
)
PLAN = TrackingPlan(
    "plan",
    "Plan",
    (
        PlanRule(
            "TRACK",
            "Paid",
            {"properties": {"properties": {"properties": {"n": {"type": "integer", "minimum": 3}}, "required": ["n"]}}},
        ),
        PlanRule("TRACK", "Left", {"properties": {"properties": {"properties": {"why": {"type": "string"}}}}}),
    ),
)
FIELDS = (
    "context.app.version",
    "context.app.build",
    "context.library",
    "day",
    "properties.n",
    "properties.o.p",
    "type",
    "event",
    "userId",
    "name",
)
MAIL = "ann@example.com"
POLICY = Policy.of(["ALL", "PV", "NM402", "NM404"])
TIMES = ("2024-03-01T08:00:00Z", "2024-03-01T23:30:00-02:00", "2024-03-02", "yesterday", None, 7)
VALUES: tuple[Any, ...] = ("4.2.0", "4.3.0", "", None, 7, 7.5, True, [], {}, {"p": "x"}, {"p": MAIL}, MAIL)


def call(chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": chance.choice(("track", "track", "track", "Track", "page", "identify", "spam")),
        "event": chance.choice(("Paid", "Left", "Other", "paid", "Gone 2024-03-01", f"Wrote {MAIL}")),
        "properties": {k: chance.choice(VALUES) for k in ("n", "why", "o") if chance.random() < 0.6},
        "timestamp": chance.choice(TIMES),
        "receivedAt": chance.choice(TIMES),
        "context": chance.choice(
            ({"app": {"version": chance.choice(VALUES), "build": chance.choice(VALUES)}}, {"app": 3}, [1], None)
        ),
        "userId": chance.choice(VALUES),
        "messageId": f"m-{chance.randrange(99)}",
        "blob": "x" * 33_000 if chance.random() < 0.02 else "",
    }
    return {key: value for key, value in found.items() if chance.random() < 0.9}


def stream(seed: int, count: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [call(chance) for _ in range(count)]


def lines(calls: Iterable[dict[str, Any]], *, batched: bool = False) -> bytes:
    texts = [json.dumps(one).encode() for one in calls]
    if batched:
        texts = [b'{"batch":[' + text + b"]}" for text in texts]
    return b"null\n" + b"".join(text + b"\n" for text in texts)


def check(
    calls: Iterable[dict[str, Any]], focus: Selection | None = None, *, batched: bool = False, **options: Any
) -> Report:
    return check_stream(lines(calls, batched=batched), plans=[PLAN], selection=focus, policy=POLICY, **options)


def counts(report: Report) -> Counter[Any]:
    """What is found in single calls, but for what is counted without its name: see `unnamed`."""
    found: Counter[Any] = Counter()
    for f in report.findings:
        nameless = f.code in ("TP203", "TP204", "NM401") or (f.code == "PV701" and f.property)
        if f.code not in WHOLE and f.code[:2] != "IN" and not nameless:
            found[f.code, f.event, f.property, f.instance_location, f.keyword, f.severity] += f.count
    return found


# What only a whole stream tells.
WHOLE = ("SP310", "NM403", "NM405")


def unnamed(calls: Iterable[dict[str, Any]]) -> Counter[Any]:
    """What is counted without its name, computed from the calls."""
    found: Counter[Any] = Counter()
    warning = Severity.WARNING
    for one in calls:
        properties = one.get("properties", {})
        if MAIL in properties.values() or {"p": MAIL} in properties.values():
            found["PV701", None, None, None, None, RULES["PV701"].severity] += 1
        if one.get("type", "").lower() != "track":
            continue
        event = one.get("event", "")
        if event == "paid":
            found["NM401", None, None, None, None, RULES["NM401"].severity] += 1
        if event not in ("Paid", "Left"):
            found["TP203", None, None, None, None, warning] += 1
        elif properties.keys() - ({"n"} if event == "Paid" else {"why"}):
            found["TP204", event, None, "/properties", None, warning] += 1
    return found


def value_of(one: dict[str, Any], field: str) -> str | None:
    if field == "day":
        return day_of([one.get(name) for name in ("timestamp", "receivedAt", "originalTimestamp", "sentAt")])
    value: Any = one
    for key in field.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else None


@settings(max_examples=examples(30), deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(0, 50),
    fields=st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3, unique=True),
    capacity=st.sampled_from([2, 4096]),
    batched=st.booleans(),
)
def test_of_each_value_is_reported_what_would_be_without_the_others(
    seed: int, count: int, fields: list[str], capacity: int, batched: bool
) -> None:
    calls = stream(seed, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entries, "CAPACITY", capacity)
        report = check(calls, Selection(by=tuple(fields)), batched=batched)
    SCHEMA.validate(to_json(report))
    assert [b.field for b in report.breakdowns] == fields
    plain = check(calls, batched=batched)
    assert counts(report) == counts(plain)
    for breakdown in report.breakdowns:
        parts: dict[str | None, list[dict[str, Any]]] = {}
        for one in calls:
            parts.setdefault(value_of(one, breakdown.field), []).append(one)
        assert {g.value: g.calls for g in breakdown.groups} == {value: len(part) for value, part in parts.items()}
        assert breakdown.others is None
        for group in breakdown.groups:
            alone = check(parts[group.value])
            assert (group.valid, group.invalid) == (alone.valid, alone.invalid)
            reported = Counter(
                {
                    (f.code, f.event, f.property, f.instance_location, f.keyword, f.severity): f.count
                    for f in group.findings
                }
            )
            assert reported == counts(alone) + unnamed(parts[group.value])


def test_long_values_are_cut() -> None:
    long = "x" * 200
    calls = [{"type": "track", "userId": value} for value in (long, long + "y", long + "z" * 9_000, 10**250)]
    report = check(calls, Selection(by=("userId",)))
    assert {group.value: group.calls for group in report.breakdowns[0].groups} == {long: 3, str(10**199): 1}


NARROW: dict[str, tuple[Selection, Callable[[dict[str, Any]], bool]]] = {
    "events": (
        Selection(events=frozenset({"Paid"})),
        lambda c: c.get("event") == "Paid" and c.get("type", "").lower() == "track",
    ),
    "types": (
        Selection(types=frozenset({"track", "unknown"})),
        lambda c: c.get("type", "").lower() not in ("page", "identify"),
    ),
    "since": (Selection(since=datetime(2024, 3, 2, tzinfo=UTC)), lambda c: (value_of(c, "day") or "") >= "2024-03-02"),
    "until": (Selection(until=datetime(2024, 3, 2, tzinfo=UTC)), lambda c: (value_of(c, "day") or "9") < "2024-03-02"),
}


@pytest.mark.parametrize("batched", [False, True])
@pytest.mark.parametrize("way", NARROW)
def test_what_is_left_out_is_counted_and_else_as_if_it_were_not_there(way: str, batched: bool) -> None:
    focus, keeps = NARROW[way]
    calls = stream(7, 200)
    kept = [one for one in calls if keeps(one)]
    assert 0 < len(kept) < len(calls)
    report, alone = check(calls, focus, batched=batched), check(kept, batched=batched)
    SCHEMA.validate(to_json(report))
    assert report.left_out == len(calls) - len(kept)
    assert (report.valid, report.invalid, dict(report.types)) == (alone.valid, alone.invalid, dict(alone.types))
    assert report.lines == check(calls, batched=batched).lines
    assert counts(report) == counts(alone)
    assert [f.message for f in report.findings] == [f.message for f in alone.findings]


def test_a_limit_takes_the_first_and_a_sample_a_share_that_does_not_depend_on_the_others() -> None:
    calls = [
        {"type": "track", "event": "Paid", "userId": "u", "messageId": f"m-{n}", "properties": {"n": n}}
        for n in range(1_000)
    ]
    first = check(calls, Selection(limit=3))
    assert (first.calls, first.left_out) == (3, 997)
    assert [p.line for f in first.findings if f.code == "TP207" for p in f.places] == [2, 3, 4]
    assert check(calls, Selection(limit=2_000)).left_out == 0
    sampled = check(calls, Selection(sample=0.25, by=("messageId",)))
    assert 200 < sampled.calls < 300
    assert sampled.left_out == 1_000 - sampled.calls
    ids = {group.value for group in sampled.breakdowns[0].groups}
    part = check(reversed(calls[:500]), Selection(sample=0.25, by=("messageId",)))
    assert {group.value for group in part.breakdowns[0].groups} == {i for i in ids if i and int(i[2:]) < 500}
    more = check(calls, Selection(sample=0.5, by=("messageId",)))
    assert ids < {group.value for group in more.breakdowns[0].groups}


@settings(max_examples=examples(10), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**6),
    size=st.integers(400, 5_000),
    focus=st.sampled_from(
        [
            Selection(by=("userId", "day")),
            Selection(by=("messageId",), sample=0.5),
            Selection(limit=20, types=frozenset({"track"})),
            Selection(by=("event",), since=datetime(2024, 3, 1, tzinfo=UTC)),
        ]
    ),
)
def test_reports_are_equal_however_the_lines_are_split(tmp_path: Path, seed: int, size: int, focus: Selection) -> None:
    path = tmp_path / "calls.ndjson"
    path.write_bytes(lines(stream(seed, 80)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(breakdown_module, "MOST", 3)
        patch.setattr(chunks_module, "RANGE", size)
        patch.setattr(tasks_module, "SMALL", 0)
        one, several = (
            to_json(
                check_paths(
                    [str(path)], (), plans=[PLAN], selection=focus, policy=POLICY, jobs=n, limits=Limits(deviations=4)
                )
            )
            for n in (1, 3)
        )
    assert several == one
    for breakdown in one.get("breakdowns", []):
        total = sum(value["calls"]["total"] for value in breakdown["values"])
        assert total + (breakdown["others"] or {"calls": {"total": 0}})["calls"]["total"] == one["calls"]["total"]


@given(values=st.lists(st.sampled_from([None, *"abcdefgh"]), max_size=40), most=st.integers(1, 4), chance=st.randoms())
def test_groups_do_not_depend_on_order(values: list[str | None], most: int, chance: Any) -> None:
    def gathered(some: list[str | None]) -> Groups:
        found = Groups()
        for value in some:
            found.of(value).merge(Group(calls=1))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(breakdown_module, "MOST", most)
        whole = gathered(values)
        chance.shuffle(values)
        total = gathered(values[: len(values) // 2])
        total.merge(gathered(values[len(values) // 2 :]))
        for one in (whole, total):
            one.bound()
        assert total == whole
        assert sum(group.calls for group in whole.named.values()) + whole.others.calls == len(values)


@pytest.mark.parametrize(
    ("written", "reported"),
    [
        *[("1e2", "100"), ("100.0", "100"), ("-0.0", "0"), ("1.50", "1.5"), ("9007199254740993", "9007199254740993")],
        ("7" * 5000, "7" * 200),
        *[("1e300", "1e+300"), ("1e400", "Infinity"), ("true", "true"), ('""', None), ("null", None), ("[1]", None)],
    ],
)
def test_numbers_that_are_equal_are_one_value(written: str, reported: str | None) -> None:
    assert label(parse(written.encode())) == reported


def test_the_command_breaks_down_and_narrows(tmp_path: Path) -> None:
    path = tmp_path / "calls.ndjson"
    path.write_bytes(lines(stream(3, 60)))
    options = ["check", str(path), "--fail-on", "never", "-u", "acquire-paid-subscriptions"]
    done = uclint(*options, "--by", "context.app.version", "--by", "day", "--until", "2024-03-01", "--type", "track")
    assert done.returncode == 0
    text = done.stdout.decode()
    assert "By context.app.version\n" in text
    assert "By day\n" in text
    assert "left out: " in text
    reported = json.loads(uclint(*options, "--format", "json", "--by", "day", "--limit", "5").stdout)
    SCHEMA.validate(reported)
    assert reported["calls"]["total"] == 5
    assert reported["calls"]["left_out"] == 55
    assert not [f for f in reported["findings"] if f["code"] == "UC101"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--by", "context..app"], "is not a valid field"),
        (["--since", "last week"], "is not a valid time"),
        (["--sample", "0"], "--sample"),
        (["--type", "tracks"], "--type"),
        (["--limit", "1", "--valid", "valid.ndjson"], "only some calls"),
        ([option for n in range(9) for option in ("--by", f"a{n}")], "at most 8"),
    ],
)
def test_what_cannot_be_asked_is_reported(options: list[str], says: str, tmp_path: Path) -> None:
    done = uclint("check", "-", *options, stdin=b"{}", cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr.decode()


@pytest.mark.parametrize("odd", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_day_beyond_the_calendar_is_none(odd: str) -> None:
    assert day_of([odd]) is None
    assert day_of([odd, "2024-03-01T00:30:00+01:00"]) == "2024-02-29"
