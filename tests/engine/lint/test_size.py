"""SP307: calls beyond what Segment takes, wherever they are, at the cost of looking at each line once."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.json_texts import VALUES
from tests.support.linting import check, lint, made
from validator.engine.lint import LARGEST, compact_size, has_long_lines


def call_of(size: int) -> bytes:
    empty = made({"properties": {"x": ""}}).replace(b": ", b":").replace(b", ", b",")
    return empty.replace(b'"x":""', b'"x":"' + b"y" * (size - len(empty)) + b'"')


def test_calls_beyond_32_kb_are_found_wherever_they_are() -> None:
    small, large = call_of(LARGEST), call_of(LARGEST + 1)
    assert len(small) == LARGEST
    report = check([b"{}", small, large, b"x", large, small], rules={"SP307"})
    (finding,) = (f for f in report.findings if f.code == "SP307")
    assert finding.count == 2
    assert [place.line for place in finding.places] == [3, 5]
    spread = small.replace(b",", b",  ")
    assert lint(check([spread], rules={"SP307"})) == {}
    batch = b'{"batch":[' + small + b", " + large + b"]}"
    (finding,) = (f for f in check([batch], rules={"SP307"}).findings if f.code == "SP307")
    assert [place.position for place in finding.places] == [1]
    assert lint(check([b"[", small, b",", large, b"]"], rules={"SP307"})) == {"SP307": 1}


def test_a_batch_is_looked_into_once_whatever_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long batch of small calls, which none of them is too large for."""
    looked = Mock(side_effect=compact_size)
    monkeypatch.setattr("validator.engine.pending_calls.compact_size", looked)
    members = [made({"messageId": f"m-{n}"}) for n in range(500)] + [call_of(LARGEST + 1), b"7", call_of(LARGEST)]
    batch = b'{"batch":[' + b",".join(members) + b"]}"
    assert len(batch) > LARGEST
    report = check([batch, batch], rules={"SP307"})
    (finding,) = (f for f in report.findings if f.code == "SP307")
    assert [(place.line, place.position) for place in finding.places] == [(1, 500), (2, 500)]
    assert [call.args[2] - call.args[1] for call in looked.call_args_list] == [LARGEST + 1] * 2


def test_a_large_call_whose_white_space_cannot_be_told_is_found() -> None:
    large = call_of(LARGEST + 1).replace(b"yyyyyy", b"\\ud800", 1)
    report = check([large], rules={"SP307"})
    assert report.calls == 1
    assert lint(report) == {"SP307": 1}


@given(st.lists(st.integers(0, 40), max_size=12))
def test_long_lines_of_a_block_are_noticed(sizes: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("validator.engine.lint.size.LARGEST", 20)
        assert has_long_lines(b"".join(b"x" * size + b"\n" for size in sizes)) == any(size > 20 for size in sizes)


@given(VALUES)
def test_white_space_between_tokens_is_no_size(value: Any) -> None:
    spread, compact = json.dumps(value, indent=2).encode(), json.dumps(value, separators=(",", ":")).encode()
    assert compact_size(spread, 0, len(spread)) == len(compact)
