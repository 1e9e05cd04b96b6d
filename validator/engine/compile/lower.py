"""Lowers a plan rule's JSON Schema to tests of the engine.

Presence and types go into the tables, single values get quick checks. The rest becomes a check by the whole
(sub)schema, which is equally correct, but slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.compile.known_properties import planned_keys
from validator.engine.compile.lowered_rule import PROPERTIES, Expectation, LoweredRule, Test
from validator.engine.compile.rule_schema import RuleSchema, names
from validator.errors import SchemaError
from validator.model import Severity, pointer
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.engine.compile.value_checks import ValueCheck
    from validator.json_schema.evaluator import Path
    from validator.plan import PlanRule

# The engine uses these fields itself, so they cannot be places of properties.
_RESERVED = frozenset(["type", "event", "batch"])

# Characters in field names that the decoder cannot handle.
_UNREADABLE = '"\\'


def lower(rule: PlanRule, *, documents: Mapping[str, Any] | None = None, formats: bool = True) -> LoweredRule:
    """Lowers one rule.

    Args:
        rule: The plan rule.
        documents: Schemas by URI that it may refer to.
        formats: Whether `format` is checked.

    Raises:
        SchemaError: The schema requires something that cannot be tested.
    """
    return _Lowering(rule, documents or {}, formats=formats).lowered()


class _Lowering:
    def __init__(self, rule: PlanRule, documents: Mapping[str, Any], *, formats: bool) -> None:
        self.rule = rule
        self.schema = RuleSchema(rule.schema, documents, formats=formats)
        self.checks: list[ValueCheck] = []

    def lowered(self) -> LoweredRule:
        rule, schema = self.rule, self.rule.schema
        payload: Any = {}
        expectations: list[Expectation] = []
        needed: set[str] = set()
        named: Any = rule.key or rule.type.capitalize()
        if isinstance(schema, dict) and self.schema.apart(schema) and not self.schema.resources(schema):
            named = schema.get("x-event", named)
            expectations += self.message(schema, needed)
            payload = schema.get("properties", {}).get(PROPERTIES, {})
        elif self.schema.keywords(schema):
            self.whole("", schema, ())
        found = _Payload(self, payload)
        recommended = _recommended(schema)
        return LoweredRule(
            type=rule.type.lower(),
            key=rule.key,
            version=rule.version,
            event=str(named),
            payload_types=found.types,
            payload_required=PROPERTIES in needed,
            payload_recommended=PROPERTIES in recommended,
            known=found.known,
            planned=planned_keys(schema, self.schema.evaluates()),
            expectations=(*found.expectations, *expectations),
            checks=tuple(self.checks),
        )

    # The message.

    def message(self, schema: Mapping[str, Any], needed: set[str]) -> Iterator[Expectation]:
        """The fields of the message besides `properties`; the rest becomes a check of the whole."""
        rest = dict(schema)
        if "type" in schema and "object" in names(schema["type"]):
            rest.pop("type")
        fields = rest.pop("properties", {}) if isinstance(schema.get("properties"), dict) else {}
        required = rest.pop("required", [])
        slow = {name: sub for name, sub in fields.items() if name != PROPERTIES and not self.readable(name, sub)}
        missing = [name for name in required if not self.certain(name) and _unreadable(name)]
        needed.update(name for name in required if name == PROPERTIES)
        movable = [sub for sub in schema.get("allOf", ()) if self.moves(sub)]
        if movable:
            rest["allOf"] = [sub for sub in schema["allOf"] if sub not in movable]
            if not rest["allOf"]:
                rest.pop("allOf")
        rest |= ({"properties": slow} if slow else {}) | ({"required": missing} if missing else {})
        if self.schema.keywords(rest):
            if "additionalProperties" in rest:
                rest["properties"] = {name: {} for name in fields} | slow
            self.whole("", rest, ())
        recommended = _recommended(schema)
        wanted = [n for n in required if n != PROPERTIES and not _unreadable(n) and not self.certain(n)]
        for name in dict.fromkeys([*fields, *wanted]):
            if name == PROPERTIES or name in slow or _unreadable(name):
                continue
            sub = fields.get(name, {})
            if name in wanted or self.schema.keywords(sub):
                yield self.fixed("", name, sub, ("properties", name), wanted, recommended)
        for sub in movable:
            yield self.movable(sub)

    def certain(self, name: str) -> bool:
        """Whether each call routed to the rule has the field."""
        rule = self.rule
        return rule.type != "COMMON" if name == "type" else name == "event" and rule.type == "TRACK" and bool(rule.key)

    def readable(self, name: str, sub: Any) -> bool:
        """Whether the decoder can read a field, or every call routed here meets its test."""
        if not _unreadable(name):
            return True
        rule = self.rule
        if not isinstance(sub, dict) or name == "batch":
            return not self.schema.keywords(sub)
        asked = {k: v for k, v in sub.items() if k in self.schema.dialect.keywords}
        if name == "event" and self.certain(name):
            if rule.key in names(asked.get("enum", [rule.key])):
                asked.pop("enum", None)
            if asked.get("const") == rule.key:
                asked.pop("const")
        if self.certain(name) and "string" in names(asked.get("type", "string")):
            asked.pop("type", None)
        return not asked

    def fixed(
        self, holder: str, name: str, schema: Any, where: Path, required: list[str], recommended: list[str]
    ) -> Expectation:
        """A property with one place."""
        place = holder + pointer(name)
        return Expectation(
            property=name,
            holder=holder,
            places=((place, self.schema.test(place, schema, where)),),
            any_of=False,
            required=name in required,
            recommended=name in recommended,
            severity=_severity(schema),
        )

    def moves(self, schema: Any) -> bool:
        """Whether a schema has the form that gives the places of one property."""
        if not isinstance(schema, dict) or not isinstance(schema.get("x-property"), str):
            return False
        branches = schema.get("anyOf")
        return (
            self.schema.keywords(schema) == ["anyOf"]
            and isinstance(branches, list)
            and all(map(self.is_place, branches))
        )

    def is_place(self, schema: Any, *, inside: bool = False) -> bool:
        """Whether a schema is `{type: object, properties: {key: ...}, required: [key]}`, once or twice."""
        if set(self.schema.keywords(schema)) - {"type"} != {"properties", "required"} or schema.get("type") != "object":
            return False
        fields, required = schema["properties"], schema["required"]
        if list(fields) != required:
            return False
        return inside or required != [PROPERTIES] or self.is_place(fields[PROPERTIES], inside=True)

    def movable(self, schema: Mapping[str, Any]) -> Expectation:
        """A property with several places."""
        name = str(schema["x-property"])
        return Expectation(
            property=name,
            holder="",
            places=tuple(self.place(branch) for branch in schema["anyOf"]),
            any_of=True,
            required=True,
            recommended=name in _recommended(schema),
            severity=_severity(schema),
        )

    def place(self, schema: Any) -> tuple[str, Test]:
        """Reads `{properties: {key: ...}, required: [key]}`, nested once under `properties`."""
        keys: list[str] = []
        while not keys or keys == [PROPERTIES]:
            keys += schema["required"]
            schema = schema["properties"][keys[-1]]
        if _unreadable(keys[0]):
            raise SchemaError(
                Code.NOT_CHECKABLE,
                ("allOf",),
                f"the place `/{keys[0]}`, which is no field that a property can stand in",
                "Name another place.",
            )
        place = pointer(*keys)
        return place, self.schema.test(place, schema, ())

    def whole(self, place: str, schema: Any, where: Path) -> None:
        """Adds a check of the whole message, or of `/properties`."""
        self.checks.append(self.schema.check(place, schema, where))


class _Payload:
    """Lowers what a rule requires of `/properties`."""

    def __init__(self, lowering: _Lowering, schema: Any) -> None:
        self.types: frozenset[str] | None = None
        self.known: frozenset[str] | None = None
        self.expectations: tuple[Expectation, ...] = ()
        where: Path = ("properties", PROPERTIES)
        if schema is True:
            return
        if not isinstance(schema, dict) or not lowering.schema.apart(schema):
            lowering.whole(pointer(PROPERTIES), schema, where)
            return
        rest = dict(schema)
        if "type" in rest and not {"integer"} <= set(names(rest["type"])):
            self.types = frozenset(names(rest.pop("type")))
        schemas, required = rest.pop("properties", {}), rest.pop("required", [])
        if rest.get("additionalProperties") is False and "patternProperties" not in rest:
            self.known = frozenset(schemas)
            rest.pop("additionalProperties")
        if lowering.schema.keywords(rest):
            if "additionalProperties" in rest:
                rest["properties"] = {name: {} for name in schemas}
            lowering.whole(pointer(PROPERTIES), rest, where)
        recommended = _recommended(schema)
        self.expectations = tuple(
            lowering.fixed(
                pointer(PROPERTIES), name, schemas.get(name, {}), (*where, "properties", name), required, recommended
            )
            for name in dict.fromkeys([*schemas, *required])
        )


def _recommended(schema: Any) -> list[str]:
    """The properties that are only recommended."""
    found = schema.get("x-recommended") if isinstance(schema, dict) else None
    return found if isinstance(found, list) else []


def _unreadable(name: str) -> bool:
    return name in _RESERVED or any(c in _UNREADABLE or c < " " for c in name)


def _severity(schema: Any) -> Severity:
    value = schema.get("x-severity") if isinstance(schema, dict) else None
    return next((severity for severity in Severity if severity.value == value), Severity.ERROR)
