"""Formats, at their edges: the last text that fits, and the first that does not."""

from __future__ import annotations

import pytest

from validator.json_schema.formats import FORMATS

# Of a format, texts that fit and texts that do not.
EDGES: dict[str, tuple[list[str], list[str]]] = {
    "time": (
        ["00:00:00Z", "23:59:59Z", "23:59:59.999z", "12:00:00+23:59", "12:00:00-23:59"],
        ["24:00:00Z", "23:60:00Z", "23:59:60Z", "12:00:00+24:00", "12:00:00+23:60", "12:00:00", "1:00:00Z"],
    ),
    "date": (["2024-02-29", "0001-01-01", "9999-12-31"], ["2023-02-29", "2024-13-01", "2024-01-32", "20240101"]),
    "date-time": (
        ["2024-02-29T23:59:59Z", "2024-02-29t00:00:00+23:59"],
        ["2024-02-29 00:00:00Z", "2024-02-30T00:00:00Z", "2024-02-29T24:00:00Z", "2024-02-29"],
    ),
    "hostname": (
        ["a", "a.", "a-b.c", "x" * 63, ".".join(["x" * 63] * 3 + ["x" * 61])],
        ["", "-a", "a-", "a_b", "x" * 64, ".".join(["x" * 63] * 3 + ["x" * 62])],
    ),
    "ipv4": (["0.0.0.1", "255.255.255.255"], ["256.0.0.0", "1.2.3", "01.2.3.4"]),
    "ipv6": (["::", "::ffff:1.2.3.4"], [":::", "fe80::1%eth0", "1.2.3.4"]),
    "uri": (["http://example.com/?q#f", "urn:a:b"], ["/a", "a b", ""]),
    "uri-reference": (["/a", "", "http://example.com"], ["a b", "\\"]),
    "regex": (["a+", ""], ["(", "[a"]),
}
CASES = [
    (name, text, fits)
    for name, texts in EDGES.items()
    for fits, some in zip((True, False), texts, strict=True)
    for text in some
]


@pytest.mark.parametrize(("name", "text", "fits"), CASES, ids=[f"{name} {text[:30]!r}" for name, text, _ in CASES])
def test_a_text_fits_its_format_or_not(name: str, text: str, *, fits: bool) -> None:
    assert FORMATS[name](text) is fits
