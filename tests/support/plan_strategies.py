"""Tracking plans for property tests: plain ones that every format holds, and wild ones that try what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from validator.plan import DRAFT_7, PlanRule, TrackingPlan
from validator.plan.message_schema import payload_key

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN_NAMES = st.sampled_from(["order_id", "total", "Coupon Code", "products", "sku", "isGift", "address", "x-1"])
WILD_NAMES = PLAIN_NAMES | st.sampled_from(
    [
        *(
            "a.b",
            "x[]",
            "no",
            "1.0",
            "null",
            "~",
            "é",
            "a\\b",
            "$",
            "-",
            "# c",
            "a: b",
            "'",
            '"',
            "{",
            "<<",
            "*a",
            "&a",
        ),
        *("0x1", "\u2008x", "\u201cx\u201d", "type", "properties", "required", "$ref", "/", "x" * 90, "\x85", "\ufeff"),
        *("*a", "&a", "日本", "🛒", "[]"),
    ]
)
TEXTS = st.sampled_from(
    ["", "What was paid.", "Two\nlines", "yes", "a, b", "# no", "tab\tinside", "1e3", " x ", "\u2028"]
)
EVENTS = st.sampled_from(
    ["Order Completed", "Trial Started", "order_cancelled", "Käse gekauft", "../../etc/passwd", "CON"]
)
SIMPLE_TYPES = st.sampled_from(["string", "number", "integer", "boolean"])
VALUES = st.sampled_from(["a", "b c", "", "1", "x,y", 1, -2, 1.5, 1e16, True, None, "[", "a|b"])


def plain_properties() -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of properties with types, descriptions, enumerations and patterns of texts, lists and objects."""
    about = st.fixed_dictionaries({"description": st.sampled_from(["What was paid.", "An id, a key"])})
    bare = SIMPLE_TYPES.map(lambda t: {"type": t})
    several = st.sampled_from([["string", "null"], ["integer", "boolean"]]).map(lambda t: {"type": t})
    limited = st.sampled_from(
        [
            {"type": "string", "enum": ["a", "b"]},
            {"type": "string", "pattern": "^[A-Z]+$"},
            {"type": "integer", "enum": [1]},
        ]
    )
    lists = SIMPLE_TYPES.map(lambda t: {"type": "array", "items": {"type": t}})
    leaves = st.builds(lambda a, b: a | b, about, bare | several | limited | lists)
    objects = st.dictionaries(PLAIN_NAMES, leaves, min_size=1, max_size=3).flatmap(
        lambda p: holder(p, recommending=False)
    )
    nested = st.builds(lambda a, o: a | o, about, objects)
    return leaves | nested | objects.map(lambda o: {"type": "array", "items": o})


def holder(properties: dict[str, Any], *, recommending: bool) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of its properties required."""
    if not properties:
        return st.just({"type": "object", "properties": {}})
    chosen = st.lists(st.sampled_from(sorted(properties)), unique=True, max_size=len(properties))
    count = st.integers(0, len(properties)) if recommending else st.just(0)
    return st.builds(_holder, st.just(properties), chosen, count)


def _holder(properties: dict[str, Any], required: list[str], recommended: int) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        made["required"] = required
    if required[:recommended]:
        made["x-recommended"] = required[:recommended]
    return made


def rules(payloads: st.SearchStrategy[dict[str, Any]], types: list[str]) -> st.SearchStrategy[PlanRule]:
    def rule(call_type: str, key: str, payload: dict[str, Any]) -> PlanRule:
        field = payload_key(call_type)
        schema: dict[str, Any] = {"$schema": DRAFT_7, "type": "object", "properties": {field: payload}}
        if payload.get("required"):
            schema["required"] = [field]
            if set(payload.get("x-recommended", ())) == set(payload["required"]):
                schema["x-recommended"] = [field]
        named = call_type in ("TRACK", "PAGE", "SCREEN")
        return PlanRule(call_type, key if named else None, schema)

    return st.builds(rule, st.sampled_from(types), EVENTS, payloads)


def plain_plans(
    types: list[str], *, recommending: bool = False, change: Callable[[PlanRule], PlanRule] = lambda rule: rule
) -> st.SearchStrategy[TrackingPlan]:
    """Plans of properties, as every format can say them."""
    properties = st.dictionaries(PLAIN_NAMES, plain_properties(), min_size=1, max_size=4)
    payloads = properties.flatmap(lambda p: holder(p, recommending=recommending))
    listed = st.lists(rules(payloads, types).map(change), min_size=1, max_size=4, unique_by=lambda r: (r.type, r.key))
    return listed.map(lambda r: TrackingPlan("Shop", "Shop", tuple(r)))


def wild_schemas() -> st.SearchStrategy[Any]:
    """JSON Schemas of values, with keywords that only JSON Schema has."""
    leaves = st.one_of(
        st.just({}),
        st.booleans(),
        st.builds(lambda t, d: {"type": t, "description": d}, SIMPLE_TYPES, TEXTS),
        st.lists(VALUES, min_size=1, max_size=3).map(lambda v: {"enum": v}),
        st.builds(lambda low, n: {"minimum": low, "x-severity": "warning", "maxLength": n}, VALUES, st.integers(0, 9)),
    )
    return st.recursive(leaves, _wider, max_leaves=4)


def _wider(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.dictionaries(WILD_NAMES, inner, max_size=3).map(lambda p: {"type": "object", "properties": p}),
        st.builds(lambda a, b: {"anyOf": [a, b], "title": "either"}, inner, inner),
        st.builds(lambda a: {"type": "array", "items": a, "minItems": 1}, inner),
        st.builds(lambda a: {"type": "array", "items": [a], "additionalItems": False}, inner),
        st.builds(lambda a, n: {"required": [n], "properties": {n: a}, "additionalProperties": a}, inner, WILD_NAMES),
    )


def wild_plans() -> st.SearchStrategy[TrackingPlan]:
    """Plans of anything that JSON Schema can say of a message."""
    inside = st.dictionaries(
        st.sampled_from(["properties", "traits", "context", "event", "foo", "name"]), wild_schemas(), max_size=3
    )
    more = st.fixed_dictionaries(
        {},
        optional={
            "$schema": st.sampled_from([DRAFT_7, "https://json-schema.org/draft/2020-12/schema"]),
            "type": st.just("object"),
            "required": st.lists(st.sampled_from(["properties", "event"]), unique=True),
            "description": TEXTS,
            "title": TEXTS,
            "labels": st.just({"area": "billing"}),
            "additionalProperties": st.booleans(),
            "definitions": st.just({"money": {"type": "number"}}),
            "x-recommended": st.just(["properties"]),
        },
    )
    schemas: st.SearchStrategy[dict[str, Any]] = st.builds(lambda p, m: {"properties": p, **m}, inside, more)
    types = st.sampled_from(["TRACK", "PAGE", "SCREEN", "IDENTIFY", "GROUP", "COMMON"])
    fields = st.tuples(types, EVENTS | st.none(), schemas | st.just({}), st.integers(0, 3))
    rule = fields.map(lambda f: PlanRule(*f)).filter(lambda r: r.type != "TRACK" or r.key is not None)
    listed = st.lists(rule, max_size=4, unique_by=lambda r: (r.type, r.key, r.version))
    about = st.sampled_from([("Shop", None), ("a: b", "What we sell."), ("no", "")])
    return st.builds(
        lambda a, i, r: TrackingPlan(i or a[0], a[0], tuple(r), a[1]), about, st.sampled_from(["", "tp_1"]), listed
    )
