"""What the evaluator finds, exactly: where, and by which keyword."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

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
