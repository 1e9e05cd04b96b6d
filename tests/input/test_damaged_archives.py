"""Damaged gzip and zstd: all that can be decoded before the damage, the same for any way of reading.

The oracle feeds the libraries one byte at a time, so that no call loses what came before a fault.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import random
import struct
import sys
import threading
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.command import LONG, uclint
from tests.support.examples import examples
from tests.support.plain_lines import Dribble
from validator.input import compression as compression_module
from validator.input.compression import DecompressingSource
from validator.input.gzip_decoder import GzipDecoder
from validator.input.stream import open_stream
from validator.input.zstd_decoder import WINDOW_LOG, BlockEnds, ZstdDecoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from validator.input.decoder import Decoder

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BLOCK = 128 << 10  # of a frame: the most that comes out of it at once
MAGIC = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
SKIPPABLE = struct.pack("<II", 0x184D2A53, 7) + b"skipped"


def lines(count: int, seed: int = 0) -> bytes:
    dice = random.Random(seed)
    return b"".join(b'{"type":"page","messageId":"%032x","n":%d}\n' % (dice.getrandbits(128), i) for i in range(count))


def zst(data: bytes, *, checksum: bool = True, blocks: int = 1) -> bytes:
    """A frame of at least so many blocks."""
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.checksum_flag: int(checksum)})
    size = len(data) // blocks + 1
    parts = [packer.compress(data[i * size : (i + 1) * size], packer.FLUSH_BLOCK) for i in range(blocks)]
    return b"".join(parts) + packer.flush()


def gz(data: bytes, level: int = 6) -> bytes:
    return gzip.compress(data, level, mtime=0)


def fixed(data: bytes) -> bytes:
    """A member of fixed Huffman codes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31, 9, zlib.Z_FIXED)
    return packer.compress(data) + packer.flush()


SMALL = lines(12)
SMALL_ARCHIVES = {
    "gzip": gz(SMALL),
    "gzip, stored and packed members": gz(SMALL[:300], 0) + gz(b"") + gz(SMALL[300:]) + bytes(5),
    "gzip, fixed codes": fixed(SMALL[:300]) + fixed(b"a" * 3000),
    "zstd, blocks": zst(SMALL, blocks=4),
    "zstd, frames": zst(SMALL[:300], checksum=False) + SKIPPABLE + zst(b"") + zst(SMALL[300:], blocks=3) + bytes(5),
    "zstd, one block of known size": zstd.compress(SMALL) + zstd.compress(b""),
    "zstd, repeated bytes": zst(b"a" * 1000, blocks=2) + zst(SMALL[:99], checksum=False, blocks=9),
}
LARGE = lines(6_000)
LARGE_ARCHIVES = {
    "gzip": gz(LARGE),
    "gzip members": b"".join(gz(LARGE[at : at + 90_001], 1 + at % 9) for at in range(0, len(LARGE), 90_001)),
    "zstd": zst(LARGE),
    "zstd without a checksum": zst(LARGE, checksum=False),
    "zstd of known size": zstd.compress(LARGE),
    "zstd frames": b"".join(zst(LARGE[at : at + 300_001]) for at in range(0, len(LARGE), 300_001)),
}
SIZES = [[1], [7, 100], [4096], [1 << 20]]


def new_decoder(name: str) -> Any:
    if name == "gzip":
        return zlib.decompressobj(wbits=31)
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW_LOG})


def decoded(name: str, data: bytes) -> tuple[bytes, bool]:
    """What a patient reader gets out of an archive, byte by byte, and whether it was whole."""
    output, at = bytearray(), 0
    while True:
        head = data[at : at + 4]
        if not head:
            return bytes(output), True
        skippable = name == "zstd" and head[1:] == SKIPPABLE[1:4] and head[0] >> 4 == 5
        if not (head.startswith(MAGIC[name]) or skippable):
            return bytes(output), False
        decoder = new_decoder(name)
        while not decoder.eof:
            if at == len(data):
                return bytes(output), False
            try:
                output += decoder.decompress(data[at : at + 1])
            except (zlib.error, zstd.ZstdError):
                return bytes(output), False
            at += 1
        while data[at : at + 1] == b"\0":
            at += 1


def unpack(name: str, data: bytes, sizes: Sequence[int], buffer: int = 50_021) -> tuple[bytes, list[str]]:
    messages: list[str] = []
    source = DecompressingSource(Dribble(data, sizes), name, messages.append)
    view, output = memoryview(bytearray(buffer)), bytearray()
    while count := source.readinto(view):
        output += view[:count]
    assert source.readinto(view) == 0
    return bytes(output), messages


