"""Tables: what a planned key means with each type of value, and which places are judged together."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import anyplan
from tests.support.any_programs import PLAIN, wide
from tests.support.any_programs import program as any_program
from validator import Catalog, PlanRule, Program, Severity, TrackingPlan, compile_use_case
from validator.engine.compile.deviation import ABSENT, OBJECT, TableKey
from validator.engine.compile.tables import Class, Table
from validator.engine.decode.json_exact import parse
from validator.engine.judge.judge import Judge
from validator.model import JSON_TYPES, pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FINE, COUNTS, VALUE = Class.FINE, Class.COUNTS, Class.VALUE_DECIDES
TYPES = (ABSENT, *JSON_TYPES)

# Texts of values of each type, the odd ones included.
VALUES = {
    "null": ("null",),
    "boolean": ("true", "false"),
    "integer": ("0", "-0", "3", "-7", "100", "9007199254740993", "9" * 30),
    "number": ("0.5", "3.0", "-7.5", "1e3", "1e300", "-0.0"),
    "string": ('""', '"a"', '"free"', '"abcdefgh"', '"2024-01-31"', '"\\ud83d\\ude00"'),
    "array": ("[]", "[1]", '["a"]', '[{"plan":"a"}]', "[{}]", '[[],null,{"x":1}]'),
    "object": ("{}", '{"plan":"a","total":1}', '{"total":0}', '{"x":[]}'),
}


def plan_of(schema: Any, name: str = "plan", **more: Any) -> TrackingPlan:
    payload = {"properties": {"a": schema}, **more}
    message = {"$schema": anyplan.DRAFT_7, "properties": {"properties": payload}}
    return TrackingPlan(name, name, (PlanRule("TRACK", "Paid", message),))


def table_of(program: Program, event: str = "Paid", properties: str = OBJECT) -> Table:
    return Table(TableKey("track", event, None, properties), program, Judge(program))


def classes(table: Table, key: str = "a") -> dict[str, Class]:
    return dict(table.classes(table.keys[key]))


def classes_with(default: Class, **others: Class) -> dict[str, Class]:
    return dict.fromkeys(TYPES, default) | {ABSENT: FINE} | others


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({}, classes_with(FINE)),
        (True, classes_with(FINE)),
        ({"type": "string"}, classes_with(COUNTS, string=FINE)),
        ({"type": ["string", "null"]}, classes_with(COUNTS, string=FINE, null=FINE)),
        ({"type": "number"}, classes_with(COUNTS, number=FINE, integer=FINE)),
        ({"type": "integer"}, classes_with(COUNTS, number=VALUE, integer=FINE)),
        ({"type": "number", "minimum": 0}, classes_with(COUNTS, number=VALUE, integer=VALUE)),
        ({"minimum": 0}, classes_with(FINE, number=VALUE, integer=VALUE)),
        ({"minLength": 1}, classes_with(FINE, string=VALUE)),
        ({"type": "string", "pattern": "^a"}, classes_with(COUNTS, string=VALUE)),
        ({"enum": ["a", "b"]}, classes_with(COUNTS, string=VALUE)),
        ({"enum": ["a", 1]}, classes_with(COUNTS, string=VALUE, integer=VALUE, number=VALUE)),
        ({"enum": [None]}, classes_with(COUNTS, null=FINE)),
        ({"enum": [True, False]}, classes_with(COUNTS, boolean=FINE)),
        ({"const": True}, classes_with(COUNTS, boolean=VALUE)),
        ({"type": "array", "items": {"type": "string"}}, classes_with(COUNTS, array=VALUE)),
        ({"maxItems": 2}, classes_with(FINE, array=VALUE)),
        ({"type": "object"}, classes_with(COUNTS, object=FINE)),
    ],
)
def test_each_type_of_value_has_a_class(schema: Any, wanted: dict[str, Class]) -> None:
    assert classes(table_of(Program([plan_of(schema)]))) == wanted
    required = classes(table_of(Program([plan_of(schema, required=["a"])])))
    assert required == wanted | {ABSENT: COUNTS}


def test_equal_checks_of_several_plans_are_one_and_others_add_up() -> None:
    one, two = plan_of({"type": "string", "minLength": 1}, "one"), plan_of({"type": "string", "minLength": 1}, "two")
    three = plan_of({"type": ["string", "number"]}, "three")
    table = table_of(Program([one, two, three]))
    assert len(table.keys["a"].checks.checks) == 1
    assert classes(table) == classes_with(COUNTS, string=VALUE)


def test_what_a_use_case_counts_deviates_where_it_is_not_there() -> None:
    use_case = Catalog.load().find("acquire-paid-subscriptions")[0]
    found = classes(table_of(Program([compile_use_case(use_case)]), "Trial Started"), "category")
    assert found == classes_with(COUNTS, string=FINE) | {ABSENT: COUNTS}


def test_a_key_that_a_plan_of_ones_own_does_not_know_deviates_where_it_is_there() -> None:
    plans = [plan_of({}, "one"), TrackingPlan("own", "Own", (PlanRule("TRACK", "Paid", {}),))]
    for unplanned, wanted in (
        (None, classes_with(FINE)),
        (Severity.WARNING, classes_with(COUNTS)),
        (Severity.ERROR, classes_with(COUNTS)),
    ):
        table = table_of(Program(plans, own=["own"], unplanned=unplanned))
        assert classes(table) == wanted
        if unplanned:
            assert not table.fitting(table.keys["a"])


# ------------------------------------------------------------------------------------------- against `jsonschema`


def is_fine(oracle: Any, text: str) -> bool:
    """Whether a call with a value, and nothing else, has no violation that is about the value."""
    call = {"type": "track", "event": "Paid", "properties": {"a": parse(text.encode())}}
    return not [breach for breach in oracle(call) if breach.location.startswith("/properties/a")]


@pytest.mark.no_cover
def test_classes_are_what_jsonschema_says_of_values() -> None:
    random, decided = Random(1), 0
    schemas = [*PLAIN, *(anyplan.Schemas(random, anyplan.DRAFT_7).schema(2) for _ in range(150))]
    for schema in schemas:
        if any(word in json.dumps(schema) for word in ("unevaluated", "$ref")):
            continue
        plan = plan_of(schema)
        table = table_of(Program([plan]))
        assert "a" in table.keys
        oracle, found = anyplan.oracle(plan.rules[0].schema), classes(table)
        for json_type, texts in VALUES.items():
            fine = [is_fine(oracle, text) for text in texts]
            if found[json_type] is FINE:
                assert all(fine), (schema, json_type)
            elif found[json_type] is COUNTS:
                assert not any(fine), (schema, json_type)
            else:
                decided += any(fine) and not all(fine)
    assert decided > 20


# ---------------------------------------------------------------------------------------------------------- groups


def groups(rules: Iterable[PlanRule], event: str = "Paid") -> set[frozenset[str]]:
    table = table_of(Program([TrackingPlan("plan", "Plan", tuple(rules))]), event)
    return {frozenset(group.places) for group in table.rules.groups}


def any_of(name: str, *places: str) -> dict[str, Any]:
    """A property that may stand in several places."""
    branches = []
    for place in places:
        branch: dict[str, Any] = {"type": "string"}
        for key in reversed(pointer_keys(place)):
            branch = {"type": "object", "required": [key], "properties": {key: branch}}
        branches.append(branch)
    return {"x-property": name, "anyOf": branches}


def test_places_of_one_property_are_judged_together_and_others_alone() -> None:
    payload = {"properties": {"b": {}, "c": {"type": "string"}}}
    schema = {"allOf": [any_of("a", "/title", "/properties/a")], "properties": {"properties": payload}}
    assert groups([PlanRule("TRACK", "Paid", schema)]) == {
        frozenset({"/title", "/properties/a"}),
        frozenset({"/properties/b"}),
        frozenset({"/properties/c"}),
    }


def test_what_two_rules_say_of_one_property_is_judged_together() -> None:
    """As it is one finding and one count, wherever the property stands."""
    first = {"allOf": [any_of("a", "/title", "/properties/a")]}
    second = {"allOf": [any_of("a", "/name", "/properties/other")], "properties": {"userId": {"type": "string"}}}
    rules = [PlanRule("TRACK", "Paid", first), PlanRule("TRACK", "Paid", second)]
    assert groups(rules) == {
        frozenset({"/title", "/properties/a", "/name", "/properties/other"}),
        frozenset({"/userId"}),
    }


def test_every_place_is_in_one_group_and_every_expectation_within_one() -> None:
    several = 0
    for seed in range(60):
        program = any_program(Random(seed))
        for kind, name in program.routes.kinds():
            rules = program.rules(kind, name)
            places = [place for group in rules.groups for place in group.places]
            assert len(places) == len(set(places))
            fields = rules.fields
            assert {pointer("properties", key) for key in fields.properties} <= set(places)
            for rule in rules.rules:
                for expected in rule.expectations:
                    of = {rules.group_at(place) for place, _ in expected.places}
                    assert len(of) == 1
            several += any(len(group.places) > 1 for group in rules.groups)
    assert several > 10


def test_keys_are_judged_alone_or_jointly_and_only_where_properties_are_an_object() -> None:
    for seed in range(40):
        random = Random(seed)
        program = Program([TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Paid", wide(random)),))])
        table = table_of(program)
        assert table.keys.keys().isdisjoint(table.joint_keys)
        assert table.keys.keys() | table.joint_keys.keys() == table.named
        for properties in (ABSENT, "null", "array", "string"):
            other = table_of(program, properties=properties)
            assert not other.keys
            assert not other.judges_further_keys
            assert all(not group.below_properties for group in other.joint)


@pytest.mark.parametrize(
    ("payload", "further", "is_open"),
    [
        ({"properties": {"a": {}}}, False, False),
        ({"properties": {"a": {}}, "additionalProperties": False}, True, False),
        ({"properties": {"a": {}}, "additionalProperties": {"type": "string"}}, False, True),
        ({"properties": {"a": {}}, "patternProperties": {"^b": {"type": "string"}}}, False, True),
        ({"minProperties": 1}, False, True),
        ({"dependencies": {"a": ["b"]}}, False, True),
        ({"properties": {"a": {"multipleOf": 2}}}, False, False),
    ],
)
def test_further_keys_matter_to_closed_rules_and_what_no_table_holds_is_open(
    payload: Mapping[str, Any], further: bool, is_open: bool
) -> None:
    plan = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Paid", {"properties": {"properties": payload}}),))
    table = table_of(Program([plan]))
    assert table.judges_further_keys is further
    assert bool(table.open) is is_open
