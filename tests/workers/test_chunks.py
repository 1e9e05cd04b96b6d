"""What workers read is cut into ranges and segments without a line lost or read twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import validator.workers.chunks as chunks_module
from validator.engine.compile.program import Program
from validator.engine.count.profile import Profile
from validator.input.lines import Block
from validator.input.ranges import FileRanges
from validator.input.stop import Stop
from validator.model import Limits
from validator.workers.chunk_profile import ChunkWork, profile_chunk
from validator.workers.chunks import FileRange, Segment, Slots, file_ranges, line_start, segments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


# Who runs the tests may have threads of its own.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@given(data=st.lists(st.binary(max_size=30), max_size=20).map(b"\n".join), size=st.integers(1, 80))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_ranges_are_the_file_in_whole_lines(tmp_path: Path, data: bytes, size: int) -> None:
    path = tmp_path / "lines"
    path.write_bytes(data)
    with path.open("rb") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks_module, "RANGE", size)
        ranges = list(file_ranges(FileRanges(file.fileno()), 0, len(data), 1 << 20))
        texts = [b"".join(b.data for b in r.blocks()) for r in ranges]
        for offset in range(len(data) + 1):
            expected = next((i for i in range(offset, len(data)) if i == 0 or data[i - 1] == 10), len(data))
            assert line_start(FileRanges(file.fileno()), offset, len(data)) == expected
    assert b"".join(texts) == data
    assert all(text.endswith(b"\n") for text in texts[:-1])
    assert all(texts)


def test_halves_come_down_to_single_lines(tmp_path: Path) -> None:
    data = b"".join(b"%d\n" % i for i in range(100)) + b"end"
    path = tmp_path / "lines"
    path.write_bytes(data)
    with path.open("rb") as file:
        found = list(_single(FileRange(FileRanges(file.fileno()), 0, len(data), 1 << 20)))
    assert found == data.splitlines(keepends=True)


def _single(piece: FileRange | Segment) -> Iterator[bytes]:
    halves = piece.halves()
    if halves is None:
        yield b"".join(b.data for b in piece.blocks())
    else:
        for half in halves:
            yield from _single(half)


def test_segments_keep_every_block() -> None:
    blocks = [Block(i * 4_000, b"x" * 3_999 + b"\n" if i % 4 else b"") for i in range(9)]
    slots = Slots(14_000, 4)
    assert [b for s in segments(blocks, slots) for b in s.blocks()] == blocks
    assert list(segments([], slots)) == []


def test_segments_that_are_given_back_are_used_again() -> None:
    slots = Slots(14_000, 1)
    for segment in segments((Block(i * 4_000, b"%03999d\n" % i) for i in range(100)), slots):
        assert {b.data[-5:-1] for b in segment.blocks()} == {b"%04d" % (b.byte // 4_000) for b in segment.blocks()}
        slots.give_back(segment.number)
    assert slots.take() == 0


def test_a_reading_that_ends_before_its_first_line_keeps_no_slot() -> None:
    def blocks() -> Iterator[Block]:
        raise OSError("it is broken")
        yield

    slots = Slots(14_000, 1)
    with pytest.raises(OSError, match="broken"):
        list(segments(blocks(), slots))
    assert slots.take() == 0


def test_a_segment_that_comes_after_one_that_follows_it_keeps_its_places() -> None:
    program, limits = Program(()), Limits(places=2)
    lines = [b'{"type":"track","event":"E","userId":"u","messageId":"%d"}\n' % n for n in range(40)]
    blocks = [Block(n * 4_000, b"".join(lines[n * 10 : n * 10 + 10])) for n in range(4)]
    slots = Slots(1_000, 5)
    cut = list(segments(blocks, slots))
    work = ChunkWork(program, limits, Stop(), Profile(max_places=2), slots)
    orders = [work.order(segment) for segment in cut]
    assert len(cut) > 2
    work(orders[2])
    for number in (0, 1):
        assert work(orders[number]) == profile_chunk(cut[number], program, limits)
