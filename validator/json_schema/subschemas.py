"""Walks the schemas inside a schema; enumerations and examples are not schemas.

`referencing` has `subresources_of` for each draft, but it returns no paths, which every message here needs, requires a
valid schema, and is slow to import for commands that only read a plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.json_schema.keywords import IN_PLACE, SCHEMA_LISTS, SCHEMA_TABLES, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def children(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The direct subschemas of a schema, each with its path, for any draft."""
    for keyword, value in schema.items():
        if isinstance(value, dict) and keyword in SCHEMA_TABLES:
            yield from (((keyword, name), inner) for name, inner in value.items() if _is_schema(inner))
        elif isinstance(value, list) and keyword in SCHEMA_LISTS:
            yield from (((keyword, str(at)), inner) for at, inner in enumerate(value) if _is_schema(inner))
        elif keyword in SCHEMAS and _is_schema(value):
            yield (keyword,), value


def in_place(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Those `children` that apply to the same value as their parent."""
    return children({keyword: value for keyword, value in schema.items() if keyword in IN_PLACE})


def walk(schema: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """A schema and all schemas inside it, with their paths, outer ones first, in document order."""
    waiting = [(place, schema)] if _is_schema(schema) else []
    while waiting:
        here, current = waiting.pop()
        yield here, current
        if isinstance(current, dict):
            inside = [((*here, *more), inner) for more, inner in children(current)]
            waiting += reversed(inside)


def subschemas(schema: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Like `walk`, without boolean schemas."""
    return ((here, inner) for here, inner in walk(schema, place) if isinstance(inner, dict))


def patterns(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The patterns of a schema itself, with their paths."""
    if isinstance(schema.get("pattern"), str):
        yield ("pattern",), schema["pattern"]
    named = schema.get("patternProperties")
    yield from ((("patternProperties", text), text) for text in (named if isinstance(named, dict) else ()))


def shallow(schema: dict[str, Any]) -> dict[str, Any]:
    """A copy of a schema with its subschemas replaced by None."""
    return {keyword: _outline(keyword, value) for keyword, value in schema.items()}


def _outline(keyword: str, value: Any) -> Any:
    if isinstance(value, dict) and keyword in SCHEMA_TABLES:
        return {name: None if isinstance(inner, dict) else inner for name, inner in value.items()}
    if isinstance(value, list) and keyword in SCHEMA_LISTS:
        return [None if isinstance(inner, dict) else inner for inner in value]
    return None if isinstance(value, dict) and keyword in SCHEMAS else value


def _is_schema(value: object) -> bool:
    return isinstance(value, dict | bool)
