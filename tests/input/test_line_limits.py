"""Lines too long or too deep by one, and sources that hesitate, end at once or give too much."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from time import process_time
from typing import TYPE_CHECKING

import pytest

from tests.input.test_lines import GOOD
from tests.support.checking import check_stream
from tests.support.plain_lines import (
    BOM,
    EVERY_PLACE,
    Dribble,
    assert_equal,
    catalog,
    count_of,
    depth,
    naive,
    program,
    read,
)
from validator.engine.decode.decoder import Decoder
from validator.engine.decode.key_paths import Wanted
from validator.engine.lint import Fault
from validator.input.lines import line_blocks
from validator.input.stream import Stream
from validator.model import Limits, Place
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence


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


@pytest.mark.parametrize("end", [b"\n", b""], ids=["LF", "no LF"])
def test_a_long_line_is_held_once_while_it_is_judged(end: bytes) -> None:
    size = 20 << 20
    source = Dribble(b"x" * size + end, [1 << 20])
    tracemalloc.start()
    try:
        for block in line_blocks(source, start=0, max_line=size):
            assert len(block.data) == size + len(end)
            assert tracemalloc.get_traced_memory()[0] < 1.1 * size
        assert tracemalloc.get_traced_memory()[1] < 2.1 * size
    finally:
        tracemalloc.stop()


def test_each_input_counts_its_lines_from_one() -> None:
    contents = {"a": b"{}\nx\n{}", "b": BOM + b"{}\ny\n", "c": b"", "d": b"{}\n\nz"}
    profile = read_inputs(contents, program(), open_input=lambda path: Stream(path, Dribble(contents[path], [2])))
    assert [summary.lines for summary in profile.inputs] == [3, 2, 0, 3]
    assert profile.faults[Fault("IN501")].places == (
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
