"""Random plan rules and calls that nearly fit them; and what `jsonschema` says of the two."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema
import jsonschema_rs
from referencing import Registry

from validator.json_schema.equality import key_of
from validator.json_schema.formats import FORMATS
from validator.model import pointer
from validator.plan import PlanRule, TrackingPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

CHECKER = jsonschema.FormatChecker(formats=())
for _name, _holds in FORMATS.items():
    CHECKER.checks(_name)(lambda value, holds=_holds: not isinstance(value, str) or holds(value))

VALIDATORS = {
    "http://json-schema.org/draft-04/schema#": jsonschema.Draft4Validator,
    "http://json-schema.org/draft-06/schema#": jsonschema.Draft6Validator,
    "http://json-schema.org/draft-07/schema#": jsonschema.Draft7Validator,
    "https://json-schema.org/draft/2019-09/schema": jsonschema.Draft201909Validator,
    "https://json-schema.org/draft/2020-12/schema": jsonschema.Draft202012Validator,
}
DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020 = VALIDATORS
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
KEYS = ("plan", "total", "lines", "email", "a/b", "x~y", "ä", "", "Plan")
TEXTS = ("", "free", "team", "2026-01-31", "2026-01-31T10:00:00Z", "a@b.io", "ab-12", "äöü", "AB", "10.0.0.1", "1")
PATTERNS = ("^[a-z]+$", "[0-9]", "^a", "e$", "^.{2,4}$", "^(free|team)$")
NUMBERS = (0, 1, -1, 2, 3.0, 0.5, 7, 1e10, -0.0, 10**20, 2.5)
SCALARS = (None, True, False, *NUMBERS, *TEXTS)


class Breach(NamedTuple):
    """One way in which a call breaks a plan rule, as the engine and `jsonschema` can both say it."""

    location: str
    keyword: str
    missing: str | None


def value(random: Random, depth: int = 2) -> Any:
    """Any JSON value."""
    kind = random.random()
    if depth and kind < 0.12:
        return [value(random, depth - 1) for _ in range(random.randrange(4))]
    if depth and kind < 0.27:
        return {random.choice(KEYS): value(random, depth - 1) for _ in range(random.randrange(4))}
    return random.choice(SCALARS)


class Schemas:
    """Makes schemas of one draft."""

    def __init__(self, random: Random, draft: str) -> None:
        self.random = random
        self.draft = draft
        self.refers = random.random() < 0.3

    def schema(self, depth: int) -> Any:
        """A schema of any kind, more often a plain one."""
        random = self.random
        if self.draft != DRAFT_4 and random.random() < 0.03:
            return random.random() < 0.7
        if self.refers and random.random() < 0.15:
            return {"$ref": "#/definitions/" + random.choice("ab")}
        made: dict[str, Any] = {}
        for _ in range(random.choice((0, 1, 1, 2, 3))):
            made |= random.choice(self.keywords(depth))()
        return made

    def keywords(self, depth: int) -> list[Callable[[], dict[str, Any]]]:
        since_6 = [] if self.draft == DRAFT_4 else [self.const, self.exclusive, self.names, self.contains]
        flags = [self.exclusive_flag] if self.draft == DRAFT_4 else []
        deep = [self.object, self.items, self.combined, self.negated, self.patterns, *since_6[2:]]
        if self.draft in (DRAFT_7, DRAFT_2019, DRAFT_2020):
            deep.append(self.conditional)
        if self.draft in (DRAFT_2019, DRAFT_2020):
            deep += [self.dependent, self.unevaluated]
        else:
            deep.append(self.dependencies)
        plain = [self.type, self.type, self.enum, self.bound, self.length, self.pattern, self.format, self.sizes]
        return plain + flags + since_6[:2] + (deep if depth else [])

    def type(self) -> dict[str, Any]:
        if self.random.random() < 0.7:
            return {"type": self.random.choice(TYPES)}
        return {"type": self.random.sample(TYPES, self.random.randrange(1, 4))}

    def enum(self) -> dict[str, Any]:
        members = [value(self.random, 1) for _ in range(self.random.randrange(1, 5))]
        return {"enum": list({key_of(member): member for member in members}.values())}

    def const(self) -> dict[str, Any]:
        return {"const": value(self.random, 1)}

    def bound(self) -> dict[str, Any]:
        limit = self.random.choice(NUMBERS)
        return self.random.choice(({"minimum": limit}, {"maximum": limit}, {"multipleOf": abs(limit) or 2}))

    def exclusive(self) -> dict[str, Any]:
        return {self.random.choice(("exclusiveMinimum", "exclusiveMaximum")): self.random.choice(NUMBERS)}

    def exclusive_flag(self) -> dict[str, Any]:
        flag = self.random.random() < 0.7
        limit = self.random.choice(NUMBERS)
        return self.random.choice((
            {"minimum": limit, "exclusiveMinimum": flag},
            {"maximum": limit, "exclusiveMaximum": flag},
        ))  # fmt: skip

    def length(self) -> dict[str, Any]:
        return {self.random.choice(("minLength", "maxLength")): self.random.randrange(6)}

    def pattern(self) -> dict[str, Any]:
        return {"pattern": self.random.choice(PATTERNS)}

    def format(self) -> dict[str, Any]:
        return {"format": self.random.choice((*FORMATS, "made-up"))}

    def sizes(self) -> dict[str, Any]:
        names = ("minItems", "maxItems", "minProperties", "maxProperties")
        return {self.random.choice(names): self.random.randrange(4)} | (
            {"uniqueItems": True} if self.random.random() < 0.2 else {}
        )

    def object(self) -> dict[str, Any]:
        random = self.random
        made: dict[str, Any] = {"properties": {key: self.schema(1) for key in random.sample(KEYS, 2)}}
        if random.random() < 0.5:
            made["required"] = random.sample(KEYS, random.randrange(1, 3))
        if random.random() < 0.4:
            made["additionalProperties"] = random.choice((True, False, False, self.schema(0) or {}))
        return made

    def patterns(self) -> dict[str, Any]:
        return {"patternProperties": {self.random.choice(PATTERNS): self.schema(0)}}

    def items(self) -> dict[str, Any]:
        random = self.random
        if random.random() < 0.4:
            return {"items": {"type": random.choice(TYPES)}}
        if random.random() < 0.6:
            return {"items": self.schema(1)}
        if self.draft == DRAFT_2020:
            return {"prefixItems": [self.schema(0)], "items": random.choice((False, self.schema(0)))}
        last = {} if self.draft == DRAFT_4 else random.choice((False, {"type": "string"}))
        return {"items": [self.schema(0), self.schema(0)], "additionalItems": last}

    def combined(self) -> dict[str, Any]:
        branches = [self.schema(1) for _ in range(self.random.randrange(1, 4))]
        return {self.random.choice(("allOf", "anyOf", "oneOf")): branches}

    def negated(self) -> dict[str, Any]:
        return {"not": self.schema(0)}

    def names(self) -> dict[str, Any]:
        return {"propertyNames": self.schema(0)}

    def contains(self) -> dict[str, Any]:
        made: dict[str, Any] = {"contains": self.schema(0)}
        if self.draft in (DRAFT_2019, DRAFT_2020) and self.random.random() < 0.5:
            made |= {"minContains": self.random.randrange(3), "maxContains": self.random.randrange(1, 4)}
        return made

    def conditional(self) -> dict[str, Any]:
        made = {"if": self.schema(0), "then": self.schema(1), "else": self.schema(1)}
        made.pop(self.random.choice(("then", "else", "none")), None)
        return made

    def dependencies(self) -> dict[str, Any]:
        one, other = self.random.sample(KEYS, 2)
        return {"dependencies": {one: self.random.choice(([other], self.schema(0) or {}))}}

    def dependent(self) -> dict[str, Any]:
        one, other = self.random.sample(KEYS, 2)
        return self.random.choice((
            {"dependentRequired": {one: [other]}},
            {"dependentSchemas": {one: self.schema(0)}},
        ))  # fmt: skip

    def unevaluated(self) -> dict[str, Any]:
        return self.object() | {"unevaluatedProperties": False}

    def message(self) -> dict[str, Any]:
        """The schema of a whole message, mostly of the form that plans have."""
        random = self.random
        payload: dict[str, Any] = {"type": "object"} if random.random() < 0.8 else {}
        payload |= {"properties": {key: self.schema(2) for key in random.sample(KEYS, random.randrange(1, 5))}}
        if random.random() < 0.6:
            payload["required"] = random.sample(KEYS, random.randrange(1, 4))
        if random.random() < 0.3:
            payload["additionalProperties"] = False
        if random.random() < 0.15:
            payload |= random.choice(self.keywords(1))()
        made: dict[str, Any] = {"$schema": self.draft, "type": "object", "properties": {"properties": payload}}
        if random.random() < 0.6:
            made["required"] = random.choice((["properties"], ["properties", "userId"], ["userId", "type", "event"]))
        if random.random() < 0.4:
            field = random.choice(("context", "traits", "userId", "event", "type", "name"))
            made["properties"][field] = self.schema(1)
        if random.random() < 0.15:
            made = random.choice(self.keywords(1))() | made
        if self.refers:
            self.refers = False  # what is referred to refers to nothing, so that there are no circles
            made["definitions"] = {"a": self.schema(2), "b": self.schema(1)}
        return made


def call(random: Random, schema: Any) -> dict[str, Any]:
    """A call that looks at what a schema asks for."""
    payload = schema["properties"]["properties"]
    keys = [*payload.get("properties", {}), *payload.get("required", [])]
    chosen = {
        key: fitting(random, payload.get("properties", {}).get(key, {})) for key in keys if random.random() < 0.85
    }
    made: dict[str, Any] = {"type": "track", "event": "Event", "properties": chosen, "userId": "u"}
    for field, sub in schema["properties"].items():
        if field not in ("properties", "type", "event") and random.random() < 0.7:
            made[field] = fitting(random, sub)
    return made


def fitting(random: Random, schema: Any) -> Any:
    """A value that may well fit a schema."""
    if not isinstance(schema, dict) or random.random() < 0.15:
        return value(random)
    if "enum" in schema and random.random() < 0.8:
        return deepcopy(random.choice(schema["enum"]))
    if "const" in schema and random.random() < 0.8:
        return deepcopy(schema["const"])
    kinds = schema.get("type", TYPES)
    kind = kinds if isinstance(kinds, str) else random.choice(kinds)
    if kind == "object" or "properties" in schema:
        return {k: fitting(random, s) for k, s in schema.get("properties", {}).items() if random.random() < 0.8}
    if kind == "array":
        items = schema.get("items", {})
        return [fitting(random, items if isinstance(items, dict) else {}) for _ in range(random.randrange(4))]
    pool = {
        "string": TEXTS,
        "integer": [n for n in NUMBERS if n == int(n)],
        "number": NUMBERS,
        "boolean": [True, False],
        "null": [None],
    }
    return random.choice(list(pool.get(kind, SCALARS)))


def changed(random: Random, made: dict[str, Any]) -> dict[str, Any]:
    """The same call with one change somewhere."""
    near = deepcopy(made)
    holder: Any = near
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        keys = [key for key in keys if not (holder is near and key in ("type", "event"))]
        if not keys:
            break
        key = random.choice(keys)
        if isinstance(holder[key], (dict, list)) and holder[key] and random.random() < 0.7:
            holder = holder[key]
            continue
        if random.random() < 0.3:
            del holder[key]
        else:
            holder[key] = value(random)
        break
    if isinstance(holder, dict) and holder is not near and random.random() < 0.2:
        holder[random.choice(KEYS)] = value(random)
    return near


def plan_of(schema: Any) -> TrackingPlan:
    return TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Event", schema),))


def verdict(schema: Any) -> Callable[[Any], bool]:
    """Whether a call is valid, by another library: `jsonschema` has its own idea of `unevaluatedProperties`."""
    validator = jsonschema_rs.validator_for(
        schema, validate_formats=True, formats=FORMATS, pattern_options=jsonschema_rs.RegexOptions(), offline=True
    )
    return validator.is_valid


def oracle(schema: Any) -> Callable[[Any], set[Breach]]:
    """What `jsonschema` finds wrong with a call, formats asserted, nothing fetched."""
    validator = VALIDATORS[schema["$schema"]](spelt_out(schema), registry=Registry(), format_checker=CHECKER)
    return lambda instance: set(_breaches(validator.iter_errors(instance)))


# False there is a keyword's own value, not a schema that some part does not fit.
_FLAGS = {
    *("additionalProperties", "additionalItems", "unevaluatedProperties", "uniqueItems"),
    *("exclusiveMinimum", "exclusiveMaximum", "const"),
}
_DATA = {"enum", "const"}


def spelt_out(schema: Any, key: str = "", draft: str = "") -> Any:
    """The same with `{"not": {}}` for each schema `false`: `jsonschema` leaves out where such a part is."""
    draft = schema.get("$schema", draft) if isinstance(schema, dict) else draft
    if schema is False and key not in _FLAGS and not (key == "items" and draft == DRAFT_2020):
        return {"not": {}}
    if isinstance(schema, dict) and key not in _DATA:
        return {name: spelt_out(sub, name, draft) for name, sub in schema.items()}
    if isinstance(schema, list) and key not in _DATA:
        return [spelt_out(sub, "", draft) for sub in schema]
    return schema


def _breaches(errors: Any) -> Iterator[Breach]:
    for error in errors:
        named = _named(list(error.absolute_schema_path))
        location = "".join(pointer(key) if next(named) else "/*" for key in error.absolute_path)
        yield Breach(location, str(error.validator), _missing(error))


# Keywords that lead to a part of a value, and whether the schema names its key; what follows them in a path is no
# keyword. Of those that may have a list or one schema, a number may follow.
_TO_PARTS = {"properties": True, "patternProperties": False, "additionalProperties": False}
_TO_ELEMENTS = {"items", "prefixItems", "additionalItems"}
_WITH_NAME = {"properties", "patternProperties", "dependentSchemas", "dependencies"}
_WITH_NUMBER = {"allOf", "anyOf", "oneOf", "prefixItems", "items"}


def _named(path: list[Any]) -> Iterator[bool]:
    """For each step into a value along a path in a schema: whether it is to a key that the schema names."""
    while path:
        keyword = path.pop(0)
        if path and (keyword in _WITH_NAME or (keyword in _WITH_NUMBER and isinstance(path[0], int))):
            path.pop(0)
        if keyword in _TO_PARTS or keyword in _TO_ELEMENTS:
            yield _TO_PARTS.get(keyword, False)


def _missing(error: jsonschema.ValidationError) -> str | None:
    """The name in `'x' is a required property` and `'x' is a dependency of 'y'`."""
    wanted: Any = error.validator_value
    names: list[str] = []
    if error.validator == "required":
        names = [name for name in wanted if error.message == f"{name!r} is a required property"]
    elif error.validator in ("dependentRequired", "dependencies"):
        listed = [name for of_one in wanted.values() if isinstance(of_one, list) for name in of_one]
        names = [name for name in listed if error.message.startswith(f"{name!r} is a dependency of ")]
    return next(iter(names), None)
