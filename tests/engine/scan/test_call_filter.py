"""Which calls are selected: by content, up to a limit, across blocks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from validator import CheckRequest, Limits, Selection, compile_program
from validator.engine.decode.decoder import Decoder
from validator.engine.scan.call_filter import CallFilter

CALLS: list[dict[str, Any]] = [
    {"type": "track", "event": "A", "timestamp": "2026-03-01T00:00:00Z", "messageId": "m-1"},
    {"type": "Track", "event": "B", "timestamp": "2026-03-02T00:00:00Z", "messageId": "m-2"},
    {"type": "page", "event": "A", "receivedAt": "2026-03-03T00:00:00Z", "messageId": "m-3"},
    {"type": "identify", "timestamp": "never", "messageId": "m-4"},
]
SECOND = datetime(2026, 3, 2, tzinfo=UTC)


def kept(selection: Selection, *blocks: list[dict[str, Any]]) -> list[list[int] | None]:
    decoder = Decoder(compile_program(CheckRequest(selection=selection)).wanted, Limits())
    selected = CallFilter(selection, decoder.attributes)
    return [selected([decoder.decode(json.dumps(call).encode()) for call in block]) for block in blocks]


@pytest.mark.parametrize(
    ("selection", "positions"),
    [
        (Selection(), None),
        (Selection(events=frozenset({"A"})), [0]),
        (Selection(events=frozenset({"A", "B"})), [0, 1]),
        (Selection(types=frozenset({"track"})), [0, 1]),
        (Selection(types=frozenset({"track", "page", "identify"})), None),
        (Selection(since=SECOND), [1, 2]),
        (Selection(until=SECOND), [0]),
        (Selection(since=SECOND, types=frozenset({"page"})), [2]),
        (Selection(limit=3), [0, 1, 2]),
        (Selection(limit=4), None),
        (Selection(limit=1, since=SECOND), [1]),
    ],
)
def test_the_calls_that_are_selected(selection: Selection, positions: list[int] | None) -> None:
    assert kept(selection, CALLS) == [positions]


def test_a_limit_holds_across_blocks() -> None:
    assert kept(Selection(limit=6), CALLS, CALLS, CALLS) == [None, [0, 1], []]


def test_a_larger_share_includes_a_smaller_one() -> None:
    many = [{"type": "track", "event": "A", "messageId": f"m-{n}"} for n in range(400)]
    (some,), (more,) = (kept(Selection(sample=share), many) for share in (0.1, 0.3))
    assert some is not None
    assert more is not None
    assert set(some) < set(more)
    assert 20 < len(some) < 60
