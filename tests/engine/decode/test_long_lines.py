"""Whether a long line is JSON, found out without building it: against the exact reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.json_texts import nearly_json, texts
from validator.engine.decode.block_guard import is_utf8
from validator.engine.decode.json_exact import parse
from validator.engine.decode.long_lines import is_json


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
