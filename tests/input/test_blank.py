"""Blank lines are counted by the run, and nothing else about them or their neighbours changes."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.input.test_lines import FRAGMENTS, SIZES
from tests.service.lines.test_split import LIMITS as SORTING_LIMITS
from tests.service.lines.test_split import LINES as SORTED
from tests.service.lines.test_split import run, sort_of
from tests.support.command import installed
from tests.support.examples import examples
from tests.support.plain_lines import EVERY_PLACE, assert_equal, naive, read
from validator.engine.decode.decoder import Decoder
from validator.input.blank_lines import RUN, count_lines, parts
from validator.model import Limits, LineClass
from validator.service.lines.sort import Sort

if TYPE_CHECKING:
    from pathlib import Path

many = settings(deadline=None, database=None, derandomize=True, max_examples=examples(150))

BLANK = st.sampled_from([b"\n", b"\n", b"\r\n", b" \n", b"\t \r\n", b" " * 40 + b"\n"])
RUNS = st.builds(lambda line, count: line * count, BLANK, st.integers(1, 90)) | st.lists(BLANK, max_size=40).map(
    b"".join
)
LINES = st.builds(lambda indent, text: indent + text + b"\n", st.sampled_from([b"", b"", b"  ", b" " * 20]), FRAGMENTS)
ENDS = st.sampled_from([b"", b"", b" ", b"\r" * 30, b"{}", b" " * 30 + b"{}"])
TEXTS = st.builds(lambda some, end: b"".join(some) + end, st.lists(RUNS | LINES, max_size=12), ENDS)


def is_blank(text: bytes) -> bool:
    return not text.strip(b" \t\r\n")


@many
@given(data=TEXTS, limit=st.sampled_from([0, 1, 30, 1 << 20]))
def test_parts_are_the_block_and_the_blank_ones_are_blank(data: bytes, limit: int) -> None:
    at = 0
    for start, end, blank in parts(data, limit):
        assert start == at < end
        assert start == 0 or data[start - 1 : start] == b"\n"
        at = end
        lines = naive(data[start:end], Limits(line=limit)).lines
        if blank:
            assert lines == {"blank": blank}
            assert blank == count_lines(data[start:end])
        else:
            lines_of_part = data[start:end].removesuffix(b"\n").split(b"\n")
            assert max(map(len, lines_of_part)) > limit or longest_run(lines_of_part) < RUN
    assert at == len(data)


def longest_run(lines: list[bytes]) -> int:
    """The bytes of the longest run of blank lines."""
    longest = run = 0
    for line in lines:
        run = run + len(line) + 1 if is_blank(line) else 0
        longest = max(longest, run)
    return longest


@many
@given(data=TEXTS, sizes=SIZES, block=st.sampled_from([16, 64, 1 << 16]), limit=st.sampled_from([3, 39, 40, 1 << 20]))
def test_every_line_among_blank_ones_is_counted_with_its_place(
    data: bytes, sizes: list[int], block: int, limit: int
) -> None:
    data = b"{}\n" + data  # a first line that can stand alone makes it NDJSON
    limits = Limits(line=limit, places=EVERY_PLACE)
    assert_equal(read(data, sizes, limits, block), data, limits)


@many
@given(lines=st.lists(st.sampled_from(SORTED) | st.just(b"\n" * 40), min_size=1, max_size=20), ended=st.booleans())
def test_blank_lines_are_sorted_byte_for_byte(lines: list[bytes], ended: bool) -> None:
    data = b"\n".join([SORTED[0], *lines]) + b"\n" * ended
    found, sorter = run([data], [1 << 20], SORTING_LIMITS)
    whole = data.split(b"\n") if not data.endswith(b"\n") else data.split(b"\n")[:-1]
    for sort in Sort:
        expected = [line for line in whole if sort_of(line) is sort]
        last = b"" if not data.endswith(b"\n") and sort_of(whole[-1]) is sort else b"\n"
        assert found[sort] == b"\n".join(expected) + (last if expected else b"")
        assert sorter.counts[sort] == len(expected)


@pytest.mark.parametrize("line", [b"\n", b"\r\n", b" \t\n"])
@pytest.mark.parametrize("between", [b"", b'{"type":"track"}\n'])
def test_a_run_of_blank_lines_is_never_read_line_by_line(
    line: bytes, between: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[bytes] = []
    original = Decoder.read

    def read_one(self: Decoder, data: bytes) -> object:
        texts.append(data)
        return original(self, data)

    monkeypatch.setattr(Decoder, "read", read_one)
    data = (line * 2_000 + between) * 50
    profile = read(data, [1 << 20], Limits(), 1 << 16)
    assert profile.lines == {LineClass.BLANK: 100_000} | ({LineClass.CALL: 50} if between else {})
    # Where a block of what is read ends, a run may be too short to be worth it.
    assert len(texts) <= RUN * (len(data) // (1 << 16) + 1)


MEMBER = gzip.compress(b"\n" * 10_000_000, mtime=0)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("piped", [False, True])
def test_a_gzip_of_a_billion_line_ends_is_read_whole(tmp_path: Path, jobs: int, piped: bool) -> None:
    path = tmp_path / "blank.ndjson.gz"
    path.write_bytes(MEMBER * 100 + gzip.compress(b"[1]\n"))
    assert path.stat().st_size < 1_000_000
    source = "-" if piped else str(path)
    done = installed(
        "check", source, "-j", str(jobs), "--format", "json", stdin=path.read_bytes() if piped else b"", timeout=60
    )
    report = json.loads(done.stdout)
    assert not report["partial"]
    assert report["lines"]["blank"] == 1_000_000_000
    (place,) = next(f["places"] for f in report["findings"] if f["code"] == "IN503")
    assert (place["line"], place["byte"]) == (1_000_000_001, 1_000_000_000)
