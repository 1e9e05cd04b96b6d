"""Lint rules of the names of a whole stream: where they stand, and how many are beyond those that are kept."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any
from unittest.mock import create_autospec

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import validator.input.lines as lines_module
import validator.workers.chunks as chunks_module
import validator.workers.input_tasks as tasks_module
from tests.support.checking import check_paths
from tests.support.examples import examples
from tests.support.linting import ALL, PLAN, check, made, messages, named, only
from validator import Limits, PlanRule, TrackingPlan
from validator.engine.lint import Convention, Naming
from validator.engine.scan import entries
from validator.model import Severity
from validator.render.json import to_json

if TYPE_CHECKING:
    from pathlib import Path


def test_dynamic_names_are_one_finding() -> None:
    report = check(named(*(f"Level {n} Reached" for n in range(25)), "Level Up"), rules={"NM403"})
    assert messages(report, "NM403") == [
        '"Level # Reached" stands for 25 event names (25 calls): send what varies as a property.'
    ]
    assert not messages(check(named(*(f"Level {n} Reached" for n in range(19)))), "NM403")


def test_spellings_of_one_event_are_one_finding() -> None:
    report = check(named("Plan Changed", "plan_changed", "plan_changed", "Plan Kept"), rules={"NM405"})
    assert messages(report, "NM405") == [
        'One event under 2 spellings? "plan_changed" (2), "Plan Changed" (1). Names match strictly.'
    ]
    # Spellings of a planned event are near misses of it.
    assert not messages(check(named("PLANNED", "planned")), "NM405")


@settings(max_examples=examples(15), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**6),
    capacity=st.sampled_from([2, 4096]),
    places=st.sampled_from([0, 1, 5]),
    own=st.booleans(),
)
def test_names_that_are_reported_together_stand_where_each_is_first(
    tmp_path: Path, seed: int, capacity: int, places: int, own: bool
) -> None:
    chance = random.Random(seed)
    levels, spellings = [f"Level {n} Reached" for n in range(24)], ["Plan Changed", "plan_changed", "plan-changed"]
    events = levels + spellings + chance.choices([*levels, *spellings, "Plan Kept"], k=90)
    chance.shuffle(events)
    calls = [made({"event": event, "properties": {f"p{chance.randrange(3)}": 1}}) for event in events]
    path = tmp_path / "calls.ndjson"
    path.write_bytes(b"\n".join(calls) + b"\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entries, "CAPACITY", capacity)
        patch.setattr(chunks_module, "RANGE", chance.randrange(500, 5_000))
        patch.setattr(tasks_module, "SMALL", 0)
        plans, limits = [PLAN] if own else [], Limits(places=places)
        one, several = (
            check_paths(
                [str(path)], None if own else (), plans=plans, policy=only({"NM403", "NM405"}), jobs=n, limits=limits
            )
            for n in (1, 3)
        )
    assert to_json(several) == to_json(one)
    found = {finding.code: [place.line for place in finding.places] for finding in one.findings}
    for code, names in ("NM403", levels), ("NM405", spellings):
        assert found[code] == sorted(events.index(name) + 1 for name in names)[:places]


@settings(max_examples=examples(15), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**6),
    capacity=st.sampled_from([2, 4096]),
    places=st.sampled_from([0, 1, 5]),
    plan=st.sampled_from([None, "open", "closed"]),
    names=st.sampled_from([9, 10_000]),
)
def test_properties_that_are_reported_together_stand_where_each_is_first(
    tmp_path: Path, seed: int, capacity: int, places: int, plan: str | None, names: int
) -> None:
    chance = random.Random(seed)
    dynamic, spellings = [f"item_{n}" for n in range(24)], ["planName", "plan_name"]
    odd = ["plan ", "other\u200b"]
    keys = [[key] for key in (*dynamic, *spellings, *odd)]
    keys += [chance.choices([*dynamic, *spellings, *odd, "plain"], k=3) for _ in range(90)]
    chance.shuffle(keys)
    path = tmp_path / "calls.ndjson"
    path.write_bytes(b"".join(made({"event": "E", "properties": dict.fromkeys(some, 1)}) + b"\n" for some in keys))
    codes = {"NM407", "NM408", "NM409", "NM410"}
    payload = {"properties": {"plain": {}}, **({"additionalProperties": False} if plan == "closed" else {})}
    own = TrackingPlan("own", "Own", (PlanRule("TRACK", "E", {"properties": {"properties": payload}}),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entries, "CAPACITY", capacity)
        patch.setattr(chunks_module, "RANGE", chance.randrange(500, 5_000))
        patch.setattr(tasks_module, "SMALL", 0)
        plans, limits = [own] if plan else [], Limits(places=places, names=names)
        one, several = (
            check_paths([str(path)], () if plan else None, plans=plans, policy=only(codes), jobs=n, limits=limits)
            for n in (1, 3)
        )
    assert to_json(several) == to_json(one)
    if names < len(dynamic):
        return
    found = {finding.code: [place.line for place in finding.places] for finding in one.findings}
    reported = {"NM407": ["planName", *odd], "NM408": odd, "NM409": dynamic, "NM410": [*spellings]}
    first = {key: min(at for at, some in enumerate(keys, 1) if key in some) for key in chain(*reported.values())}
    for code, those in reported.items():
        assert found[code] == sorted({first[key] for key in those})[:places]


def test_spellings_and_dynamic_names_of_properties() -> None:
    lines = [made({"properties": {"planName": 1, f"item_{n}": 1}}) for n in range(20)]
    lines += [made({"properties": {"plan_name": 1}})]
    report = check(lines, rules={"NM409", "NM410"})
    assert messages(report, "NM409") == ['track calls: "item_#" stands for 20 properties: send what varies as a value.']
    assert messages(report, "NM410") == ['track calls: 1 property has several spellings: "planName" and "plan_name".']


def test_invisible_characters_are_written_out() -> None:
    (message,) = messages(check(named("Thing\u200b Done")), "NM404")
    assert message == '1 event name has odd characters or spaces (1 call): "Thing<U+200B> Done".'


def test_values_in_names_are_not_shown() -> None:
    (message,) = messages(check(named("Invited jane@example.com", "Invited joe@example.com")), "NM402")
    assert message == '2 event names hold a value (2 calls): "Invited #".'


@given(
    events=st.lists(st.sampled_from([f"Event {letter}" for letter in "ABCDEFGH"]), min_size=1, max_size=40),
    most=st.integers(0, 9),
    chance=st.randoms(),
)
@settings(max_examples=examples(40), deadline=None, derandomize=True)
def test_what_is_beyond_the_names_that_are_kept_is_counted(events: list[str], most: int, chance: Any) -> None:
    calls = [made({"event": event, "properties": {f"p{n % 5}": 1, "q": 2}}) for n, event in enumerate(events)]
    report = check(calls, rules=ALL, limits=Limits(names=most))
    chance.shuffle(calls)
    assert check(calls, rules=ALL, limits=Limits(names=most)).unnamed == report.unnamed
    counted, properties = Counter(events), Counter(key for n in range(len(events)) for key in (f"p{n % 5}", "q"))
    if len(counted) <= most and len(properties) <= most:
        assert report.unnamed is None
        return
    assert report.unnamed is not None
    # Which are kept is chosen by a hash: what is beyond is the sum of some of the counts, of as many as are too many.
    for beyond, counts in (report.unnamed.events, counted), (report.unnamed.properties, properties):
        sums = {sum(some) for some in combinations(counts.values(), max(len(counts) - most, 0))}
        assert beyond in sums


def test_a_call_without_an_event_breaks_no_convention() -> None:
    policy = replace(only({"NM406"}), naming=Naming(events=Convention("snake")))
    report = check([made({"event": None}), *named("planChanged")], policy=policy, unplanned=Severity.WARNING)
    assert messages(report, "NM406") == [
        (
            "1 event name is not in snake_case, such as `plan_changed` (1 call): "
            '"planChanged" (did you mean "plan_changed"?).'
        )
    ]


def test_a_value_in_the_name_of_a_property_is_not_shown() -> None:
    (message,) = messages(check([made({"properties": {"user@example.com signed": "a@example.com"}})]), "PV701")
    assert message == "1 call has an e-mail address in # signed."


PRIVATE = ("bob@example.com", "+49 170 1234567", "4111 1111 1111 1111", "AKIAIOSFODNN7EXAMPLE")


@pytest.mark.parametrize("private", PRIVATE)
@pytest.mark.parametrize("form", ["Login {}", "{}", "login_{}", "{} Done"])
def test_what_is_private_in_names_is_in_no_message_and_in_no_baseline(private: str, form: str) -> None:
    names = [form.format(private), form.format(private).lower(), form.format(private).upper() + " "]
    calls = [made({"event": name, "properties": dict.fromkeys(names, private)}) for name in names]
    calls += [made({"type": "page", "event": None, "name": name, "properties": {}}) for name in names]
    report = check(calls, rules=ALL, unplanned=Severity.WARNING)
    assert {"PV701", "PV702", "PV703", "PV704"} & {finding.code for finding in report.findings}
    for finding in report.findings:
        about = [finding.event, finding.property, finding.instance_location]
        assert private not in finding.message
        assert finding.code == "TP203" or private not in json.dumps(about)  # TP203 is about the event, and has its name


@pytest.mark.parametrize("private", PRIVATE)
def test_what_is_private_is_in_no_list_of_what_a_plan_forbids(private: str) -> None:
    payload = {"type": "object", "additionalProperties": False}
    plan = TrackingPlan("p", "P", (PlanRule("TRACK", "E", {"properties": {"properties": payload}}),))
    report = check([made({"event": "E", "properties": {private: 1, "plain": 1}})], plans=[plan])
    (message,) = messages(report, "TP204")
    assert private not in message
    assert "plain" in message


def test_an_id_of_very_many_digits_is_one() -> None:
    call = made({"userId": "NUMBER"}).replace(b'"NUMBER"', b"9" * 5_000)
    assert check([call], rules={"SP303"}).findings == ()


def test_a_place_is_named_once() -> None:
    report = check([made({"properties": dict.fromkeys(("planName", "planKind", "planSort"), 1)})] * 2, rules={"NM407"})
    (finding,) = report.findings
    assert [place.line for place in finding.places] == [1]


def test_one_name_put_together_in_two_ways_has_two_spellings() -> None:
    (message,) = messages(check(named("Caf\u00e9 Open", "Cafe\u0301 Open"), rules={"NM405"}), "NM405")
    assert message == (
        'One event under 2 spellings? "Cafe<U+0301> Open" (1), "Caf\u00e9 Open" (1). Names match strictly.'
    )


def test_letters_that_look_like_others_are_named() -> None:
    (message,) = messages(check(named("\u0420lanned")), "NM401")
    assert message == (
        '"\u0420lanned" (1 call) is in no plan: did you mean "Planned"? Names match strictly, and this one has '
        "\u0420 (U+0420 cyrillic capital letter er)."
    )


def test_long_names_are_kept_by_their_beginning() -> None:
    names = ["x" * 2_000 + str(n) for n in range(3)]
    calls = [made({"event": name, "properties": {name: 1}}) for name in [*names, names[0]]]
    report = check(calls, unplanned=Severity.WARNING, rules=ALL)
    found = [finding for finding in report.findings if finding.code == "TP203"]
    assert sorted(finding.count for finding in found) == [1, 1, 2]
    assert all(finding.event and len(finding.event) < 300 and finding.event.startswith("x" * 200) for finding in found)
    assert not messages(report, "NM402")


def test_names_are_forgotten_once_they_take_much_room(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [made({"event": f"{'x' * 100} {n}", "properties": {f"{'y' * 100}{n}": 1}}) for n in range(9)] * 2
    whole = to_json(check(calls, rules=ALL))
    forget = create_autospec(entries.Entries.forget, side_effect=entries.Entries.forget)
    monkeypatch.setattr(lines_module, "BLOCK", 800)
    monkeypatch.setattr(entries, "HELD", 500)
    monkeypatch.setattr(entries.Entries, "forget", forget)
    assert to_json(check(calls, rules=ALL)) == whole
    assert forget.call_count > 2


def test_what_was_found_under_names_too_many_to_keep_is_reported() -> None:
    properties = dict.fromkeys("ab", "a@b.example")
    calls = [made({"event": f"Paid {n}", "properties": properties}) for n in range(10**6, 10**6 + 3)]
    report = check(calls, rules=ALL, limits=Limits(names=0))
    assert messages(report, "NM402") == ["Event names hold a value (3 calls); there were too many to keep these."]
    assert messages(report, "PV701") == ["There is an e-mail address in further properties, 6 times."]
