"""Gzip, whole or damaged: everything that can be decoded is counted, and damage never passes for the end."""

from __future__ import annotations

import gzip
import struct
import zlib
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.checking import check_paths, check_stream
from tests.support.examples import examples
from tests.support.plain_lines import BOM, Dribble, catalog, program
from validator.engine.lint import Fault
from validator.input.compression import DecompressingSource
from validator.input.stream import Stream, open_stream
from validator.model import Limits, LineClass
from validator.report import judge_report
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from validator.engine.count.profile import Profile
    from validator.report import Report

LINES = (
    b'{"type":"track","event":"Trial Started","properties":{"category":"team"}}\n'
    b'{"type":"page","name":"Home"}\n'
    b"{}{}\n"
    b"\n"
    b'{"type":"identify","userId":"u-1","traits":{"note":"\xc3\xa9\xc3\xa9\xc3\xa9"}}\n'
    b'[1]\n{"batch":[{"type":"track"},{"type":"alias"},3]}\n'
)
MAGIC = b"\x1f\x8b"
DAMAGED = Fault("IN506")


def member(data: bytes, level: int = 9) -> bytes:
    return gzip.compress(data, level, mtime=0)


def member_with_extras(data: bytes) -> bytes:
    """With every optional field of a gzip header."""
    packer = zlib.compressobj(wbits=-15)
    body = packer.compress(data) + packer.flush()
    header = MAGIC + b"\x08\x1f" + bytes(6) + struct.pack("<H", 4) + b"AB\0\0" + b"name\0" + b"comment\0"
    header = header[:3] + bytes([0b11110]) + header[4:]
    header += struct.pack("<H", zlib.crc32(header) & 0xFFFF)
    return header + body + struct.pack("<II", zlib.crc32(data), len(data))


def decoded(data: bytes) -> tuple[bytes, bool]:
    """What a patient reader gets out of an archive, byte by byte, and whether it was whole."""
    output, at = b"", 0
    while True:
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof:
            if at == len(data):
                return output, False
            try:
                output += unpacker.decompress(data[at : at + 1])
            except zlib.error:
                return output, False
            at += 1
        while data[at : at + 1] == b"\0":
            at += 1
        if at == len(data):
            return output, True
        if data[at : at + 2] != MAGIC:
            return output, False


def unpack(data: bytes, sizes: Sequence[int], buffer: int) -> tuple[bytes, list[str]]:
    """What the source gives out to a buffer of some size, and how often it spoke of damage."""
    damage: list[str] = []
    source = DecompressingSource(Dribble(data, sizes), "gzip", damage.append)
    output, space = b"", memoryview(bytearray(buffer))
    while count := source.readinto(space):
        output += space[:count]
    return output, damage


def read(data: bytes, sizes: Sequence[int] = (1 << 20,)) -> Profile:
    return read_inputs(["x"], program(), open_input=lambda path: Stream(path, Dribble(data, sizes)))


def check(data: bytes) -> Report:
    return check_stream(data, (), catalog=catalog())


def assert_read_as_far_as_possible(data: bytes, sizes: Sequence[int] = (1 << 20,)) -> None:
    """Compared with reading the same content that was never compressed."""
    content, whole = decoded(data)
    got, plain = read(data, sizes), read_plain(content)
    (summary,) = got.inputs
    assert summary.compression == "gzip"
    assert (summary.complete, DAMAGED in got.faults) == (whole, not whole)
    assert summary.bytes == len(content)
    assert summary.lines == plain.inputs[0].lines == sum(got.lines.values())
    assert (got.lines, got.types, got.calls) == (plain.lines, plain.types, plain.calls)
    assert (got.deviations, got.invalid, got.judged) == (plain.deviations, plain.invalid, plain.judged)
    for fault in {*got.faults, *plain.faults} - {DAMAGED}:  # what comes out may be an array that is not closed
        assert got.faults.get(fault) == plain.faults.get(fault)


@cache
def read_plain(content: bytes) -> Profile:
    return read(content)


ARCHIVES = {
    "one member": member(LINES),
    "stored": member(LINES, 0),
    "two members, a line across them": member(LINES[:100]) + member(LINES[100:]),
    "an empty member between": member(LINES[:90]) + member(b"") + member(LINES[90:]),
    "all header fields": member_with_extras(LINES),
    "zero padding": member(LINES) + bytes(40),
}


# ----------------------------------------------------------------------------------------------- whole archives


