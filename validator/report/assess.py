"""From a Profile to a Report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.catalog.own_names import Names
from validator.engine.count.tally import Tally
from validator.engine.decode.call_type import UNKNOWN
from validator.engine.judge.judge import Judge
from validator.engine.judge.violation import identity_of
from validator.engine.near_miss import near_keys
from validator.model import CALL_TYPES, LineClass, Severity, pointer
from validator.report import finding_messages
from validator.report.breakdown import breakdowns
from validator.report.lint_findings import lint_findings
from validator.report.model import EventReport, Finding, PlanReport, PropertyReport, Report, Unnamed, UseCaseReport
from validator.report.rule_policy import Policy
from validator.report.violation_messages import MOST, sentence
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from validator.catalog import EventUse, UseCase
    from validator.engine.compile.program import Program
    from validator.engine.count.profile import Profile
    from validator.engine.count.sighting import Sighting
    from validator.engine.judge.violation import Identity, Violation
    from validator.model import Place


def assess(
    profile: Profile,
    program: Program,
    use_cases: Sequence[UseCase],
    *,
    partial: bool = False,
    goals: dict[str, str],
    policy: Policy | None = None,
    names: Names | None = None,
) -> Report:
    """What a profile means for the program's plans and the use cases they come from.

    Args:
        profile: What was read.
        program: The compiled plans that the profile was made with.
        use_cases: The active use cases, in report order.
        partial: Whether something that should have been read was not, beyond what the profile tells.
        goals: Goal slug -> its name.
        policy: Which rules are used, and how bad what they find is; the program must have been made with it.
        names: The team's own names, which the program must have been compiled with.
    """
    policy, names = policy or Policy(), names or Names()
    tally = judged(profile, program, Judge(program))
    worst = tally.worst()
    findings = _Findings(profile, program, use_cases, tally, worst)
    return Report(
        partial=partial or not all(i.complete for i in profile.inputs),
        inputs=tuple(profile.inputs),
        lines={line_class: profile.lines[line_class] for line_class in LineClass},
        types={kind: profile.types[kind] for kind in (*CALL_TYPES, UNKNOWN)},
        valid=tally.calls - tally.invalid,
        invalid=tally.invalid,
        plans=tuple(_plan(plan, tally, program) for plan in program.own),
        use_cases=tuple(
            UseCaseReport(u.goal, u.slug, u.name, goals.get(u.goal, u.goal), tuple(_event(e, tally) for e in u.events))
            for u in use_cases
        ),
        findings=tuple(sorted(policy.applied(finding_messages.told(f, names) for f in findings.all()), key=_order)),
        events=dict(tally.events),
        breakdowns=breakdowns(profile, program, policy, worst),
        left_out=profile.left_out if program.selection.narrow else None,
        unnamed=Unnamed(*further) if any(further := (profile.nameless, profile.further_nameless)) else None,
    )


def judged(profile: Profile, program: Program, judge: Judge) -> Tally:
    """All calls of a profile, judged: what calls of a table have in common, how they deviate, and what was judged."""
    tally, most = Tally(), profile.max_places
    tally.merge(profile.judged, most)
    for table, seen in profile.calls.items():
        tally.add_calls(table, program, seen.count)
        tally.add_effect(judge.of_all_calls(table), seen.count, seen.places, most)
    for deviation, seen in profile.deviations.items():
        tally.add_effect(judge.of(deviation), seen.count, seen.places, most)
    for (table, plans), count in profile.invalid.items():
        tally.add_invalid(table, plans, program, count)
    return tally


def _event(use: EventUse, tally: Tally) -> EventReport:
    event = use.event.name
    states = (tally.states.get((event, name), (0, 0, 0)) for name in use.recommended)
    properties = (
        PropertyReport(name, present, missing, invalid)
        for name, (present, missing, invalid) in zip(use.recommended, states, strict=True)
    )
    return EventReport(event, tally.events[event], tuple(properties))


def _plan(plan: str, tally: Tally, program: Program) -> PlanReport:
    valid, invalid, unplanned = tally.standings.get(plan, (0, 0, 0))
    return PlanReport(plan, valid, invalid, unplanned, program.events_of(plan))


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
    def __init__(
        self,
        profile: Profile,
        program: Program,
        use_cases: Sequence[UseCase],
        tally: Tally,
        worst: Mapping[Identity, Severity],
    ) -> None:
        self.profile = profile
        self.program = program
        self.use_cases = use_cases
        self.tally = tally
        self.worst = worst

    def all(self) -> Iterator[Finding]:
        yield from self.events_never_seen()
        yield from self.violations()
        yield from self.unplanned()
        yield from self.near_misses()
        for told in lint_findings(self.profile, self.program):
            yield _finding(
                told.code,
                told.message,
                told.calls,
                told.places,
                event=told.event,
                property=told.property,
                instance_location=told.location or None,
            )
        for (code, _), sighting in self.profile.faults.items():
            if finding_messages.is_fault(code):
                yield _finding(code, finding_messages.fault(code, sighting.count), sighting.count, sighting.places)

    def events_never_seen(self) -> Iterator[Finding]:
        if self.program.selection.selective:
            return
        for event in dict.fromkeys(e.event.name for u in self.use_cases for e in u.events):
            if not self.tally.events[event]:
                yield _finding(
                    "UC101", finding_messages.never_seen(event), 0, (), event=event, use_cases=self.recommending(event)
                )

    def violations(self) -> Iterator[Finding]:
        groups: dict[Identity, list[Violation]] = {}
        for violation in sorted(self.tally.violations, key=repr):
            groups.setdefault(identity_of(violation), []).append(violation)
        for group in groups.values():
            yield self.violation(group)

    def violation(self, group: Sequence[Violation]) -> Finding:
        """What violations are that differ in what came, and in what plans want."""
        first = group[0]
        seen = self.tally.findings[identity_of(first)]
        counts = {violation: self.tally.violations[violation].count for violation in group}
        concerned = {plan for violation in group for plan in self.tally.plans[violation]}
        return _finding(
            first.code,
            self.sentence(counts, seen.count, concerned),
            seen.count,
            seen.places,
            severity=self.worst[identity_of(first)],
            use_cases=self.in_order(concerned),
            plans=self.own_in_order(concerned),
            event=first.event,
            property=first.property if first.code != "TP203" else None,
            instance_location=first.location if first.code != "TP203" else None,
            keyword=first.keyword or None,
            schema_location=first.where or None,
        )

    def sentence(self, group: Mapping[Violation, int], count: int, concerned: set[str]) -> str:
        first = next(iter(group))
        if first.code == "TP203":
            say = finding_messages.unplanned_event if first.property is None else finding_messages.unplanned_kind
            return say(first.event, count, self.own_in_order(concerned))
        if first.code == "TP204" and first.property and not first.keyword:
            of, plans = self.tally.events[first.event], self.own_in_order(concerned)
            return finding_messages.unplanned_property(first.event, first.property, count, of, plans)
        places: tuple[str, ...] = ()
        near: tuple[str, ...] = ()
        if first.property and first.keyword == "anyOf" and not first.location:
            places = self.program.places_of(first.event, first.property)
        if first.missing is not None:
            near = self.near_keys(first.event, first.missing)
        share = count, self.tally.events.get(first.event, self.tally.calls)
        text = sentence(group, share, places, near, self.who)
        if first.keyword == "additionalProperties" and first.location == "/properties":
            text = text.removesuffix(".") + finding_messages.not_allowed(self.extra_keys(first.event)) + "."
        return text

    def extra_keys(self, event: str) -> list[str]:
        """The commonest properties that no plan knows, of an event."""
        found = [(s.count, key) for (_, name, key), s in self.profile.further.items() if name == event]
        return [key for _, key in sorted(found, key=lambda f: (-f[0], f[1]))[:MOST]]

    def near_keys(self, event: str, missing: str) -> tuple[str, ...]:
        """Properties that no plan knows and that nearly are a missing one."""
        return near_keys(missing, {key for _, name, key in self.profile.further if name == event})

    def unplanned(self) -> Iterator[Finding]:
        """Events and properties that the user's own plans do not know, and no other plan does."""
        severity = self.program.unplanned
        if severity is None or not self.program.own:
            return
        naming = self.program.naming("track")
        for name, sighting in self.profile.names.items() if naming else ():
            text = finding_messages.unplanned_event(name, sighting.count, naming)
            about = name or None
            yield _finding("TP203", text, sighting.count, sighting.places, severity=severity, plans=naming, event=about)
        for (kind, event, key), sighting in self.profile.further.items():
            if plans := tuple(self.program.rules(kind, event).open_plans):
                yield self.unplanned_property(event or kind.capitalize(), key, sighting, severity, plans)

    def unplanned_property(
        self, event: str, key: str, sighting: Sighting, severity: Severity, plans: tuple[str, ...]
    ) -> Finding:
        return _finding(
            "TP204",
            finding_messages.unplanned_property(event, key, sighting.count, self.tally.events[event], plans),
            sighting.count,
            sighting.places,
            severity=severity,
            plans=plans,
            event=event,
            property=key,
            instance_location=pointer("properties", key),
        )

    def near_misses(self) -> Iterator[Finding]:
        for name, sighting in self.profile.names.items():
            if planned := self.program.near_misses.planned(name):
                yield self.near_miss(name, planned, sighting)

    def near_miss(self, name: str, planned: str, sighting: Sighting) -> Finding:
        return _finding(
            "NM401",
            finding_messages.near_miss(name, planned, sighting.count),
            sighting.count,
            sighting.places,
            event=name,
            use_cases=self.recommending(planned),
            plans=self.own_in_order(self.program.routes.planning(planned)),
        )

    def recommending(self, event: str) -> tuple[str, ...]:
        return tuple(u.id for u in self.use_cases if any(e.event.name == event for e in u.events))

    def who(self, violations: Iterable[Violation]) -> tuple[str, ...]:
        """Who wants what violations break, in few finding_messages."""
        concerned = {plan for violation in violations for plan in self.tally.plans[violation]}
        use_cases = self.in_order(concerned)
        many = f"{len(use_cases)} use cases" if len(use_cases) > 1 else None
        return *self.own_in_order(concerned), *([many] if many else use_cases)

    def in_order(self, plans: Iterable[str]) -> tuple[str, ...]:
        concerned = set(plans)
        return tuple(u.id for u in self.use_cases if u.id in concerned)

    def own_in_order(self, plans: Iterable[str]) -> tuple[str, ...]:
        concerned = set(plans)
        return tuple(plan for plan in self.program.own if plan in concerned)


def _finding(
    code: str,
    message: str,
    count: int,
    places: tuple[Place, ...],
    *,
    severity: Severity | None = None,
    use_cases: tuple[str, ...] = (),
    plans: tuple[str, ...] = (),
    event: str | None = None,
    property: str | None = None,  # noqa: A002 - the contract's word
    instance_location: str | None = None,
    keyword: str | None = None,
    schema_location: str | None = None,
) -> Finding:
    rule = RULES[code]
    return Finding(
        code=code,
        rule=rule.name,
        severity=severity or rule.severity,
        use_cases=use_cases,
        plans=plans,
        event=event,
        property=property,
        instance_location=instance_location,
        keyword=keyword,
        schema_location=schema_location,
        message=message,
        count=count,
        places=places,
    )
