"""Every physical line is counted once and in the right class, wherever the blocks end."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.checking import check_stream
from tests.support.examples import examples
from tests.support.plain_lines import BOM, EVERY_PLACE, Dribble, assert_equal, catalog, classify, naive, read
from validator.engine.decode.decoder import Decoder
from validator.engine.decode.key_paths import Wanted
from validator.input import lines as lines_module
from validator.input.lines import line_blocks
from validator.model import Limits
from validator.render.json import to_json
from validator.report.rule_policy import Policy

properties_of = settings(deadline=None, database=None, derandomize=True, max_examples=examples(150))


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
    limits, block = Limits(places=EVERY_PLACE), 1 << 16
    assert len(data) > 3 * block
    sizes = [chance.randrange(1, 30_000) for _ in range(20)]
    assert_equal(read(data, sizes, limits, block), data, limits)


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
    message = {f["code"]: (f["count"], [place_of(p) for p in f["places"]]) for f in report["findings"]}
    assert message == {code: (len(p), [tuple(q[1:]) for q in p[:5]]) for code, p in expected.faults.items()}


# Of the rules about calls and names, only those that are as old as the naive count.
NO_LINT = Policy.of(ignore=["SP", "NM"], select=["ALL", "SP301", "SP302", "NM401"])


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


@settings(properties_of, max_examples=examples(300))
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
