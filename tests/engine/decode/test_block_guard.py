"""What is known of a block of lines at a glance: depth, UTF-8, whole objects; against counting plainly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.json_texts import nearly_json, texts
from validator.engine.decode import block_guard
from validator.engine.decode.block_guard import Shallow, is_utf8, nesting, whole_objects


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


LINES = st.lists(
    st.sampled_from([b"{}", b"[]", b"[[[]]]", b"{[", b"", b"x", b"[" * 40, b'{"a":1}', b"{}{}"]), max_size=60
)


@given(LINES.map(b"\n".join), st.integers(1, 12), st.integers(1, 60))
def test_no_block_is_called_shallow_that_has_many_brackets_on_a_line(data: bytes, most: int, window: int) -> None:
    """And each is, whose lines have too few brackets to be deeper, however many the block has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(block_guard, "_WINDOW", window)
        guard = Shallow(most)
        brackets = max((line.count(b"{") + line.count(b"[") for line in data.split(b"\n")), default=0)
        assert [guard.holds(data), guard.holds(data)] == [brackets <= most] * 2


BLOCKS = [
    (b"{}\n", 1),
    (b'{"a":1}\n{}\n{"b":{}}\n', 3),
    (b"{}", 0),
    (b"{}\n{}", 0),
    (b"[]\n", 0),
    (b"\n", 0),
    (b"", 0),
    (b"{}\n\n{}\n", 0),
    (b"{}\n[]\n{}\n", 0),
    (b"{\n}\n", 0),
    (b"{}\n {}\n", 0),
    (b"{} \n{}\n", 0),
]


@pytest.mark.parametrize(("data", "lines"), BLOCKS, ids=[repr(data) for data, _ in BLOCKS])
def test_lines_are_counted_where_each_is_an_object(data: bytes, lines: int) -> None:
    assert whole_objects(data) == lines
