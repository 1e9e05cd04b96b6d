"""Builds schemas of messages from lists of properties, and extracts these lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.plan.message_schema import implied, payload_key
from validator.plan.tracking_plan import DRAFT_7

if TYPE_CHECKING:
    from collections.abc import Mapping

ITEM: Final = "[]"
"""The elements of a list, in a path."""

MOST_KEYS: Final = 24
"""Longest path, in keys."""

STATUSES: Final = ("required", "recommended", "optional")


class Property(NamedTuple):
    """A property of an event.

    Attributes:
        path: The path of keys to it in the payload; ITEM for the elements of a list.
        schema: Its schema, without nested properties.
        status: `required`, `recommended` or `optional`.
    """

    path: tuple[str, ...]
    schema: dict[str, Any]
    status: str


def payload_of(properties: list[Property]) -> dict[str, Any]:
    """The schema of an object with these properties. An unlisted parent becomes an object or a list."""
    payload: dict[str, Any] = {"type": "object", "properties": {}}
    for prop in sorted(properties, key=lambda p: len(p.path)):
        _put(payload, prop)
    return payload


def place_of(path: tuple[str, ...]) -> tuple[str, ...]:
    """The place of a property in the payload's schema."""
    return tuple(key for part in path for key in (("items",) if part == ITEM else ("properties", part)))


def message_of(payload: dict[str, Any], call_type: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of the whole message for a payload; a payload with required properties is itself required."""
    key = payload_key(call_type)
    return {"$schema": DRAFT_7, **about, "type": "object", "properties": {key: payload}, **implied(payload, key)}


def properties_of(payload: Mapping[str, Any], path: tuple[str, ...] = ()) -> list[Property]:
    """The properties in the schema of an object, each before its nested ones."""
    required, recommended = payload.get("required", ()), payload.get("x-recommended", ())
    found = []
    for name, schema in payload.get("properties", {}).items():
        status = "optional" if name not in required else "recommended" if name in recommended else "required"
        found += _inside((*path, name), schema if isinstance(schema, dict) else {}, status)
    return found


def canonical(value: Any) -> Any:
    """A canonical form: sorted required names, and an explicit dialect."""
    schema = _ordered(value)
    return {"$schema": DRAFT_7, **schema} if isinstance(schema, dict) else schema


def _ordered(value: Any) -> Any:
    if isinstance(value, list):
        return [_ordered(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        key: sorted(inner) if key in ("required", "x-recommended") and _names(inner) else _ordered(inner)
        for key, inner in value.items()
    }


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _put(payload: dict[str, Any], prop: Property) -> None:
    holder = payload
    for depth, key in enumerate(prop.path[:-1]):
        if key == ITEM:
            holder = holder.setdefault("items", _empty(prop.path[depth + 1]))
        else:
            holder = holder.setdefault("properties", {}).setdefault(key, _empty(prop.path[depth + 1]))
    name = prop.path[-1]
    if name == ITEM:
        holder["items"] = {**prop.schema, **holder.get("items", {})}
        return
    properties = holder.setdefault("properties", {})
    properties[name] = {**properties.get(name, {}), **prop.schema}
    if prop.status != "optional":
        holder["required"] = [*holder.get("required", ()), name]
    if prop.status == "recommended":
        holder["x-recommended"] = [*holder.get("x-recommended", ()), name]


def _empty(inside: str) -> dict[str, Any]:
    return {"type": "array" if inside == ITEM else "object"}


def _inside(path: tuple[str, ...], schema: Mapping[str, Any], status: str) -> list[Property]:
    kept = {k: v for k, v in schema.items() if k not in ("properties", "required", "x-recommended")}
    items = schema.get("items")
    if isinstance(items, dict):
        del kept["items"]
    found = [Property(path, kept, status)]
    if isinstance(schema.get("properties"), dict):
        found += properties_of(schema, path)
    if isinstance(items, dict):
        found += _inside((*path, ITEM), items, "optional")
    return found
