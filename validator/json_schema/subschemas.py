"""The schemas inside a schema: what keywords hold, and not what enumerations and examples do.

`referencing` has `subresources_of` for each draft, but gives no way to the schemas it finds, which every message here
names, takes a sound schema for granted, and is slow to import for commands that read a plan and judge nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.json_schema.keywords import IN_PLACE, SCHEMA_LISTS, SCHEMA_TABLES, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def children(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The schemas right inside one, each with the way to it, whatever the draft."""
    for keyword, value in schema.items():
        if isinstance(value, dict) and keyword in SCHEMA_TABLES:
            yield from (((keyword, name), inner) for name, inner in value.items() if _is_schema(inner))
        elif isinstance(value, list) and keyword in SCHEMA_LISTS:
            yield from (((keyword, str(at)), inner) for at, inner in enumerate(value) if _is_schema(inner))
        elif keyword in SCHEMAS and _is_schema(value):
            yield (keyword,), value


def in_place(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Those of `children` that are about the same value as the schema they are in."""
    return ((way, inner) for way, inner in children(schema) if way[0] in IN_PLACE)


def walk(schema: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """A schema and all schemas inside it with the way to each, outer ones first, in the order of the document."""
    waiting = [(place, schema)] if _is_schema(schema) else []
    while waiting:
        here, current = waiting.pop()
        yield here, current
        if isinstance(current, dict):
            inside = [((*here, *more), inner) for more, inner in children(current)]
            waiting += reversed(inside)


def subschemas(schema: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """As `walk`, without the schemas that are only true or false."""
    return ((here, inner) for here, inner in walk(schema, place) if isinstance(inner, dict))


def patterns(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The patterns that a schema has itself, each with the way to it."""
    if isinstance(schema.get("pattern"), str):
        yield ("pattern",), schema["pattern"]
    named = schema.get("patternProperties")
    yield from ((("patternProperties", text), text) for text in (named if isinstance(named, dict) else ()))


def shallow(schema: dict[str, Any]) -> dict[str, Any]:
    """What a schema says itself: a schema inside it is only there, as None."""
    return {keyword: _outline(keyword, value) for keyword, value in schema.items()}


def _outline(keyword: str, value: Any) -> Any:
    if isinstance(value, dict) and keyword in SCHEMA_TABLES:
        return {name: None if isinstance(inner, dict) else inner for name, inner in value.items()}
    if isinstance(value, list) and keyword in SCHEMA_LISTS:
        return [None if isinstance(inner, dict) else inner for inner in value]
    return None if isinstance(value, dict) and keyword in SCHEMAS else value


def _is_schema(value: object) -> bool:
    return isinstance(value, dict | bool)
