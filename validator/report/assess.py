"""Builds a Report from a Profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from validator.catalog.own_names import Names
from validator.engine.count.tally import Tally
from validator.engine.decode.call_type import UNKNOWN
from validator.engine.judge.judge import Judge
from validator.model import CALL_TYPES, LineClass
from validator.report import finding_messages
from validator.report.breakdown import breakdowns
from validator.report.concerned import Concerned
from validator.report.findings import Findings
from validator.report.model import (
    EventReport,
    Finding,
    Note,
    PlanReport,
    PropertyReport,
    Report,
    Unnamed,
    UseCaseReport,
)
from validator.report.rule_policy import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.catalog import EventUse, UseCase
    from validator.engine.compile.program import Program
    from validator.engine.count.profile import Profile


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
    """Builds the report of a profile on the program's plans and their use cases.

    Args:
        profile: What was read.
        program: The compiled plans that the profile was made with.
        use_cases: The active use cases, in report order.
        partial: Whether further input could not be read, beyond that recorded in the profile.
        goals: Goal slug -> its name.
        policy: Which rules are used, and the severities of their findings; the program must have been made with it.
        names: The team's own names, which the program must have been compiled with.
    """
    policy, names = policy or Policy(), names or Names()
    tally = judged(profile, program, Judge(program))
    worst = tally.worst()
    findings = Findings(profile, tally, Concerned(program, use_cases)).all(worst)
    return Report(
        partial=partial or not all(i.complete for i in profile.inputs),
        inputs=tuple(replace(one, start=None) for one in profile.inputs),
        lines={line_class: profile.lines[line_class] for line_class in LineClass},
        types={kind: profile.types[kind] for kind in (*CALL_TYPES, UNKNOWN)},
        valid=tally.calls - tally.invalid,
        invalid=tally.invalid,
        plans=tuple(_plan(plan, tally, program) for plan in program.own),
        use_cases=tuple(
            UseCaseReport(u.goal, u.slug, u.name, goals.get(u.goal, u.goal), tuple(_event(e, tally) for e in u.events))
            for u in use_cases
        ),
        findings=tuple(sorted(policy.applied(finding_messages.with_own_names(f, names) for f in findings), key=_order)),
        events=dict(tally.events),
        breakdowns=breakdowns(profile, program, policy, worst),
        left_out=profile.left_out if program.selection.narrow else None,
        unnamed=Unnamed(*further) if any(further := (profile.nameless, profile.further_nameless)) else None,
        notes=(
            *(_page_lines(one.path, one.page_lines) for one in profile.inputs if one.page_lines),
            *_columns(sum(one.from_columns for one in profile.inputs)),
        ),
    )


def judged(profile: Profile, program: Program, judge: Judge) -> Tally:
    """Judges all calls of a profile: by table, by deviation, and with what was judged while reading."""
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


def _page_lines(path: str, number: int) -> Note:
    lines = "1 line" if number == 1 else f"{number:,} lines"
    name = "standard input" if path == "-" else path
    message = f"{lines} of a debugger's page around the calls of {name} {'was' if number == 1 else 'were'} passed over."
    return Note(note="page-lines", message=message, path=path, count=number)


def _columns(number: int) -> tuple[Note, ...]:
    if not number:
        return ()
    tables = "The table has" if number == 1 else f"{number:,} tables have"
    message = f"{tables} the fields of calls as columns, where null and absent are the same: null counts as absent."
    return (Note(note="table-columns", message=message, count=number),)


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