@pytest.mark.parametrize("archive", ARCHIVES.values(), ids=ARCHIVES)
@pytest.mark.parametrize("size", [1, 2, 3, 17, 1 << 20])
def test_a_whole_archive_is_read_like_its_content(archive: bytes, size: int) -> None:
    assert decoded(archive) == (LINES, True)
    assert_read_as_far_as_possible(archive, [size])
    for buffer in (1, 5, 1 << 16):
        assert unpack(archive, [size], buffer) == (LINES, [])


@settings(deadline=None, database=None, derandomize=True, max_examples=examples(60))
@given(
    cuts=st.lists(st.integers(0, len(LINES)), max_size=8),
    padding=st.integers(0, 3),
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=3),
    buffer=st.integers(1, 200),
)
def test_members_follow_one_another(cuts: list[int], padding: int, sizes: list[int], buffer: int) -> None:
    ends = sorted([0, *cuts, len(LINES)])
    archive = b"".join(member(LINES[a:b]) for a, b in pairwise(ends)) + bytes(padding)
    assert unpack(archive, sizes, buffer) == (LINES, [])
    assert_read_as_far_as_possible(archive, sizes)


def test_a_megabyte_across_many_members_adds_up() -> None:
    content = LINES * 2000
    archive = b"".join(member(content[at : at + 99_991], 1) for at in range(0, len(content), 99_991))
    report = check(archive)
    assert sum(report.lines.values()) == content.count(b"\n")
    assert report.lines == check_stream([content], (), catalog=catalog()).lines
    assert not report.partial


@pytest.mark.parametrize("name", ["events.ndjson", "events.gz", "events.json.zip", "events"])
@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_the_content_tells_gzip_and_not_the_name(tmp_path: Path, name: str, packed: bool) -> None:
    path = tmp_path / name
    path.write_bytes(member(LINES) if packed else LINES)
    with open_stream(str(path)) as stream:
        assert stream.compression == ("gzip" if packed else None)
    report = check_paths([str(path)], (), catalog=catalog())
    assert report.inputs[0].compression == ("gzip" if packed else None)
    assert report.lines == check(LINES).lines


def test_a_byte_order_mark_inside_is_skipped_once() -> None:
    profile = read(member(BOM + LINES))
    assert profile.inputs[0].bytes == len(BOM + LINES)
    assert profile.lines == read(LINES).lines
    assert read(member(BOM) + member(BOM + b"{}\n{}\n")).lines == {LineClass.MALFORMED: 1, LineClass.CALL: 1}


def test_documents_may_be_packed_too() -> None:
    profile = read(member(b'[{"type":"track"},') + member(b'{"type":"page"}]'))
    assert (profile.inputs[0].framing, profile.inputs[0].complete) == ("documents", True)
    assert profile.types == {"track": 1, "page": 1}


@pytest.mark.parametrize("data", [b"", member(b""), member(b"") * 3, member(b"") + b"\0"])
def test_nothing_inside_is_nothing_read(data: bytes) -> None:
    report = check(data)
    assert sum(report.lines.values()) == 0
    assert not report.partial
    assert judge_report(report).exit_code == 3
    assert judge_report(report, allow_empty=True).exit_code == 0


# --------------------------------------------------------------------------------------------- damaged archives


def test_one_byte_of_the_magic_is_a_line() -> None:
    report = check(MAGIC[:1])
    assert report.inputs[0].compression is None
    assert {c: n for c, n in report.lines.items() if n} == {LineClass.MALFORMED: 1}
    assert not report.partial


def test_the_magic_alone_is_a_truncated_archive() -> None:
    report = check(MAGIC)
    assert report.inputs[0].compression == "gzip"
    assert sum(report.lines.values()) == 0
    assert report.partial


