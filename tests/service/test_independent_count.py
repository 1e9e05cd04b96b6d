"""The independent count on its own: its tables, lines, types, near misses."""

from __future__ import annotations

import json

import pytest

from tests.support import independent
from tests.support.compare_reports import REFERENCE

pytestmark = [
    pytest.mark.no_cover,
    pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference tables (../shared/reference) are absent"),
]


# -------------------------------------------------------------------------------------- the count on its own


def encode(*calls: object) -> list[bytes]:
    return [json.dumps(call).encode() + b"\n" for call in calls]


def classes(*lines: bytes) -> dict[str, int]:
    found: dict[str, int] = independent.count(lines, REFERENCE)["lines"]
    return {key: n for key, n in found.items() if n and key != "total"}


def test_the_tables_are_whole() -> None:
    use_cases = independent.select(REFERENCE)
    recommended = {(event, p) for events in use_cases.values() for event, props in events.items() for p in props}
    assert len(use_cases) == 25
    assert recommended == set(independent.property_types(REFERENCE))
    assert len(independent.select(REFERENCE, ["mitigate-cart-abandonment"])) == 2
    with pytest.raises(ValueError, match="no use case"):
        independent.select(REFERENCE, ["personalise-winback"])


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b'{"a":"' + b"x" * ((1 << 20) - 8) + b'"}', "call"),
        (b'{"a":"' + b"x" * ((1 << 20) - 7) + b'"}', "too_long"),
        (b" " * (1 << 20) + b"\n", "blank"),
        (b" " * ((1 << 20) + 1) + b"\n", "too_long"),
        (b'{"a":' + b"[" * 127 + b"]" * 127 + b"}\n", "call"),
        (b'{"a":' + b"[" * 128 + b"]" * 128 + b"}\n", "too_deep"),
        (b'{"a":' + b"[]," * 200 + b"[]}\n", "malformed"),
        (b'{"a":[' + b"[]," * 200 + b"[]]}\n", "call"),
        (b'{"a":"' + b"[" * 200 + b'\\"' + b"{" * 200 + b'"}\n', "call"),
        (b'{"a":"' + b"[" * 200 + b"\n", "malformed"),
        (b"\xff" + b"[" * 200 + b"\n", "malformed"),
        (b'{"a":' + b"9" * 5000 + b"}\n", "call"),
        (b'{"a":"\\ud800"}\n', "call"),
        (b'{"a":-Infinity}\n', "malformed"),
        (b'{"a":"\t"}\n', "malformed"),
        (b"\xc2\xa0\n", "malformed"),
        (b"\x0b\n", "malformed"),
        (b"\xef\xbb\xbf{}\n", "call"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}\n", "malformed"),
        (b'{"batch":{}}\n', "call"),
        (b'{"batch":[1],"batch":null}\n', "call"),
        (b'{"batch":[]}', "batch"),
    ],
)
def test_a_line_has_one_class(line: bytes, kind: str) -> None:
    assert classes(line) == {kind: 1}


def test_an_end_of_file_is_no_line() -> None:
    assert classes(b"\xef\xbb\xbf") == {}
    assert classes(b"{}\n", b"\xef\xbb\xbf{}\n") == {"call": 1, "malformed": 1}


@pytest.mark.parametrize(
    ("text", "deepest"),
    [("1", 0), ("{}", 1), ('{"a":[{}]}', 3), ('"[[["', 0), ('["\\"[[", {}]', 2), ('["[[', 1), ('["\\', 1)],
)
def test_depth_knows_strings(text: str, deepest: int) -> None:
    assert independent.depth(text) == deepest


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("string", ["", "x"], [None, 1, True, [], {}]),
        ("boolean", [True, False], [None, 0, 1, "true"]),
        ("number", [0, -1.5, 1e22, float("inf")], [None, True, "1"]),
        ("integer", [0, 3.0, 10**30, -0.0], [None, False, 3.5, "3", float("inf")]),
        ("array of object", [[], [{}]], [None, {}, [None], [{}, []], "x"]),
    ],
)
def test_types(kind: str, good: list[object], bad: list[object]) -> None:
    assert [value for value in good if not independent.fits(kind, value)] == []
    assert [value for value in bad if independent.fits(kind, value)] == []


@pytest.mark.parametrize(
    ("seen", "near"),
    [
        ("Order Completed", False),
        ("order_completed", True),
        ("ORDER.COMPLETED/", True),
        ("OrderComplete", True),
        ("Orders Completed", True),
        ("Order Conpleted", True),
        ("Order Compelted", True),
        ("Order Compelte", False),
        ("Ordr Complete", False),
        ("Order Started", False),
        ("S\u0131gned Up", True),
        ("Signed Up ", True),
        ("Signed In", False),
        ("", False),
        (" _-./", False),
    ],
)
def test_near_misses(seen: str, near: bool) -> None:
    assert independent.near_miss(seen, ["Order Completed", "Signed Up"]) is near


def test_a_short_name_has_no_edits() -> None:
    assert [independent.near_miss(seen, ["A-Buy"]) for seen in ("abuy", "abux")] == [True, False]


def test_properties_that_are_no_object_on_a_screen_call() -> None:
    calls = [
        {"type": "SCREEN", "name": "Cart", "properties": None},
        {"type": "screen", "category": 7, "properties": "x"},
        {"type": "screen"},
    ]
    got = independent.count(encode(*calls), REFERENCE, ["nurture-with-content"])
    assert (got["calls"]["valid"], got["calls"]["invalid"], got["calls"]["by_type"]["screen"]) == (1, 2, 3)
    assert {key: finding for key, finding in got["findings"].items() if key[1] == "Screen Viewed"} == {
        ("TP202", "Screen Viewed", None): {"count": 2, "severity": "error"},
        ("UC102", "Screen Viewed", "screen_id"): {"count": 1, "severity": "warning"},
        ("UC102", "Screen Viewed", "screen_title"): {"count": 2, "severity": "warning"},
        ("UC102", "Screen Viewed", "screen_type"): {"count": 2, "severity": "warning"},
        ("TP202", "Screen Viewed", "screen_type"): {"count": 1, "severity": "warning"},
    }


def test_a_call_is_judged_by_the_selected_use_cases_only() -> None:
    calls = encode({"type": "track", "event": "Order Completed", "properties": {"total": "9"}})
    assert independent.count(calls, REFERENCE, ["mitigate-high-value-churn"])["calls"]["invalid"] == 1
    assert independent.count(calls, REFERENCE, ["accelerate-signup"])["calls"]["invalid"] == 0
