"""What a rule's schema is lowered to: what the tables hold is in them, and only the rest is left to slow checks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.checking import check_stream
from validator import Severity, TrackingPlan
from validator.engine.compile.lower import lower
from validator.plan import PlanRule

CALL = b'{"type":"track","event":"Paid","properties":{}}\n'

# A schema of the whole message, the places of its checks, and what it finds in CALL.
MESSAGES: list[tuple[Any, list[str], list[tuple[str | None, str | None]]]] = [
    ({"type": "object"}, [], []),
    ({"type": ["object", "null"]}, [], []),
    ({}, [], []),
    ({"type": "array"}, [""], [("", "type")]),
    ({"type": ["null", "string"]}, [""], [("", "type")]),
    ({"type": "object", "minProperties": 9}, [""], [("", "minProperties")]),
]


@pytest.mark.parametrize(("schema", "places", "found"), MESSAGES, ids=[str(schema) for schema, *_ in MESSAGES])
def test_a_call_is_an_object_and_needs_no_check_of_that(
    schema: Any, places: list[str], found: list[tuple[str, str]]
) -> None:
    rule = PlanRule("TRACK", "Paid", schema)
    assert [check.place for check in lower(rule).checks] == places
    report = check_stream(CALL, plans=[TrackingPlan("plan", "Plan", (rule,))])
    assert [(f.instance_location, f.keyword) for f in report.findings if f.severity is Severity.ERROR] == found
