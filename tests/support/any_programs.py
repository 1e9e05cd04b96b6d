"""Random programs of several plans, and streams of calls that nearly fit them; and what `jsonschema` says of both."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.support import anyplan
from tests.support.anyplan import DRAFT_7, VALIDATORS, Breach, Schemas
from validator import Event, Program, Severity, UseCase, compile_use_case
from validator.catalog.model import CallMatch, EventUse, Property
from validator.engine.lint import Lint
from validator.model import JSON_TYPES, pointer
from validator.plan import PlanRule, TrackingPlan
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

EVENTS = ("Event", "Order Completed", "Event 2")
PAGES = ("Home", "Shop")
OPTIONAL = tuple(f"optional_{number}" for number in range(20))
NEW_KEYS = (*OPTIONAL[:3], *(f"new {number}" for number in range(8)))

# What plain plans ask of a property; the first are the commonest.
PLAIN: tuple[dict[str, Any], ...] = (
    *({"type": "string"}, {"type": "number"}, {"type": "integer"}, {"type": "boolean"}, {"type": ["string", "null"]}),
    *({"enum": ["free", "team"]}, {"type": "number", "minimum": 0}, {"type": "string", "pattern": "^[a-z]+$"}, {}),
    *({"type": "integer", "minimum": 1, "maximum": 7}, {"type": "array", "items": {"type": "string"}}),
    *({"type": "object"}, {"type": "string", "maxLength": 4}, {"type": "string", "format": "date"}, {"const": 7}),
    *({"type": ["integer", "boolean"], "enum": [1, True]}, {"type": "number", "multipleOf": 0.5}, {"type": "null"}),
    *({"type": "number", "exclusiveMaximum": 2}, {"minLength": 1}, {"type": "array", "maxItems": 1}),
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["plan"],
            "properties": {"plan": {"type": "string"}, "total": {"type": "integer"}},
            "additionalProperties": False,
        },
    },
    {"type": "object", "properties": {"plan": {"enum": ["a", "b"]}, "total": {"minimum": 1}}, "required": ["total"]},
)


def wide(random: Random) -> dict[str, Any]:
    """A schema of a message as teams have it: many optional properties, a few required, some alternatives."""
    names = random.sample([*OPTIONAL, *anyplan.KEYS], 18)
    properties = {name: dict(random.choice(PLAIN)) for name in names}
    for prop in properties.values():
        if random.random() < 0.1:
            prop["x-severity"] = "warning"
    required = random.sample(names, random.randrange(4))
    payload: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
    if random.random() < 0.5:
        payload["x-recommended"] = required[: random.randrange(len(required) + 1)]
    if random.random() < 0.3:
        payload["additionalProperties"] = False
    elif random.random() < 0.2:
        payload["dependencies"] = {names[0]: [names[1]]}
    made: dict[str, Any] = {"$schema": DRAFT_7, "type": "object", "properties": {"properties": payload}}
    if random.random() < 0.3:
        made["required"] = ["properties"]
    if random.random() < 0.3:
        made["allOf"] = [place_of(random, name) for name in random.sample(names, random.randrange(1, 3))]
    return made


def place_of(random: Random, name: str) -> dict[str, Any]:
    """A property that may stand in several places."""
    fits = random.choice(PLAIN)
    inside = {"type": "object", "required": [name], "properties": {name: fits}}
    below = {"type": "object", "required": ["properties"], "properties": {"properties": inside}}
    top = {"type": "object", "required": ["title"], "properties": {"title": fits}}
    other = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    return {"x-property": name, "anyOf": random.sample([below, top, other], random.randrange(1, 4))}


def message(random: Random) -> dict[str, Any]:
    if random.random() < 0.5:
        return wide(random)
    schema = Schemas(random, random.choice(list(VALIDATORS))).message()
    # Of what is unevaluated `jsonschema` has its own idea.
    return message(random) if "unevaluated" in json.dumps(schema) else schema


ABOUT: tuple[tuple[str, str | None, int], ...] = (
    *(("TRACK", "Event", 1), ("TRACK", "Event", 1), ("TRACK", "Event", 2), ("TRACK", "Event", 5)),
    *(("TRACK", "Order Completed", 1), ("PAGE", "Home", 1), ("PAGE", "Home", 3), ("PAGE", None, 1)),
    *(("SCREEN", "Home", 1), ("IDENTIFY", None, 1), ("COMMON", None, 1)),
)


def plan(random: Random, number: int) -> TrackingPlan:
    about = dict.fromkeys(random.sample(ABOUT, random.randrange(1, 5)))
    rules = [PlanRule(kind, key, message(random), version) for kind, key, version in about]
    if number and random.random() < 0.4:
        rules.append(PlanRule("TRACK", "Event", message(random), 1))
    return TrackingPlan(f"plan-{number}", f"Plan {number}", tuple(rules))


def use_case(random: Random) -> UseCase:
    """One about the same events, with properties in several places."""
    uses = []
    for name in random.sample(EVENTS, 2):
        names = random.sample([*anyplan.KEYS, *OPTIONAL[:4]], 5)
        properties = tuple(Property(key, random.choice(_TYPES), None, "It.", None) for key in names)
        places = {
            key: tuple(dict.fromkeys((pointer("properties", key), random.choice(("/title", "/name", "/userId")))))
            for key in random.sample(names, 2)
        }
        kinds = random.choice((("track",), ("track", "page"), ("screen",)))
        event = Event(name, "It.", tuple(CallMatch(kind, places) for kind in kinds), properties)
        uses.append(EventUse(event, tuple(random.sample(names, 3))))
    return UseCase("goal", "case", "Case", "It.", tuple(uses), (), ())


_TYPES: tuple[Any, ...] = (("string",), ("number",), ("integer",), ("boolean", "null"), JSON_TYPES)


def program(random: Random) -> Program:
    """Plans of the user's own and of a use case, and some lint rules."""
    plans = [plan(random, number) for number in range(random.randrange(1, 4))]
    own = [one.id for one in plans if random.random() < 0.8]
    if random.random() < 0.6:
        plans.append(compile_use_case(use_case(random)))
    codes = [code for code in RULES if random.random() < 0.5 and not code.startswith("PV")]
    return Program(
        plans,
        own=own,
        unplanned=random.choice((None, Severity.WARNING, Severity.ERROR)),
        lint=Lint(random.choice(([], codes, [*RULES]))),
    )


