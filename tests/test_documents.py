"""Documents come back whole, element by element, and a broken one does not take the others with it."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_lines import BOM, EVERY_PLACE, Dribble, catalog, count_of, program
from validator.engine.decode import Decoder
from validator.engine.program import Wanted
from validator.input import documents
from validator.input.documents import Element, Elements
from validator.input.framing import Framing, detect
from validator.input.stream import HEAD, Stream
from validator.model import Limits
from validator.report import judge_report
from validator.service.check import check_stream
from validator.service.read import read_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.engine.profile import Profile

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "framing.yaml").read_text("utf-8"))

properties_of = settings(deadline=None, database=None, derandomize=True, max_examples=60)


def elements_of(data: bytes, sizes: Sequence[int] = (1 << 20,), limit: int = 1 << 20) -> tuple[list[Element], bool]:
    """The elements, and whether the array was closed."""
    found = Elements(Dribble(data, sizes), max_element=limit)
    return list(found), found.damage is None


def read(data: bytes, sizes: Sequence[int] = (1 << 20,), limits: Limits | None = None) -> Profile:
    limits = limits or Limits(places=EVERY_PLACE)
    return read_inputs(["x"], program(), limits=limits, open_input=lambda path: Stream(path, Dribble(data, sizes)))


def lines_of(profile: Profile) -> Counter[str]:
    return count_of(profile).lines


# ----------------------------------------------------------------------------------------------------- framing


def test_every_framing_case_has_a_name_of_its_own() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert {case["framing"] for case in CASES} == set(Framing)


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


def array(texts: Sequence[bytes], spaces: Sequence[bytes]) -> tuple[bytes, list[Element]]:
    """An array of elements with all kinds of white space about them, and what must come of it."""
    gaps = [spaces[i % len(spaces)] for i in range(2 * len(texts) + 2)]
    data, expected = gaps[0] + b"[", []
    for i, text in enumerate(texts):
        data += (b"," if i else b"") + gaps[2 * i + 1]
        expected.append(Element(len(data), data.count(b"\n") + 1, i, text))
        data += text + gaps[2 * i + 2]
    return data + b"]" + gaps[-1], expected


def stripped(elements: Sequence[Element]) -> list[Element]:
    """White space after a scalar may be part of it."""
    return [e._replace(data=e.data.rstrip() if e.data is not None else None) for e in elements]


def elements_by(data: bytes, sizes: Sequence[int], read: int) -> tuple[list[Element], bool]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "READ", read)
        return elements_of(data, sizes)


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
        return  # a scalar ends where an object begins, and needs no space: not said to be kept apart
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


# -------------------------------------------------------------------------------------------- broken documents


def pretty(name: str, indent: str = "") -> str:
    text = json.dumps({"type": "track", "messageId": name, "properties": {"a": [1, {"b": 2}]}}, indent=2)
    return text.replace("\n", "\n" + indent)


GOOD = pretty("broken")
BROKEN = {
    "a comma missing": GOOD.replace('"track",', '"track"'),
    "a comma too many": GOOD.replace('"track",', '"track",,'),
    "a colon missing": GOOD.replace('"type": ', '"type" '),
    "a quote missing at the start": GOOD.replace('"track"', 'track"'),
    "a quote missing at the end": GOOD.replace('"track"', '"track'),
    "a quote missing before a bracket": GOOD.replace('"properties": {', '"properties: {'),
    "a word": GOOD.replace('"track"', "NaN"),
    "other quotes": GOOD.replace('"', "'"),
    "a line end in a string": GOOD.replace("track", "tr\nack"),
    "a line end in a string, escaped": GOOD.replace("track", "tr\\\nack"),
    "its last bracket missing": GOOD[: GOOD.rindex("\n}")],
    "an inner bracket missing": GOOD.replace("\n  }", ""),
    "an inner square bracket missing": GOOD.replace("\n    ]", ""),
    "two brackets missing": GOOD[: GOOD.rindex("\n  }")],
    "all brackets missing": GOOD[: GOOD.index('"a"')],
    "an opening bracket too many": GOOD.replace("[", "[["),
    "brackets of the wrong kind": GOOD.replace("]", "}"),
    "cut off in a string": GOOD[: GOOD.index("ack")],
    "cut off after a colon": GOOD[: GOOD.index(' "track')],
    "only its first bracket": "{",
}


def layout(texts: Sequence[str], *, in_array: bool) -> tuple[bytes, dict[str, int]]:
    """Pretty-printed texts in an array or one after another, and the offset of each."""
    if not in_array:
        data = "\n".join(texts) + "\n"
    else:
        indented = (text if text.startswith("  ") else "  " + text.replace("\n", "\n  ") for text in texts)
        data = "[\n" + ",\n".join(indented) + "\n]\n"
    offsets, at = {}, 0
    while (at := data.find('"messageId": "m-', at) + 1) > 0:
        offsets[data[at + 13 : at + 16]] = data.rindex("{\n", 0, at)
    return data.encode(), offsets


@pytest.mark.parametrize("sizes", [[1 << 20], [3]], ids=["all", "part"])
@pytest.mark.parametrize("in_array", [True, False], ids=["array", "one after another"])
@pytest.mark.parametrize("where", [0, 1, 3])
@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_element_does_not_lose_the_others(how: str, where: int, in_array: bool, sizes: list[int]) -> None:
    good = [pretty(f"m-{i}") for i in range(3)]
    data, offsets = layout([*good[:where], BROKEN[how], *good[where:]], in_array=in_array)
    assert len(offsets) == 3
    profile = read(data, sizes)
    assert profile.inputs[0].framing == "documents"
    got = {place.message_id: place.byte for place in count_of(profile).calls}
    assert got == offsets
    lines = lines_of(profile)
    assert lines["malformed"] >= 1
    assert lines == Counter(call=3, malformed=lines["malformed"])
    if in_array and where < 3:
        assert profile.inputs[0].complete
        assert not {"IN506"} & profile.faults.keys()


@pytest.mark.parametrize("extra", ["}", "}}", '"x": 1}'])
@pytest.mark.parametrize("where", [0, 1, 3])
def test_a_bracket_too_many_loses_no_element(extra: str, where: int) -> None:
    good = [pretty(f"m-{i}") for i in range(3)]
    data, offsets = layout([*good[:where], GOOD + extra, *good[where:]], in_array=True)
    calls = {place.message_id: place.byte for place in count_of(read(data)).calls}
    assert offsets.items() <= calls.items()
    assert lines_of(read(data))["malformed"] >= 1


@pytest.mark.parametrize("data", [b"[", b"[{}", b"[{},", b"[\n{}\n,", b"[{},{", b"[[", b"[[]", b'["', b"[\n{}]\n[{}\n"])
def test_an_array_that_is_not_closed_is_damage(data: bytes) -> None:
    said: list[str] = []
    profile = read_inputs(["x"], program(), open_input=lambda path: Stream(path, Dribble(data, [3])), warn=said.append)
    assert not profile.inputs[0].complete
    assert said == ["x: the array is not closed: its end is missing"]
    (place,) = profile.faults["IN506"].places
    assert place.byte == len(data)
    report = check_stream(data, (), catalog=catalog())
    assert report.partial
    assert judge_report(report, allow_empty=True).exit_code == 3


def test_a_closed_array_is_no_damage() -> None:
    assert judge_report(check_stream(b'[{"type":"track"}]', (), catalog=catalog())).exit_code == 0


# ----------------------------------------------------------------------------------------- garbage, any bytes

TOKENS = st.sampled_from(
    [
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b'"',
        b'"a"',
        b"\n",
        b"\n{",
        b"\n  {",
        b" ",
        b"\\",
        b"1",
        b"{}",
        b"\xff",
        b"x y",
    ]
)
GARBAGE = st.lists(TOKENS, max_size=14).map(b"".join)


def assert_covered(data: bytes, found: Sequence[Element]) -> None:
    """No byte is in two elements, and what is in none is white space, a comma or a bracket of an array."""
    at = 0
    for element in found:
        assert element.data
        assert not data[at : element.byte].strip(b" \t\r\n,[]"), (data, found)
        assert data.startswith(element.data, element.byte)
        assert element.line == data.count(b"\n", 0, element.byte) + 1
        at = element.byte + len(element.data)
    assert not data[at:].strip(b" \t\r\n,[]"), (data, found)


@settings(properties_of, max_examples=200)
@given(start=st.sampled_from([b"[", b"{", b"[\n  ", b""]), data=GARBAGE)
def test_every_byte_of_garbage_is_in_one_element(start: bytes, data: bytes) -> None:
    assert_covered(start + data, elements_of(start + data)[0])


@settings(properties_of, max_examples=200)
@given(
    start=st.sampled_from([b"[", b"{", b"[\n  ", b""]), data=GARBAGE, sizes=READS, limit=st.sampled_from([4, 9, 1000])
)
def test_elements_do_not_depend_on_how_they_are_read(start: bytes, data: bytes, sizes: list[int], limit: int) -> None:
    whole = elements_of(start + data, limit=limit)
    assert elements_of(start + data, sizes, limit) == whole
    assert elements_of(start + data, [1], limit) == whole


@properties_of
@given(start=st.sampled_from([b"[", b"{", b"[\n  "]), data=GARBAGE, sizes=READS)
def test_totals_of_garbage_add_up(start: bytes, data: bytes, sizes: list[int]) -> None:
    profile = read(start + data, sizes)
    (summary,) = profile.inputs
    assert summary.lines == sum(profile.lines.values())
    assert summary.bytes == len(start + data)
    assert sum(s.count for s in profile.shapes.values()) == sum(profile.types.values())
    if summary.framing == "documents":
        assert summary.lines == len(elements_of(start + data)[0])


# ------------------------------------------------------------------------------------------------------ limits


@pytest.mark.parametrize("in_array", [True, False], ids=["array", "one after another"])
@pytest.mark.parametrize("where", [0, 1, 2])
@pytest.mark.parametrize("limit", [3, 9, 1000, (1 << 16) + 1, 1 << 20])
def test_an_element_is_too_long_one_byte_past_the_limit(limit: int, where: int, in_array: bool) -> None:
    def element(size: int) -> bytes:
        return b'{"":\n"' + b"]" * (size - 8) + b'"}' if size >= 8 else b"{" + b"\n" * (size - 2) + b"}"

    limits = Limits(line=limit, places=EVERY_PLACE)
    for size in (limit, limit + 1, limit + (1 << 16), 2 * limit + 100_000):
        texts = [b"{\n}", b"{\n}"]
        texts.insert(where, element(size))
        data, expected = array(texts, [b"\n"])
        if not in_array:
            data = data.replace(b"[", b" ", 1).replace(b",", b" ").removesuffix(b"]\n")
        profile = read(data, [50_000], limits)
        long = [e for e in expected if len(e.data or b"") > limit]
        assert lines_of(profile) == Counter(call=3 - len(long)) + Counter(too_long=len(long))
        place = [(p.byte, p.line, p.position) for p in count_of(profile).faults.get("IN504", [])]
        assert place == [(e.byte, e.line, e.position if in_array else -1) for e in long]
        calls = [(p.byte, p.line) for p in count_of(profile).calls]
        assert calls == [(e.byte, e.line) for e in expected if e not in long]


@pytest.mark.parametrize("scalar", [b'"' + b"x" * 300 + b'"', b'"' + b"a, b] " * 60 + b'"', b"9" * 300])
@pytest.mark.parametrize("sizes", [[1], [50], [1 << 20]])
def test_a_long_scalar_is_one_element(scalar: bytes, sizes: list[int]) -> None:
    found, closed = elements_of(b"[{}," + scalar + b",{}]", sizes, 100)
    assert [(e.byte, e.position, e.data) for e in found] == [
        (1, 0, b"{}"),
        (4, 1, None),
        (5 + len(scalar), 2, b"{}"),
    ]
    assert closed


@pytest.mark.parametrize("limit", [2, 128])
def test_an_element_is_too_deep_one_level_past_the_limit(limit: int) -> None:
    for levels, expected in ((limit, Counter(call=3)), (limit + 1, Counter(call=2, too_deep=1))):
        element = b'{"a":' + b"[" * (levels - 1) + b'"[["' + b"]" * (levels - 1) + b"}"
        assert lines_of(read(b"[{}," + element + b",{}]", [9], Limits(depth=limit))) == expected


# ------------------------------------------------------------------------------------------------------ memory


class Generated:
    """An array that is made while it is read, each piece so many times."""

    def __init__(self, *pieces: tuple[bytes, int]) -> None:
        self._pieces = self._all(pieces)
        self._rest = memoryview(b"")
        self.size = sum(len(piece) * times for piece, times in pieces)

    @staticmethod
    def _all(pieces: Sequence[tuple[bytes, int]]) -> Iterator[bytes]:
        for piece, times in pieces:
            for _ in range(times):
                yield piece

    def readinto(self, buffer: memoryview, /) -> int:
        filled = 0
        while filled < len(buffer):
            if not self._rest and not (rest := next(self._pieces, b"")):
                break
            self._rest = self._rest or memoryview(rest)
            part = self._rest[: len(buffer) - filled]
            buffer[filled : filled + len(part)] = part
            self._rest = self._rest[len(part) :]
            filled += len(part)
        return filled


CALL = b'{"type":"track","event":"Order Completed","properties":{"note":"' + b"lorem ] ipsum } " * 500 + b'"}},'
MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    ("source", "lines", "most"),
    [
        pytest.param(
            Generated((b"[", 1), (CALL, 30 * MEGABYTE // len(CALL)), (b"{}]", 1)),
            Counter(call=30 * MEGABYTE // len(CALL) + 1),
            2 * MEGABYTE,
            id="many elements",
        ),
        pytest.param(
            Generated((b'[{},{"a":[', 1), (CALL, 30 * MEGABYTE // len(CALL)), (b"{}]},{}]", 1)),
            Counter(call=2, too_long=1),
            6 * MEGABYTE,
            id="a long element",
        ),
        pytest.param(
            Generated((b'[{},{"a":"', 1), (b"x" * 1000, 8_000), (b'"},{}]', 1)),
            Counter(call=2, too_long=1),
            6 * MEGABYTE,
            id="a long string",
        ),
        pytest.param(
            Generated((b"[{},", 1), (b"9" * 1000, 8_000), (b",{}]", 1)),
            Counter(call=2, too_long=1),
            6 * MEGABYTE,
            id="a long number",
        ),
        pytest.param(
            Generated((b"[{}", 1), (b" " * 1000, 600), (b",{}]", 1)), Counter(call=2), MEGABYTE // 2, id="white space"
        ),
    ],
)
def test_memory_does_not_grow_with_the_input(source: Generated, lines: Counter[str], most: int) -> None:
    plans = program()
    tracemalloc.start()
    try:
        profile = read_inputs(["x"], plans, open_input=lambda path: Stream(path, source))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert profile.inputs[0].framing == "documents"
    assert profile.inputs[0].bytes == source.size
    assert lines_of(profile) == lines
    assert peak < most


# ------------------------------------------------------------------------------------------------------ faults


class Failing(Dribble):
    """A source whose reading fails after its bytes."""

    def readinto(self, buffer: memoryview, /) -> int:
        count = super().readinto(buffer)
        if not count:
            raise OSError(5, "Input/output error")
        return count


@pytest.mark.parametrize(("start", "end"), [(b"[\n", b",\n"), (b"", b"\n")], ids=["array", "lines"])
def test_what_came_whole_before_a_read_error_is_counted(start: bytes, end: bytes) -> None:
    unit = b'{"type":"track"}' + end
    data = start + unit * 10_000 + b'{"type":"tr'
    profile = read_inputs(["x"], program(), open_input=lambda path: Stream(path, Failing(data, [1 << 16])))
    assert not profile.inputs[0].complete
    assert profile.faults["IN507"].count == 1
    assert lines_of(profile) == Counter(call=10_000)
    assert profile.types == Counter(track=10_000)
