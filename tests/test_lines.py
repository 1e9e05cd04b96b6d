"""Every physical line is counted once and in the right class, wherever the blocks end."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, pairwise
from time import process_time
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validator.catalog import Catalog
from validator.engine.decode import Decoder
from validator.engine.program import Program, Wanted
from validator.input import lines as lines_module
from validator.input.lines import line_blocks
from validator.input.stream import Stream
from validator.model import Limits, Place
from validator.render.json import to_json
from validator.report.policy import Policy
from validator.service.check import check_stream
from validator.service.compile import compile_use_case
from validator.service.read import read_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.profile import Profile

EVERY_PLACE = 1_000_000
BOM = b"\xef\xbb\xbf"
CALL_TYPES = ("track", "page", "screen", "identify", "group", "alias")

properties_of = settings(deadline=None, database=None, derandomize=True, max_examples=150)


class Dribble:
    """Gives out bytes a few at a time: so many at the first read, so many at the second, and over again."""

    def __init__(self, data: bytes, sizes: Sequence[int]) -> None:
        self._data = memoryview(data)
        self._sizes = cycle(sizes)

    def readinto(self, buffer: memoryview, /) -> int:
        part = self._data[: min(next(self._sizes), len(buffer))]
        self._data = self._data[len(part) :]
        buffer[: len(part)] = part
        return len(part)


@cache
def program() -> Program:
    return Program(compile_use_case(use_case) for use_case in Catalog.load().use_cases)


# ------------------------------------------------------------------------------------- a plain second opinion


@dataclass
class Count:
    """What reading must come to, worked out slowly and plainly."""

    lines: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    calls: list[Place] = field(default_factory=list)
    faults: dict[str, list[Place]] = field(default_factory=dict)


def depth(text: str) -> int:
    """How deep brackets stand in one another, outside of strings; a string that never ends runs to the end."""
    deepest = now = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            now += 1
            deepest = max(deepest, now)
        elif character in "]}":
            now -= 1
    return deepest


def refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def classify(line: bytes, limits: Limits) -> tuple[str, str | None, Any]:
    """The class of a line without its LF, the code of its fault, and its JSON value."""
    if len(line) > limits.line:
        return "too_long", "IN504", None
    if not line.strip(b" \t\r"):
        return "blank", None, None
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return "malformed", "IN502", None
    if text.count("{") + text.count("[") > limits.depth and depth(text) > limits.depth:
        return "too_deep", "IN505", None
    try:
        value = json.loads(text, parse_constant=refuse, parse_int=lambda _: 0)
    except ValueError:
        return "malformed", "IN501", None
    if not isinstance(value, dict):
        return "not_object", "IN503", None
    return "batch" if isinstance(value.get("batch"), list) else "call", None, value


def naive(data: bytes, limits: Limits) -> Count:
    count, byte = Count(), 0
    if data.startswith(BOM):
        data, byte = data.removeprefix(BOM), len(BOM)
    physical = data.split(b"\n")
    if not physical[-1]:
        physical.pop()
    for number, line in enumerate(physical, 1):
        line_class, fault, value = classify(line, limits)
        count.lines[line_class] += 1
        if fault:
            count.faults.setdefault(fault, []).append(Place(0, byte, -1, number, None))
        members = {-1: value} if line_class == "call" else dict(enumerate(value["batch"])) if value is not None else {}
        for position, member in members.items() if line_class in ("call", "batch") else ():
            add_member(count, member, Place(0, byte, position, number, None))
        byte += len(line) + 1
    return count


def add_member(count: Count, member: Any, place: Place) -> None:
    if not isinstance(member, dict):
        count.faults.setdefault("IN503", []).append(place)
        return
    identity = member.get("messageId")
    place = place._replace(message_id=identity if isinstance(identity, str) else None)
    raw = member.get("type")
    folded = "".join(c.lower() if "A" <= c <= "Z" else c for c in raw) if isinstance(raw, str) else ""
    kind = folded if folded in CALL_TYPES else "unknown"
    count.types[kind] += 1
    count.calls.append(place)
    if kind == "unknown":
        count.faults.setdefault("SP301", []).append(place)
    elif raw != kind:
        count.faults.setdefault("SP302", []).append(place)


def count_of(profile: Profile) -> Count:
    """The same of a profile that kept every place."""
    return Count(
        lines=+Counter({c.value: n for c, n in profile.lines.items()}),
        types=+profile.types,
        calls=sorted(place for sighting in profile.shapes.values() for place in sighting.places),
        faults={code: list(sighting.places) for code, sighting in profile.faults.items()},
    )


def read(data: bytes, sizes: Sequence[int], limits: Limits, block: int) -> Profile:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "BLOCK", block)
        return read_inputs(["x"], program(), limits=limits, open_input=lambda path: Stream(path, Dribble(data, sizes)))


def assert_equal(profile: Profile, data: bytes, limits: Limits) -> None:
    expected = naive(data, limits)
    got = count_of(profile)
    assert got.lines == expected.lines
    assert got.types == expected.types
    assert got.calls == expected.calls
    assert got.faults == expected.faults
    assert {code: s.count for code, s in profile.faults.items()} == {c: len(p) for c, p in expected.faults.items()}
    assert sum(s.count for s in profile.shapes.values()) == sum(profile.types.values()) == len(expected.calls)
    (summary,) = profile.inputs
    assert (summary.framing, summary.bytes, summary.complete) == ("ndjson", len(data), True)
    assert summary.lines == sum(profile.lines.values())


# -------------------------------------------------------------------------------------------------- fragments

GOOD = (
    b'{"type":"track","event":"Trial Started","messageId":"m-1","properties":{"category":"team"}}',
    b'{"messageId":"m-2","type":"page","name":"Home","properties":{}}',
    b'{"type":"Track","event":"Order Completed","messageId":7,"properties":{"products":[{"a":1},{}],"total":3.0}}',
    b'{"type":"identify","traits":{"\xc3\xa9":"\xf0\x9f\x98\x80"}}',
    b"{}",
    b'{"type":"alias","messageId":"}\\n{"}',
)
ODD = (
    *(b"{}{}", b"{} {}", b"{},{}", b'{"type":"group"', b'"a":1}', b'{"a":', b"1}", b"{", b"}", b"}{"),
    *(b"", b" ", b"\t \r", b"\r", b"\0", b"\x0b", b"\x1a", b"\xc2\xa0", BOM, BOM + b"{}", b"{}" + BOM),
    *(b"\xff", b'{"a":"\xc3("}', b'{"a":{"b":"\xed\xa0\x80"}}', b'{"a":"\xf0\x9f\x98"}', b"\xfe\xff\0{\0}"),
    *(b"[1]", b"[]", b"[{}]", b"1", b"-0.5e3", b'"x"', b"true", b"null", b"NaN", b"nul", b"'a'"),
    *(b'{"a":"}\\n{"}', b'{"a":"}\\u000a{","b":1}', b'{"a":"\x01"}', b'{"a":"\\x"}', b'{"a":01}', b'{"a":1e400}'),
    *(b'{"a":"\\ud800"}', b'{"messageId":"\\udc00"}', b'{"a":[Infinity]}', b'{"a":1,}', b'{"a" "b"}'),
    *(b'{"type":"track","type":7}', b'{"type":7,"type":"track"}', b'{"batch":[],"batch":7}', b'{"batch":7,"batch":[]}'),
    *(
        b'{"batch":[]}',
        b'{"batch":[{},null,[{}],"x",{"type":"PAGE","messageId":"b"}]}',
        b'{"batch":{}}',
        b'{"batch":[}',
    ),
    b'{"batch":[{"batch":[{}],"type":"track"},1],"type":"track","context":{"a":1}}',
    *(b'{"type":' + raw + b"}" for raw in (b"null", b'""', b'"TRAC\xe2\x84\xaa"', b'"\\u0074rack"', b'" page"', b"[]")),
    *(b'{"properties":' + raw + b"}" for raw in (b"null", b"[]", b"[{}]", b'"{"', b"3", b"1e999", b"9" * 25)),
    *(b"[" * n for n in (2, 3, 4, 129)),
    *(b'{"a":' + b"[" * n + b"]" * n + b"}" for n in (1, 2, 3, 127, 128)),
    *(b'{"a":' * n + b"{}" + b"}" * n for n in (1, 2, 127, 128)),
    b'{"a":"' + b"[{" * 80 + b'\\"[["}',
    b'{"a":[' + b"[]," * 150 + b"[]]}",
    b'{"a":"' + b"x" * 300 + b'"}',
    b'{"a":"' + b"x" * 300,
    *(b'{"a":"[{', b'["[[', b'{"[[[\\', b'{"a":"' + b"[" * 130),
    b" " * 200,
    b'{"a":' + b"9" * 5000 + b"}",
)

FRAGMENTS = st.sampled_from((*GOOD, *ODD))
LINES = st.one_of(
    st.sampled_from(GOOD),
    FRAGMENTS,
    FRAGMENTS,
    st.lists(FRAGMENTS, min_size=2, max_size=3).map(b"".join),
    st.tuples(FRAGMENTS, st.sampled_from([b"\r", b" ", b"\t\r", b"\0"])).map(b"".join),
    st.builds(lambda line, cut: line[:cut], FRAGMENTS, st.integers(0, 60)),
    st.binary(max_size=12),
)
TEXTS = st.builds(
    lambda start, lines, end: start + b"\n".join(lines) + end,
    st.sampled_from([b"", b"", BOM]),
    st.lists(LINES, max_size=20),
    st.sampled_from([b"", b"\n", b"\n", b"\n\n"]),
)
SIZES = st.lists(st.integers(1, 90), min_size=1, max_size=4) | st.just([1 << 20])
BLOCKS = st.sampled_from([1, 2, 3, 7, 16, 64, 100, 1 << 16])
LIMITS = st.builds(
    lambda line, depth: Limits(line=line, depth=depth, places=EVERY_PLACE),
    line=st.sampled_from([1, 2, 5, 20, 91, 308, 1 << 20, 1 << 20]),
    depth=st.sampled_from([1, 2, 3, 5, 9, 127, 128, 128]),
)


# ------------------------------------------------------------------------------------------------- properties


@properties_of
@given(data=TEXTS, sizes=SIZES, block=BLOCKS, limit=st.integers(1, 400), start=st.sampled_from([0, 3, 1 << 40]))
def test_blocks_are_the_input_in_whole_lines(data: bytes, sizes: list[int], block: int, limit: int, start: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "BLOCK", block)
        blocks = list(line_blocks(Dribble(data, sizes), start=start, max_line=limit))
    at = 0
    for found in blocks:
        assert found.byte == start + at
        if found.data:
            assert data.startswith(found.data, at)
            assert len(found.data) <= max(block, limit + 1)
            at += len(found.data)
            assert data[at - 1 : at] == b"\n" or at == len(data)
        else:
            end = data.find(b"\n", at)
            assert (end if end >= 0 else len(data)) - at > limit
            at = end + 1 if end >= 0 else len(data)
    assert at == len(data)


@properties_of
@given(data=TEXTS, sizes=SIZES, block=BLOCKS, limits=LIMITS)
def test_every_line_is_counted_once_and_in_its_class(data: bytes, sizes: list[int], block: int, limits: Limits) -> None:
    body = data.removeprefix(BOM)
    # A first line that can stand alone makes it NDJSON.
    data = data[: len(data) - len(body)] + b"{}\n" + body
    assert_equal(read(data, sizes, limits, block), data, limits)


@pytest.mark.parametrize("seed", range(6))
def test_long_streams_are_counted_line_by_line_alike(seed: int) -> None:
    chance = random.Random(seed)
    lines = [chance.choice(GOOD if chance.random() < 0.997 else ODD) for _ in range(4000)]
    data = b"\n".join([b"{}", *lines])
    limits = Limits(places=EVERY_PLACE)
    assert len(data) > 3 * lines_module.BLOCK
    sizes = [chance.randrange(1, 30_000) for _ in range(20)]
    assert_equal(read(data, sizes, limits, lines_module.BLOCK), data, limits)


@properties_of
@given(data=TEXTS, cuts=st.lists(st.integers(0, 2000), max_size=5))
def test_the_report_of_pieces_adds_up(data: bytes, cuts: list[int]) -> None:
    data = b"{}\n" + data
    ends = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[a:b] for a, b in pairwise(ends)]
    report = to_json(check_stream([b"", *pieces, b""], (), policy=NO_LINT, catalog=catalog()))
    expected = naive(data, Limits())
    assert report["lines"].pop("total") == sum(report["lines"].values()) == expected.lines.total()
    assert +Counter(report["lines"]) == expected.lines
    calls = report["calls"]
    assert +Counter(calls["by_type"]) == expected.types
    assert calls["valid"] + calls["invalid"] == calls["total"] == sum(calls["by_type"].values())
    said = {f["code"]: (f["count"], [place_of(p) for p in f["places"]]) for f in report["findings"]}
    assert said == {code: (len(p), [tuple(q[1:]) for q in p[:5]]) for code, p in expected.faults.items()}


# Of the rules about calls and names, only those that are as old as the naive count.
NO_LINT = Policy.of(ignore=["SP", "NM"], select=["ALL", "SP301", "SP302", "NM401"])


@cache
def catalog() -> Catalog:
    return Catalog.load()


def place_of(place: dict[str, Any]) -> tuple[int, int, int, str | None]:
    """As the fields of a Place after its input stand."""
    return place["byte"], -1 if place["index"] is None else place["index"], place["line"], place["message_id"]


# --------------------------------------------------------------------------------------------------- the guard

ADVERSARIAL = (
    *(b'{"a":\n1}\n{}{}\n', b'{"a":1\n}\n{}{}\n', b"{\n}\n{}{}\n", b"{}{}\n{\n}\n", b'{"a":{}\n}\n{}{}\n'),
    *(b'{"a":"}\n{"}\n{}{}\n', b'{"properties":{"a":"}\n{"}}\n{}{}\n', b'{"a":{"b":"}\n{"}}\n{}{}\n'),
    *(b"{}\n\n{}{}\n", b"{}\n{}{}\n\n{}\n", b"{}{}\n\n", b"\n{}{}\n", b"{}\n{},{}\n", b"{}\n{}\0{}\n"),
    *(b"{}{}\n{\n{}}\n", b"{}\n}\n{{}\n", b"{} {}\n{\r}\n{}\n", b"{}\n[{}\n{}]\n{}{}\n", b'{"a":[{}\n{}]}\n{}{}\n'),
    *(b'{}\n{"a":{"b":"\xff"}}\n', b'{}\n{"a":"\xed\xa0\x80"}\n', b'{}\n{"batch":[{}]}\n', b"{}{}\n{}{}\n\n{}\n"),
)
TOKENS = st.sampled_from(
    [
        b"{}\n",
        b"{}\n",
        b"{}\n",
        b'{"type":"track"}\n',
        b"{",
        b"}",
        b"\n",
        b"}\n{",
        b"{}",
        b'"a":',
        b'"',
        b'"}\n{"',
        b",",
        b" ",
    ]
)


def assert_one_call_a_line(data: bytes) -> None:
    calls = Decoder(Wanted(), Limits()).block(data)
    if calls is None:
        return
    lines = data.removesuffix(b"\n").split(b"\n")
    assert [classify(line, Limits())[0] for line in lines] == ["call"] * len(lines)
    assert [call.type for call in calls] == [json.loads(line).get("type", "") for line in lines]


@pytest.mark.parametrize("data", ADVERSARIAL)
def test_a_block_that_joins_and_splits_lines_is_not_taken(data: bytes) -> None:
    assert Decoder(Wanted(), Limits()).block(data) is None
    limits = Limits(places=EVERY_PLACE)
    assert_equal(read(b"{}\n" + data, [1 << 20], limits, 1 << 16), b"{}\n" + data, limits)


@settings(properties_of, max_examples=300)
@given(st.lists(TOKENS, max_size=9).map(b"".join))
def test_a_block_gives_one_call_for_each_line_or_nothing(middle: bytes) -> None:
    assert_one_call_a_line(b"{" + middle + b"}\n")
    assert_one_call_a_line(b"{}\n" + middle + b"{}\n")


@pytest.mark.parametrize("count", [1, 2, 700])
def test_a_block_of_good_lines_is_taken_whole(count: int) -> None:
    data = b"".join(GOOD[i % len(GOOD)] + b"\n" for i in range(count))
    calls = Decoder(Wanted(), Limits()).block(data)
    assert calls is not None
    assert len(calls) == count
    assert_one_call_a_line(data)


# ------------------------------------------------------------------------------------------------------ limits

WHERE = ("start", "middle", "end", "end without LF", "alone")


def placed(line: bytes, where: str) -> bytes:
    """A line with neighbours that are counted fast."""
    before = [] if where in ("start", "alone") else [GOOD[4]] * 30
    after = [GOOD[4]] * 30 if where in ("start", "middle") else []
    end = b"" if where == "end without LF" else b"\n"
    return b"\n".join([*before, line, *after]) + end


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("limit", [2, 9, 1000, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, 1 << 20])
@pytest.mark.parametrize("sizes", [[1 << 22], [40_000]], ids=["all", "part"])
def test_a_line_is_too_long_one_byte_past_the_limit(limit: int, where: str, sizes: list[int]) -> None:
    def object_of(size: int) -> bytes:
        return b'{"":"' + b"x" * (size - 7) + b'"}' if size >= 7 else b"{" + b" " * (size - 2) + b"}"

    limits = Limits(line=limit, places=EVERY_PLACE)
    for size, expected in ((limit - 1, "call"), (limit, "call"), (limit + 1, "too_long"), (limit + 2, "too_long")):
        line = object_of(max(size, 2))
        data = b"{}\n" + placed(line, where)
        profile = read(data, sizes, limits, 1 << 16)
        assert_equal(profile, data, limits)
        others = data.count(b"{}")  # each of them is a line of its own
        assert count_of(profile).lines == Counter({"call": others - (line == b"{}")}) + Counter([expected])


@pytest.mark.parametrize("limit", [5, 1 << 20])
@pytest.mark.parametrize("cr", [b"", b"\r"], ids=["LF", "CR LF"])
def test_blank_and_broken_lines_have_the_same_limit_and_cr_is_in_the_line(limit: int, cr: bytes) -> None:
    limits = Limits(line=limit)
    for character, inside in ((b" ", "blank"), (b"x", "malformed"), (b"\xff", "malformed")):
        for size, expected in ((limit, inside), (limit + 1, "too_long")):
            line = character * (size - len(cr)) + cr
            profile = read(b"{}\n" + line + b"\n{}\n", [1 << 22], limits, 1 << 16)
            assert count_of(profile).lines == Counter(["call", expected, "call"])


def nested(kind: str, levels: int) -> bytes:
    """An object that nests so deep."""
    inner = levels - 1
    match kind:
        case "arrays":
            return b'{"a":' + b"[" * inner + b"]" * inner + b"}" if inner else b"{}"
        case "objects":
            return b'{"a":' * inner + b"{}" + b"}" * inner
        case "mixed":
            opening = [(b'{"a":', b"}"), (b'["}]",', b"]")] * levels
            text = b"".join(o for o, _ in opening[:levels])
            return text + b'"{["' + b"".join(c for _, c in reversed(opening[:levels]))
        case "side by side":
            deep = b"[" * (inner - 1) + b"]" * (inner - 1) if inner > 1 else b"0"
            return b'{"a":[' + b"[],{}," * 90 * (inner > 1) + deep + b"]}" if inner else b'{"a":0}'
        case _:
            brackets = b"[{" * 200 + b'\\"' + b"[{" * 200 + b"\\\\"
            return b'{"' + brackets + b'":' + b"[" * inner + b'"' + brackets + b'"' + b"]" * inner + b"}"


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("kind", ["arrays", "objects", "mixed", "side by side", "strings full of brackets"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 9, 128, 500])
def test_a_line_is_too_deep_one_level_past_the_limit(limit: int, kind: str, where: str) -> None:
    limits = Limits(depth=limit, places=EVERY_PLACE)
    for levels, expected in ((limit, "call"), (limit + 1, "too_deep")):
        line = nested(kind, levels)
        assert depth(line.decode()) == levels
        data = b"{}\n" + placed(line, where)
        profile = read(data, [1 << 22], limits, 1 << 16)
        assert_equal(profile, data, limits)
        assert count_of(profile).lines[expected] == (1 if expected == "too_deep" else naive(data, limits).lines["call"])


def test_a_block_of_shallow_lines_with_many_brackets_is_taken_whole() -> None:
    line = b'{"properties":{"a":[{},{},[]]}}\n'
    calls = Decoder(Wanted(), Limits(depth=8)).block(line * 1500)
    assert calls is not None
    assert len(calls) == 1500


@pytest.mark.parametrize("text", [b'{"a":"' + b"[" * 200, b'{"a":"' + b"{" * 200 + b"\\", b'["' + b"[{" * 90])
def test_brackets_in_a_string_that_is_cut_off_do_not_count(text: bytes) -> None:
    profile = read(b"{}\n" + text, [1 << 20], Limits(), 1 << 16)
    assert count_of(profile).lines == Counter(["call", "malformed"])


# ------------------------------------------------------------------------------------------------------ sources


class Hesitant(Dribble):
    """A source that, as a pipe that does not block, has nothing yet now and then."""

    def __init__(self, data: bytes, sizes: Sequence[int], pauses: Sequence[int]) -> None:
        super().__init__(data, sizes)
        self._reads = 0
        self._pauses = pauses

    def readinto(self, buffer: memoryview, /) -> int:
        self._reads += 1
        return None if self._reads in self._pauses else super().readinto(buffer)  # type: ignore[return-value]


@pytest.mark.parametrize("pause", [2, 3, 4])
def test_nothing_yet_is_not_taken_for_the_end(pause: int) -> None:
    data = b"{}\n" * 60_000
    source = Hesitant(data, [80_000], [pause])
    profile = read_inputs(["x"], program(), open_input=lambda path: Stream(path, source))
    assert not profile.inputs[0].complete or profile.inputs[0].lines == 60_000


def test_an_empty_input_has_no_lines() -> None:
    assert list(line_blocks(Dribble(b"", [1]), start=0, max_line=9)) == []
    for data in (b"", BOM):
        profile = read(data, [1], Limits(), 1 << 16)
        assert not profile.lines
        assert profile.inputs[0].bytes == len(data)


def test_each_input_counts_its_lines_from_one() -> None:
    contents = {"a": b"{}\nx\n{}", "b": BOM + b"{}\ny\n", "c": b"", "d": b"{}\n\nz"}
    profile = read_inputs(contents, program(), open_input=lambda path: Stream(path, Dribble(contents[path], [2])))
    assert [summary.lines for summary in profile.inputs] == [3, 2, 0, 3]
    assert profile.faults["IN501"].places == (
        Place(0, 3, -1, 2, None),
        Place(1, 6, -1, 2, None),
        Place(3, 4, -1, 3, None),
    )


def test_one_large_piece_costs_no_more_than_many_small_ones() -> None:
    block = (b'{"a":"' + b"x" * 1000 + b'"}\n') * 65
    costs = []
    for pieces in ([block] * 600, [block * 600]):
        before = process_time()
        report = check_stream(pieces, (), catalog=catalog())
        costs.append(process_time() - before)
        assert sum(report.lines.values()) == 65 * 600
    assert costs[1] < 5 * costs[0]
