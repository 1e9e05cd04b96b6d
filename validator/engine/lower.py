"""Lowers a plan rule's JSON Schema to what the engine tests.

Presence and types are told by a call's shape, single values by quick checks. What is neither goes, as it stands, to a
check by the whole (sub)schema, which is as right, only slower.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from validator.engine.checks import EVERYTHING, INTEGER, ITEMS, LISTS, OBJECTS, SCHEMA, ValueCheck
from validator.engine.planned import planned_keys
from validator.engine.schema.dialect import dialect_of
from validator.engine.schema.documents import Documents
from validator.engine.schema.evaluator import REFERENCES, Evaluator
from validator.errors import SchemaError
from validator.model import Severity, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.engine.schema.evaluator import Path
    from validator.plan import PlanRule

PROPERTIES = "properties"

# The engine itself reads these fields as something else than a property's place.
_RESERVED = frozenset(["type", "event", "batch"])

# No name of a field that the decoder can look for holds one of these.
_UNREADABLE = '"\\'

# Keywords whose check is a quick one, of values of one type.
_QUICK = frozenset([
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "minItems", "maxItems"),
])  # fmt: skip
_OF_OBJECTS = frozenset([
    *("properties", "patternProperties", "additionalProperties", "propertyNames", "minProperties", "maxProperties"),
    *("required", "dependencies", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
])  # fmt: skip
_OF_LISTS = frozenset(["items", "additionalItems", "prefixItems", "contains", "uniqueItems", "unevaluatedItems"])

# Where one of these stands, what stands beside it cannot be judged apart.
_TOGETHER = ("unevaluatedProperties", "unevaluatedItems")


class Test(msgspec.Struct, frozen=True):
    """What a value must be.

    Attributes:
        types: The JSON types it may have; None for any.
        checks: What else it must pass.
    """

    types: frozenset[str] | None
    checks: tuple[ValueCheck, ...]

    __test__ = False  # pytest: not a test class

    @property
    def items(self) -> frozenset[str] | None:
        """The JSON types its elements may have, if that is a quick check."""
        return next((frozenset(check.argument) for check in self.checks if check.keyword == ITEMS), None)


class Expectation(msgspec.Struct, frozen=True):
    """One property (or other field of the message) a rule is about.

    Attributes:
        property: Its name in reports.
        holder: JSON pointer of the object it belongs to: `/properties`, or the message.
        places: JSON pointers with the test of a value that stands there; any place that fits will do.
        any_of: Whether the schema says so by `anyOf`; else there is one place.
        required: Whether its absence breaks the rule.
        recommended: Whether its absence is only a recommendation not followed.
        severity: How bad a wrong value is.
    """

    property: str
    holder: str
    places: tuple[tuple[str, Test], ...]
    any_of: bool
    required: bool
    recommended: bool
    severity: Severity


class LoweredRule(msgspec.Struct, frozen=True):
    """A plan rule as the engine judges it.

    Attributes:
        type: The call type in lower case, or `common`.
        key: The event or page name; None: every call of the type.
        version: Its version.
        event: The name reports use.
        payload_types: The JSON types that `/properties` may have if it is there; None for any.
        payload_required: Whether `/properties` must be there.
        payload_recommended: Whether its absence is only a recommendation not followed.
        known: The only keys that `/properties` may have; None for any.
        planned: The keys under `/properties` that the rule names; None if it says what all others must be.
        expectations: The properties.
        checks: What is judged by a whole schema, at the message or at `/properties`.
    """

    type: str
    key: str | None
    version: int
    event: str
    payload_types: frozenset[str] | None
    payload_required: bool
    payload_recommended: bool
    known: frozenset[str] | None
    planned: frozenset[str] | None
    expectations: tuple[Expectation, ...]
    checks: tuple[ValueCheck, ...]


def lower(rule: PlanRule, *, documents: Mapping[str, Any] | None = None, formats: bool = True) -> LoweredRule:
    """Lowers one rule.

    Args:
        rule: The plan rule.
        documents: Schemas by URI that it may refer to.
        formats: Whether `format` is checked.

    Raises:
        SchemaError: The schema asks for something that cannot be tested.
    """
    return _Lowering(rule, documents or {}, formats=formats).lowered()


class _Lowering:
    def __init__(self, rule: PlanRule, documents: Mapping[str, Any], *, formats: bool) -> None:
        self.rule = rule
        self.dialect = dialect_of(rule.schema, documents)
        self.formats = formats
        self.text = json.dumps(rule.schema, sort_keys=True, default=str)
        self.documents = Documents.of(documents)
        self.evaluator: Evaluator | None = None
        self.checks: list[ValueCheck] = []
        self.refers = any(f'"{keyword}"' in self.text for keyword in REFERENCES)

    def lowered(self) -> LoweredRule:
        rule, schema = self.rule, self.rule.schema
        payload: Any = {}
        expectations: list[Expectation] = []
        needed: set[str] = set()
        named: Any = rule.key or rule.type.capitalize()
        if isinstance(schema, dict) and self.apart(schema) and not self.resources(schema):
            named = schema.get("x-event", named)
            expectations += self.message(schema, needed)
            payload = schema.get("properties", {}).get(PROPERTIES, {})
        elif self.keywords(schema):
            self.whole("", schema, ())
        found = _Payload(self, payload)
        recommended = self.recommended(schema)
        return LoweredRule(
            type=rule.type.lower(),
            key=rule.key,
            version=rule.version,
            event=str(named),
            payload_types=found.types,
            payload_required=PROPERTIES in needed,
            payload_recommended=PROPERTIES in recommended,
            known=found.known,
            planned=planned_keys(schema, self.evaluates()),
            expectations=(*found.expectations, *expectations),
            checks=tuple(self.checks),
        )

    # The message.

    def message(self, schema: Mapping[str, Any], needed: set[str]) -> Iterator[Expectation]:
        """The fields of the message besides `properties`; the rest is left to a check of the whole."""
        rest = dict(schema)
        if "type" in schema and "object" in _names(schema["type"]):
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
        if self.keywords(rest):
            if "additionalProperties" in rest:
                rest["properties"] = {name: {} for name in fields} | slow
            self.whole("", rest, ())
        recommended = self.recommended(schema)
        wanted = [n for n in required if n != PROPERTIES and not _unreadable(n) and not self.certain(n)]
        for name in dict.fromkeys([*fields, *wanted]):
            if name == PROPERTIES or name in slow or _unreadable(name):
                continue
            sub = fields.get(name, {})
            if name in wanted or self.keywords(sub):
                yield self.fixed("", name, sub, ("properties", name), wanted, recommended)
        for sub in movable:
            yield self.movable(sub)

    def certain(self, name: str) -> bool:
        """Whether each call that comes to the rule has the field."""
        rule = self.rule
        return rule.type != "COMMON" if name == "type" else name == "event" and rule.type == "TRACK" and bool(rule.key)

    def readable(self, name: str, sub: Any) -> bool:
        """Whether the decoder can look for a field, or what is asked of it holds for each call that comes here."""
        if not _unreadable(name):
            return True
        rule = self.rule
        if not isinstance(sub, dict) or name == "batch":
            return not self.keywords(sub)
        asked = {k: v for k, v in sub.items() if k in self.dialect.keywords}
        if name == "event" and self.certain(name):
            if rule.key in _names(asked.get("enum", [rule.key])):
                asked.pop("enum", None)
            if asked.get("const") == rule.key:
                asked.pop("const")
        if self.certain(name) and "string" in _names(asked.get("type", "string")):
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
            places=((place, self.test(place, schema, where)),),
            any_of=False,
            required=name in required,
            recommended=name in recommended,
            severity=_severity(schema),
        )

    def moves(self, schema: Any) -> bool:
        """Whether a schema is of the form that says where one property may stand."""
        if not isinstance(schema, dict) or not isinstance(schema.get("x-property"), str):
            return False
        branches = schema.get("anyOf")
        return self.keywords(schema) == ["anyOf"] and isinstance(branches, list) and all(map(self.is_place, branches))

    def is_place(self, schema: Any, *, inside: bool = False) -> bool:
        """Whether a schema is `{type: object, properties: {key: ...}, required: [key]}`, once or twice."""
        if set(self.keywords(schema)) - {"type"} != {"properties", "required"} or schema.get("type") != "object":
            return False
        fields, required = schema["properties"], schema["required"]
        if list(fields) != required:
            return False
        return inside or required != [PROPERTIES] or self.is_place(fields[PROPERTIES], inside=True)

    def movable(self, schema: Mapping[str, Any]) -> Expectation:
        """A property that may stand in several places."""
        name = str(schema["x-property"])
        return Expectation(
            property=name,
            holder="",
            places=tuple(self.place(branch) for branch in schema["anyOf"]),
            any_of=True,
            required=True,
            recommended=name in self.recommended(schema),
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
                "PL609",
                ("allOf",),
                f"the place `/{keys[0]}`, which is no field that a property can stand in",
                "Name another place.",
            )
        place = pointer(*keys)
        return place, self.test(place, schema, ())

    # Values.

    def test(self, place: str, schema: Any, where: Path) -> Test:
        """What the value at a place must be: its types, quick checks, and a check of the whole for the rest."""
        if schema is True or schema == {}:
            return Test(None, ())
        if not isinstance(schema, dict) or not self.apart(schema):
            return Test(None, (self.check(place, schema, where),))
        rest = {k: v for k, v in schema.items() if k in self.dialect.keywords}
        types = frozenset(_names(rest.pop("type"))) if "type" in rest else None
        checks = []
        if types is not None and "integer" in types and "number" not in types and self.dialect.whole_floats:
            checks.append(ValueCheck(place, INTEGER, None, said="type", where=(*where, "type")))
        for keyword in list(rest):
            if check := self.quick(place, keyword, schema, where):
                checks.append(check)
                rest.pop(keyword)
        if not self.formats:
            rest.pop("format", None)
        if rest:
            riders = {k: v for k, v in schema.items() if k not in self.dialect.keywords}
            checks.append(self.check(place, rest | riders, where))
        return Test(types, tuple(checks))

    def quick(self, place: str, keyword: str, schema: Mapping[str, Any], where: Path) -> ValueCheck | None:
        """The quick check of a keyword, if there is one."""
        argument, said = schema[keyword], keyword
        if keyword in ("minimum", "maximum") and schema.get("exclusiveM" + keyword[1:]) is True:
            keyword = "exclusiveM" + keyword[1:]  # draft 4
        if keyword == "items" and self.plain_items(schema):
            names = sorted(_names(argument["type"]))
            return ValueCheck(place, ITEMS, names, said="type", where=(*where, "items", "type"))
        if keyword == "format":
            return self.format(place, argument, where)
        if keyword in _QUICK or keyword in ("enum", "const"):
            return ValueCheck(place, keyword, argument, said=said, where=(*where, said))
        return None

    def format(self, place: str, name: Any, where: Path) -> ValueCheck | None:
        from validator.engine.schema.formats import FORMATS  # noqa: PLC0415 - few plans have formats

        if not self.formats or name not in FORMATS:
            return None
        return ValueCheck(place, "format", name, where=(*where, "format"))

    def plain_items(self, schema: Mapping[str, Any]) -> bool:
        """Whether only the types of all elements matter."""
        items = schema["items"]
        if not isinstance(items, dict) or "prefixItems" in schema:
            return False
        keywords = set(self.keywords(items))
        return keywords == {"type"} and (self.dialect.whole_floats or "integer" not in _names(items["type"]))

    def check(self, place: str, schema: Any, where: Path) -> ValueCheck:
        """The check of a value by a whole schema."""
        keywords = frozenset(self.keywords(schema)) if isinstance(schema, dict) else frozenset([""])
        types = OBJECTS if keywords <= _OF_OBJECTS else LISTS if keywords <= _OF_LISTS else EVERYTHING
        # What the schema says elsewhere matters only if it refers there.
        elsewhere = [self.text, self.documents.digest] if self.refers else None
        identity = [schema, elsewhere, self.dialect.uri, len(self.dialect.keywords)]
        evaluator = self.evaluates().of(schema, where)
        return ValueCheck(place, SCHEMA, identity, where=where, evaluator=evaluator, types=types)

    def evaluates(self) -> Evaluator:
        """What evaluates the parts of the rule's schema that are left to it."""
        if self.evaluator is None:
            self.evaluator = Evaluator(self.rule.schema, self.dialect, documents=self.documents, formats=self.formats)
        return self.evaluator

    def whole(self, place: str, schema: Any, where: Path) -> None:
        """Leaves something to a check of the message, or of `/properties`."""
        self.checks.append(self.check(place, schema, where))

    # What a schema says.

    def keywords(self, schema: Any) -> list[str]:
        """The keywords of a schema that are evaluated."""
        if not isinstance(schema, dict):
            return [] if schema is True else [""]
        found = [k for k in schema if k in self.dialect.keywords]
        return found if self.formats else [k for k in found if k != "format"]

    def apart(self, schema: Mapping[str, Any]) -> bool:
        """Whether the keywords of a schema can be judged one by one."""
        if any(keyword in schema for keyword in _TOGETHER) and self.keywords(schema):
            return False
        return not (self.dialect.lone_ref and "$ref" in schema)

    def resources(self, schema: Any) -> bool:
        """Whether there are schema resources inside, so that references depend on where they stand."""
        if not self.refers:
            return False
        return self.text.count(f'"{self.dialect.id}": "') > isinstance(schema.get(self.dialect.id), str)

    def recommended(self, schema: Any) -> list[str]:
        """The names whose absence is only a recommendation not followed."""
        names = schema.get("x-recommended") if isinstance(schema, dict) else None
        return names if isinstance(names, list) else []


