"""Types of a strict decoder: what they take is fine with all plans, and what plain plans are fine with they take."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import jsonschema
import msgspec
import pytest
from referencing import Registry

from tests.engine.compile.test_tables import VALUES, plan_of, table_of
from tests.support import anyplan
from tests.support.any_programs import PLAIN
from validator import Program
from validator.engine.decode.json_exact import parse
from validator.engine.scan.strict_types import nested_type, plain_type, strict_type
from validator.model import JSON_TYPES

if TYPE_CHECKING:
    from validator.engine.compile.tables import Table

TEXTS = [text for texts in VALUES.values() for text in texts]


def planned(schema: Any) -> Table:
    return table_of(Program([plan_of(schema)]))


def takes(table: Table, text: str) -> bool:
    """Whether a strict decoder takes a value, and its tests do."""
    key = table.keys["a"]
    strict = strict_type(table.fitting(key), key.checks)
    if strict is None:
        return False
    try:
        value = msgspec.json.decode(text.encode(), type=strict.type)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return all(test(value) for test in strict.tests.get(type(value), ()))


def is_valid(schema: Any, text: str) -> bool:
    validator = jsonschema.Draft7Validator(schema, registry=Registry(), format_checker=anyplan.CHECKER)
    return bool(validator.is_valid(parse(text.encode())))


@pytest.mark.parametrize(
    ("schema", "taken", "refused"),
    [
        ({}, TEXTS, []),
        ({"type": "string"}, ['""', '"a"'], ["1", "null", "[]"]),
        ({"type": ["string", "null"]}, ['"a"', "null"], ["1", "{}"]),
        ({"type": "integer"}, ["0", "-7"], ["0.5", '"1"', "true"]),
        ({"type": "number"}, ["0", "0.5", "1e3"], ['"1"', "true", "null"]),
        ({"type": "number", "minimum": 0}, ["0", "0.5", "100"], ["-0.5", "-1", '"1"']),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 3}, ["0.5", "3", "3.0"], ["0", "-0.0", "3.5"]),
        ({"type": "integer", "minimum": 1, "maximum": 7}, ["1", "7"], ["0", "8", "0.5"]),
        ({"enum": ["free", "team"]}, ['"free"'], ['"paid"', "1"]),
        ({"type": "string", "pattern": "^a"}, ['"a"', '"abcdefgh"'], ['"free"', "1"]),
        ({"type": "string", "maxLength": 4}, ['"free"', '""'], ['"abcdefgh"']),
        ({"type": "string", "format": "date"}, ['"2024-01-31"'], ['"free"']),
        ({"type": "array", "items": {"type": "string"}}, ["[]", '["a"]'], ["[1]", "[null]", "{}"]),
        ({"type": "array", "maxItems": 1}, ["[]", "[1]"], ["[1,2]"]),
        ({"type": "boolean"}, ["true", "false"], ["0", '"true"']),
        ({"type": "object"}, ["{}", '{"x":[]}'], ["[]"]),
        ({"minLength": 2}, ['"ab"', "1", "null", "[]", "{}"], ['"a"']),
    ],
)
def test_what_is_taken(schema: Any, taken: list[str], refused: list[str]) -> None:
    key = planned(schema)
    assert [text for text in taken if not takes(key, text)] == []
    assert [text for text in refused if takes(key, text)] == []


@pytest.mark.no_cover
def test_nothing_is_taken_that_jsonschema_refuses() -> None:
    random, taken, valid = Random(2), 0, 0
    schemas = [*PLAIN, *(anyplan.Schemas(random, anyplan.DRAFT_7).schema(2) for _ in range(300))]
    for schema in schemas:
        if any(word in json.dumps(schema) for word in ("unevaluated", "$ref")):
            continue
        key = planned(schema)
        values = [*TEXTS, *(json.dumps(anyplan.fitting(random, schema)) for _ in range(4))]
        for text in values:
            if takes(key, text):
                taken += 1
                assert is_valid(schema, text), (schema, text)
            valid += is_valid(schema, text)
    assert taken > valid / 2


NESTED: list[tuple[str, Any]] = [
    ("object", {"properties": {"plan": {"type": "string"}}, "required": ["plan"]}),
    ("object", {"properties": {"plan": {"type": "string"}}, "additionalProperties": False}),
    ("object", {"properties": {"total": {"type": "integer", "minimum": 1}, "x": {"type": "array"}}}),
    ("object", {"required": ["plan", "total"], "x-note": 1, "description": "What it is."}),
    ("array", {"items": {"type": "object", "properties": {"plan": {"enum": ["a"], "type": "string"}}}}),
    ("array", {"items": {"type": "object", "additionalProperties": False}}),
    ("array", {"items": {"type": "array", "items": {"type": "number"}}}),
]
INSIDE = (
    *("{}", '{"plan":"a"}', '{"plan":"b","total":0}', '{"plan":1}', '{"total":1}', '{"total":2.0}', '{"x":[null]}'),
    *('{"total":1,"plan":"a"}', '{"plan":null}', '{"x":{}}', '{"Plan":"a"}'),
)


@pytest.mark.parametrize(("json_type", "schema"), NESTED)
def test_nested_schemas_take_what_jsonschema_does_and_little_less(json_type: str, schema: Any) -> None:
    kind = nested_type(schema, json_type)
    assert kind is not None
    texts = INSIDE if json_type == "object" else [f"[{text}]" for text in (*INSIDE, "[1]", "1", '["a"]', "")]
    taken = set()
    for text in texts:
        try:
            msgspec.json.decode(text.encode(), type=kind)
        except msgspec.MsgspecError:
            continue
        taken.add(text)
    valid = {text for text in texts if is_valid(schema, text)}
    assert taken <= valid
    assert len(taken) >= len(valid) - 1, "whole numbers with a fraction may be left to others"


@pytest.mark.parametrize(
    ("json_type", "schema"),
    [
        ("object", {"minProperties": 1}),
        ("object", {"patternProperties": {}}),
        ("object", {"properties": {"a": {"anyOf": []}}}),
        ("object", {"properties": {"a": {"type": ["string", "null"]}}}),
        ("object", {"additionalProperties": {"type": "string"}}),
        ("array", {"items": [{"type": "string"}]}),
        ("array", {"items": {"type": "string"}, "uniqueItems": True}),
        ("array", {}),
        ("string", {"minLength": 1}),
        ("object", True),
    ],
)
def test_what_no_type_can_say_is_left_to_the_evaluator(json_type: str, schema: Any) -> None:
    assert nested_type(schema, json_type) is None


@pytest.mark.parametrize("json_type", JSON_TYPES)
def test_a_plain_type_takes_all_values_of_the_type_and_no_others(json_type: str) -> None:
    for own, texts in VALUES.items():
        for text in texts:
            try:
                msgspec.json.decode(text.encode(), type=plain_type([json_type]))
            except msgspec.MsgspecError:
                taken = False
            else:
                taken = True
            # Larger integers than a decoder takes are left to others, and `3` is a number.
            large = own == "integer" and len(text) > 19
            assert taken is (own == json_type or (own == "integer" and json_type == "number")) or large


def test_what_is_required_and_not_allowed_fits_nothing() -> None:
    assert nested_type({"required": ["plan"], "additionalProperties": False}, "object") is None
