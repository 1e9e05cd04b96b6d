"""A recommendation as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator._version import __version__
from validator.render.guide.evidence_json import evidence_to_json
from validator.render.terminal_style import PLAIN, Style

if TYPE_CHECKING:
    from validator.setup.recommend import Candidate, EventWork, Recommendation

VERSION = 1


def render(found: Recommendation, style: Style = PLAIN, *, top: int = 0) -> str:  # noqa: ARG001
    """All use cases, best covered first; ASCII only."""
    document = {
        "recommendation_version": VERSION,
        "uclint": __version__,
        "partial": found.report.partial,
        "calls": found.report.calls,
        "evidence": evidence_to_json(found.evidence),
        "use_cases": [_candidate(number, c) for number, c in enumerate(found.candidates, 1)],
    }
    return json.dumps(document, indent=2) + "\n"


def _candidate(rank: int, candidate: Candidate) -> dict[str, Any]:
    use_case = candidate.use_case
    return {
        "rank": rank,
        "goal": use_case.goal,
        "use_case": use_case.slug,
        "name": use_case.name,
        "coverage": candidate.coverage,
        "missing_events": list(candidate.events_missing),
        "open_properties": candidate.properties_open,
        "events": [_event(e) for e in candidate.events],
        "sources": {"seen": list(candidate.sources_seen), "missing": list(candidate.sources_unseen)},
        "destinations": list(use_case.destinations),
    }


def _event(event: EventWork) -> dict[str, Any]:
    return {
        "event": event.event,
        "calls": event.calls,
        "add": list(event.add),
        "complete": [{"property": name, "share": share} for name, share in event.complete],
        "correct_type": list(event.wrong_types),
    }
