"""What checks of values say of what they find: the branch of `anyOf` that a value comes closest to."""

from __future__ import annotations

from typing import Any

import pytest

from validator.engine.compile.value_checks import ValueCheck, spotted
from validator.json_schema import DIALECTS, Evaluator

DRAFT = DIALECTS["https://json-schema.org/draft/2020-12/schema"]

TEXT = {"type": "string"}
CLOSEST = [
    ("the right type, and more that is wrong", {"type": "object", "required": ["a", "b"]}, {}, {"required"}),
    ("what says no type", {"required": ["a", "b"]}, {}, {"required"}),
    ("a wrong type further inside", {"properties": {"x": TEXT, "y": TEXT}}, {"x": 1, "y": 2}, {"/x type", "/y type"}),
    ("a wrong type as well", {"type": "array", "minProperties": 3}, {}, {"type"}),
]


@pytest.mark.parametrize("inside", [False, True], ids=["at the top", "inside"])
@pytest.mark.parametrize(
    ("branch", "value", "reported"), [case[1:] for case in CLOSEST], ids=[case[0] for case in CLOSEST]
)
def test_the_closest_branch_has_the_right_type_and_then_the_fewest_faults(
    branch: Any, value: Any, reported: set[str], *, inside: bool
) -> None:
    """The other branch has one fault: it wants text, and the value is an object."""
    schema: Any = {"anyOf": [TEXT, branch]}
    schema, value = ({"properties": {"p": schema}}, {"p": value}) if inside else (schema, value)
    check = ValueCheck("/a", "schema", "x", evaluator=Evaluator(schema, DRAFT))
    ((found, place, _),) = spotted(check, value)
    assert place == ("/a/p" if inside else "/a")
    top = "/p" if inside else ""
    assert {f"{one.location.removeprefix(top)} {one.keyword}".strip() for one in found.branch} == reported
