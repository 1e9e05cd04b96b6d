"""The schemas inside a schema: what keywords hold, and not what enumerations and examples do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def subschemas(schema: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """A schema and all schemas inside it, with the way to each; boolean ones are left out."""
    waiting = [(place, schema)] if isinstance(schema, dict) else []
    while waiting:
        here, current = waiting.pop()
        yield here, current
        for keyword, value in current.items():
            if isinstance(value, dict):
                if keyword in _TABLES:
                    waiting += [((*here, keyword, k), v) for k, v in value.items() if isinstance(v, dict)]
                elif keyword in _ONE:
                    waiting.append(((*here, keyword), value))
            elif isinstance(value, list) and keyword in _LISTS:
                waiting += [((*here, keyword, str(i)), v) for i, v in enumerate(value) if isinstance(v, dict)]


def shallow(schema: dict[str, Any]) -> dict[str, Any]:
    """What a schema says itself: a schema inside it is only there, as None."""
    return {keyword: _outline(keyword, value) for keyword, value in schema.items()}


def _outline(keyword: str, value: Any) -> Any:
    if isinstance(value, dict) and keyword in _TABLES:
        return {name: None if isinstance(inner, dict) else inner for name, inner in value.items()}
    if isinstance(value, list) and keyword in _LISTS:
        return [None if isinstance(inner, dict) else inner for inner in value]
    return None if isinstance(value, dict) and keyword in _ONE else value
