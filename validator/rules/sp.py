"""SP3xx: calls that are not as Segment's spec has them."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule

RULES = (
    Rule(
        code="SP301",
        name="unknown-call-type",
        severity=Severity.WARNING,
        summary="The call has no `type`, or none of track, page, screen, identify, group and alias.",
        why=(
            "The type decides what a call is. A call of an unknown type counts as no event at all, so what it reports "
            "is missing from every use case and plan."
        ),
        fix=(
            "Set `type` to one of the six, in lower case. If the lines are no Segment calls (logs, or rows exported "
            "from a warehouse), convert them first or leave the file out."
        ),
        bad="""\
{"type": "event", "event": "Subscription Started", "properties": {}}
""",
        good="""\
{"type": "track", "event": "Subscription Started", "properties": {}}
""",
    ),
    Rule(
        code="SP302",
        name="call-type-case",
        severity=Severity.WARNING,
        summary="The call's `type` is right but for its case, such as `Track`.",
        why=(
            "Segment writes types in lower case, and code that reads the calls compares them so. uclint takes the call "
            "as meant; whatever comes after may pass it over."
        ),
        fix="Write the type in lower case where the call is made.",
        bad="""\
{"type": "Track", "event": "Subscription Started", "properties": {}}
""",
        good="""\
{"type": "track", "event": "Subscription Started", "properties": {}}
""",
    ),
)
