"""Verifies the sources, destinations and events of an environment from its calls."""

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
    from validator.setup.fingerprints import Fingerprints
    from validator.setup.state import Env, Environment, Source

# Libraries kept with a proof.
MOST_LIBRARIES = 5


class Problem(msgspec.Struct, frozen=True):
    """A reason why events are not verified.

    Attributes:
        event: The event.
        property: The property, if one is concerned.
        what: What is wrong, a phrase that follows the event's name.
        fix: What to do about it.
    """

    event: str
    property: str | None
    what: str
    fix: str


class EventVerification(msgspec.Struct, frozen=True):
    """An event of the use case, as calls show it."""

    report: EventReport
    seen: Seen


class Repeated(msgspec.Struct, frozen=True):
    """Calls that proved the other environment already.

    Attributes:
        proof: The proof of the other environment.
        found: How many of its fingerprints are among them; None where it has none, and number and times are the same.
    """

    proof: Proof
    found: int | None


class Verification(msgspec.Struct, frozen=True):
    """What the calls of an environment prove.

    Attributes:
        env: The environment.
        day: The day the calls were read.
        evidence: Where calls come from and where they go.
        sources: Sources of the setup that were seen.
        destinations: Destinations of the setup that calls select.
        events: The events of the use case.
        problems: Why they are not verified.
        verified: Proof that they are right; None while there are problems.
        repeated: That these calls, or some of them, proved the other environment. Then they prove nothing here.
    """

    env: Env
    day: date
    evidence: Evidence
    sources: dict[str, Proof]
    destinations: dict[str, Proof]
    events: tuple[EventVerification, ...]
    problems: tuple[Problem, ...]
    verified: Proof | None
    repeated: Repeated | None = None


def watch_for(
    environment: Environment, use_case: UseCase, names: Names | None = None, other: Proof | None = None
) -> Watch:
    """What to look for in the calls of an environment.

    Args:
        environment: Its sources and destinations.
        use_case: The current use case.
        names: The team's own event names.
        other: The proof of the other environment, whose calls must not be used again.
    """
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
        frozenset(other.fingerprints if other else ()),
    )


def verify(
    env: Env,
    environment: Environment,
    use_case: UseCase,
    report: Report,
    evidence: Evidence,
    day: date,
    other: Proof | None = None,
) -> Verification:
    """Verifies an environment from its calls.

    Args:
        env: The environment they are from.
        environment: Its sources and destinations.
        use_case: The current use case.
        report: A report on the calls for this use case alone.
        evidence: Evidence from them, gathered with `watch_for`.
        day: Today.
        other: The proof of the other environment.
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
    verified = None if problems or not total.calls else _proof(day, total, names, evidence.fingerprints)
    if repeated := _repeated(other, total, evidence.fingerprints):
        return Verification(env, day, evidence, {}, {}, events, problems, None, repeated)
    return Verification(env, day, evidence, sources, destinations, events, problems, verified)


def _repeated(other: Proof | None, seen: Seen, fingerprints: Fingerprints) -> Repeated | None:
    if other is None:
        return None
    if other.fingerprints and fingerprints.kept:
        return Repeated(other, len(fingerprints.known)) if fingerprints.known else None
    times = tuple(at and at.replace(microsecond=0) for at in (seen.first, seen.last))
    return (
        Repeated(other, None) if (other.calls, other.first, other.last) == (seen.calls, *times) and all(times) else None
    )


def _of_source(source: Source, evidence: Evidence) -> tuple[list[str], Seen]:
    """The libraries of a source, and its calls; a rule of the user takes precedence over the library."""
    if source.when:
        return [], evidence.declared.get(source.name, Seen())
    found = {library: seen for library, seen in evidence.libraries.items() if library.type == source.type}
    total = Seen()
    for seen in found.values():
        total += seen
    return [library.name for library in found if library.name], total


def _proof(day: date, seen: Seen, libraries: Iterable[str] = (), fingerprints: Fingerprints | None = None) -> Proof:
    first, last = (at and at.replace(microsecond=0) for at in (seen.first, seen.last))
    kept = tuple(fingerprints.kept) if fingerprints else ()
    return Proof(day, seen.calls, tuple(libraries)[:MOST_LIBRARIES], first, last, kept)


def _missing(use_case: UseCase, events: Iterable[EventReport]) -> Iterable[Problem]:
    snippets = f"uclint show {use_case.id} --snippets js (or python, swift, kotlin ...) prints the call"
    for event in events:
        if not event.calls:
            yield Problem(event.event, None, "was never seen", f"send it where it happens: {snippets}")
            continue
        for entry in event.properties:
            if not entry.present:
                wrong = f", and has a wrong type in {entry.invalid:,}" if entry.invalid else ""
                what = f"has no valid {entry.name} in any of its {event.calls:,} calls{wrong}"
                fix = f"fix the type of {entry.name}" if entry.invalid else f"add {entry.name} to the call"
                yield Problem(event.event, entry.name, what, f"{fix}: {snippets}")


def _violations(use_case: UseCase, report: Report) -> Iterable[Problem]:
    names = {use.event.name for use in use_case.events}
    seen = {e.event: {p.name for p in e.properties if not p.present} for e in report.use_cases[0].events}
    for finding in report.findings:
        if finding.severity is Severity.ERROR and finding.event in names and use_case.id in finding.use_cases:
            if finding.property in seen.get(finding.event, ()):
                continue  # reported already
            where = finding.property or "its properties as a whole"
            calls = f"{finding.count:,} call{'' if finding.count == 1 else 's'}"
            what = f"breaks the plan in {calls}: {where} ({finding.code} {finding.rule})"
            yield Problem(
                finding.event,
                finding.property,
                what,
                f"uclint check PATH -u {use_case.id} says where; uclint rule {finding.code} says why it matters",
            )
