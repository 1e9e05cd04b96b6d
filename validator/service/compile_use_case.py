"""Compiles a use case to its tracking plan: JSON Schema (draft-07) that any tool can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.catalog.model import CallMatch
from validator.catalog.own_names import Names
from validator.model import pointer, pointer_keys
from validator.plan import DRAFT_7, PlanRule, TrackingPlan

if TYPE_CHECKING:
    from validator.catalog import Event, EventUse, Property, UseCase


def compile_use_case(use_case: UseCase, names: Names | None = None) -> TrackingPlan:
    """Makes a plan rule for each event and each call type that counts as it.

    Args:
        use_case: The use case.
        names: The team's own names: a track call of such a name counts as the event, likewise a property.
    """
    names = names or Names()
    rules = tuple(
        _rule(use, match, key, names)
        for use in use_case.events
        for match, key in _kinds(use.event, names.of_event(use.event.name))
    )
    return TrackingPlan(id=use_case.id, name=use_case.name, rules=rules, vetted=True)


def message_schema(plan: TrackingPlan) -> dict[str, Any]:
    """One JSON Schema for any message: an if/then for each rule of the plan."""
    return {
        "$schema": DRAFT_7,
        "title": plan.name,
        "type": "object",
        "allOf": [{"if": _applies(rule), "then": _without_dialect(rule)} for rule in plan.rules],
    }


def _applies(rule: PlanRule) -> dict[str, Any]:
    """The messages a rule applies to. Call types are compared ignoring ASCII case."""
    letters = "".join(f"[{c.upper()}{c.lower()}]" for c in rule.type)
    properties: dict[str, Any] = {"type": {"type": "string", "pattern": f"^{letters}$", "maxLength": len(rule.type)}}
    if rule.key is not None:
        properties["event"] = {"const": rule.key}
    return {"properties": properties, "required": list(properties)}


def _without_dialect(rule: PlanRule) -> dict[str, Any]:
    return {k: v for k, v in rule.schema.items() if k != "$schema"}


def _kinds(event: Event, own: tuple[str, ...]) -> list[tuple[CallMatch, str | None]]:
    """The call types that count as an event, each with the event's name in track calls."""
    track = next((match for match in event.calls if match.type == "track"), CallMatch("track", {}))
    kinds = [(match, event.name if match is track else None) for match in event.calls]
    return [*kinds, *((track, name) for name in own)]


def _rule(use: EventUse, match: CallMatch, key: str | None, names: Names) -> PlanRule:
    event = use.event
    own = {p.name: names.of_property(event.name, p.name) for p in event.properties}
    places = {p.name: _places(event.places(match, p.name), own[p.name]) for p in event.properties}
    recommended = [event.property(name) for name in use.recommended]
    movable = [p for p in recommended if places[p.name] != (_usual_place(p),)]
    fixed = [p for p in event.properties if event.places(match, p.name) == (_usual_place(p),) and p not in movable]
    wanted = [p.name for p in fixed if p.name in use.recommended]
    known = {name: _property(p) for p in fixed for name in (p.name, *own[p.name])}
    payload: dict[str, Any] = {"type": "object", "properties": known}
    schema: dict[str, Any] = {
        "$schema": DRAFT_7,
        "title": event.name,
        "description": event.about,
        "x-event": event.name,
        "type": "object",
        "properties": {"properties": payload | _required(wanted)},
        **_required(["properties"] if wanted else []),
    }
    if movable:
        schema["allOf"] = [_any_place(p, places[p.name]) for p in movable]
    return PlanRule(type=match.type.upper(), key=key, schema=schema)


def _places(usual: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """The places of a property, first those of the team's own names."""
    return (*(pointer("properties", name) for name in own), *usual)


def _required(names: list[str]) -> dict[str, Any]:
    return {"required": names, "x-recommended": names} if names else {}


def _usual_place(prop: Property) -> str:
    return pointer("properties", prop.name)


def _property(prop: Property) -> dict[str, Any]:
    return {"description": prop.about, **_type(prop), **_provenance(prop)}


def _type(prop: Property) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": prop.types[0] if len(prop.types) == 1 else list(prop.types)}
    if prop.items is not None:
        schema["items"] = {"type": prop.items[0] if len(prop.items) == 1 else list(prop.items)}
    return schema


def _provenance(prop: Property) -> dict[str, Any]:
    """A type that no Segment spec states is uclint's choice, so a wrong one is only a warning."""
    if prop.spec is None:
        return {"$comment": "No Segment spec states this type; it is uclint's choice.", "x-severity": "warning"}
    return {"$comment": f"The type is stated by Segment's spec: {prop.spec}."}


def _any_place(prop: Property, places: tuple[str, ...]) -> dict[str, Any]:
    return {
        "description": prop.about,
        "x-property": prop.name,
        "x-recommended": [prop.name],
        **_provenance(prop),
        "anyOf": [_at(place, _type(prop)) for place in places],
    }


def _at(place: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that holds if there is a value at a JSON pointer and it matches."""
    for key in reversed(pointer_keys(place)):
        schema = {"type": "object", "properties": {key: schema}, "required": [key]}
    return schema
