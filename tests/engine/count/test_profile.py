"""A profile is a monoid, and what it keeps depends on the content alone."""

from __future__ import annotations

import copy
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import independent
from tests.support.compare_reports import compare
from tests.support.counted import counts_of, quick_from
from tests.support.examples import examples
from tests.support.plain_lines import Dribble, calls_of, catalog
from tests.support.plain_lines import use_cases as program
from validator.engine.count.profile import Profile
from validator.engine.judge.judge import Judge
from validator.engine.lint import Fault
from validator.engine.scan import entries
from validator.input.stream import Stream
from validator.model import Limits, Place
from validator.render.json import to_json
from validator.report import assess
from validator.workers.sequential import read_inputs

pytestmark = pytest.mark.no_cover

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference"

properties_of = settings(deadline=None, database=None, derandomize=True, max_examples=examples(30))
against_the_count = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference tables (../shared/reference) are absent"
)

TINY = Limits(deviations=2, names=3)


def read(*contents: bytes, limits: Limits | None = None, capacity: int | None = None, first: int = 0) -> Profile:
    """A profile of inputs that are named by their number, where so many kinds of calls are held."""
    inputs = {str(number): content for number, content in enumerate(contents, first)}
    with pytest.MonkeyPatch.context() as patch:
        if capacity is not None:
            patch.setattr(entries, "CAPACITY", capacity)
        return read_inputs(
            inputs, program(), limits=limits, open_input=lambda path: Stream(path, Dribble(inputs[path], [200]))
        )


def report(profile: Profile) -> dict[str, Any]:
    return to_json(assess(profile, program(), catalog().use_cases, goals=goals()))


@cache
def goals() -> dict[str, str]:
    return {goal.slug: goal.name for goal in catalog().goals}


def without(reported: dict[str, Any], *keys: str) -> dict[str, Any]:
    """A report without some of its parts, at any depth."""
    cut: dict[str, Any] = json.loads(
        json.dumps(reported), object_hook=lambda d: {k: v for k, v in d.items() if k not in keys}
    )
    return cut


# ------------------------------------------------------------------------------------------------------ streams

PROPERTIES = {
    "Order Completed": ("order_id", "total", "products", "tax", "coupon"),
    "Trial Started": ("category", "plan", "trial_start"),
    "Subscription Started": ("plan", "category", "is_first"),
    "Signed Up": ("type", "username"),
}
NEAR = ("order completed", "Trial Strated", "Signed_Up")
VALUES: tuple[Any, ...] = (None, True, 3, 3.0, 3.5, "x", [], [{}], [1], {})


def call(chance: random.Random) -> dict[str, Any]:
    """A call of any type, with right, wrong and odd values in any order."""
    kind = chance.choice(("track",) * 6 + ("Track", "page", "screen", "PAGE", "identify", "spam"))
    found: dict[str, Any] = {"type": kind, "messageId": f"m-{chance.randrange(10**6)}"}
    if kind.lower() == "track":
        found["event"] = chance.choice((*PROPERTIES, *PROPERTIES, *NEAR, "Zed", f"Zed {chance.randrange(9)}", None))
    else:
        found["name"] = chance.choice(VALUES)
    names = [
        *PROPERTIES.get(found.get("event") or "", ("name", "page_name", "title")),
        "other",
        f"k{chance.randrange(30)}",
    ]
    payload = {name: chance.choice(VALUES) for name in chance.sample(names, chance.randrange(len(names) + 1))}
    found["properties"] = chance.choice((payload,) * 12 + (None, [], "x"))
    if chance.random() < 0.05:
        del found["properties"]
    return found


def stream(seed: int, count: int) -> bytes:
    """Lines, of which the first can stand alone."""
    chance = random.Random(seed)
    lines = [b"{}"]
    for _ in range(count):
        line = json.dumps(call(chance)).encode()
        odd = chance.choice([b"", b"{}{}", b"[1]", b"\xff", line[:-1], b'{"batch":[' + line + b",1," + line + b"]}"])
        lines.append(odd if chance.random() < 0.1 else line)
    return b"\n".join(lines) + b"\n"


SEEDS = st.integers(0, 10**6)
COUNTS = st.integers(0, 30)
STREAMS = st.builds(stream, SEEDS, COUNTS) | st.sampled_from([b"", b"[", b"[{}", b"\x1f\x8b", b'[\n{"type":"x"}\n]'])
CAPACITIES = st.sampled_from([2, 5, 16, None])
LIMITS = st.sampled_from([None, TINY, Limits(places=0), Limits(deviations=1, names=0, places=2)])


# --------------------------------------------------------------------------------------------------- the monoid


@properties_of
@given(content=STREAMS, limits=LIMITS)
def test_the_empty_profile_changes_nothing(content: bytes, limits: Limits | None) -> None:
    profile = read(content, limits=limits)
    assert Profile() + profile == profile == profile + Profile()
    assert Profile() + Profile() == Profile()


