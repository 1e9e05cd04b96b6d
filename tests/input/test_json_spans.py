"""Where values stand in JSON text: against Python's own reader."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.engine.decode import block_guard
from validator.engine.decode.block_guard import is_utf8, nesting
from validator.engine.decode.json_exact import parse
from validator.engine.decode.long_lines import is_json
from validator.engine.lint import compact_size
from validator.input import json_spans

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["", '"', "\\", '\\"', "]}", "{[", "\ud800", "é😀", "\x7f"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text('ab"\\]}{[,:\t ', max_size=3), inner, max_size=4),
        inner.map(lambda value: [[[[value]]], {"a": {"b": {"c": {"d": value}}}}]),
    ),
    max_leaves=12,
)


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """JSON, spelt in one way or another."""
    value, indent, exact = draw(VALUES), draw(st.sampled_from([None, 0, 2])), draw(st.booleans())
    text = json.dumps(value, indent=indent, ensure_ascii=exact)
    return text.encode("utf-8", "replace" if not exact else "strict")


@st.composite
def nearly_json(draw: st.DrawFn) -> bytes:
    """JSON of which a byte or two went wrong."""
    text = bytearray(draw(texts()))
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(text)))
        text[at : at + draw(st.integers(0, 1))] = draw(
            st.sampled_from([b"", *(bytes([c]) for c in b'{}[],:"\\ 0e.-t\x01\x0bu')])
        )
    return bytes(text)


def is_sound(data: bytes) -> bool:
    try:
        parse(data)
    except ValueError:
        return False
    return True


@given(st.one_of(texts(), nearly_json()))
def test_what_is_json_is_found_out_without_building_it(data: bytes) -> None:
    if is_utf8(data):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("validator.engine.decode.long_lines._SHORT", 0)
            assert is_json(data) == is_sound(data)


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        (b'{"a":"\\ud800"}', True),
        (b'{"a":"\\\\ud800\\uDFFF"}', True),
        (b'["\\udc00\\ud800"]', True),
        (b'["\\ud80"]', False),
        (b'[\\ud800,"\\ud800"]', False),
        (b"[1e999, -0, " + b"7" * 5_000 + b"]", True),
        (b"[" * 120 + b"]" * 120, True),
        (b"[" * 120 + b"]" * 119, False),
        (b'["\\ud800",[[[1,]]]]', False),
        *((text, False) for text in (b"", b" ", b"NaN", b"[NaN]", b"\x0b{}", b"{}\x00", b"{} {}", b"01", b"1.", b"+1")),
    ],
)
@pytest.mark.parametrize("short", [0, 1 << 16])
def test_json_that_decoders_have_trouble_with(
    text: bytes, sound: bool, short: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("validator.engine.decode.long_lines._SHORT", short)
    assert is_json(text) == sound


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


def depth(data: bytes) -> int:
    """How deep brackets stand, strings left out; counted plainly."""
    deepest = now = 0
    inside = escaped = False
    for byte in data:
        if inside:
            inside = escaped or byte != ord('"')
            escaped = not escaped and byte == ord("\\")
        elif byte == ord('"'):
            inside = True
        else:
            now += (byte in b"{[") - (byte in b"}]")
            deepest = max(deepest, now)
    return deepest


@given(st.one_of(texts(), nearly_json(), st.binary(max_size=30)), st.integers(1, 40))
def test_depth_is_the_same_however_much_is_looked_at_at_once(data: bytes, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(block_guard, "_AT_ONCE", most)
        assert nesting(data) == depth(data)


@given(
    st.one_of(st.binary(max_size=30), st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass"))),
    st.integers(1, 7),
)
def test_utf8_is_the_same_however_much_is_looked_at_at_once(data: bytes, most: int) -> None:
    try:
        data.decode()
    except UnicodeDecodeError:
        sound = False
    else:
        sound = True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(block_guard, "_AT_ONCE", most)
        assert is_utf8(data) == sound


@given(VALUES)
def test_white_space_between_tokens_is_no_size(value: Any) -> None:
    spread, compact = json.dumps(value, indent=2).encode(), json.dumps(value, separators=(",", ":")).encode()
    assert compact_size(spread, 0, len(spread)) == len(compact)