class _Payload:
    """What a rule says of `/properties`."""

    def __init__(self, lowering: _Lowering, schema: Any) -> None:
        self.types: frozenset[str] | None = None
        self.known: frozenset[str] | None = None
        self.expectations: tuple[Expectation, ...] = ()
        where: Path = ("properties", PROPERTIES)
        if schema is True:
            return
        if not isinstance(schema, dict) or not lowering.apart(schema):
            lowering.whole(pointer(PROPERTIES), schema, where)
            return
        rest = dict(schema)
        if "type" in rest and not {"integer"} <= set(_names(rest["type"])):
            self.types = frozenset(_names(rest.pop("type")))
        schemas, required = rest.pop("properties", {}), rest.pop("required", [])
        if rest.get("additionalProperties") is False and "patternProperties" not in rest:
            self.known = frozenset(schemas)
            rest.pop("additionalProperties")
        if lowering.keywords(rest):
            if "additionalProperties" in rest:
                rest["properties"] = {name: {} for name in schemas}
            lowering.whole(pointer(PROPERTIES), rest, where)
        recommended = lowering.recommended(schema)
        self.expectations = tuple(
            lowering.fixed(
                pointer(PROPERTIES), name, schemas.get(name, {}), (*where, "properties", name), required, recommended
            )
            for name in dict.fromkeys([*schemas, *required])
        )


def _names(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unreadable(name: str) -> bool:
    return name in _RESERVED or any(c in _UNREADABLE or c < " " for c in name)


def _severity(schema: Any) -> Severity:
    said = schema.get("x-severity") if isinstance(schema, dict) else None
    return next((severity for severity in Severity if severity.value == said), Severity.ERROR)
