"""What of a schema is refused: exactly beyond each limit."""

from __future__ import annotations

from typing import Any

import pytest

from validator.errors import SchemaError
from validator.json_schema import DIALECTS, limits
from validator.json_schema.documents import Documents

DIALECT = DIALECTS["http://json-schema.org/draft-07/schema"]


def chain(references: int) -> dict[str, Any]:
    """A schema from which so many references lead from one to the next."""
    links = {f"a{n}": {"$ref": f"#/definitions/a{n + 1}"} for n in range(references - 1)}
    return {"allOf": [{"$ref": "#/definitions/a0"}], "definitions": links | {f"a{references - 1}": {}}}


def wide(schemas: int) -> dict[str, Any]:
    """So many schemas applied to one value, itself one of them, and that behind a reference another."""
    return {"allOf": [{"$ref": "#/definitions/a"}, *({} for _ in range(schemas - 3))], "definitions": {"a": {}}}


def deep(levels: int) -> dict[str, Any]:
    return {"not": deep(levels - 1)} if levels else {}


# What is made so large, how large it may be, and the message beyond.
LIMITS = [
    (chain, limits._CHAIN - 1, "a very long chain of references"),
    (wide, limits._MOST, "more schemas for one value than any plan needs"),
    (deep, limits._DEPTH - 1, "schemas nested too deeply"),
]


@pytest.mark.parametrize(("make", "most", "message"), LIMITS, ids=[make.__name__ for make, *_ in LIMITS])
def test_what_is_within_a_limit_is_taken_and_what_is_beyond_is_refused(make: Any, most: int, message: str) -> None:
    limits.vet(make(most), DIALECT, Documents({}))
    with pytest.raises(SchemaError, match=message):
        limits.vet(make(most + 1), DIALECT, Documents({}))


REFUSED: list[tuple[Any, str]] = [
    ({"$ref": "#"}, "a circular reference"),
    ({"definitions": {"a": {"allOf": [{"$ref": "#/definitions/a"}]}}}, "a circular reference"),
    ({"$ref": "#/definitions/a"}, "whose target did not come with the plan"),
    ({"not": {"$ref": "http://example.com/x"}}, "whose target did not come with the plan"),
]


@pytest.mark.parametrize(("schema", "message"), REFUSED, ids=[str(schema) for schema, _ in REFUSED])
def test_references_that_lead_nowhere_are_refused(schema: Any, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        limits.vet(schema, DIALECT, Documents({}))


def test_references_further_inside_a_value_may_lead_back() -> None:
    limits.vet({"properties": {"a": {"$ref": "#"}}, "items": {"$ref": "#"}}, DIALECT, Documents({}))
