"""Ranks use cases by how well the events already sent cover them, with the work left for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from validator.catalog import UseCase
    from validator.report import EventReport, Report, UseCaseReport
    from validator.setup.evidence import Evidence


class EventWork(msgspec.Struct, frozen=True):
    """The work left on an event.

    Attributes:
        event: Its name.
        calls: How often it was seen.
        add: Recommended properties that no call has.
        complete: Recommended properties that some calls have, each with the share that has them.
        wrong_types: Recommended properties that calls send with a wrong type.
    """

    event: str
    calls: int
    add: tuple[str, ...]
    complete: tuple[tuple[str, float], ...]
    wrong_types: tuple[str, ...]

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self.calls) and not (self.add or self.complete or self.wrong_types)


class Candidate(msgspec.Struct, frozen=True):
    """A use case, its coverage and the work left.

    Attributes:
        use_case: The use case.
        goal_name: The name of its goal.
        coverage: As in a report, from 0 to 1.
        events: Its recommended events.
        sources_seen: Its source types that calls come from.
        sources_unseen: Its other source types; one is enough to start with.
    """

    use_case: UseCase
    goal_name: str
    coverage: float
    events: tuple[EventWork, ...]
    sources_seen: tuple[str, ...]
    sources_unseen: tuple[str, ...]

    @property
    def events_missing(self) -> tuple[str, ...]:
        """Recommended events that were never seen."""
        return tuple(e.event for e in self.events if not e.calls)

    @property
    def properties_open(self) -> int:
        """Number of properties to add, to send more often, or to send with another type."""
        return sum(len({*e.add, *(name for name, _ in e.complete), *e.wrong_types}) for e in self.events)


class Recommendation(msgspec.Struct, frozen=True):
    """All candidates, best covered first, with what was read.

    Attributes:
        report: The report on the calls.
        evidence: Where the calls come from and where they go.
        candidates: Best covered first.
    """

    report: Report
    evidence: Evidence
    candidates: tuple[Candidate, ...]


def recommend(report: Report, evidence: Evidence, use_cases: Sequence[UseCase]) -> Recommendation:
    """Ranks use cases: best covered first, then least work.

    Args:
        report: A report on these use cases, in this order.
        evidence: Evidence from the same calls.
        use_cases: The use cases.
    """
    found = [_candidate(u, r, evidence) for u, r in zip(use_cases, report.use_cases, strict=True)]
    return Recommendation(report, evidence, tuple(sorted(found, key=_order)))


def _order(candidate: Candidate) -> tuple[float, int, int, str]:
    return -candidate.coverage, len(candidate.events_missing), candidate.properties_open, candidate.use_case.slug


def _candidate(use_case: UseCase, report: UseCaseReport, evidence: Evidence) -> Candidate:
    seen = evidence.types()
    return Candidate(
        use_case,
        report.goal_name,
        report.coverage,
        tuple(map(_work, report.events)),
        _of(use_case.sources, seen),
        tuple(s for s in use_case.sources if s not in seen),
    )


def _of(types: Iterable[str], seen: Iterable[str]) -> tuple[str, ...]:
    known = set(seen)
    return tuple(t for t in types if t in known)


def _work(event: EventReport) -> EventWork:
    some = [p for p in event.properties if p.present]
    return EventWork(
        event.event,
        event.calls,
        tuple(p.name for p in event.properties if not p.present and not p.invalid),
        tuple((p.name, p.share) for p in some if p.missing),
        tuple(p.name for p in event.properties if p.invalid),
    )
