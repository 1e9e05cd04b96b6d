"""The schemas inside a schema: what keywords hold, and not what enumerations and examples do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ONE: Final = frozenset(
    {
        "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
        "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
_LISTS: Final = frozenset({"allOf", "anyOf", "items", "oneOf", "prefixItems"})
_TABLES: Final = frozenset(
    {"$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"}
)


def children(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The schemas right inside one, each with the way to it, whatever the draft."""
    for keyword, value in schema.items():
        if isinstance(value, dict) and keyword in _TABLES:
            yield from (((keyword, name), inner) for name, inner in value.items() if _is_schema(inner))
        elif isinstance(value, list) and keyword in _LISTS:
            yield from (((keyword, str(at)), inner) for at, inner in enumerate(value) if _is_schema(inner))
        elif keyword in _ONE and _is_schema(value):
            yield (keyword,), value


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


def shallow(schema: dict[str, Any]) -> dict[str, Any]:
    """What a schema says itself: a schema inside it is only there, as None."""
    return {keyword: _outline(keyword, value) for keyword, value in schema.items()}


def _outline(keyword: str, value: Any) -> Any:
    if isinstance(value, dict) and keyword in _TABLES:
        return {name: None if isinstance(inner, dict) else inner for name, inner in value.items()}
    if isinstance(value, list) and keyword in _LISTS:
        return [None if isinstance(inner, dict) else inner for inner in value]
    return None if isinstance(value, dict) and keyword in _ONE else value


def _is_schema(value: object) -> bool:
    return isinstance(value, dict | bool)
