"""Lowers a plan rule's JSON Schema to what the engine tests: places, presence and types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from validator.errors import PlanError
from validator.model import JSON_TYPES, Diagnostic, Severity, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from validator.plan import PlanRule

PROPERTIES = "properties"

_ANNOTATIONS = frozenset(["$schema", "$id", "$comment", "title", "description", "examples", "default"])
_OURS = frozenset(["x-event", "x-recommended", "x-property", "x-severity"])

# The engine itself reads these fields as something else than a property's place.
_RESERVED = frozenset(["type", "event", "batch"])

# No name of a field that the decoder can look for holds one of these.
_UNREADABLE = '"\\'


class Test(msgspec.Struct, frozen=True):
    """What a value must be.

    Attributes:
        types: The JSON types it may have; None for any.
        items: The JSON types its elements may have, if it is an array; None for any.
    """

    types: frozenset[str] | None
    items: frozenset[str] | None

    __test__ = False  # pytest: not a test class


class Expectation(msgspec.Struct, frozen=True):
    """One property a rule is about.

    Attributes:
        property: Its name in reports.
        places: JSON pointers with the test of a value that stands there; any place that fits will do.
        any_of: Whether the schema says so by `anyOf`; else there is one place under `/properties`.
        required: Whether its absence breaks the rule.
        recommended: Whether its absence is only a recommendation not followed.
        severity: How bad a wrong type is.
    """

    property: str
    places: tuple[tuple[str, Test], ...]
    any_of: bool
    required: bool
    recommended: bool
    severity: Severity


class LoweredRule(msgspec.Struct, frozen=True):
    """A plan rule as the engine judges it.

    Attributes:
        type: The call type in lower case.
        key: The event name of a track rule; None: every call of the type.
        event: The name reports use.
        object_required: Whether `/properties` must be an object if it is there.
        payload_required: Whether `/properties` must be there.
        payload_recommended: Whether its absence is only a recommendation not followed.
        expectations: The properties.
    """

    type: str
    key: str | None
    event: str
    object_required: bool
    payload_required: bool
    payload_recommended: bool
    expectations: tuple[Expectation, ...]


def lower(rule: PlanRule, plan: str) -> LoweredRule:
    """Lowers one rule.

    Args:
        rule: The plan rule.
        plan: What its plan is called, for diagnostics.

    Raises:
        PlanError: The schema asks for something that the engine cannot test.
    """
    return _Lowering(rule, plan).lowered()


class _Lowering:
    def __init__(self, rule: PlanRule, plan: str) -> None:
        self.rule = rule
        self.plan = plan

    def lowered(self) -> LoweredRule:
        rule, schema = self.rule, self.rule.schema
        if rule.type not in {"TRACK", "PAGE", "SCREEN"} or (rule.key is None) == (rule.type == "TRACK"):
            raise self.refused(f"a {rule.type} rule {'with' if rule.key else 'without'} a key")
        self.only(schema, {"type", "properties", "required", "allOf"}, "the message")
        if schema.get("type", "object") != "object":
            raise self.refused("a message that is no object")
        fields = self.mapping(schema.get("properties", {}), "properties")
        self.only(fields, {PROPERTIES}, "the message's fields")
        payload = self.mapping(fields.get(PROPERTIES, {}), "properties")
        self.only(payload, {"type", "properties", "required"}, "`properties`")
        required = self.names(schema.get("required", []))
        if set(required) - {PROPERTIES}:
            raise self.refused(f"required fields other than `{PROPERTIES}`")
        return LoweredRule(
            type=rule.type.lower(),
            key=rule.key,
            event=str(schema.get("x-event", rule.key or rule.type.capitalize())),
            object_required=self.types(payload) == frozenset(["object"]),
            payload_required=bool(required),
            payload_recommended=PROPERTIES in self.names(schema.get("x-recommended", [])),
            expectations=(*self.fixed(payload), *map(self.movable, schema.get("allOf", []))),
        )

    def fixed(self, payload: Mapping[str, Any]) -> Iterable[Expectation]:
        """The properties that stand under `/properties`."""
        if payload.get("type", "object") != "object":
            raise self.refused("`properties` of another type than object")
        required = self.names(payload.get("required", []))
        recommended = self.names(payload.get("x-recommended", []))
        schemas = self.mapping(payload.get("properties", {}), "properties")
        for name in dict.fromkeys([*schemas, *required]):
            schema = self.mapping(schemas.get(name, {}), name)
            yield Expectation(
                property=name,
                places=((pointer(PROPERTIES, name), self.test(schema)),),
                any_of=False,
                required=name in required,
                recommended=name in recommended,
                severity=self.severity(schema),
            )

    def movable(self, schema: Any) -> Expectation:
        """A property that may stand in several places."""
        schema = self.mapping(schema, "allOf")
        self.only(schema, {"anyOf"}, "an `allOf` branch")
        if "x-property" not in schema or not schema.get("anyOf"):
            raise self.refused("`allOf` of anything but places marked `x-property`")
        name = str(schema["x-property"])
        return Expectation(
            property=name,
            places=tuple(self.place(place) for place in schema["anyOf"]),
            any_of=True,
            required=True,
            recommended=name in self.names(schema.get("x-recommended", [])),
            severity=self.severity(schema),
        )

    def place(self, schema: Any) -> tuple[str, Test]:
        """Reads `{properties: {key: ...}, required: [key]}`, nested once under `properties`."""
        keys: list[str] = []
        while True:
            schema = self.mapping(schema, "anyOf")
            required = self.names(schema.get("required", []))
            if not required:
                break
            self.only(schema, {"type", "properties", "required"}, "a place")
            fields = self.mapping(schema.get("properties", {}), "properties")
            if list(fields) != required or len(fields) != 1 or schema.get("type", "object") != "object":
                raise self.refused("a place with more than one field")
            keys.append(required[0])
            schema = fields[required[0]]
        below = keys[0] == PROPERTIES if keys else False
        if len(keys) != 1 + below:
            raise self.refused("a place that is neither `/field` nor `/properties/field`")
        if keys[0] in _RESERVED or any(c in _UNREADABLE or c < " " for c in keys[0]):
            raise self.refused(f"the place `/{keys[0]}`, which is no field that a property can stand in")
        return pointer(*keys), self.test(schema)

    def test(self, schema: Mapping[str, Any]) -> Test:
        self.only(schema, {"type", "items"}, "a property")
        items = schema.get("items")
        if items is None:
            return Test(self.types(schema), None)
        items = self.mapping(items, "items")
        self.only(items, {"type"}, "`items`")
        return Test(self.types(schema), self.types(items))

    def types(self, schema: Mapping[str, Any]) -> frozenset[str] | None:
        if "type" not in schema:
            return None
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if unknown := [t for t in types if t not in JSON_TYPES]:
            raise self.refused(f"the type {unknown[0]!r}")
        return frozenset(types)

    def severity(self, schema: Mapping[str, Any]) -> Severity:
        return Severity(schema.get("x-severity", Severity.ERROR))

    def names(self, value: Any) -> list[str]:
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return value
        raise self.refused("a list of names that is something else")

    def mapping(self, value: Any, where: str) -> Mapping[str, Any]:
        if isinstance(value, dict):
            return value
        raise self.refused(f"`{where}` that is no object")

    def only(self, schema: Mapping[str, Any], known: set[str], where: str) -> None:
        unknown = sorted(set(schema) - known - _ANNOTATIONS - _OURS)
        if unknown:
            raise self.refused(f"`{unknown[0]}` in {where}")

    def refused(self, what: str) -> PlanError:
        name = self.rule.key or self.rule.type
        message = f"the rule {name!r} uses {what}, which uclint cannot check yet"
        return PlanError([Diagnostic("PL609", self.plan, 0, 0, message, "Leave it out, or check it with jsonschema.")])
