"""Checks the types of JSON Schema keyword values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from validator.json_schema.keywords import SCHEMA_LISTS, SCHEMA_TABLES, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

_OF_SCHEMAS: Final = "must be a mapping of names to schemas"


def wrong_shape(keyword: str, value: Any) -> str | None:
    """What a keyword's value must be, if it is wrong; None if it is right or the keyword is not checked."""
    judge = JUDGES.get(keyword)
    return judge(value) if judge else None


def _table(value: Any) -> str | None:
    right = isinstance(value, dict) and all(isinstance(inner, dict | bool) for inner in value.values())
    return None if right else _OF_SCHEMAS


def _dependencies(value: Any) -> str | None:
    right = isinstance(value, dict) and all(isinstance(inner, dict | bool | list) for inner in value.values())
    return None if right else _OF_SCHEMAS


def _names(value: Any) -> str | None:
    if isinstance(value, bool):
        return "must be a list of names, beside `properties` and not inside one"
    right = isinstance(value, list) and all(isinstance(name, str) for name in value)
    return None if right else "must be a list of names"


def _schemas(value: Any) -> str | None:
    right = isinstance(value, list) and value and all(isinstance(inner, dict | bool) for inner in value)
    return None if right else "must be a list of schemas, at least one"


def _schema(value: Any) -> str | None:
    return None if isinstance(value, dict | bool) else "must be a schema"


def _items(value: Any) -> str | None:
    return _schema(value) if not isinstance(value, list) else _schemas(value) if value else None


def _values(value: Any) -> str | None:
    return None if isinstance(value, list) else "must be a list of values"


JUDGES: Final[dict[str, Callable[[Any], str | None]]] = {
    **dict.fromkeys(SCHEMA_TABLES, _table),
    **dict.fromkeys(SCHEMA_LISTS, _schemas),
    **dict.fromkeys(SCHEMAS - {"contentSchema"}, _schema),  # it makes no call invalid
    "dependencies": _dependencies,
    "items": _items,
    "required": _names,
    "x-recommended": _names,
    "enum": _values,
}
