"""What calls of an environment prove of its sources, its destinations and the events of a use case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.catalog.own_names import Names
from validator.model import Severity
from validator.setup.evidence import Routing, Seen, Watch
from validator.setup.state import Proof

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from validator.catalog import UseCase
    from validator.report import EventReport, Report
    from validator.setup.evidence import Evidence
    from validator.setup.state import Env, Environment, Source

# Libraries kept with a proof.
MOST_LIBRARIES = 5


class Problem(msgspec.Struct, frozen=True):
    """Something that keeps events from being verified.

    Attributes:
        event: The event.
        property: The property, if one is concerned.
        what: What is wrong, in words that go on from the event.
        fix: What to do about it.
    """

    event: str
    property: str | None
    what: str
    fix: str


class EventVerification(msgspec.Struct, frozen=True):
    """An event of the use case as it was seen.

    Attributes:
        report: Its counts and shares.
        seen: When.
    """

    report: EventReport
    seen: Seen


class Verification(msgspec.Struct, frozen=True):
    """What was seen of an environment.

    Attributes:
        env: The environment.
        day: When it was looked at.
        evidence: Where calls come from and where they go.
        sources: Named sources that were seen.
        destinations: Named destinations that calls select.
        events: The events of the use case.
        problems: What keeps them from being verified.
        verified: The proof that they are right; None while there are problems.
    """

    env: Env
    day: date
    evidence: Evidence
    sources: dict[str, Proof]
    destinations: dict[str, Proof]
    events: tuple[EventVerification, ...]
    problems: tuple[Problem, ...]
    verified: Proof | None


def watch_for(environment: Environment, use_case: UseCase, names: Names | None = None) -> Watch:
    """What to look for in the calls of an environment, the team's own names of events included."""
    own = names or Names()
    return Watch(
        {s.name: s.when for s in environment.sources.values() if s.when},
        frozenset(d.integration for d in environment.destinations.values()),
        {
            (call.type, name): use.event.name
            for use in use_case.events
            for call in use.event.calls
            for name in ((use.event.name, *own.of_event(use.event.name)) if call.type == "track" else (None,))
        },
    )


def verify(
    env: Env, environment: Environment, use_case: UseCase, report: Report, evidence: Evidence, day: date
) -> Verification:
    """What calls prove.

    Args:
        env: The environment they are from.
        environment: What it consists of.
        use_case: The use case under way.
        report: The calls' report on this use case alone.
        evidence: What they give away, with `watch_for` watched for.
        day: Today.
    """
    sources = {}
    for source in environment.sources.values():
        libraries, seen = _of_source(source, evidence)
        if seen.calls:
            sources[source.name] = _proof(day, seen, libraries)
    destinations = {}
    for destination in environment.destinations.values():
        routing = evidence.destinations.get(destination.integration, Routing())
        if routing.selected:
            destinations[destination.name] = _proof(day, routing.seen)
    (found,) = report.use_cases
    events = tuple(EventVerification(e, evidence.events.get(e.event, Seen())) for e in found.events)
    problems = (*_missing(use_case, found.events), *_violations(use_case, report))
    total = Seen()
    for event in events:
        total += event.seen
    names = [library.name for library in evidence.libraries if library.name]
    verified = None if problems or not total.calls else _proof(day, total, names)
    return Verification(env, day, evidence, sources, destinations, events, problems, verified)


def _of_source(source: Source, evidence: Evidence) -> tuple[list[str], Seen]:
    """The libraries of a source, and its calls; a rule of the user's says more than the library."""
    if source.when:
        return [], evidence.declared.get(source.name, Seen())
    found = {library: seen for library, seen in evidence.libraries.items() if library.type == source.type}
    total = Seen()
    for seen in found.values():
        total += seen
    return [library.name for library in found if library.name], total


def _proof(day: date, seen: Seen, libraries: Iterable[str] = ()) -> Proof:
    first, last = (at and at.replace(microsecond=0) for at in (seen.first, seen.last))
    return Proof(day, seen.calls, tuple(libraries)[:MOST_LIBRARIES], first, last)


def _missing(use_case: UseCase, events: Iterable[EventReport]) -> Iterable[Problem]:
    snippets = f"uclint show {use_case.id} --snippets js (or python, swift, kotlin ...) prints the call"
    for event in events:
        if not event.calls:
            yield Problem(event.event, None, "was never seen", f"send it where it happens: {snippets}")
            continue
        for entry in event.properties:
            if not entry.present:
                wrong = f", and has a wrong type in {entry.invalid:,}" if entry.invalid else ""
                what = f"has {entry.name} as it should be in none of its {event.calls:,} calls{wrong}"
                fix = f"correct the type of {entry.name}" if entry.invalid else f"add {entry.name} to the call"
                yield Problem(event.event, entry.name, what, f"{fix}: {snippets}")


def _violations(use_case: UseCase, report: Report) -> Iterable[Problem]:
    names = {use.event.name for use in use_case.events}
    seen = {e.event: {p.name for p in e.properties if not p.present} for e in report.use_cases[0].events}
    for finding in report.findings:
        if finding.severity is Severity.ERROR and finding.event in names and use_case.id in finding.use_cases:
            if finding.property in seen.get(finding.event, ()):
                continue  # said already
            where = finding.property or "its properties as a whole"
            calls = f"{finding.count:,} call{'' if finding.count == 1 else 's'}"
            what = f"breaks the plan in {calls}: {where} ({finding.code} {finding.rule})"
            yield Problem(
                finding.event,
                finding.property,
                what,
                f"uclint check PATH -u {use_case.id} says where; uclint rule {finding.code} says why it matters",
            )
