"""Content that people hand over by mistake, and what to do with it first."""

from __future__ import annotations

_UTF16 = "UTF-16; convert it first: iconv -f UTF-16 -t UTF-8"
_UNPACK = "{}, which is not read; unpack it first"
_EXPORT = "{}, which is not read; export it as JSON lines first"

# The first bytes, and what they tell. Only what can be the beginning of no JSON text.
_MARKS = (
    (b"\xff\xfe", _UTF16),
    (b"\xfe\xff", _UTF16),
    (b"PK\x03\x04", _UNPACK.format("a zip archive")),
    (b"7z\xbc\xaf\x27\x1c", _UNPACK.format("a 7z archive")),
    (b"BZh", _UNPACK.format("a bzip2 file")),
    (b"\xfd7zXZ\0", _UNPACK.format("an xz file")),
    (b"\x04\x22\x4d\x18", _UNPACK.format("an lz4 file")),
    (b"PAR1", _EXPORT.format("a Parquet file")),
    (b"Obj\x01", _EXPORT.format("an Avro file")),
    (b"ORC", _EXPORT.format("an ORC file")),
    (b"SQLite format 3\0", _EXPORT.format("an SQLite database")),
)
_TAR = (257, b"ustar")


def what_it_is(head: bytes) -> str | None:
    """What content looks like that is no JSON text, and what to do; None if nothing is known about it."""
    for mark, what in _MARKS:
        if head.startswith(mark):
            return what
    place, mark = _TAR
    return _UNPACK.format("a tar archive") if head[place : place + len(mark)] == mark else None
