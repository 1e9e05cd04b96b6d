"""What a schema guarantees about the values it allows: types, listed values, bounds.

A guarantee holds for every value the schema allows; it may be incomplete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.json_schema.equality import key_of
from validator.json_schema.keywords import Draft, known_in
from validator.json_schema.value_types import is_number, type_name
from validator.model import JSON_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Final

    Bound = tuple[float, bool]

NUMBERS: Final = frozenset(["integer", "fraction"])
ALL: Final = frozenset({*JSON_TYPES, "fraction"} - {"number"})


class Facts(NamedTuple):
    """Guarantees about the values that a schema allows.

    Attributes:
        types: The possible types; `fraction` is a number that is not an integer.
        values: The possible values; None if they are not listed.
    """

    types: frozenset[str]
    values: tuple[Any, ...] | None


def facts(schema: Mapping[str, Any], draft: Draft) -> Facts:
    """The guarantees of a schema."""
    types = named_types(schema)
    types = ALL if types is None else types
    values = listed(schema, draft)
    if values is None and types <= {"null", "boolean"}:
        values = (*([None] if "null" in types else []), *([True, False] if "boolean" in types else []))
    if values is not None:
        values = tuple(value for value in values if type_of(value, draft) in types)
        types = types & {type_of(value, draft) for value in values}
    return Facts(types, values)


def named_types(schema: Mapping[str, Any]) -> frozenset[str] | None:
    """The types that `type` allows; None if it is missing or invalid."""
    named = schema.get("type")
    names = [named] if isinstance(named, str) else named
    if not isinstance(names, list) or not all(isinstance(name, str) and name in JSON_TYPES for name in names):
        return None
    return frozenset(atom for name in names for atom in (NUMBERS if name == "number" else (name,)))


def listed(schema: Mapping[str, Any], draft: Draft) -> tuple[Any, ...] | None:
    """The values that `enum` and `const` allow; None if there is neither."""
    values = schema.get("enum")
    values = tuple(values) if isinstance(values, list) else None
    if "const" in schema and known_in("const", draft):
        only = key_of(schema["const"])
        if values is None:
            return (schema["const"],)
        values = tuple(value for value in values if key_of(value) == only)
    return values


def type_of(value: Any, draft: Draft) -> str:
    """The type of a value, with `fraction` for numbers that are not integers."""
    if isinstance(value, float):
        return "integer" if draft is not Draft.DRAFT_4 and value.is_integer() else "fraction"
    return type_name(value)


def lower(schema: Mapping[str, Any], draft: Draft) -> Bound | None:
    """The lower bound, and whether it is exclusive; None if there is none."""
    return _tightest(_bounds(schema, "minimum", "exclusiveMinimum", draft), max)


def upper(schema: Mapping[str, Any], draft: Draft) -> Bound | None:
    """The upper bound, and whether it is exclusive, as a lower bound of the negated numbers."""
    negative = [(-value, strict) for value, strict in _bounds(schema, "maximum", "exclusiveMaximum", draft)]
    return _tightest(negative, max)


def _bounds(schema: Mapping[str, Any], plain: str, exclusive: str, draft: Draft) -> list[Bound]:
    value, limit = schema.get(plain), schema.get(exclusive)
    if draft is Draft.DRAFT_4:
        return [(value, limit is True)] if is_number(value) else []
    pairs = ((value, False), (limit, True))
    return [(number, strict) for number, strict in pairs if is_number(number)]


def _tightest(bounds: list[Bound], pick: Callable[..., Bound]) -> Bound | None:
    return pick(bounds) if bounds else None
