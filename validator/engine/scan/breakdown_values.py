"""Reads the values of a call that counts are broken down by."""

from __future__ import annotations

import json
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from validator.engine.compile.selection import DAY, OWN_FIELDS, PROPERTIES, TIMES, Selection
from validator.engine.decode.call import NO_PROPERTIES, UNSET
from validator.engine.decode.decoder import REFUSED
from validator.engine.decode.json_exact import parse
from validator.engine.decode.key_paths import KeyPath, inside, reader, value_reader
from validator.engine.lint.values import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from validator.engine.decode.call import Call

# From here on floats are whole numbers more than 1 apart: they are written as they are.
_EXACT = 2.0**53

# Longer values are cut.
_LONGEST = 200


Labels = tuple[str | None, ...]


def breakdown_values(
    selection: Selection, attributes: Mapping[str, str], paths: Iterable[KeyPath]
) -> Callable[[Call], Labels] | None:
    """Makes the reader of the values that a call is counted under, one for each field; None without fields.

    Args:
        selection: The fields.
        attributes: Top-level field -> the attribute of a call that holds it.
        paths: All paths that are decoded.
    """
    if not selection.by:
        return None
    readers = [_reader(field, attributes, tuple(paths)) for field in selection.by]
    return lambda call: tuple([label(read(call)) for read in readers])


def _reader(field: str, attributes: Mapping[str, str], paths: Sequence[KeyPath]) -> Callable[[Any], Any]:
    if field == DAY:
        times = [attributes[name] for name in TIMES]
        return lambda call: day_of([getattr(call, name) for name in times])
    return call_reader(tuple(field.split(".")), attributes, paths)


def call_reader(path: KeyPath, attributes: Mapping[str, str], paths: Iterable[KeyPath]) -> Callable[[Any], Any]:
    """Makes the reader of the value at a path of a call; UNSET if there is none.

    Args:
        path: Keys from the top of a call.
        attributes: Top-level field -> the attribute of a call that holds it.
        paths: All paths that are decoded.
    """
    if path[0] == PROPERTIES:
        return _property_reader(path)
    if path[0] not in (*OWN_FIELDS, *attributes):  # a name that no decoder can look for
        return reader("whole", ("", *path), [("", *path)])
    return reader(path[0] if path[0] in OWN_FIELDS else attributes[path[0]], path, paths)


def _property_reader(path: KeyPath) -> Callable[[Call], Any]:
    """Makes the reader of a value in the properties; only the path to it is decoded."""
    below = [path[1:]] if path[1:] else []
    decode = msgspec.json.Decoder(inside(below)).decode
    read = value_reader(path, [path])

    def of(call: Call) -> Any:
        properties: Any = call.properties
        if properties is NO_PROPERTIES:
            return UNSET
        if properties.__class__ is msgspec.Raw:
            try:
                properties = decode(properties)
            except REFUSED:
                properties = parse(bytes(properties))
        return read(properties)

    return of


def label(value: Any) -> str | None:
    """The name of the group of a value: text as it is, numbers as JSON; None for other values."""
    kind = type(value)
    if kind is str:
        return value[:_LONGEST] or None
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        return str(int(value)) if abs(value) <= _EXACT and value.is_integer() else json.dumps(value)
    return str(value)[:_LONGEST] if kind is int or kind is Decimal else None


def day_of(times: Sequence[Any]) -> str | None:
    """The UTC day of the first of several times that can be read."""
    return next((day for time in times if (day := _day(time))), None)


def _day(time: Any) -> str | None:
    found = moment(time)
    try:
        return found.astimezone(UTC).date().isoformat() if found else None
    except OverflowError:  # in UTC it is in the year 0, or 10000
        return None
