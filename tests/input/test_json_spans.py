"""Where values stand in JSON text: against Python's own reader."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.json_texts import texts
from validator.engine.decode.json_exact import parse
from validator.input import json_spans


@given(texts(), st.integers(1, 30))
def test_members_and_items_are_where_they_are(data: bytes, size: int) -> None:
    value, start = parse(data), json_spans.content_start(data)
    assert json_spans.value_end(data, start) == len(data.rstrip())
    found: Any = value
    if isinstance(value, dict):
        found = {parse(data[slice(*key)]): parse(data[slice(*inner)]) for key, inner in json_spans.members(data, start)}
    elif isinstance(value, list):
        groups = list(json_spans.item_groups(data, start, size))
        found = [parse(data[slice(*item)]) for group in groups for item in json_spans.items(data, group)]
        assert all(end - at <= size or len(list(json_spans.items(data, (at, end)))) == 1 for at, end in groups)
    assert found == value
