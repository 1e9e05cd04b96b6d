"""What a plan diff promises holds for real calls, by `jsonschema`; each kind of change has its description."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from referencing import Registry

from tests.support.examples import examples
from validator.plan import PlanRule, TrackingPlan
from validator.plan.diff.change import Effect, Kind, worst
from validator.plan.diff.compare import compare
from validator.plan.diff.plans import diff_plans

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "plan_diff.yaml").read_text("utf-8"))
DRAFTS = {
    "http://json-schema.org/draft-04/schema#": jsonschema.Draft4Validator,
    "http://json-schema.org/draft-07/schema#": jsonschema.Draft7Validator,
    "https://json-schema.org/draft/2020-12/schema": jsonschema.Draft202012Validator,
}

thorough = settings(
    max_examples=examples(250), deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


# ------------------------------------------------------------------------------------- small schemas and their values

NAMES = ("a", "b", "c")
scalars = st.sampled_from([None, True, False, 0, 1, 2, 3, 1.0, 1.5, -2, "", "x", "xy", "xyz", "2024-01-01"])
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
types = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
small = st.integers(0, 3)


@st.composite
def schemas(draw: st.DrawFn, depth: int = 2) -> Any:
    """A schema with few keywords, so that two of them are often related."""
    inner: st.SearchStrategy[Any] = schemas(depth - 1) if depth else st.just({"type": "string"})
    if draw(st.integers(0, 11)) == 0:
        return draw(st.booleans()) if depth < 2 else {}
    keywords: dict[str, st.SearchStrategy[Any]] = {
        "type": types | st.lists(types, min_size=1, max_size=2, unique=True),
        "enum": st.lists(scalars, min_size=1, max_size=3),
        "const": scalars,
        "minimum": small, "maximum": small, "exclusiveMinimum": small, "exclusiveMaximum": small,
        "multipleOf": st.integers(1, 3), "minLength": small, "maxLength": small,
        "pattern": st.sampled_from(["^x", "y"]), "format": st.just("date"),
        "minItems": small, "maxItems": small, "uniqueItems": st.booleans(),
        "minProperties": small, "maxProperties": small,
        "items": inner, "contains": inner, "not": inner, "if": inner, "then": inner,
        "properties": st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
        "patternProperties": st.dictionaries(st.sampled_from(["a|b", "c"]), inner, min_size=1, max_size=1),
        "additionalProperties": inner | st.booleans(),
        "propertyNames": st.just({"maxLength": 1}) | st.just({"enum": ["a"]}),
        "required": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
        "x-recommended": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
        "dependencies": st.just({"a": ["b"]}),
        "allOf": st.lists(inner, min_size=1, max_size=2), "anyOf": st.lists(inner, min_size=1, max_size=3),
        "oneOf": st.lists(inner, min_size=1, max_size=2),
    }  # fmt: skip
    frequent = ["type", "properties", "required", "enum", "minimum", "additionalProperties", "items", "maxLength"]
    chosen = draw(st.lists(st.sampled_from([*keywords, *frequent * 3]), max_size=4, unique=True))
    return {name: draw(keywords[name]) for name in chosen}


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two schemas, mostly one and a variation of it: so the diff has something to say in favour of it."""
    old = draw(schemas())
    if draw(st.integers(0, 4)) == 0:
        return old, draw(schemas())
    return draw(st.permutations([old, draw(varied(old))])).copy()[0:2]  # type: ignore[return-value]


@st.composite
def varied(draw: st.DrawFn, schema: Any) -> Any:
    """The schema with one keyword put in, left out or changed, somewhere."""
    if not isinstance(schema, dict):
        return draw(schemas(1))
    nested = [key for key in ("properties", "items") if isinstance(schema.get(key), dict) and schema[key]]
    if nested and bool(draw(st.booleans())):
        key = draw(st.sampled_from(nested))
        if key == "items":
            return schema | {key: draw(varied(schema[key]))}
        name: Any = draw(st.sampled_from(sorted(schema[key])))
        return schema | {key: schema[key] | {name: draw(varied(schema[key][name]))}}
    other = draw(schemas(1))
    if schema and bool(draw(st.booleans())):
        gone: Any = draw(st.sampled_from(sorted(schema)))
        return {key: value for key, value in schema.items() if key != gone}
    return schema | other if isinstance(other, dict) else other


