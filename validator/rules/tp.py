"""TP2xx: calls that break a tracking plan."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule

RULES = (
    Rule(
        code="TP201",
        name="required-missing",
        severity=Severity.ERROR,
        summary="A call lacks a property that its plan rule requires, or `properties` as a whole.",
        why=(
            "What a plan requires is what others count on: a report, a join or a payout that needs the property leaves "
            "the call out or goes wrong."
        ),
        fix=(
            "Add the property to the call. If it is not always known, take it out of `required` in the plan. The "
            "examples are checked against a plan that requires `order_id` of Order Completed."
        ),
        bad="""\
{"type": "track", "event": "Order Completed", "properties": {"total": 25.5}}
""",
        good="""\
{"type": "track", "event": "Order Completed", "properties": {"order_id": "A-1001", "total": 25.5}}
""",
    ),
    Rule(
        code="TP202",
        name="datatype-mismatch",
        severity=Severity.ERROR,
        summary="A property, or `properties` itself, is of another JSON type than planned.",
        why=(
            "A warehouse column takes the first type it sees and loses values that do not fit; a destination cannot "
            'add up "25.50". It is a warning where no Segment spec states the type and uclint chose it.'
        ),
        fix=(
            "Send the value in the planned type: numbers without quotes, lists as lists, and no null for a value that "
            "is not known (leave the property out)."
        ),
        bad="""\
{"type": "track", "event": "Trial Started", "properties": {"category": 7}}
""",
        good="""\
{"type": "track", "event": "Trial Started", "properties": {"category": "team"}}
""",
    ),
)
