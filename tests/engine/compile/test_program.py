"""What a program asks the decoder for."""

from __future__ import annotations

import pytest

from validator import TrackingPlan
from validator.engine.compile.program import Program
from validator.engine.compile.selection import Selection
from validator.plan import PlanRule

# A plan says something of `context`, and nothing of `device`.
PLAN = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Paid", {"properties": {"context": {"type": "object"}}}),))

# What counts are broken down by; the fields of which the inside is decoded, and further fields.
BROKEN_DOWN: list[tuple[tuple[str, ...], set[str], tuple[str, ...]]] = [
    ((), set(), ()),
    (("context",), set(), ()),
    (("context.ip",), {"context"}, ()),
    (("context", "context.app.version"), {"context"}, ()),
    (("device",), set(), ("device",)),
    (("device.id",), set(), ("device",)),
    (("device.id", "device.model", "context.ip"), {"context"}, ("device",)),
]


@pytest.mark.parametrize(("by", "deep", "others"), BROKEN_DOWN, ids=[" ".join(by) or "-" for by, *_ in BROKEN_DOWN])
def test_the_inside_of_a_field_is_decoded_where_some_of_it_is_wanted(
    by: tuple[str, ...], deep: set[str], others: tuple[str, ...]
) -> None:
    wanted = Program([PLAN], selection=Selection(by=by)).wanted
    assert (wanted.fields, wanted.others) == (("context",), others)
    assert wanted.deep == deep