def assert_all_is_had(name: str, data: bytes, *sizes: Sequence[int]) -> None:
    output, whole = decoded(name, data)
    for some in sizes:
        got, message = unpack(name, data, some)
        assert got == output
        assert len(message) == (not whole)


# ------------------------------------------------------------------------------------------ every place, any damage


@pytest.mark.parametrize("kind", SMALL_ARCHIVES)
def test_an_archive_cut_off_anywhere(kind: str) -> None:
    name, data = kind[:4], SMALL_ARCHIVES[kind]
    assert decoded(name, data)[1]
    for end in range(4, len(data) + 1):
        assert_all_is_had(name, data[:end], [1], [3, 11], [1 << 20])


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", SMALL_ARCHIVES)
def test_any_byte_of_an_archive_changed(kind: str) -> None:
    name, data = kind[:4], SMALL_ARCHIVES[kind]
    for at in range(4, len(data)):
        spoilt = bytearray(data)
        spoilt[at] ^= 1 << at % 8 if at % 3 else 0xFF
        assert_all_is_had(name, bytes(spoilt), [1], [1 << 20])


@pytest.mark.parametrize(
    "garbage", [b"x", b"\x1f", b"\x28\xb5", b"{}\n" * 9, b"\0\0x", b"\x1f\x8b", b"\x50\x2a\x4d\x18"]
)
@pytest.mark.parametrize("kind", SMALL_ARCHIVES)
def test_what_follows_an_archive(kind: str, garbage: bytes) -> None:
    data = SMALL_ARCHIVES[kind] + garbage
    assert_all_is_had(kind[:4], data, [1], [len(data) - len(garbage), 1], [1 << 20])


@pytest.mark.no_cover
@settings(deadline=None, derandomize=True, max_examples=400 if LONG else 30)
@given(
    kind=st.sampled_from(sorted(LARGE_ARCHIVES)),
    where=st.floats(0, 1),
    damage=st.binary(min_size=1, max_size=5),
    cut=st.one_of(st.none(), st.floats(0, 1)),
    sizes=st.lists(st.integers(1, 70_000), min_size=1, max_size=4),
)
def test_large_archives_damaged_anywhere(
    kind: str, where: float, damage: bytes, cut: float | None, sizes: list[int]
) -> None:
    data = bytearray(LARGE_ARCHIVES[kind])
    at = 4 + int(where * (len(data) - 4 - len(damage)))
    data[at : at + len(damage)] = damage
    if cut is not None:
        del data[4 + int(cut * len(data)) :]
    assert_all_is_had(kind[:4], bytes(data), sizes, [1 << 16])


# ------------------------------------------------------------------------------------------------ file and pipe


def contents(path: str) -> tuple[bytes, str | None]:
    view, output = memoryview(bytearray(1 << 16)), bytearray()
    with open_stream(path) as stream:
        while count := stream.readinto(view):
            output += view[:count]
        return bytes(output), stream.damage


def through_a_pipe(path: Path, data: bytes, size: int, read: Callable[[str], Any]) -> Any:
    os.mkfifo(path)

    def write() -> None:
        # Nobody reads on beyond the damage.
        with contextlib.suppress(BrokenPipeError), path.open("wb", buffering=0) as pipe:
            for at in range(0, len(data), size):
                pipe.write(data[at : at + size])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        return read(str(path))
    finally:
        thread.join()


