"""What calls give away about sources and destinations, counted exactly however the input is split."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.command import SAMPLES
from validator.catalog import Catalog
from validator.model import Limits
from validator.service.observe_sources import calls_of, observe_paths
from validator.setup import evidence as module
from validator.setup.evidence import Evidence, Library, Seen, Watch
from validator.setup.libraries import source_type

if TYPE_CHECKING:
    from pathlib import Path

WATCH = Watch(
    {"warehouse": {"/context/library/name": ("reverse-etl", "census")}, "shop": {"/userId": ("u1",)}},
    frozenset({"Mixpanel"}),
)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


def gathered(calls: list[dict[str, Any]]) -> Evidence:
    found = Evidence()
    for call in calls:
        found.note(call, WATCH)
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
    said: Counter[str] = Counter()
    for call in calls:
        named = call.get("integrations")
        named = named if isinstance(named, dict) else {}
        flag = named.get("Mixpanel")
        if flag is True or isinstance(flag, dict):
            said["selected"] += 1
        elif flag is False or named.get("All") is False:
            said["kept out"] += 1
        else:
            said["default"] += 1
    assert gathered(calls).reaches("Mixpanel") == (said["selected"], said["default"], said["kept out"])


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
    found = observe_paths([str(SAMPLES / "archive.ndjson.gz")], Catalog.load().use_cases).evidence
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
    use_cases = Catalog.load().use_cases
    for name, text in forms.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        observed = observe_paths([str(path)], use_cases)
        assert observed.report.calls == observed.evidence.all.calls == 3, name
        assert observed.evidence.libraries == {Library("Website", "analytics.js"): Seen(3)}, name


@FEW
@given(st.binary(max_size=40))
def test_what_is_no_call_tells_nothing(data: bytes) -> None:
    for call in calls_of(data, Limits()):
        Evidence().note(call, WATCH)


def test_bad_times_are_passed_over() -> None:
    found = gathered(
        [
            {"timestamp": "yesterday", "sentAt": "2024-01-02T00:00:00Z"},
            {"timestamp": 3},
            {"timestamp": "0001-01-01T00:00:00+14:00"},
            {"timestamp": "2024-01-01T02:00:00+02:00"},
        ]
    )
    assert found.all.calls == 4
    assert str(found.all.first) == "2024-01-01 00:00:00+00:00"
    assert str(found.all.last) == "2024-01-02 00:00:00+00:00"
