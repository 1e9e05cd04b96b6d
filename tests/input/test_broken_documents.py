"""A broken element does not take the others with it; garbage, limits, memory and read errors."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.input.test_documents import READS, properties_of
from tests.support.any_documents import array, elements_of, lines_of, read
from tests.support.checking import check_stream
from tests.support.examples import examples
from tests.support.plain_lines import EVERY_PLACE, Dribble, calls_of, catalog, count_of, program
from validator.engine.lint import Fault
from validator.input.stream import Stream
from validator.model import Limits
from validator.report import judge_report
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.input.documents import Element


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
        assert Fault("IN506") not in profile.faults


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
    messages: list[str] = []
    profile = read_inputs(
        ["x"], program(), open_input=lambda path: Stream(path, Dribble(data, [3])), warn=messages.append
    )
    assert not profile.inputs[0].complete
    assert messages == ["x: the array is not closed: its end is missing"]
    (place,) = profile.faults[Fault("IN506")].places
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


@settings(properties_of, max_examples=examples(200))
@given(start=st.sampled_from([b"[", b"{", b"[\n  ", b""]), data=GARBAGE)
def test_every_byte_of_garbage_is_in_one_element(start: bytes, data: bytes) -> None:
    assert_covered(start + data, elements_of(start + data)[0])


@settings(properties_of, max_examples=examples(200))
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
    assert calls_of(profile) == sum(profile.types.values())
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


# -------------------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize("unit", [b"1,\n", b"1,\n 1,\n", b"{}\n", b"\n {"])
def test_elements_after_a_broken_one_cost_what_others_cost(unit: bytes) -> None:
    costs: list[float] = []
    for start in (b"[{},\n", b'[\n{"a":[1},\n{"a": 2},\n'):
        data = start + b"1,\n" * 60_000 if not costs else start + unit * (180_000 // len(unit))
        before = process_time()
        count = len(elements_of(data)[0])
        costs.append((process_time() - before) / count)
    assert costs[1] < 6 * costs[0]


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
    assert profile.faults[Fault("IN507")].count == 1
    assert lines_of(profile) == Counter(call=10_000)
    assert profile.types == Counter(track=10_000)
