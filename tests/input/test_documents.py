"""Content is framed as it looks, and documents come back whole, element by element."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.any_documents import array, elements_by, elements_of, lines_of, read, stripped
from tests.support.checking import check_stream
from tests.support.examples import examples
from tests.support.plain_lines import BOM, catalog, count_of
from validator.engine.decode.decoder import Decoder
from validator.engine.decode.key_paths import Wanted
from validator.input.documents import Element
from validator.input.framing import Framing, detect
from validator.input.stream import HEAD
from validator.model import Limits

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "framing.yaml").read_text("utf-8"))

properties_of = settings(deadline=None, database=None, derandomize=True, max_examples=examples(60))


# ----------------------------------------------------------------------------------------------------- framing


def test_every_framing_case_has_a_name_of_its_own() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert {case["framing"] for case in CASES} == set(Framing) - {Framing.TABLE}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
@pytest.mark.parametrize("start", [b"", BOM], ids=["plain", "BOM"])
def test_content_is_framed_and_cut_as_the_case_says(case: dict[str, Any], start: bytes) -> None:
    content = case["content"].encode()
    assert detect(content, is_all=True) == case["framing"]
    units = content.split(b"\n")
    if not units[-1]:
        units.pop()
    if case["framing"] == "documents":
        units = [element.data or b"" for element in elements_of(content)[0]]
    decoder = Decoder(Wanted(), Limits())
    assert [decoder.read(unit).line_class.value for unit in units] == case["units"]
    report = check_stream(start + content, (), catalog=catalog())
    assert {c.value: n for c, n in report.lines.items() if n} == Counter(case["units"])
    assert report.partial == case.get("damaged", False)
    assert [f.code for f in report.findings if f.code == "IN506"] == ["IN506"] * report.partial
    (summary,) = report.inputs
    assert (summary.framing, summary.lines) == (case["framing"], len(case["units"]))


@pytest.mark.parametrize("size", [HEAD - 1, HEAD, HEAD + 1, HEAD + 2, 3 * HEAD])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"], ids=["no LF", "LF", "CR LF"])
@pytest.mark.parametrize("start", [b"", BOM], ids=["plain", "BOM"])
def test_an_array_on_one_line_is_documents_at_any_size(size: int, end: bytes, start: bytes) -> None:
    before, after = start + b'[{"a":"', b'"},{}]' + end
    data = before + b"x" * (size - len(before) - len(after)) + after
    assert len(data) == size
    profile = read(data)
    assert profile.inputs[0].framing == "documents"
    assert lines_of(profile) == Counter(call=2)


@pytest.mark.parametrize("size", [20, HEAD - 4, HEAD - 1, HEAD, 3 * HEAD])
def test_an_array_on_the_first_line_is_a_line_if_a_long_one_follows(size: int) -> None:
    profile = read(b"[{}]\n" + b'{"a":"' + b"x" * size + b'"}\n')
    assert profile.inputs[0].framing == "ndjson"
    assert lines_of(profile) == Counter(not_object=1, call=1)


@pytest.mark.parametrize("start", [b'{"batch":\n', b"{\n"])
def test_an_object_over_lines_is_a_document_if_a_long_line_follows(start: bytes) -> None:
    object_of = start.replace(b"{\n", b'{\n"batch":') + b"[" + b'{"type":"track"},' * 5000 + b"{}]\n}\n"
    profile = read(object_of)
    assert profile.inputs[0].framing == "documents"
    assert lines_of(profile) == Counter(batch=1)


@pytest.mark.parametrize("size", [HEAD - 1, HEAD, HEAD + 1, 3 * HEAD])
@pytest.mark.parametrize("rest", [b"", b"{}", b"{}\n"])
def test_a_first_line_as_long_as_the_head_is_a_line(size: int, rest: bytes) -> None:
    line = b'{"a":"' + b"x" * (size - 9) + b'"}\n'
    assert len(line) == size
    profile = read(line + rest)
    assert profile.inputs[0].framing == "ndjson"
    assert lines_of(profile) == Counter(call=1 + bool(rest))


def test_objects_on_one_line_longer_than_the_head_are_documents() -> None:
    profile = read(b'{"type":"track"}' * (2 * HEAD // 16))
    assert profile.inputs[0].framing == "documents"
    assert lines_of(profile) == Counter(call=2 * HEAD // 16)


# --------------------------------------------------------------------------------------------- sound documents

SPACE = [b"", b" ", b"\n", b"\r\n", b"\t\n\n  "]
TEXT = st.text(st.sampled_from('{}[]",:\\\n/ aé\u2028😀\x00'), max_size=8)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXT, VALUES, max_size=3)
STYLES = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 1, 4]),
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]),
    }
)
READS = st.lists(st.integers(1, 40), min_size=1, max_size=4) | st.just([1 << 20])


def write(value: Any, style: dict[str, Any]) -> bytes:
    return json.dumps(value, **style).encode()


SPACES = st.lists(st.sampled_from(SPACE), min_size=1, max_size=5)
BUFFERS = st.sampled_from([1, 5, 64, 1 << 16])


@properties_of
@given(values=st.lists(OBJECTS | st.lists(VALUES, max_size=3), max_size=6), style=STYLES, spaces=SPACES, sizes=READS)
def test_an_array_of_objects_and_arrays_comes_back_whole(
    values: list[Any], style: dict[str, Any], spaces: list[bytes], sizes: list[int]
) -> None:
    data, expected = array([write(value, style) for value in values], spaces)
    for buffer in (1, 7, 1 << 16):
        assert elements_by(data, sizes, buffer) == (expected, True)


@properties_of
@given(values=st.lists(VALUES, max_size=6), style=STYLES, spaces=SPACES, sizes=READS, buffer=BUFFERS)
def test_an_array_of_anything_comes_back_whole(
    values: list[Any], style: dict[str, Any], spaces: list[bytes], sizes: list[int], buffer: int
) -> None:
    data, expected = array([write(value, style) for value in values], spaces)
    found, closed = elements_by(data, sizes, buffer)
    assert stripped(found) == expected
    assert closed


@properties_of
@given(
    values=st.lists(OBJECTS | TEXT | st.integers(-99, 99), max_size=6),
    style=STYLES,
    spaces=SPACES,
    sizes=READS,
    buffer=BUFFERS,
)
def test_values_one_after_another_come_back_whole(
    values: list[Any], style: dict[str, Any], spaces: list[bytes], sizes: list[int], buffer: int
) -> None:
    data, expected = b"", []
    for i, value in enumerate(values):
        gap = spaces[i % len(spaces)]
        both = i and not isinstance(value, dict) and not isinstance(values[i - 1], dict)
        data += gap if gap or not both else b" "  # only numbers and words need something between them
        expected.append(Element(len(data), data.count(b"\n") + 1, -1, write(value, style)))
        data += write(value, style)
    if any(not isinstance(a, dict) and isinstance(b, dict) for a, b in pairwise(values)):
        return  # a scalar ends where an object begins, and needs no space: not required to be kept apart
    assert elements_by(data + spaces[0], sizes, buffer) == (expected, True)


@pytest.mark.parametrize("sizes", [[1], [2], [3], [7], [1 << 20]])
@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b'["a,b","c]","{","[\\",]"]', [b'"a,b"', b'"c]"', b'"{"', b'"[\\",]"']),
        (b'[1,"a b", 2]', [b"1", b'"a b"', b"2"]),
        (b'{}"a b"{} "c\td" "e" 12', [b"{}", b'"a b"', b"{}", b'"c\td"', b'"e"', b"12"]),
    ],
)
def test_strings_among_the_elements_are_never_cut(data: bytes, texts: list[bytes], sizes: list[int]) -> None:
    assert [element.data for element in elements_of(data, sizes)[0]] == texts


@properties_of
@given(values=st.lists(OBJECTS, min_size=1, max_size=5), style=STYLES, spaces=SPACES, sizes=READS, start=st.booleans())
def test_the_calls_of_an_array_have_their_places(
    values: list[dict[str, Any]], style: dict[str, Any], spaces: list[bytes], sizes: list[int], start: bool
) -> None:
    calls = [{**value, "messageId": f"m-{i}"} for i, value in enumerate(values)]
    calls = [{key: value for key, value in call.items() if key != "batch"} for call in calls]
    data, expected = array([write(call, style) for call in calls], spaces)
    shift = len(BOM) * start
    profile = read(BOM * start + data, sizes)
    assert profile.inputs[0].framing == "documents"
    assert profile.inputs[0].bytes == shift + len(data)
    got = [(p.byte, p.line, p.position, p.message_id) for p in count_of(profile).calls]
    assert got == [(e.byte + shift, e.line, e.position, f"m-{e.position}") for e in expected]
    assert lines_of(profile) == Counter(call=len(calls))