def judged(schema: Any) -> Any:
    """The schema as it makes calls invalid: what is only recommended is not required."""
    if isinstance(schema, list):
        return [judged(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    fresh = {key: judged(value) if key not in {"enum", "const"} else value for key, value in schema.items()}
    if isinstance(schema.get("required"), list):
        fresh["required"] = [name for name in schema["required"] if name not in schema.get("x-recommended", [])]
    return fresh


def valid(schema: Any, call: Any, uri: str = "http://json-schema.org/draft-07/schema#") -> bool:
    cls = DRAFTS[uri]
    checker = cls(judged(schema), registry=Registry(), format_checker=cls.FORMAT_CHECKER)
    return bool(checker.is_valid(call))


def planned(schema: Any, call: Any) -> bool:
    """Whether a call sends nothing that the schema does not name."""
    if not isinstance(schema, dict):
        return True
    if isinstance(call, list):
        return all(planned(schema.get("items", {}), inner) for inner in call)
    if not isinstance(call, dict):
        return True
    named = schema.get("properties", {})
    return all(name in named and planned(named[name], inner) for name, inner in call.items())


def known(schema: Any, call: Any) -> Any:
    """The call as a reader sees it that passes over what the schema forbids beside what it names."""
    if not isinstance(schema, dict):
        return call
    if isinstance(call, list):
        return [known(schema.get("items", {}), inner) for inner in call]
    if not isinstance(call, dict):
        return call
    named = schema.get("properties", {})
    closed = schema.get("additionalProperties") is False
    return {k: known(named.get(k, {}), v) for k, v in call.items() if k in named or not closed}


@pytest.mark.no_cover
@given(pairs(), st.lists(values, min_size=12, max_size=25))
@thorough
def test_what_is_called_compatible_is(pair: tuple[Any, Any], calls: list[Any]) -> None:
    old, new = pair
    changes = compare(old, new)
    senders, readers = worst(c.senders for c in changes), worst(c.readers for c in changes)
    assume(Effect.BREAKING not in (senders, readers) or Effect.COMPATIBLE in (senders, readers))
    for call in calls:
        if senders is Effect.COMPATIBLE and valid(old, call):
            assert valid(new, call), ("senders", call, changes)
        if senders is Effect.UNPLANNED and valid(old, call) and planned(old, call):
            assert valid(new, call), ("planned", call, changes)
        if readers is Effect.COMPATIBLE and valid(new, call):
            assert valid(old, call), ("readers", call, changes)
        if readers is Effect.UNPLANNED and valid(new, call):
            assert valid(old, known(old, call)), ("known", call, changes)


@pytest.mark.no_cover
@given(schemas())
@thorough
def test_nothing_differs_from_itself(schema: Any) -> None:
    assert compare(schema, schema) == []


@pytest.mark.no_cover
@given(pairs())
@thorough
def test_turned_round_senders_and_readers_change_places(pair: tuple[Any, Any]) -> None:
    def effects(old: Any, new: Any) -> list[bool]:
        changes = compare(old, new)
        return [worst(e) is Effect.COMPATIBLE for e in ((c.senders for c in changes), (c.readers for c in changes))]

    assert effects(*pair) == effects(*pair[::-1])[::-1]


# --------------------------------------------------------------------------------------------------------- the cases


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= {"name", "old", "new", "changes", "calls"}
    found = [
        f"{c.kind} {c.location or '.'}: {c.message}; senders {c.senders}, readers {c.readers}"
        for c in compare(case["old"], case["new"])
    ]
    assert found == case["changes"]


def test_no_case_comes_twice() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


# --------------------------------------------------------------------------------------------------------- whole plans

STRICT = {"required": ["properties"]}


def plan(*rules: tuple[str, str | None, int, dict[str, Any]]) -> TrackingPlan:
    return TrackingPlan("p", "P", tuple(PlanRule(kind, key, schema, version) for kind, key, version, schema in rules))


def differences(old: TrackingPlan, new: TrackingPlan) -> list[tuple[str, str | None, int, str, str, str]]:
    return [(r.type, r.key, r.version, r.kind, r.senders, r.readers) for r in diff_plans(old, new).rules]


def test_a_new_event_concerns_only_who_sends_it_already() -> None:
    old, new = plan(("TRACK", "A", 1, {})), plan(("TRACK", "A", 1, {}), ("TRACK", "B", 1, STRICT))
    assert differences(old, new) == [("TRACK", "B", 1, "added", "unplanned", "compatible")]
    assert differences(new, old) == [("TRACK", "B", 1, "removed", "breaking", "breaking")]


def test_a_rule_without_a_name_concerns_every_call_of_its_type() -> None:
    empty = plan()
    assert differences(empty, plan(("COMMON", None, 1, STRICT))) == [
        ("COMMON", None, 1, "added", "breaking", "compatible")
    ]
    assert differences(empty, plan(("IDENTIFY", None, 1, {}))) == [
        ("IDENTIFY", None, 1, "added", "compatible", "compatible")
    ]
    old = plan(("PAGE", None, 1, {}))
    new = plan(("PAGE", None, 1, {}), ("PAGE", "Home", 1, STRICT))
    assert differences(old, new) == [("PAGE", "Home", 1, "added", "breaking", "compatible")]


def test_a_new_version_concerns_only_who_names_it() -> None:
    old = plan(("TRACK", "A", 1, {}))
    new = plan(("TRACK", "A", 1, {}), ("TRACK", "A", 2, STRICT))
    assert differences(old, new) == [("TRACK", "A", 2, "added", "unplanned", "compatible")]


def test_a_version_that_becomes_the_oldest_concerns_all() -> None:
    old = plan(("TRACK", "A", 2, {}))
    new = plan(("TRACK", "A", 2, {}), ("TRACK", "A", 1, STRICT))
    assert differences(old, new) == [("TRACK", "A", 1, "added", "breaking", "compatible")]


def test_calls_of_a_version_that_is_removed_fall_to_the_oldest() -> None:
    old = plan(("TRACK", "A", 1, STRICT), ("TRACK", "A", 2, {}))
    assert differences(old, plan(("TRACK", "A", 1, STRICT))) == [("TRACK", "A", 2, "removed", "breaking", "compatible")]
    assert differences(old, plan(("TRACK", "A", 2, {}))) == [("TRACK", "A", 1, "removed", "compatible", "breaking")]


def test_several_rules_of_one_event_hold_together() -> None:
    twice = plan(("TRACK", "A", 1, {}), ("TRACK", "A", 1, STRICT))
    assert differences(twice, twice) == []
    assert differences(plan(("TRACK", "A", 1, {})), twice)[0][4] == "breaking"


def test_hostile_schemas_are_answered() -> None:
    deep: Any = {}
    for _ in range(5000):
        deep = {"not": deep}
    loop = {"$ref": "#"}
    tree: dict[str, Any] = {
        f"d{n}": {"properties": {k: {"$ref": f"#/definitions/d{n + 1}"} for k in "ab"}} for n in range(30)
    }
    wide = {"$ref": "#/definitions/d0", "definitions": tree | {"d30": {"type": "string"}}}
    wider = {"$ref": "#/definitions/d0", "definitions": tree | {"d30": {"type": "integer"}}}
    remote = {"$ref": "https://example.com/schema.json"}
    for old, new in ((deep, {}), (loop, {}), (wide, wider), (remote, {}), ({"$ref": "#/no"}, {"type": "string"})):
        changes = compare(old, new)
        assert worst(c.senders for c in changes) is worst(c.readers for c in changes) is Effect.BREAKING
        assert any(not c.judged and c.kind is Kind.CHANGED for c in changes)
