"""The rows of a batch as JSON texts, one a line."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from validator.input.lines import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# About so many bytes of text are passed on at once, as in blocks of lines: a larger block counts as a long line.
_TEXT: Final = BLOCK

# Rows of a batch whose columns are fields.
_ROWS: Final = 256

# Fields of calls that hold objects: a text in such a column is JSON.
_OBJECTS: Final = frozenset(["context", "integrations", "properties", "traits"])

_encode = msgspec.json.Encoder(decimal_format="number").encode
_LINE_FEED = b"\n"


def text_lines(array: Any) -> Iterator[tuple[int, bytes]]:
    """The number of rows and their text, for a column of JSON text; null is a blank line."""
    import pyarrow as pa  # noqa: PLC0415 - only where tables are read
    import pyarrow.compute as pc  # noqa: PLC0415

    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    is_large = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    kind = pa.large_binary() if is_large else pa.binary()
    array = array.cast(kind).fill_null(b"")
    between = pa.scalar(_LINE_FEED, kind)
    if not len(array):
        return
    size = max(1, len(array) * _TEXT // max(array.nbytes, 1))
    for start in range(0, len(array), size):
        part = array.slice(start, size)
        rows = len(part)
        whole = pa.ListArray.from_arrays(pa.array([0, rows], pa.int32()), part)
        text = bytes(pc.binary_join(whole, between)[0].as_buffer()) + _LINE_FEED
        if text.count(_LINE_FEED) != rows:
            text = b"".join(_one_line(value) + _LINE_FEED for value in part.to_pylist())
        yield rows, text


def _one_line(value: bytes) -> bytes:
    """A text without line feeds that is JSON if, and only if, the text is."""
    if _LINE_FEED not in value:
        return value
    try:
        json.loads(value)
    except RecursionError:
        pass
    except ValueError:
        return value.replace(_LINE_FEED, b"\x01")  # which JSON has nowhere
    return value.replace(_LINE_FEED, b" ")


def field_lines(batch: Any) -> Iterator[tuple[int, bytes]]:
    """The number of rows and their text, for columns that are the fields of calls; what is null is left out."""
    columns = [(name, _reader(batch.schema.field(name).type, name)) for name in batch.schema.names]
    for start in range(0, len(batch), _ROWS):
        part = batch.slice(start, _ROWS)
        values = [[read(value) for value in _values(part.column(at))] for at, (_, read) in enumerate(columns)]
        names = [name for name, _ in columns]
        lines = [
            _encode({name: value for name, value in zip(names, row, strict=True) if value is not None})
            for row in zip(*values, strict=True)
        ]
        yield len(part), _LINE_FEED.join(lines) + _LINE_FEED


def _values(column: Any) -> list[Any]:
    """Python's values of a column; times to the microsecond, as Python has no others."""
    found: list[Any] = column.cast(_without_nanoseconds(column.type), safe=False).to_pylist()
    return found


@cache
def _without_nanoseconds(kind: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - only where tables are read

    inside = _without_nanoseconds
    if getattr(kind, "unit", None) == "ns":
        if pa.types.is_timestamp(kind):
            return pa.timestamp("us", kind.tz)
        return pa.duration("us") if pa.types.is_duration(kind) else pa.time64("us")
    if pa.types.is_struct(kind):
        return pa.struct([kind.field(at).with_type(inside(kind.field(at).type)) for at in range(kind.num_fields)])
    if pa.types.is_map(kind):
        return pa.map_(kind.key_type, inside(kind.item_type))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return (pa.list_ if pa.types.is_list(kind) else pa.large_list)(inside(kind.value_type))
    return kind


def _reader(kind: Any, name: str = "") -> Callable[[Any], Any]:
    """Makes the function from a value of a type to what JSON has for it."""
    import pyarrow as pa  # noqa: PLC0415 - only where tables are read

    types = pa.types
    if types.is_struct(kind):
        fields = [(kind.field(at).name, _reader(kind.field(at).type)) for at in range(kind.num_fields)]
        return lambda value: None if value is None else _object(value, fields)
    if types.is_map(kind):
        of_item = _reader(kind.item_type)
        return lambda value: None if value is None else {_key(key): of_item(item) for key, item in value}
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        of_each = _reader(kind.value_type)
        return lambda value: None if value is None else [of_each(item) for item in value]
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return _text_of(name)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_dictionary(kind):
        return _text_of(name)
    return lambda value: value


def _object(value: dict[str, Any], fields: list[tuple[str, Callable[[Any], Any]]]) -> dict[str, Any]:
    """An object without what is null: a table cannot tell that from what is absent."""
    found = {name: read(value[name]) for name, read in fields}
    return {name: inner for name, inner in found.items() if inner is not None}


def _key(key: Any) -> str:
    return key if isinstance(key, str) else _encode(key).decode().strip('"')


def _text_of(name: str) -> Callable[[Any], Any]:
    return _json_or_text if name in _OBJECTS else _text


def _text(value: Any) -> Any:
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return b64encode(value).decode()


def _json_or_text(value: Any) -> Any:
    """A value of a column that is named as objects of calls are: JSON, if it is an object."""
    text = _text(value)
    if not isinstance(text, str) or not text.lstrip().startswith("{"):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return msgspec.Raw(text.replace("\n", " ").encode())
