"""Phrases shared by the formats of the guided setup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.render.phrases import count
from validator.report.shares import percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.setup.evidence import Evidence
    from validator.setup.recommend import Candidate, EventWork

# Libraries and destinations shown; more are only counted.
MOST_NAMES = 8


def listed(names: Iterable[str], last: str = "and") -> str:
    """Joins names: `a`, `a and b`, `a, b and c`."""
    found = list(names)
    return f" {last} ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def to_do(candidate: Candidate) -> str:
    """The work left on a use case, in numbers."""
    parts = []
    if candidate.events_missing:
        parts.append(count(len(candidate.events_missing), "event"))
    if candidate.properties_open:
        number = candidate.properties_open
        parts.append(f"{number} propert{'y' if number == 1 else 'ies'}")
    return ", ".join(parts) or "nothing"


def work(event: EventWork) -> str:
    """The work left on an event, in one sentence."""
    if not event.calls:
        names = f" with {listed(event.add)}" if event.add else ""
        return f"never seen: send it{names}"
    parts = [f"add {listed(event.add)}"] if event.add else []
    if event.complete:
        shares = listed(f"{name} ({percent(share)} have it)" for name, share in event.complete)
        parts.append(f"send in every call {shares}")
    if event.wrong_types:
        parts.append(f"fix the type of {listed(event.wrong_types)}")
    return f"{count(event.calls, 'call')}: {'; '.join(parts) or 'all there'}"


def libraries(evidence: Evidence) -> list[str]:
    """The libraries that sent calls, such as `analytics.js (Website, 12 calls)`."""
    named = [
        f"{library.name or 'no library named'} ({library.type}, {count(seen.calls, 'call')})"
        for library, seen in evidence.libraries.items()
    ]
    more = len(named) - MOST_NAMES + (1 if evidence.more_libraries else 0)
    return named[:MOST_NAMES] + ([f"{count(more, 'other')}"] if more > 0 else [])


def selected(evidence: Evidence) -> list[str]:
    """The destinations that calls select by name."""
    named = [f"{name} ({count(r.selected, 'call')})" for name, r in evidence.destinations.items() if r.selected]
    more = len(named) - MOST_NAMES
    return named[:MOST_NAMES] + ([count(more, "other")] if more > 0 else [])
