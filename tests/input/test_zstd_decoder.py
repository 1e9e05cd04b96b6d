"""Zstandard, whole or damaged: everything that can be decoded is counted, and damage never passes for the end."""

from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import validator.input.compression as compression_module
from tests.support.checking import check_paths
from tests.support.command import GOOD, uclint
from tests.support.examples import examples
from tests.support.plain_lines import Dribble, catalog
from validator.input.compression import DecompressingSource
from validator.input.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from validator import Report

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Bytes that hardly pack: the frame of so many of them has several blocks.
NOISE = b"".join(b'{"type":"page","messageId":"%016x"}\n' % (i * 0x9E3779B97F4A7C15 % (1 << 64)) for i in range(12_000))
BLOCK = 128 << 10  # of a frame: what comes out of it at once


def skippable(data: bytes, number: int = 0) -> bytes:
    """A frame that holds something for others."""
    return struct.pack("<II", 0x184D2A50 + number, len(data)) + data


def unpack(data: bytes, sizes: Sequence[int] = (1 << 20,), buffer: int = 1 << 16) -> tuple[bytes, list[str]]:
    messages: list[str] = []
    source = DecompressingSource(Dribble(data, sizes), "zstd", messages.append)
    view, output = memoryview(bytearray(buffer)), b""
    while count := source.readinto(view):
        output += view[:count]
    assert source.readinto(view) == 0
    return output, messages


def check(data: bytes) -> Report:
    return check_paths(["x"], (), catalog=catalog(), open_input=lambda path: Stream(path, Dribble(data, [1 << 16])))


@settings(deadline=None, derandomize=True, max_examples=examples(40))
@given(
    parts=st.lists(st.one_of(st.integers(0, 5_000), st.binary(max_size=20)), min_size=1, max_size=6),
    sizes=st.lists(st.integers(1, 9_000), min_size=1, max_size=3),
    buffer=st.integers(1, 70_000),
    checksum=st.booleans(),
)
def test_frames_follow_one_another(parts: list[int | bytes], sizes: list[int], buffer: int, checksum: bool) -> None:
    """A number is a frame of so many bytes, bytes are a frame that is to be skipped."""
    options: dict[int, int] = {zstd.CompressionParameter.checksum_flag: int(checksum)}
    data = b"".join(
        skippable(part, i) if isinstance(part, bytes) else zstd.compress(NOISE[:part], options=options)
        for i, part in enumerate(parts)
    )
    assert unpack(data, sizes, buffer) == (b"".join(NOISE[:p] for p in parts if isinstance(p, int)), [])


def test_a_frame_that_ends_anywhere_is_read_as_far_as_possible() -> None:
    whole = zstd.compress(NOISE)
    for end in [*range(1, 40), *range(40, len(whole), len(whole) // 50), len(whole) - 1]:
        output, message = unpack(zstd.compress(GOOD) + whole[:end], buffer=50_021)
        assert message == ["the zstd data is truncated: its end is missing"] if end >= 4 else message
        assert (GOOD + NOISE).startswith(output)
        # All blocks that are there have come out: their number is at least the share that is there.
        assert len(output) - len(GOOD) >= end / len(whole) * len(NOISE) - 2 * BLOCK


def test_a_wrong_byte_loses_nothing_before_its_block() -> None:
    whole = zstd.compress(NOISE, options={zstd.CompressionParameter.checksum_flag: 1})
    for at in range(20, len(whole), len(whole) // 60):
        spoilt = bytearray(whole)
        spoilt[at] ^= 0x55
        output, message = unpack(bytes(spoilt), buffer=50_021)
        assert message in (["the zstd data is corrupt"], ["the zstd data is truncated: its end is missing"])
        sure = (int(at / len(whole) * len(NOISE)) // BLOCK - 1) * BLOCK
        assert output[: max(sure, 0)] == NOISE[: max(sure, 0)]
        assert len(output) >= sure


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zstd.compress(GOOD)[:-3], "the zstd data is truncated: its end is missing"),
        (zstd.compress(GOOD) + b"garbage", "bytes that are not zstd follow the compressed data"),
        (zstd.compress(GOOD) + skippable(b"abc")[:-1], "the zstd data is truncated: its end is missing"),
    ],
    ids=["cut off", "garbage", "skippable cut off"],
)
def test_damage_is_named_and_exits_3(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "calls"
    path.write_bytes(zstd.compress(GOOD) + data)
    for jobs in ("1", "2"):
        done = uclint("check", path, "-j", jobs, "--format", "json")
        assert done.returncode == 3
        assert words in done.stderr.decode()
        assert b'"call": 1' in done.stdout or b'"call": 2' in done.stdout


def test_a_frame_that_needs_too_much_memory_says_what_to_do() -> None:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    output, (why,) = unpack(zstd.compress(GOOD) + packer.compress(GOOD) + packer.flush())
    assert output == GOOD
    assert why == "the zstd data needs over 64 MiB of memory: `zstd -dc --long=31 FILE` can unpack it"


def test_a_frame_with_a_dictionary_says_so() -> None:
    dictionary = zstd.train_dict([b'{"type":"track %d"}' % i * 5 for i in range(500)], 1_000)
    _, (why,) = unpack(zstd.compress(GOOD, zstd_dict=dictionary))
    assert why == "the zstd data needs the dictionary it was packed with: unpack it first"


def bomb(frames: int) -> bytes:
    return zstd.compress(GOOD) + zstd.compress(bytes(100_000)) * frames


def test_a_bomb_is_left_unread_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression_module, "BOMB_SIZE", 1 << 20)
    for data in (zstd.compress(GOOD + bytes(30_000_000)), bomb(300)):
        output, (why,) = unpack(data)
        assert why == "it expands to more than 1,000 times its size: a decompression bomb, not read"
        assert output.startswith(GOOD)
        assert len(output) < 30_000_000
    report = check(bomb(300))
    assert report.partial
    assert "IN506" in {f.code for f in report.findings}


def test_what_is_small_is_no_bomb() -> None:
    assert unpack(zstd.compress(bytes(3_000_000))) == (bytes(3_000_000), [])


@pytest.mark.parametrize("nothing", [zstd.compress(b""), skippable(b""), zstd.compress(b"") + skippable(b"x")])
def test_thousands_of_frames_without_content(nothing: bytes) -> None:
    assert unpack(nothing * 3_000 + zstd.compress(GOOD)) == (GOOD, [])
