"""Recognises content in formats that are not read, and suggests how to convert it."""

from __future__ import annotations

import codecs

from validator.lazy_pattern import LazyPattern

_CONVERT = "{}; convert it first: iconv -f {} -t UTF-8"
_UNPACK = "{}, which is not read; unpack it first"
_NAME = "{}, which cannot be read from a pipe or compressed; name the file itself"
_EXPORT = "{}, which is not read; export it as JSON lines first"

_TABLES = (
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"SQLite format 3\0", "an SQLite database"),
)

# Names of columns, rows that are looked at, and columns that are shown.
_COLUMN = LazyPattern(r"[A-Za-z_][\w .:/()-]{0,60}")
_ROWS = 20
_SHOWN = 3

# First bytes -> format. None of them can begin a JSON text.
_MARKS = (
    (codecs.BOM_UTF32_LE, _CONVERT.format("UTF-32", "UTF-32")),  # before UTF-16, whose mark is its prefix
    (codecs.BOM_UTF32_BE, _CONVERT.format("UTF-32", "UTF-32")),
    (codecs.BOM_UTF16_LE, _CONVERT.format("UTF-16", "UTF-16")),
    (codecs.BOM_UTF16_BE, _CONVERT.format("UTF-16", "UTF-16")),
    (b"PK\x03\x04", _UNPACK.format("a zip archive")),
    (b"7z\xbc\xaf\x27\x1c", _UNPACK.format("a 7z archive")),
    (b"BZh", _UNPACK.format("a bzip2 file")),
    (b"\xfd7zXZ\0", _UNPACK.format("an xz file")),
    (b"\x04\x22\x4d\x18", _UNPACK.format("an lz4 file")),
    # Read where it can be read from any offset, so not here.
    (b"PAR1", _NAME.format("a Parquet file")),
    (b"ARROW1\0\0", _NAME.format("an Arrow file")),
    *((mark, _EXPORT.format(name)) for mark, name in _TABLES),
)
_TAR = (257, b"ustar")

# Encodings without a byte order mark: JSON begins with two ASCII characters, so zeros among its first bytes show the
# encoding (RFC 4627, section 3).
_WIDE = ("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")
_WIDE_HEAD = 1 << 10


def what_it_is(head: bytes) -> str | None:
    """Names the format of content that is not JSON, and what to do; None if unknown."""
    for mark, what in _MARKS:
        if head.startswith(mark):
            return what
    place, mark = _TAR
    if head[place : place + len(mark)] == mark:
        return _UNPACK.format("a tar archive")
    encoding = next((name for name in _WIDE if _is_text(head[:_WIDE_HEAD], name)), None)
    return _CONVERT.format(f"{encoding[:6]} without a byte order mark", encoding) if encoding else None


def table_format(head: bytes) -> str | None:
    """Names the format of a table whose rows may be calls, and which is not read; None if it is not a table."""
    return next((name for mark, name in _TABLES if head.startswith(mark)), None)


def columns_of(head: bytes) -> str | None:
    """The first columns of content that is a table as text (CSV and the like); None if it is not a table.

    It is if its first lines have equally many cells, and the cells of the first one are names.
    """
    lines = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").splitlines()[:_ROWS]
    if len(lines) < 2 or lines[0].lstrip()[:1] in ("", "{", "["):
        return None
    import csv  # noqa: PLC0415 - most content begins like JSON

    for delimiter in ",;\t|":
        try:
            first, *others = csv.reader(lines, delimiter=delimiter, strict=True)
        except csv.Error:
            continue
        named = len(first) > 1 and all(_COLUMN.fullmatch(cell.strip()) for cell in first)
        if named and others and all(len(row) == len(first) for row in others[:-1] or others):
            return ", ".join(cell.strip() for cell in first[:_SHOWN]) + (", ..." if len(first) > _SHOWN else "")
    return None


def _is_text(head: bytes, encoding: str) -> bool:
    """Whether it is text in this encoding, with two ASCII characters first."""
    if b"\0" not in head[:4]:
        return False
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return len(text) >= 2 and all(c in "\t\n\r" or " " <= c <= "~" for c in text[:2])