@pytest.mark.parametrize("archive", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_that_ends_anywhere_is_read_as_far_as_possible(archive: bytes) -> None:
    for end in range(2, len(archive)):
        assert_read_as_far_as_possible(archive[:end], [1 << 20] if end % 3 else [1, 50])


@pytest.mark.no_cover
@pytest.mark.parametrize("archive", ARCHIVES.values(), ids=ARCHIVES)
def test_any_wrong_byte_is_no_crash_and_loses_nothing_before_it(archive: bytes) -> None:
    for at in range(len(archive)):
        data = bytearray(archive)
        data[at] ^= 1 << at % 8
        if at < 2:  # no gzip any more: lines of some kind
            profile = read(bytes(data))
            assert profile.inputs[0].lines == sum(profile.lines.values()) > 0
        else:
            assert_read_as_far_as_possible(bytes(data))


@pytest.mark.parametrize("buffer", [1, 7, 64, 1000])
def test_what_the_decoder_still_holds_at_the_end_is_given_out(buffer: int) -> None:
    archive = member(b'{"type":"track"}\n' * 100)
    for end in range(2, len(archive) + 1):
        content, whole = decoded(archive[:end])
        output, damage = unpack(archive[:end], [1 << 20], buffer)
        assert output == content
        assert len(damage) == (not whole)


@pytest.mark.no_cover
def test_a_highly_compressed_archive_that_ends_anywhere_is_read_as_far_as_possible() -> None:
    archive = member(b'{"type":"track"}\n' * 4500)  # the first 64 KiB end somewhere inside
    for end in range(2, len(archive) + 1):
        if len(decoded(archive[:end])[0]) > 60_000:
            assert_read_as_far_as_possible(archive[:end])


@pytest.mark.parametrize("garbage", [b"x", b"{}\n", MAGIC[:1], b"\x1f\x8c", b"\0\0x", b"\n", b" " * 99, b"\x8b\x1f"])
@pytest.mark.parametrize("size", [1, 2, 1 << 20])
def test_what_follows_an_archive_and_is_not_gzip_is_damage(garbage: bytes, size: int) -> None:
    assert_read_as_far_as_possible(member(LINES) + garbage, [size])
    content, damage = unpack(member(LINES) + garbage, [size], 100)
    assert (content, damage) == (LINES, ["bytes that are not gzip follow the compressed data"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data[:-1], "truncated"),
        (lambda data: data[:-8], "truncated"),
        (lambda data: data[:12], "truncated"),
        (lambda data: data + data[:-9], "truncated"),
        (lambda data: data[:-8] + b"\0\0\0\0" + data[-4:], "corrupt"),
        (lambda data: data[:-4] + b"\0\0\0\0", "corrupt"),
        (lambda data: data[:12] + b"\xff" * 20 + data[32:], "corrupt"),
        (lambda data: data + MAGIC + b"\x07" + data[3:], "corrupt"),
    ],
)
def test_damage_is_named_and_makes_the_report_partial(change: object, words: str) -> None:
    assert callable(change)
    data = change(member(LINES))
    messages: list[str] = []
    report = check_paths(
        ["x.gz"], (), catalog=catalog(), open_input=lambda path: Stream(path, Dribble(data, [9])), warn=messages.append
    )
    assert report.partial
    assert len(messages) == 1
    assert words in messages[0]
    assert [(f.code, f.count) for f in report.findings if f.code == "IN506"] == [("IN506", 1)]
    assert judge_report(report).exit_code == 3


def test_damage_to_one_input_leaves_the_others_whole() -> None:
    contents = {"a": member(LINES)[:-20], "b": member(LINES), "c": LINES}
    profile = read_inputs(contents, program(), open_input=lambda path: Stream(path, Dribble(contents[path], [50])))
    assert [summary.complete for summary in profile.inputs] == [False, True, True]
    assert sum(profile.lines.values()) == sum(summary.lines for summary in profile.inputs)
    assert [place.input for place in profile.faults[DAMAGED].places] == [0]


def test_a_line_cut_by_damage_is_counted_as_it_stands() -> None:
    packer = zlib.compressobj(wbits=31)
    archive = packer.compress(b'{"type":"track"}\n{"type":"tr') + packer.flush(zlib.Z_SYNC_FLUSH)
    profile = read(archive)
    assert profile.lines == {LineClass.CALL: 1, LineClass.MALFORMED: 1}
    assert not profile.inputs[0].complete


def test_an_array_in_a_damaged_archive_is_damaged_once() -> None:
    packer = zlib.compressobj(wbits=31)
    archive = packer.compress(b'[\n{"type":"track"},\n{"type":"page"},\n') + packer.flush(zlib.Z_SYNC_FLUSH)
    messages: list[str] = []
    profile = read_inputs(
        ["x"], program(), open_input=lambda path: Stream(path, Dribble(archive, [9])), warn=messages.append
    )
    assert profile.lines == {LineClass.CALL: 2}
    assert messages == ["x: the gzip data is truncated: its end is missing"]
    assert profile.faults[DAMAGED].count == 1


def test_limits_hold_inside_an_archive() -> None:
    archive = member(b"{}\n" + b"x" * 5000 + b"\n{}\n" + b"[" * 40 + b"\n")
    profile = read_inputs(
        ["x"],
        program(),
        limits=Limits(line=4999, depth=39),
        open_input=lambda path: Stream(path, Dribble(archive, [7])),
    )
    assert profile.lines == {LineClass.CALL: 2, LineClass.TOO_LONG: 1, LineClass.TOO_DEEP: 1}
