"""Judged calls as sums: they add up in any order, and come to what single calls say."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import any_programs
from tests.support.counted import CallFacts, counts_of, expected_tally, profile_of, quick_from, shown, tally_of
from validator import Limits, PlanRule, Program, Severity, TrackingPlan
from validator.engine.compile.selection import Selection
from validator.engine.count import breakdown
from validator.engine.count.sighting import Sighting
from validator.engine.count.tally import Tally
from validator.engine.judge.judge import Judge, Standing
from validator.engine.judge.violation import State, Violation, identity_of
from validator.model import Place
from validator.render.json import to_json
from validator.report import assess

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = {"properties": {"properties": {"properties": {"n": {"type": "integer"}}, "required": ["n"]}}}
PLAN = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Paid", SCHEMA),))


def line(properties: Any, event: str = "Paid") -> bytes:
    return json.dumps({"type": "track", "event": event, "properties": properties}).encode()


def made(seed: int, count: int = 60) -> tuple[CallFacts, list[bytes]]:
    random = Random(seed)
    program = any_programs.program(random)
    return CallFacts(program), any_programs.stream(random, program, count)


@pytest.mark.parametrize("seed", range(12))
def test_tallies_of_parts_add_up_to_that_of_the_whole(seed: int) -> None:
    calls, lines = made(seed)
    parts = [expected_tally(calls, lines[start : start + 20]) for start in (0, 20, 40)]
    before = copy.deepcopy(parts)
    totals = []
    for order in ((0, 1, 2), (2, 0, 1)):
        total = Tally()
        for number in order:
            total.merge(parts[number], None)
        totals.append(total)
    assert shown(totals[0]) == shown(totals[1]) == shown(expected_tally(calls, lines))
    assert parts == before


def test_places_are_moved_by_the_inputs_and_lines_before_them() -> None:
    calls = CallFacts(Program([PLAN]))
    lines = [line({"n": "x"}), line({"n": "y"})]
    total, part = expected_tally(calls, lines, most=3), expected_tally(calls, lines, most=3)
    total.merge(part, 3, inputs=2, lines=10)
    (seen,) = total.violations.values()
    assert (seen.count, [(p.input, p.line) for p in seen.places]) == (4, [(0, 1), (0, 2), (2, 11)])


def test_a_call_counts_once_in_a_finding_and_under_each_of_its_violations() -> None:
    """Whatever came and was wanted, what has rule, place and keyword in common is one finding."""
    schema = {"properties": {"properties": {"properties": {"n": {"enum": [1]}}}}}
    plans = [TrackingPlan(name, name, (PlanRule("TRACK", "Paid", schema),)) for name in ("one", "two")]
    loose = {"properties": {"properties": {"properties": {"n": {"enum": [1, 2]}}}}}
    plans.append(TrackingPlan("three", "three", (PlanRule("TRACK", "Paid", loose),)))
    program = Program(plans)
    tally = tally_of(program, profile_of(program, [line({"n": "x"})] * 5 + [line({"n": 2})] * 2))
    assert sorted(seen.count for seen in tally.violations.values()) == [2, 5, 5]
    (finding,) = tally.findings.values()
    assert (finding.count, tally.invalid) == (7, 7)
    assert {frozenset(those) for those in tally.plans.values()} == {frozenset({"one", "two"}), frozenset({"three"})}


def test_a_finding_is_as_bad_as_the_worst_of_its_violations() -> None:
    tally = Tally()
    mild = Violation("TP202", "Paid", "n", "/properties/n", "type", Severity.WARNING, None, wanted='["string"]')
    for violation in (mild, mild._replace(severity=Severity.ERROR, wanted='["null"]'), mild._replace(got="array")):
        tally.violations[violation] = Sighting(1)
    assert tally.worst() == {identity_of(mild): Severity.ERROR}


def test_standings_and_states_move_from_what_all_calls_have_in_common() -> None:
    program = Program([PLAN], own=["plan"], unplanned=Severity.WARNING)
    tally = tally_of(program, profile_of(program, [line({"n": 1}), line({"n": "x"}), line({}), line({}, "Other")]))
    assert tally.standings == {"plan": [1, 2, 1]}
    assert [Standing.VALID, Standing.INVALID, Standing.UNPLANNED] == [0, 1, 2]
    assert [State.PRESENT, State.MISSING, State.INVALID] == [0, 1, 2]
    assert (tally.calls, tally.invalid) == (4, 2)


# ------------------------------------------------------------------------------------------------ judged at once


@pytest.mark.parametrize("seed", range(100, 108))
def test_what_is_bounded_early_or_late_or_never_comes_to_the_same(seed: int) -> None:
    calls, lines = made(seed, 150)
    program, wanted = calls.program, shown(expected_tally(calls, lines, most=5))
    for limits in (Limits(), Limits(deviations=3), Limits(deviations=0)):
        profile = profile_of(program, lines, limits=limits, size=7)
        assert shown(tally_of(program, profile)) == wanted
        assert len(profile.deviations) <= limits.deviations
        assert len(profile.invalid) <= limits.deviations
        profile.bound(limits, program, Judge(program))
        assert shown(tally_of(program, profile)) == wanted, "once more changes nothing"


# ---------------------------------------------------------------------------------------------------- broken down


def report(program: Program, lines: Sequence[bytes], warm: int) -> Any:
    with quick_from(warm):
        return to_json(assess(profile_of(program, lines, size=9), program, (), goals={}))


@pytest.mark.parametrize("seed", range(200, 206))
def test_counts_of_values_do_not_depend_on_when_they_are_moved(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a breakdown changes nothing of the whole."""
    calls, lines = made(seed, 150)
    plain = calls.program
    by = Selection(by=("userId", "type", "properties.plan"))
    program = Program(plain.plans, own=plain.own, unplanned=plain.unplanned, lint=plain.lint, selection=by)
    wanted = report(program, lines, 1 << 60)
    assert [value["field"] for value in wanted["breakdowns"]] == [*by.by]
    monkeypatch.setattr(breakdown, "_HELD", 1)
    assert report(program, lines, 1) == wanted
    assert counts_of(profile_of(program, lines)) == counts_of(profile_of(plain, lines))
    assert {key: value for key, value in wanted.items() if key != "breakdowns"} == report(plain, lines, 1)


def test_a_value_counts_each_call_once_where_it_has_several_violations_of_one_finding() -> None:
    items = {"type": "array", "items": {"type": "string"}}
    schema = {"properties": {"properties": {"properties": {"n": items}}}}
    plans = [TrackingPlan("one", "one", (PlanRule("TRACK", "Paid", schema),))]
    program = Program(plans, selection=Selection(by=("type",)))
    profile = profile_of(program, [line({"n": [1, None, 3]})] * 3 + [line({"n": ["x"]})])
    (group,) = profile.groups["type"].named.values()
    assert (group.calls, group.invalid) == (4, 3)
    assert [*group.findings.values()] == [3]


def test_places_of_a_judged_deviation_are_the_first() -> None:
    program = Program([PLAN])
    lines = [line({"n": 1}), *[line({"n": "x"})] * 9]
    for limits in (Limits(places=2), Limits(places=2, deviations=0)):
        (seen,) = tally_of(program, profile_of(program, lines, limits=limits, size=2)).violations.values()
        assert [place.line for place in seen.places] == [2, 3]
        assert isinstance(seen.places[0], Place)
