"""Lint rules: what each finds in one call, and that many calls add up whatever way they are read."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import validator.workers.chunks as chunks_module
import validator.workers.input_tasks as tasks_module
from tests.support.checking import check_paths
from tests.support.examples import examples
from tests.support.linting import ALL, CASES, OTHERS, PLAN, check, lint, made, only
from validator import Limits
from validator.engine.decode.call import Call
from validator.engine.lint import Lint, Naming, duplicate_ids
from validator.engine.lint.duplicate_ids import Repeats
from validator.engine.lint.personal_data import kinds_of, luhn
from validator.engine.scan import entries
from validator.model import Place, pointer
from validator.plan import PlanRule, TrackingPlan
from validator.render.json import to_json
from validator.report.rule_policy import Policy
from validator.rules import DEFAULT, RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


# Those that a stream has, and no single call.
OF_STREAMS = {"SP310", "NM403", "NM405", "NM409", "NM410"}


@pytest.mark.parametrize("case", CASES["calls"], ids=lambda case: json.dumps(case["call"]))
def test_what_is_found_in_one_call(case: dict[str, Any]) -> None:
    line = made(case["call"])
    found = lint(check([line]))
    assert found == Counter(case["found"])
    # A batch is read by another way, and so are pretty-printed calls.
    batch = b'{"batch": [' + line + b"]}"
    assert lint(check([batch])) == found
    assert lint(check([json.dumps(json.loads(line), indent=1).encode()])) == found


def test_all_calls_of_the_cases_together() -> None:
    lines = [
        made(case["call"] | {"messageId": case["call"].get("messageId", f"m-{i}")})
        for i, case in enumerate(CASES["calls"])
    ]
    found = {key: n for key, n in lint(check(lines)).items() if key not in OF_STREAMS}
    assert found == dict(Counter(code for case in CASES["calls"] for code in case["found"]))


def test_what_is_off_finds_nothing_and_is_not_looked_at() -> None:
    lines = [made(case["call"]) for case in CASES["calls"]]
    assert not lint(check(lines, rules=()))
    assert not Lint(()).paths
    on = {key.partition(" ")[0] for key in lint(check(lines, rules=DEFAULT))}
    assert on == {code for code in DEFAULT if code[:2] in ("SP", "NM", "PV")} - OTHERS - {
        "SP307",
        "NM403",
        "NM409",
    }


@pytest.mark.parametrize("code", [code for code in RULES if code[:2] in ("SP", "NM", "PV")])
def test_a_rule_alone_finds_what_it_finds_among_others(code: str) -> None:
    lines = [made(case["call"]) for case in CASES["calls"]]
    alone = lint(check(lines, rules={code}))
    together = {key: n for key, n in lint(check(lines)).items() if key.startswith(code)}
    assert alone == together


def test_where_a_plan_types_a_reserved_property_it_alone_judges() -> None:
    schema = {"properties": {"properties": {"type": "object", "properties": {"revenue": {"type": "number"}}}}}
    plan = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Thing Done", schema),))
    line = made({"properties": {"revenue": "9", "value": "9"}})
    report = check([line], plans=[plan])
    assert lint(report) == {"SP314 /properties/value": 1}
    assert [f.property for f in report.findings if f.code == "TP202"] == ["revenue"]
    assert [f.code for f in check([made({"properties": 7})], plans=[plan]).findings] == ["TP202"]


# ----------------------------------------------------------------------------------------------------- many calls

VALUES: tuple[Any, ...] = (
    None,
    True,
    3,
    3.5,
    "x",
    "a@example.com",
    "+14155550123",
    "",
    [],
    ["b@example.com"],
    {},
    {"c": "eur"},
)
KINDS = ("track",) * 6 + ("Track", "page", "screen", "identify", "group", "alias", "spam")


def call(chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {"type": chance.choice(KINDS)}
    for key in ("userId", "anonymousId", "groupId", "previousId", "traits", "timestamp", "context"):
        if chance.random() < 0.6:
            found[key] = chance.choice(VALUES)
    if chance.random() < 0.8:
        found["messageId"] = f"m-{chance.randrange(30)}"
    found["event"] = chance.choice(
        ("Planned", "Thing Done", "thing_done", f"Thing {chance.randrange(60)} Done", "Id 123456", "A ", None)
    )
    keys = ("revenue", "currency", "value", "title", "plan", "Plan", "x ", f"k{chance.randrange(60)}")
    payload = {key: chance.choice((*VALUES, "EUR")) for key in chance.sample(keys, chance.randrange(len(keys)))}
    found["properties"] = chance.choice((payload,) * 9 + (None, []))
    if chance.random() < 0.05:
        del found["properties"]
    return found


def stream(seed: int, count: int) -> list[bytes]:
    chance = random.Random(seed)
    lines = [b"{}"]
    for _ in range(count):
        line = json.dumps(call(chance)).encode()
        lines.append(
            chance.choice([b"[1]", b"\xff", b'{"batch":[' + line + b",1," + line + b"]}"])
            if chance.random() < 0.1
            else line
        )
    return lines


def expected(lines: list[bytes]) -> Counter[str]:
    """Counts some of what is found, call by call, the plain way."""
    found: Counter[str] = Counter()
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if not isinstance(value, dict):
            continue
        for one in value.get("batch", [value]):
            if isinstance(one, dict):
                found.update(expected_of(one))
    return found


def usable(value: Any) -> bool:
    return bool(value) and type(value) in (str, int, float)


def nothing(value: Any) -> bool:
    return not value and value != {}


def expected_of(one: dict[str, Any]) -> Iterable[str]:
    kind = one.get("type", "").lower()
    payload = one.get("properties", {})
    if not isinstance(payload, dict):
        payload = {}
    for key, value in payload.items():
        if "example.com" in json.dumps(value):
            yield "PV701 " + pointer("properties", key)
    if kind not in ("track", "page", "screen", "identify", "group", "alias"):
        return
    if not (usable(one.get("userId")) or usable(one.get("anonymousId"))):
        yield "SP303"
    if kind == "track" and not one.get("event"):
        yield "SP304"
    if kind == "group" and not usable(one.get("groupId")):
        yield "SP305"
    if kind == "alias" and not usable(one.get("previousId")):
        yield "SP306"
    if nothing(one.get("messageId")):
        yield "SP308"
    if nothing(one.get("timestamp")):
        yield "SP311"
    if kind == "track":
        revenue, currency = payload.get("revenue"), payload.get("currency")
        if revenue is not None and (isinstance(revenue, bool) or not isinstance(revenue, (int, float))):
            yield "SP314 /properties/revenue"
        if isinstance(currency, str) and currency != "EUR":
            yield "SP315 /properties/currency"


ADDED_UP = (
    "SP303",
    "SP304",
    "SP305",
    "SP306",
    "SP308",
    "SP311",
    "SP314 /properties/revenue",
    "SP315 /properties/currency",
)


@settings(max_examples=examples(40), deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(0, 80),
    capacity=st.sampled_from([2, 7, 4096]),
    deviations=st.sampled_from([2, 4096]),
)
def test_calls_add_up_as_they_do_one_by_one(seed: int, count: int, capacity: int, deviations: int) -> None:
    lines = stream(seed, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entries, "CAPACITY", capacity)
        report = check(lines, limits=Limits(deviations=deviations))
    counted = expected(lines)
    found = lint(report)
    for key in {*ADDED_UP, *(key for key in {*counted, *found} if key.startswith("PV701"))}:
        assert found[key] == counted[key], key
    for finding in report.findings:
        assert "example.com" not in finding.message
        assert "4155550123" not in finding.message


@settings(max_examples=examples(12), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**6),
    jobs=st.integers(2, 3),
    size=st.integers(500, 9_000),
    kept=st.sampled_from([4, 1 << 15]),
    limits=st.sampled_from([Limits(), Limits(deviations=3, names=3, places=2)]),
)
def test_reports_are_equal_however_the_lines_are_split(
    tmp_path: Path, seed: int, jobs: int, size: int, kept: int, limits: Limits
) -> None:
    path = tmp_path / "calls.ndjson"
    path.write_bytes(b"\n".join(stream(seed, 120)) + b"\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicate_ids, "CAPACITY", kept)
        patch.setattr(chunks_module, "RANGE", size)
        patch.setattr(tasks_module, "SMALL", 0)
        one, several = (
            to_json(check_paths([str(path)], (), plans=[PLAN], policy=only(ALL), jobs=n, limits=limits))
            for n in (1, jobs)
        )
    assert several == one


# ------------------------------------------------------------------------------------------------------ repetition


def place(number: int) -> Place:
    return Place(0, number, -1, number, None)


IDS = st.lists(st.sampled_from([f"id-{n}" for n in range(40)]), max_size=60)


@given(
    ids=IDS, cuts=st.lists(st.integers(0, 60), max_size=3), kept=st.sampled_from([1, 3, 8, 100]), chance=st.randoms()
)
@settings(deadline=None)
def test_repeated_ids_do_not_depend_on_the_order_of_reading(
    ids: list[str], cuts: list[int], kept: int, chance: Any
) -> None:
    seen = [(identity, place(number)) for number, identity in enumerate(ids)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicate_ids, "CAPACITY", kept)
        whole = gathered(seen)
        bounds = [0, *sorted(cuts), len(seen)]
        parts = [gathered(seen[a:b]) for a, b in pairwise(bounds)]
        chance.shuffle(parts)
        total = Repeats()
        for part in parts:
            total.merge(part, lambda places: places)
        assert (total.level, total.seen) == (whole.level, whole.seen)
        counts = Counter(identity for identity in ids if whole.holds(identity))
        assert {identity: count for identity, (count, _) in whole.seen.items()} == counts
        assert whole.repeated == sum(counts.values()) - len(counts)
        assert len(whole.seen) <= kept
        if len(set(ids)) <= kept:
            assert whole.level == 0


def gathered(seen: Iterable[tuple[str, Place]]) -> Repeats:
    found = Repeats()
    for identity, at in seen:
        if found.holds(identity):
            found.add(identity, 1, (at,))
    return found


def test_a_share_of_ids_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicate_ids, "CAPACITY", 64)
    lines = [made({"messageId": f"m-{n % 900}"}) for n in range(1_000)]
    (finding,) = (f for f in check(lines, rules={"SP310"}).findings if f.code == "SP310")
    assert "looked for in one of 16 ids" in finding.message or "looked for in one of 32 ids" in finding.message
    assert 0 < finding.count < 30
    assert all(place.line > 900 for place in finding.places)


def test_long_ids_are_told_apart_and_not_held() -> None:
    short, long = "s" * 100, "l" * 100_000
    report = check([made({"messageId": identity}) for identity in (short, long, long + "1", short, long)])
    (finding,) = (f for f in report.findings if f.code == "SP310")
    assert finding.count == 2
    assert [place.line for place in finding.places] == [4, 5]
    assert finding.places[1].message_id == "l" * 199 + "…"
    calls = [Call(event=identity) for identity in (short, short + "s", long, long + "1")]
    kept = [identity for _, identity, _ in duplicate_ids.identities(calls, "event")]
    assert kept[0] == short
    assert len({*kept}) == 4
    assert max(map(len, kept[1:])) < 50


# ---------------------------------------------------------------------------------------------------- many names

LETTERS = "bcdfghjklm"


@pytest.mark.parametrize(
    ("code", "spell"),
    [("NM403", "Saw {} {}".format), ("NM405", lambda word, n: word if n else word.upper())],
)
def test_of_names_only_so_many_are_reported(code: str, spell: Callable[[str, int], str]) -> None:
    words = [f"{a}{b}{a}" for a in LETTERS for b in LETTERS][:60]
    events = [spell(word, n) for word in words for n in range(2)]
    naming = Policy(off=only({code}).off, naming=Naming(dynamic=2))
    report = check([made({"event": event}) for event in events], policy=naming)
    assert len([f for f in report.findings if f.code == code]) == 50


# ---------------------------------------------------------------------------------------------------- private data


def test_texts_are_looked_at_only_so_far() -> None:
    mail = " jane@example.com"
    near, far = ("x" * (20_000 + shift) + mail for shift in (-len(mail), 0))
    assert list(kinds_of(near)) == ["PV701"]
    assert list(kinds_of(far)) == []
    assert lint(check([made({"properties": {"a": far, "b": near}})], rules={"PV701"})) == {"PV701 /properties/b": 1}


def test_findings_of_private_data_are_bounded() -> None:
    lines = [made({"properties": {f"key{n}": "jane@example.com"}}) for n in range(50)]
    report = check(lines, rules={"PV701"}, limits=Limits(names=5))
    found = [f for f in report.findings if f.code == "PV701"]
    assert len(found) == 6
    assert sum(f.count for f in found) == 50


@given(st.text("0123456789", min_size=12, max_size=18))
def test_luhn(digits: str) -> None:
    total = sum(int(d) if n % 2 else sum(map(int, str(2 * int(d)))) for n, d in enumerate(reversed(digits)))
    assert luhn(digits + str(-total % 10))
    assert not luhn(digits + str((1 - total) % 10))
