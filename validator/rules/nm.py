"""NM4xx: names."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule

RULES = (
    Rule(
        code="NM401",
        name="near-miss-event-name",
        severity=Severity.WARNING,
        summary="A track call's event is one edit, or only case or separators, away from a planned name.",
        why=(
            "Names match exactly, so `trial_started` is another event than `Trial Started`: its calls count for no use "
            "case, and reports show the one event as two."
        ),
        fix=(
            "Send the planned name. If both names are meant, plan both. Where the sender cannot be changed, a "
            "transformation can rename the event on its way."
        ),
        bad="""\
{"type": "track", "event": "trial_started", "properties": {"category": "team"}}
""",
        good="""\
{"type": "track", "event": "Trial Started", "properties": {"category": "team"}}
""",
    ),
)
