"""What calls give away about sources and destinations, counted exactly however the input is split."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import validator.workers.chunks as chunks_module
import validator.workers.input_tasks as tasks_module
from tests.fuzz_native import use_native
from tests.support.command import SAMPLES
from tests.support.examples import examples
from validator import ByteStream, CheckRequest, Limits, compile_program, native, profile
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
        "sentAt": JUNK
        | st.sampled_from([f"{year:04}-01-01T08:00:00{zone}" for year in (1, 2024) for zone in ("Z", "+09:00")]),
        "messageId": st.sampled_from([*"abcdefghijklmn", "\u00e9", 'q"', "", 7, None]),
        "userId": st.sampled_from(["u1", "u2"]),
    },
)


def values_of(call: dict[str, Any]) -> Callable[[tuple[str, ...]], Any]:
    """What gives the values of a call."""

    def value(path: tuple[str, ...]) -> Any:
        found: Any = call
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    return value


def gathered(calls: list[dict[str, Any]]) -> Evidence:
    found = Evidence()
    for call in calls:
        found.note(values_of(call), None, WATCH)
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


def fingerprint_of(text: str) -> str:
    data = text.encode()
    return f"{crc32(data):08x}" + hashlib.blake2b(data, digest_size=8).hexdigest()


@pytest.mark.parametrize("jobs", [1, 3])
def test_fingerprints_are_the_same_with_all_cores(jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks_module, "RANGE", 20_000)
    monkeypatch.setattr(tasks_module, "SMALL", 50_000)
    long = "x" * 5000  # ids that differ only at their end are different ones
    ids = [f"m-{n}" for n in range(3000)] + [f"{long}{n}" for n in range(5)]
    calls = [{"type": "track", "event": "Signed Up", "messageId": id_} for id_ in ids]
    others = [{"type": "track", "event": "Other", "messageId": f"o-{n}"} for n in range(300)]
    (tmp_path / "calls").write_text("\n".join(map(json.dumps, [*others, *calls])), encoding="utf-8")
    prints = {fingerprint_of(id_) for id_ in ids}
    wanted = fingerprint_of(f"{long}4")
    watch = Watch(events={("track", "Signed Up"): "Signed Up"}, known=frozenset({wanted, "other"}))
    found = observe_paths([str(tmp_path / "calls")], CheckRequest(), watch, jobs=jobs).evidence.fingerprints
    assert found.kept == sorted(prints)[:8]
    assert found.known == {wanted}


# Lines that make the native core hand back calls, and objects in which a key comes twice or has an escape.
ODD = st.sampled_from(
    [
        b"[]",
        b"not JSON",
        b"",
        b'{"type":"track","event":"Signed Up","integrations":{"a":true,"b":false,"a":false}}',
        b'{"type":"track","event":"Signed Up","integrations":{"\\u0061":true,"All":false,"b":{"x":[1]}}}',
        b'{"type":"track","event":"Signed Up","integrations":{ "All" : false , "b" : 7, "c":{} }, "messageId":"z"}',
        b'{"type":"Track","event":"Signed Up","context":{"library":{"name":"a","name":"b"}},"messageId":"a"}',
        b'{"context":{"library":{"name":"outer"}},"batch":[{"type":"track","event":"Signed Up","messageId":"a"},7]}',
        b'{"batch":[{"type":"track","event":"Signed Up","messageId":"b","integrations":{"a":true}},{"type":"page"}]}',
    ]
)
KINDS = st.sampled_from(
    [
        {"type": "track", "event": "Signed Up"},
        {"type": "TRACK", "event": "Signed Up"},
        {"type": "track", "event": "Other"},
        {"type": "page", "name": "Signed Up"},
        {"type": "identify"},
        {},
    ]
)
LINES = st.lists(st.builds(lambda kind, call: json.dumps(kind | call).encode(), KINDS, CALLS) | ODD, max_size=12)


@pytest.mark.no_cover
@pytest.mark.skipif(native.status().module is None, reason="the native core is not built")
@settings(FEW)
@given(st.lists(LINES, min_size=1, max_size=3), st.booleans())
def test_the_native_core_gathers_what_python_does(blocks: list[list[bytes]], watches: bool) -> None:
    known = frozenset(fingerprint_of(id_) for id_ in ("a", "m", "nowhere")) | {"of an older version"}
    watch = replace(WATCH, events={("track", "Signed Up"): "Signed Up", ("page", None): "Page"} if watches else {})
    watch = replace(watch, known=known)
    data = b"".join(b"\n".join([*lines, b""]) for lines in blocks) * 3
    found = []
    for way in "01":
        with use_native(way):
            program = compile_program(CheckRequest(evidence=watch))
            profiled = profile(ByteStream(data), program, Limits(places=1))
            found.append((evidence_in(profiled, watch), profiled.lines, profiled.calls))
    assert found[0] == found[1]


@pytest.mark.skipif(native.status().module is None, reason="the native core is not built")
def test_the_native_core_gathers_most_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (SAMPLES / "personalize-winback.good.ndjson").read_bytes().splitlines(keepends=True)
    noted = 0
    note = Evidence.note

    def counted(self: Evidence, *args: Any) -> None:
        nonlocal noted
        noted += 1
        note(self, *args)

    monkeypatch.setattr(Evidence, "note", counted)
    watch = replace(WATCH, events={("track", "Order Completed"): "Order Completed"})
    profiled = profile(ByteStream(b"".join(lines) * 50), compile_program(CheckRequest(evidence=watch)))
    found = evidence_in(profiled, watch)
    assert found.all.calls == len(lines) * 50
    assert noted < found.all.calls / 10