def stream(random: Random, made: Program, count: int) -> list[bytes]:
    """Calls that nearly fit, of all that the plans are about and of others, many of them more than once."""
    rules = [rule for one in made.plans for rule in one.rules]
    found: list[bytes] = []
    while len(found) < count:
        call = _call(random, random.choice(rules))
        for _ in range(random.choice((1, 1, 2, 6))):
            near = anyplan.changed(random, call) if random.random() < 0.4 else call
            text = json.dumps(near, ensure_ascii=random.random() < 0.5).encode()
            found += [text] * random.choice((1, 1, 1, 4))
    return found[:count]


def _call(random: Random, rule: PlanRule) -> dict[str, Any]:
    schema: Any = rule.schema
    try:
        call = anyplan.call(random, schema)
    except (KeyError, TypeError, AttributeError):  # a use case's, which says less of `/properties`
        call = {"properties": {}, "userId": "u"}
    inside = call["properties"]
    if isinstance(inside, dict):
        for key in random.sample([*anyplan.KEYS, *NEW_KEYS], random.choice((0, 0, 1, 2))):
            inside[key] = anyplan.value(random)
        keys = list(inside)
        random.shuffle(keys)
        call["properties"] = {key: inside[key] for key in keys}
    kind = rule.type.lower() if rule.type != "COMMON" else random.choice(("alias", "group", "spam", "track"))
    if random.random() < 0.06:
        kind = random.choice(("Track", "PAGE", "spam", "screen", "identify"))
    call["type"] = kind
    call["event"] = rule.key if kind == "track" and rule.key else random.choice(EVENTS)
    if random.random() < 0.08:
        call["event"] = random.choice(("event", "Evnt", "New 7", "", None, 3))
    if kind in ("page", "screen") and random.random() < 0.8:
        call["name"] = random.choice((rule.key or "Home", *PAGES, 7))
    if random.random() < 0.3:
        call["context"] = {"protocols": {"event_version": random.choice((1, 2, 2.0, 3, 5, "2", 9))}}
    if random.random() < 0.1:
        call["title"] = anyplan.value(random)
    if random.random() < 0.05:
        call.pop(random.choice(("properties", "event", "userId")), None)
    return call


# ------------------------------------------------------------------------------------------- what jsonschema says


def rules_for(one: TrackingPlan, call: dict[str, Any]) -> Iterator[PlanRule]:
    """The rules of a plan that apply to a call, as the documentation has it."""
    raw = call.get("type")
    kind = raw.upper() if isinstance(raw, str) and raw.isascii() else ""
    name = call.get("event") if kind == "TRACK" else call.get("name") if kind in ("PAGE", "SCREEN") else None
    for about in dict.fromkeys(((kind, name if isinstance(name, str) else None), (kind, None), ("COMMON", None))):
        meant = [rule for rule in one.rules if (rule.type, rule.key) == about]
        version = version_of(call)
        chosen = [rule for rule in meant if rule.version == version]
        yield from chosen or [rule for rule in meant if rule.version == min(r.version for r in meant)]


def version_of(call: dict[str, Any]) -> float | None:
    context = call.get("context")
    protocols = context.get("protocols") if isinstance(context, dict) else None
    version = protocols.get("event_version") if isinstance(protocols, dict) else None
    return version if isinstance(version, int | float) and not isinstance(version, bool) else None


@cache
def _oracle(text: str) -> Any:
    return anyplan.oracle(json.loads(text))


def breaches(rule: PlanRule, call: dict[str, Any]) -> set[Breach]:
    """What `jsonschema` says of a call under a rule."""
    schema: Any = rule.schema
    found = set[Breach](_oracle(json.dumps(schema))(call))
    missing = Breach("", "required", "properties")
    payload = schema.get("properties", {}).get("properties", {})
    if missing in found and "properties" in schema.get("x-recommended", ()):
        # The properties that should be there are reported, rather than what should hold them.
        found.remove(missing)
        found |= {Breach("/properties", "required", name) for name in payload.get("required", ())}
    return found