@properties_of
@given(
    contents=st.tuples(STREAMS, STREAMS, STREAMS),
    limits=st.tuples(LIMITS, LIMITS, LIMITS),
    capacity=CAPACITIES,
)
def test_merging_is_associative_and_changes_no_part(
    contents: tuple[bytes, ...], limits: tuple[Limits | None, ...], capacity: int | None
) -> None:
    a, b, c = (read(x, limits=y, capacity=capacity) for x, y in zip(contents, limits, strict=True))
    before = copy.deepcopy((a, b, c))
    left, right = (a + b) + c, a + (b + c)
    assert left == right
    assert report(left) == report(right)
    assert (a, b, c) == before


@properties_of
@given(contents=st.lists(STREAMS, min_size=2, max_size=4), capacity=CAPACITIES, limits=st.sampled_from([None, TINY]))
def test_merged_profiles_report_what_one_reading_does(
    contents: list[bytes], capacity: int | None, limits: Limits | None
) -> None:
    merged = Profile()
    for number, content in enumerate(contents):
        merged += read(content, limits=limits, capacity=capacity, first=number)
    merged.bound(limits or Limits(), program(), Judge(program()))  # as whoever adds up keeps to the limits
    assert report(merged) == report(read(*contents, limits=limits, capacity=capacity))


def test_places_of_merged_profiles_name_their_input() -> None:
    a, b = read(b"{}\nx\n"), read(b"{}\ny\n", b"{}\n\nz\n")
    assert (a + b + a).faults[Fault("IN501")].places == (
        Place(0, 3, -1, 2, None),
        Place(1, 3, -1, 2, None),
        Place(2, 4, -1, 3, None),
        Place(3, 3, -1, 2, None),
    )
    assert [summary.path for summary in (a + b).inputs] == ["0", "0", "1"]


# --------------------------------------------------------------------------------------------------- bounded


@properties_of
@given(seed=SEEDS, count=st.integers(0, 60), capacity=CAPACITIES)
def test_judged_deviations_and_dropped_names_do_not_change_the_report(
    seed: int, count: int, capacity: int | None
) -> None:
    content = stream(seed, count)
    small, large = read(content, limits=TINY, capacity=capacity), read(content, capacity=capacity)
    reported = report(small)
    assert reported.pop("unnamed", {"events": 0})["events"] == small.nameless
    assert reported == report(large)
    assert len(small.deviations) <= TINY.deviations
    assert len(small.invalid) <= TINY.deviations
    assert len(small.names) <= TINY.names
    near = {name for name in large.names if name in NEAR}
    assert near <= small.names.keys()
    kept = sum(sighting.count for sighting in small.names.values())
    assert kept + small.nameless == sum(sighting.count for sighting in large.names.values())
    assert calls_of(small) == calls_of(large) == sum(large.types.values())


@properties_of
@given(seed=SEEDS, orders=SEEDS, capacity=CAPACITIES, limits=st.sampled_from([TINY, Limits(deviations=7, names=5)]))
def test_what_is_kept_does_not_depend_on_the_order(
    seed: int, orders: int, capacity: int | None, limits: Limits
) -> None:
    lines = stream(seed, 50).removesuffix(b"\n").split(b"\n")
    shuffled = random.Random(orders).sample(lines, len(lines))
    first = read(b"{}\n" + b"\n".join(lines) + b"\n", limits=limits, capacity=capacity)
    second = read(b"{}\n" + b"\n".join(shuffled) + b"\n", limits=limits)
    assert counts_of(first) == counts_of(second)
    assert first.nameless == second.nameless
    assert without(report(first), "places", "bytes") == without(report(second), "places", "bytes")


@properties_of
@given(seed=SEEDS, count=st.integers(0, 80), capacity=st.sampled_from([1, 2, 3, 5, 8, 16, 33]))
def test_how_many_kinds_of_calls_are_held_does_not_change_the_report(seed: int, count: int, capacity: int) -> None:
    content = stream(seed, count)
    assert report(read(content, capacity=capacity)) == report(read(content))


def test_more_near_misses_than_names_are_kept_by_content() -> None:
    misses = ["Order Complete", "order_completed", "ORDER COMPLETED", "Orders Completed", "Order-Completed"]
    lines = [json.dumps({"type": "track", "event": event}).encode() for event in [*misses, *map(str, range(50))]]
    every = read(b"\n".join(lines))
    kept = set()
    for seed in range(5):
        random.Random(seed).shuffle(lines)
        profile = read(b"\n".join(lines), limits=TINY, capacity=4)
        kept.add(frozenset(profile.names))
        reported, whole = report(profile), report(every)
        found = [f["event"] for f in reported["findings"] if f["code"] == "NM401"]
        assert set(found) == set(profile.names)
        assert reported.pop("unnamed")["events"] == profile.nameless == len(lines) - TINY.names
        reported["findings"] = [f for f in reported["findings"] if f["code"] != "NM401"]
        whole["findings"] = [f for f in whole["findings"] if f["code"] != "NM401"]
        assert without(reported, "places") == without(whole, "places")
    (names,) = kept
    assert len(names) == TINY.names
    assert names < set(misses)