def spoilt_archives() -> Iterator[tuple[str, bytes]]:
    dice = random.Random(3)
    for kind, data in LARGE_ARCHIVES.items():
        for _ in range(2):
            spoilt = bytearray(data)
            at = dice.randrange(len(data) // 3, len(data))
            spoilt[at : at + 3] = dice.randbytes(3)
            yield kind[:4], bytes(spoilt)
        yield kind[:4], data[: dice.randrange(len(data))]
        yield kind[:4], data + b"garbage"


def test_a_file_and_a_pipe_give_the_same(tmp_path: Path) -> None:
    for number, (name, data) in enumerate(spoilt_archives()):
        file = tmp_path / f"{number}"
        file.write_bytes(data)
        output, whole = decoded(name, data)
        got, damage = contents(str(file))
        assert got == output
        assert (damage is None) == whole
        for size in (1000, 70_000):
            pipe = tmp_path / f"{number}-{size}"
            assert through_a_pipe(pipe, data, size, contents) == (got, damage)


class Breaking:
    """Gives some bytes at the first read and fails at the second."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def readinto(self, buffer: memoryview, /) -> int:
        if not self._data:
            raise OSError(5, "Input/output error")
        count = len(self._data)
        buffer[:count], self._data = self._data, b""
        return count


@pytest.mark.parametrize("more", [b"", b"\0", b"\0\0\0\0\0", b"\x1f", b"\x1f\x8b\x08", b"\x28\xb5\x2f", None])
@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_what_is_decoded_does_not_wait_for_the_next_read(kind: str, more: bytes | None) -> None:
    """A read may take long, fail, or be cut short by a signal."""
    pack = gz if kind == "gzip" else zst
    data = pack(SMALL) + (pack(SMALL)[:15] if more is None else more)
    source = DecompressingSource(Breaking(pack(SMALL) + data), kind, pytest.fail)
    view = memoryview(bytearray(1 << 16))
    assert (source.readinto(view), bytes(view[: 2 * len(SMALL)])) == (2 * len(SMALL), SMALL * 2)
    with pytest.raises(OSError, match="Input/output"):
        source.readinto(view)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_the_command_counts_the_same_lines_from_a_file_and_a_pipe(tmp_path: Path, kind: str, jobs: str) -> None:
    data = bytearray(LARGE_ARCHIVES[kind])
    data[-2000:-1990] = bytes(10)
    content, _ = decoded(kind, bytes(data))
    file = tmp_path / "calls"
    file.write_bytes(data)
    arguments = ("-j", jobs, "--format", "json")
    reports = [uclint("check", file, *arguments), uclint("check", "-", *arguments, stdin=bytes(data))]
    for done in reports:
        assert done.returncode == 3
        assert b'"total": %d' % (content.count(b"\n") + (not content.endswith(b"\n"))) in done.stdout


# ----------------------------------------------------------------------------------------------- blocks and bounds


@settings(deadline=None, derandomize=True, max_examples=examples(100))
@given(
    data=st.binary(max_size=300),
    blocks=st.integers(1, 5),
    checksum=st.booleans(),
    cuts=st.lists(st.integers(1, 30), min_size=1, max_size=4),
)
def test_block_ends_are_where_they_are_however_a_frame_is_portioned(
    data: bytes, blocks: int, checksum: bool, cuts: list[int]
) -> None:
    frame = zst(data, checksum=checksum, blocks=blocks)

    def ends(sizes: Sequence[int]) -> list[int]:
        walk, at, found, turn = BlockEnds(), 0, [], 0
        while at < len(frame):
            portion = memoryview(frame)[at : at + sizes[turn % len(sizes)]]
            count = walk.next_end(portion)
            assert count > 0
            at, turn = at + count, turn + 1
            if count < len(portion) or at == len(frame):
                found.append(at)
        return found

    whole = ends([len(frame)])
    assert whole[-1] == len(frame)
    assert BlockEnds().next_end(memoryview(frame + b"more")) <= len(frame)
    assert set(ends(cuts)) <= set(whole)  # an end that is a portion's, too, cannot be seen
    decoder = new_decoder("zstd")
    starts = [0, *whole]
    assert b"".join(decoder.decompress(frame[a:b]) for a, b in zip(starts, whole, strict=False)) == data


class Noting:
    """A decoder, and how much each call of it returned."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.begin = decoder.begin
        self.sizes: list[int] = []

    @property
    def ended(self) -> bool:
        return self.decoder.ended

    def decode(self, data: memoryview) -> tuple[bytes, int]:
        output, count = self.decoder.decode(data)
        self.sizes.append(len(output))
        return output, count


@pytest.mark.parametrize(("name", "most"), [("gzip", 1032 << 10), ("zstd", BLOCK)])
def test_little_is_decoded_at_a_time_whatever_is_in_it(name: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a call returns is what memory it takes, beside a window of bounded size."""
    noting = Noting(GzipDecoder() if name == "gzip" else ZstdDecoder())
    monkeypatch.setattr(compression_module, "_decoder", lambda _: noting)
    content = LARGE + bytes(40_000_000) + LARGE
    assert unpack(name, gz(content) if name == "gzip" else zst(content), [1 << 20]) == (content, [])
    assert sum(noting.sizes) == len(content)
    assert max(noting.sizes) <= most


@pytest.mark.parametrize("size", [1, 5, 1000, 1 << 20])
def test_a_bomb_ends_at_the_same_block_however_it_is_read(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression_module, "BOMB_SIZE", 1 << 20)
    output, message = unpack("zstd", zst(LARGE[:5000]) + zst(bytes(20_000_000)), [size])
    assert len(message) == 1
    assert "a decompression bomb" in message[0]
    assert len(output) == 5000 + 12 * BLOCK


def test_a_million_blank_lines_packed_a_thousand_to_one_are_no_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gzip cannot pack more than 1,032 to one: its time is bounded by the size of the file."""
    monkeypatch.setattr(compression_module, "BOMB_SIZE", 1 << 10)
    content = b"\n" * 3_000_000
    assert len(gz(content, 9)) * compression_module.BOMB_RATIO < len(content)
    assert unpack("gzip", gz(content, 9), [1 << 16]) == (content, [])
