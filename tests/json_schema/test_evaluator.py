"""What the evaluator finds, exactly: where, by which keyword, and which branch of `anyOf` a value comes closest to."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from validator.engine.compile.value_checks import ValueCheck, spotted
from validator.json_schema import DIALECTS, Evaluator

DRAFT = DIALECTS["https://json-schema.org/draft/2020-12/schema"]

ELEMENTS: list[tuple[Any, Any, list[tuple[tuple[Any, ...], str]]]] = [
    ({"items": False}, [], []),
    ({"items": False}, [1, 2], [((), "items")]),
    ({"prefixItems": [{}], "items": False}, [1], []),
    ({"prefixItems": [{}], "items": False}, [1, 2, 3], [((), "items")]),
    ({"prefixItems": [{}], "items": {"type": "null"}}, [1, 2, None, 3], [((1,), "type"), ((3,), "type")]),
    ({"items": {"not": {}}}, [1, 2], [((0,), "not"), ((1,), "not")]),
    ({"items": True}, [1], []),
    ({"items": False}, {"a": 1}, []),
]


@pytest.mark.parametrize(("schema", "value", "expected"), ELEMENTS)
def test_elements_after_the_first_ones(schema: Any, value: Any, expected: list[tuple[tuple[Any, ...], str]]) -> None:
    errors = Draft202012Validator(schema).iter_errors(value)
    assert [(breach.location, breach.keyword) for breach in Evaluator(schema, DRAFT).breaches(value)] == expected
    assert [(tuple(error.absolute_path), error.validator) for error in errors] == expected


TEXT = {"type": "string"}
CLOSEST = [
    ("the right type, and more that is wrong", {"type": "object", "required": ["a", "b"]}, {}, {"required"}),
    ("what says no type", {"required": ["a", "b"]}, {}, {"required"}),
    ("a wrong type further inside", {"properties": {"x": TEXT, "y": TEXT}}, {"x": 1, "y": 2}, {"/x type", "/y type"}),
    ("a wrong type as well", {"type": "array", "minProperties": 3}, {}, {"type"}),
]


@pytest.mark.parametrize("inside", [False, True], ids=["at the top", "inside"])
@pytest.mark.parametrize(("branch", "value", "told"), [case[1:] for case in CLOSEST], ids=[case[0] for case in CLOSEST])
def test_the_closest_branch_has_the_right_type_and_then_the_fewest_faults(
    branch: Any, value: Any, told: set[str], *, inside: bool
) -> None:
    """The other branch has one fault: it wants text, and the value is an object."""
    schema: Any = {"anyOf": [TEXT, branch]}
    schema, value = ({"properties": {"p": schema}}, {"p": value}) if inside else (schema, value)
    check = ValueCheck("/a", "schema", "x", evaluator=Evaluator(schema, DRAFT))
    ((found, place, _),) = spotted(check, value)
    assert place == ("/a/p" if inside else "/a")
    top = "/p" if inside else ""
    assert {f"{one.location.removeprefix(top)} {one.keyword}".strip() for one in found.branch} == told
