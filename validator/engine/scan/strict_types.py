"""Types of a strict decoder: what they accept is fine with all plans; what they reject may still be fine."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import msgspec

from validator.engine.compile.tables import PYTHON_TYPES
from validator.engine.compile.value_checks import INTEGER, ITEMS
from validator.engine.decode.call import UNSET, Skipped
from validator.model import JSON_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from validator.engine.compile.place_checks import PlaceChecks, TypeChecks
    from validator.engine.compile.value_checks import ValueCheck

    Tests = tuple[Callable[[Any], bool], ...]

_PLAIN: Mapping[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": None,
    "object": Skipped,
    "array": list[Any],
}

_BOUNDS = {"minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt"}

# Below this, comparing with a whole bound gives the same result for integers and floats.
_EXACT = 2**53

# Longer enumerations are tested after decoding.
_MOST_MEMBERS = 500


class StrictType(NamedTuple):
    """The type of a value, and the tests that it does not cover.

    Attributes:
        type: The type.
        tests: Python type -> tests that its decoded values must still pass.
        nested: Whether it replaces the evaluator, which is right only for texts that need few enough steps.
    """

    type: Any
    tests: Mapping[type, Tests] = {}
    nested: bool = False


@lru_cache(maxsize=4_096)
def strict_type(fitting: frozenset[str], checks: PlaceChecks) -> StrictType | None:
    """The type of the values that are fine at a place; None if there is none.

    Args:
        fitting: The JSON types that are fine, apart from value checks.
        checks: The value checks.
    """
    decided = [t for t in JSON_TYPES if t in fitting and t in checks.decided]
    fine = tuple(t for t in JSON_TYPES if t in fitting and t not in decided)
    if not decided:
        return _of_types(fine)
    kinds: list[Any] = []
    tests: dict[type, Tests] = {}
    nested = False
    if (bounded := _bounded(checks, decided)) is not None:
        kinds.append(bounded)
        decided = [t for t in decided if t not in ("integer", "number")]
    for json_type in decided:
        python = PYTHON_TYPES[json_type][0]
        of_type = checks.of_type(python)
        if of_type.settled or any(check.keyword == INTEGER for check, _ in of_type.tests):
            continue  # whole numbers with a fraction are rare
        made = _decided(json_type, of_type)
        if made is None:
            continue
        nested = nested or made.nested
        kinds.append(made.type)
        tests.update(made.tests)
    if fine:
        kinds.append(plain_type(fine))
    return StrictType(_union(kinds), tests, nested) if kinds else None


@lru_cache(maxsize=256)
def _of_types(json_types: tuple[str, ...]) -> StrictType | None:
    """The type of all values of some JSON types."""
    if len(json_types) == len(JSON_TYPES):
        return StrictType(msgspec.Raw)
    return StrictType(plain_type(json_types)) if json_types else None


def plain_type(json_types: Iterable[str]) -> Any:
    """The type of all values of some JSON types, at least one."""
    names = dict.fromkeys(json_types)
    if "number" in names:
        names.pop("integer", None)  # the other takes both
    return _union([_PLAIN[name] for name in names])


def _union(kinds: list[Any]) -> Any:
    union = kinds[0]
    for kind in kinds[1:]:
        union = union | kind
    return union


def _bounded(checks: PlaceChecks, decided: Iterable[str]) -> Any:
    """The type of numbers with bounds only, the same ones for integers and fractions."""
    if "integer" not in decided or "number" not in decided:
        return None
    integers, numbers = (checks.of_type(python) for python in (int, float))
    if integers.settled or numbers.settled or integers.schemas or numbers.schemas:
        return None
    bounds = [check for check, _ in integers.tests]
    if [check for check, _ in numbers.tests] != bounds:
        return None
    return _within("number", [(check.keyword, check.argument) for check in bounds])


def _within(json_type: str, keywords: Iterable[tuple[str, Any]]) -> Any:
    """The type of numbers within bounds; None if there are other keywords, or a bound exceeds floats."""
    limits: dict[str, Any] = {}
    for keyword, argument in keywords:
        limit = _BOUNDS.get(keyword)
        exact = type(argument) is int or (type(argument) is float and json_type == "number")
        if limit is None or limit in limits or not exact or not abs(argument) < _EXACT:
            return None
        limits[limit] = argument
    if not limits or {"ge", "gt"} <= limits.keys() or {"le", "lt"} <= limits.keys():
        return None
    number: Any = int if json_type == "integer" else float
    return Annotated[number, msgspec.Meta(**limits)]


def _decided(json_type: str, checks: TypeChecks) -> StrictType | None:
    """The type of values of a JSON type that must pass checks; None if only the evaluator can decide."""
    python = PYTHON_TYPES[json_type][0]
    if not checks.schemas and len(checks.tests) == 1:
        ((check, _),) = checks.tests
        if (quick := _quick(json_type, check)) is not None:
            return StrictType(quick)
    if not checks.tests and len(checks.schemas) == 1:
        check = checks.schemas[0]
        schema, elsewhere = check.argument[:2]
        if elsewhere is None and (nested := nested_type(schema, json_type)) is not None:
            return StrictType(nested, nested=True)
    if checks.schemas:
        return None
    tests = tuple(test for _, test in checks.tests)
    if json_type == "object":
        return StrictType(dict[str, Any], {dict: tests})
    return StrictType(_PLAIN[json_type], {python: tests})


def _quick(json_type: str, check: ValueCheck) -> Any:
    """The type of values that pass one check, if a decoder can decide that."""
    if check.keyword in ("enum", "const") and json_type == "string":
        texts = check.members.texts
        return Literal[tuple(sorted(texts))] if len(texts) <= _MOST_MEMBERS else None
    if check.keyword == ITEMS and json_type == "array":
        return _items(check.argument)
    if json_type in ("integer", "number"):
        return _within(json_type, [(check.keyword, check.argument)])
    return None


def _items(types: Iterable[str]) -> Any:
    names = sorted(types)
    return list[plain_type(names)] if names and "array" not in names else None  # type: ignore[misc]


def nested_type(schema: Any, json_type: str) -> Any:
    """The type of objects or arrays that fit a plain schema: types, properties, required ones, elements, texts.

    Args:
        schema: The schema, without references.
        json_type: The JSON type of the values; keywords for other types do not matter.

    Returns:
        The type; None if the schema requires more than a type can express.
    """
    if not isinstance(schema, dict):
        return None
    keywords = {keyword: value for keyword, value in schema.items() if not keyword.startswith("x-")}
    for keyword in ("title", "description", "examples", "default", "$comment", "type"):
        keywords.pop(keyword, None)
    if json_type == "object":
        return _object(keywords)
    if json_type == "array":
        items = keywords.pop("items", None)
        inner = None if keywords or not isinstance(items, dict) else _value(items)
        return None if inner is None else list[inner]  # type: ignore[valid-type]
    return None


def _object(keywords: dict[str, Any]) -> Any:
    properties, required = keywords.pop("properties", {}), keywords.pop("required", [])
    closed = keywords.pop("additionalProperties", True)
    if keywords or closed not in (True, False) or not isinstance(properties, dict) or not isinstance(required, list):
        return None
    if not closed and not set(required) <= properties.keys():
        return None  # a required key is not allowed: nothing fits
    fields: list[Any] = []
    rename: dict[str, str] = {}
    for number, key in enumerate(dict.fromkeys([*properties, *required])):
        inner = msgspec.Raw if (sub := properties.get(key, {})) in (True, {}) else _value(sub)
        if inner is None:
            return None
        attribute = f"key_{number}"
        rename[attribute] = key
        fields.append((attribute, inner) if key in required else (attribute, inner | msgspec.UnsetType, UNSET))
    try:
        return msgspec.defstruct(
            "Nested", fields, rename=rename, gc=False, eq=False, kw_only=True, forbid_unknown_fields=closed is False
        )
    except (TypeError, ValueError):  # a name that no decoder can look for
        return None


def _value(schema: Any) -> Any:
    """The type of values that fit a schema that names one type."""
    if not isinstance(schema, dict) or not isinstance(schema.get("type"), str):
        return None
    json_type = schema["type"]
    if json_type in ("object", "array"):
        return _PLAIN[json_type] if set(schema) <= {"type", "description"} else nested_type(schema, json_type)
    keywords = {k: v for k, v in schema.items() if k not in ("type", "title", "description", "examples", "$comment")}
    if json_type == "string" and set(keywords) == {"enum"} and all(type(member) is str for member in keywords["enum"]):
        return Literal[tuple(keywords["enum"])] if keywords["enum"] else None
    if json_type in ("number", "integer") and keywords:
        return _within(json_type, keywords.items())
    if any(not keyword.startswith("x-") for keyword in keywords):
        return None
    return _PLAIN.get(json_type)
