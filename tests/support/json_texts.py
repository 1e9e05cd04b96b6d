"""JSON texts for property tests, sound ones and ones that went wrong."""

from __future__ import annotations

import json

from hypothesis import strategies as st

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