# --------------------------------------------------------------------------------- first places, however cached


def sightings(reported: dict[str, Any], code: str) -> tuple[int, list[int]]:
    """The count and the lines of the only finding of a rule."""
    (finding,) = (f for f in reported["findings"] if f["code"] == code)
    return finding["count"], [place["line"] for place in finding["places"]]


def test_first_places_of_an_odd_type_are_not_those_of_right_calls_of_the_same_event() -> None:
    right, odd = b'{"type":"track","event":"Zed"}', b'{"type":"Track","event":"Zed"}'
    others = [b'{"type":"track","event":"Zed %d"}' % i for i in range(entries.CAPACITY + 50)]
    content = b"\n".join([*[right] * 9, *[odd] * 9, *others, *[odd] * 9])
    assert sightings(report(read(content)), "SP302") == (18, [10, 11, 12, 13, 14])


def test_first_places_of_a_near_miss_are_its_own() -> None:
    near, other = b'{"type":"track","event":"order completed"}', b'{"type":"track","event":"Zed"}'
    others = [b'{"type":"track","event":"Zed %d"}' % i for i in range(entries.CAPACITY + 50)]
    content = b"\n".join([*[other] * 9, near, *others, *[near] * 3])
    last = 10 + len(others)
    assert sightings(report(read(content)), "NM401") == (4, [10, last + 1, last + 2, last + 3])


# ----------------------------------------------------------------------------- dynamic streams, against the count


def dynamic_keys(i: int, chance: random.Random) -> dict[str, Any]:
    found = {"type": "track", "event": "Order Completed", "properties": {f"k{i}": 1, "total": chance.choice(VALUES)}}
    if i % 3:
        found["properties"]["products"] = chance.choice(VALUES)  # type: ignore[index]
    return found


def dynamic_events(i: int, chance: random.Random) -> dict[str, Any]:
    event = chance.choice((*[f"Zed {i}"] * 30, *PROPERTIES, "order completed", f"Signed Up{i % 7}"))
    return {"type": "track", "event": event, "properties": {"plan": chance.choice(VALUES)}}


def dynamic_types(i: int, chance: random.Random) -> dict[str, Any]:
    return {
        "type": chance.choice((*[f"t{i}"] * 9, "TRACK", "track")),
        "event": "Trial Started",
        "name": chance.choice(VALUES),
    }


def shuffled_keys(i: int, chance: random.Random) -> dict[str, Any]:
    names = ["order_id", "total", "products", "tax", "coupon", "currency", "shipping", "revenue", "a", "b", "c"]
    chance.shuffle(names)
    return {
        "type": chance.choice(("track", "track", "page")),
        "event": "Order Completed",
        "properties": {name: chance.choice(VALUES) for name in names},
    }


def anything(i: int, chance: random.Random) -> dict[str, Any]:
    found = call(chance)
    if isinstance(found.get("properties"), dict):
        found["properties"][f"key {i}"] = i
    return found


@against_the_count
@pytest.mark.parametrize("make", [dynamic_keys, dynamic_events, dynamic_types, shuffled_keys, anything])
def test_a_dynamic_stream_is_reported_as_it_is_counted(make: Any) -> None:
    chance = random.Random(5)
    steady = [call(chance) for _ in range(40)]
    calls = [make(i, chance) if i % 8 else chance.choice(steady) for i in range(3400)]
    lines = [json.dumps(found).encode() + b"\n" for found in calls]
    reported = report(read(b"".join(lines), capacity=64))
    expected = independent.count(lines, REFERENCE)
    assert compare(reported, expected) == []
    assert report(read(b"".join(lines), limits=Limits(deviations=3))) == reported
    with quick_from(1):
        assert report(read(b"".join(lines))) == reported


@against_the_count
@properties_of
@given(seed=SEEDS, count=st.integers(0, 60), capacity=CAPACITIES)
def test_a_small_stream_is_reported_as_it_is_counted(seed: int, count: int, capacity: int | None) -> None:
    content = stream(seed, count)
    lines = [line + b"\n" for line in content.split(b"\n")[:-1]]
    assert compare(report(read(content, capacity=capacity)), independent.count(lines, REFERENCE)) == []


def test_what_is_held_stays_small_when_everything_is_dynamic() -> None:
    lines = [b'{"type":"track","event":"Zed %d","properties":{"k%d":1}}' % (i, i) for i in range(9000)]
    profile = read(b"\n".join(lines), limits=Limits(names=100), capacity=64)
    assert len(profile.calls) == 1
    assert not profile.deviations
    assert len(profile.names) == 100
    assert profile.nameless == 8900
