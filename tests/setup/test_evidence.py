"""What calls give away about sources and destinations, counted exactly however the input is split."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import validator.workers.chunks as chunks_module
import validator.workers.input_tasks as tasks_module
from tests.support.command import SAMPLES
from tests.support.examples import examples
from validator import ByteStream, CheckRequest, compile_program, profile
from validator.service.observe_sources import evidence_in, observe_paths
from validator.setup import evidence as module
from validator.setup.evidence import Evidence, Library, Seen, Watch
from validator.setup.libraries import source_type

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WATCH = Watch(
    {"warehouse": {"/context/library/name": ("reverse-etl", "census")}, "shop": {"/userId": ("u1",)}},
    frozenset({"Mixpanel"}),
)
FEW = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.sampled_from([*"abcdefgh", "Mixpanel", "analytics.js", "census"])
JUNK = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.text(max_size=2), st.just([]), st.just({}))
CALLS = st.fixed_dictionaries(
    {},
    optional={
        "context": JUNK | st.fixed_dictionaries({"library": JUNK | st.fixed_dictionaries({"name": NAMES | JUNK})}),
        "integrations": JUNK | st.dictionaries(NAMES | st.just("All"), st.booleans() | JUNK, max_size=4),
        "timestamp": JUNK | st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
        "userId": st.sampled_from(["u1", "u2"]),
    },
)


def as_watched(call: dict[str, Any]) -> tuple[Callable[[tuple[str, ...]], Any], tuple[str, str | None]]:
    """What gives the values of a call, and what kind of call it is."""

    def value(path: tuple[str, ...]) -> Any:
        found: Any = call
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    return value, ("track", None)


def gathered(calls: list[dict[str, Any]]) -> Evidence:
    found = Evidence()
    for call in calls:
        found.note(*as_watched(call), WATCH)
    return found.finish(WATCH)


def no_order(found: Evidence) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__struct_fields__}


@pytest.mark.parametrize("most", [3, 200])
def test_evidence_is_a_monoid(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", most)

    @FEW
    @given(st.lists(CALLS, max_size=12), st.integers(0, 12))
    def adds_up(calls: list[dict[str, Any]], at: int) -> None:
        whole = gathered(calls)
        parts = gathered(calls[:at]).plus(gathered(calls[at:]), WATCH)
        assert no_order(parts) == no_order(whole)
        assert no_order(gathered(calls[::-1])) == no_order(whole)
        assert no_order(whole.plus(Evidence(), WATCH)) == no_order(whole)
        assert len(whole.libraries) <= most
        assert sum(s.calls for s in whole.libraries.values()) + whole.more_libraries == len(calls)

    adds_up()


@FEW
@given(st.lists(CALLS, max_size=10))
def test_where_calls_go(calls: list[dict[str, Any]]) -> None:
    """Against what one reads off each call alone."""
    counts: Counter[str] = Counter()
    for call in calls:
        named = call.get("integrations")
        named = named if isinstance(named, dict) else {}
        flag = named.get("Mixpanel")
        if flag is True or isinstance(flag, dict):
            counts["selected"] += 1
        elif flag is False or named.get("All") is False:
            counts["kept out"] += 1
        else:
            counts["default"] += 1
    assert gathered(calls).reaches("Mixpanel") == (counts["selected"], counts["default"], counts["kept out"])


def test_many_names_are_bounded() -> None:
    calls = [{"integrations": {f"name {n}": True, "Mixpanel": True}} for n in range(3000)]
    found = gathered(calls)
    assert len(found.destinations) == module.MOST + 1
    assert found.destinations["Mixpanel"].selected == 3000
    assert found.more_destinations == 3000 - module.MOST


@pytest.mark.parametrize(
    ("library", "channel", "expected"),
    [
        ("analytics.js", None, "Website"),
        ("analytics-swift", "browser", "Mobile"),
        ("@segment/analytics-react-native", None, "Mobile"),
        ("analytics-python", "server", "Server"),
        ("our-own", "mobile", "Mobile"),
        (None, "browser", "Website"),
        ("our-own", None, "Other"),
        (None, None, "Other"),
    ],
)
def test_types_of_source(library: str | None, channel: str | None, expected: str) -> None:
    assert source_type(library, channel) == expected


def test_an_archive_against_a_count_by_hand() -> None:
    calls = [json.loads(line) for line in gzip.decompress((SAMPLES / "archive.ndjson.gz").read_bytes()).splitlines()]
    found = observe_paths([str(SAMPLES / "archive.ndjson.gz")], CheckRequest()).evidence
    by_hand = Counter(call["context"]["library"]["name"] for call in calls)
    assert {library.name: seen.calls for library, seen in found.libraries.items()} == by_hand
    assert found.destinations["Mixpanel"].selected == sum(c["integrations"].get("Mixpanel") is True for c in calls)
    times = sorted(call["timestamp"] for call in calls)
    assert found.all.first is not None
    assert found.all.last is not None
    shown = [f"{t:%Y-%m-%dT%H:%M:%S}.{t.microsecond // 1000:03d}Z" for t in (found.all.first, found.all.last)]
    assert shown == [times[0], times[-1]]


def test_every_form_of_input_counts_once(tmp_path: Path) -> None:
    call = {"type": "track", "event": "Signed Up", "context": {"library": {"name": "analytics.js"}}}
    forms = {
        "lines": "\n".join(map(json.dumps, [call] * 3)),
        "array": json.dumps([call] * 3),
        "pretty": "\n".join(json.dumps(call, indent=2) for _ in range(3)),
        "batch": json.dumps({"batch": [{"type": "page"}] * 3, "context": call["context"]}),
        "big numbers": "\n".join(f'{json.dumps(call)[:-1]}, "n": {"9" * 400}e999}}' for _ in range(3)),
    }
    for name, text in forms.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        observed = observe_paths([str(path)], CheckRequest())
        assert observed.report.calls == observed.evidence.all.calls == 3, name
        assert observed.evidence.libraries == {Library("Website", "analytics.js"): Seen(3)}, name


@FEW
@given(st.lists(CALLS, max_size=8))
def test_read_calls_tell_what_parsed_ones_do(calls: list[dict[str, Any]]) -> None:
    data = b"".join(json.dumps({"type": "track", **call}).encode() + b"\n" for call in calls)
    request = CheckRequest(evidence=WATCH)
    assert no_order(evidence_in(profile(ByteStream(data), compile_program(request)), WATCH)) == no_order(
        gathered(calls)
    )


@pytest.mark.parametrize("jobs", [1, 3])
def test_all_cores_gather_what_one_does(jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks_module, "RANGE", 20_000)
    monkeypatch.setattr(tasks_module, "SMALL", 50_000)
    call = {"type": "track", "event": "Signed Up", "messageId": "m", "userId": "u1"}
    for name, count in (("a", 40), ("b", 3000)):
        lines = [json.dumps(call | {"context": {"library": {"name": f"our-{n % 7}"}}}) for n in range(count)]
        (tmp_path / name).write_text("\n".join(lines) + "\nno call\n")
    paths = [str(tmp_path / name) for name in "ab"]
    found = observe_paths(paths, CheckRequest(), WATCH, jobs=jobs).evidence
    assert found.all.calls == found.declared["shop"].calls == 3040
    assert sum(seen.calls for seen in found.libraries.values()) == 3040
    assert len(found.libraries) == 7


@pytest.mark.parametrize("jobs", [1, 3])
def test_fingerprints_are_the_same_with_all_cores(jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks_module, "RANGE", 20_000)
    monkeypatch.setattr(tasks_module, "SMALL", 50_000)
    long = "x" * 5000  # ids that differ only at their end are different ones
    ids = [f"m-{n}" for n in range(3000)] + [f"{long}{n}" for n in range(5)]
    calls = [{"type": "track", "event": "Signed Up", "messageId": id_} for id_ in ids]
    others = [{"type": "track", "event": "Other", "messageId": f"o-{n}"} for n in range(300)]
    (tmp_path / "calls").write_text("\n".join(map(json.dumps, [*others, *calls])), encoding="utf-8")
    prints = {hashlib.blake2b(id_.encode(), digest_size=8).hexdigest() for id_ in ids}
    wanted = hashlib.blake2b(f"{long}4".encode(), digest_size=8).hexdigest()
    watch = Watch(events={("track", "Signed Up"): "Signed Up"}, known=frozenset({wanted, "other"}))
    found = observe_paths([str(tmp_path / "calls")], CheckRequest(), watch, jobs=jobs).evidence.fingerprints
    assert found.kept == sorted(prints)[:8]
    assert found.known == {wanted}
