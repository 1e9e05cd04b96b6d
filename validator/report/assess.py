"""From a Profile to a Report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.profile import Tally
from validator.engine.shape import UNKNOWN
from validator.model import CALL_TYPES, LineClass, Severity
from validator.report import words
from validator.report.model import EventReport, Finding, PropertyReport, Report, UseCaseReport
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.catalog import EventUse, UseCase
    from validator.engine.profile import Profile, Sighting
    from validator.engine.program import Program
    from validator.model import Place


def assess(
    profile: Profile, program: Program, use_cases: Sequence[UseCase], *, partial: bool = False, goals: dict[str, str]
) -> Report:
    """What a profile means for the program's plans and the use cases they come from.

    Args:
        profile: What was read.
        program: The compiled plans that the profile was made with.
        use_cases: The active use cases, in report order.
        partial: Whether something that should have been read was not, beyond what the profile tells.
        goals: Goal slug -> its name.
    """
    tally = judged(profile, program)
    findings = _Findings(profile, program, use_cases, tally)
    return Report(
        partial=partial or not all(i.complete for i in profile.inputs),
        inputs=tuple(profile.inputs),
        lines={line_class: profile.lines[line_class] for line_class in LineClass},
        types={kind: profile.types[kind] for kind in (*CALL_TYPES, UNKNOWN)},
        valid=tally.calls - tally.invalid,
        invalid=tally.invalid,
        use_cases=tuple(
            UseCaseReport(u.goal, u.slug, u.name, goals.get(u.goal, u.goal), tuple(_event(e, tally) for e in u.events))
            for u in use_cases
        ),
        findings=tuple(sorted(findings.all(), key=_order)),
    )


def judged(profile: Profile, program: Program) -> Tally:
    """All calls of a profile, judged: its shapes one by one, and what was folded already."""
    tally = Tally()
    tally.merge(profile.folded, profile.max_places)
    for shape, sighting in profile.shapes.items():
        tally.add(program.judge(shape), sighting.count, sighting.places, profile.max_places)
    return tally


def _event(use: EventUse, tally: Tally) -> EventReport:
    event = use.event.name
    states = (tally.states.get((event, name), (0, 0, 0)) for name in use.recommended)
    properties = (
        PropertyReport(name, present, missing, invalid)
        for name, (present, missing, invalid) in zip(use.recommended, states, strict=True)
    )
    return EventReport(event, tally.events[event], tuple(properties))


def _order(finding: Finding) -> tuple[int, str, str, str, str, str]:
    return (
        finding.severity.rank,
        finding.code,
        finding.event or "",
        finding.property or "",
        finding.instance_location or "",
        finding.keyword or "",
    )


class _Findings:
    def __init__(self, profile: Profile, program: Program, use_cases: Sequence[UseCase], tally: Tally) -> None:
        self.profile = profile
        self.program = program
        self.use_cases = use_cases
        self.tally = tally

    def all(self) -> Iterator[Finding]:
        yield from self.events_never_seen()
        yield from self.violations()
        yield from self.near_misses()
        for code, sighting in self.profile.faults.items():
            yield _finding(code, words.fault(code, sighting.count), sighting.count, sighting.places)

    def events_never_seen(self) -> Iterator[Finding]:
        for event in dict.fromkeys(e.event.name for u in self.use_cases for e in u.events):
            if not self.tally.events[event]:
                yield _finding("UC101", words.never_seen(event), 0, (), event=event, use_cases=self.recommending(event))

    def violations(self) -> Iterator[Finding]:
        for violation, sighting in self.tally.violations.items():
            yield _finding(
                violation.code,
                words.violation(violation, sighting.count, self.tally.events, self.program),
                sighting.count,
                sighting.places,
                severity=violation.severity,
                use_cases=self.in_order(self.tally.plans[violation]),
                event=violation.event,
                property=violation.property,
                instance_location=violation.location,
                keyword=violation.keyword,
            )

    def near_misses(self) -> Iterator[Finding]:
        for name, sighting in self.profile.names.items():
            if planned := self.program.near_misses.planned(name):
                yield self.near_miss(name, planned, sighting)

    def near_miss(self, name: str, planned: str, sighting: Sighting) -> Finding:
        return _finding(
            "NM401",
            words.near_miss(name, planned, sighting.count),
            sighting.count,
            sighting.places,
            event=name,
            use_cases=self.recommending(planned),
        )

    def recommending(self, event: str) -> tuple[str, ...]:
        return tuple(u.id for u in self.use_cases if any(e.event.name == event for e in u.events))

    def in_order(self, plans: Iterable[str]) -> tuple[str, ...]:
        concerned = set(plans)
        return tuple(u.id for u in self.use_cases if u.id in concerned)


def _finding(
    code: str,
    message: str,
    count: int,
    places: tuple[Place, ...],
    *,
    severity: Severity | None = None,
    use_cases: tuple[str, ...] = (),
    event: str | None = None,
    property: str | None = None,  # noqa: A002 - the contract's word
    instance_location: str | None = None,
    keyword: str | None = None,
) -> Finding:
    rule = RULES[code]
    return Finding(
        code=code,
        rule=rule.name,
        severity=severity or rule.severity,
        use_cases=use_cases,
        plans=(),
        event=event,
        property=property,
        instance_location=instance_location,
        keyword=keyword,
        message=message,
        count=count,
        places=places,
    )
