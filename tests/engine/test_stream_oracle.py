"""Streams of calls and several plans: each rule against `jsonschema`, and all sums against the calls one by one.

`python -m tests.engine.test_stream_oracle 2000` compares as many programs as one has time for, a stream each.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import any_programs
from tests.support.anyplan import Breach
from tests.support.counted import (
    NEVER,
    CallFacts,
    Reader,
    expected_further,
    expected_names,
    expected_tally,
    profile_of,
    quick_from,
    shown,
    tally_of,
)
from tests.support.examples import examples
from validator import Limits, Program, Severity
from validator.engine.compile.lower import lower
from validator.engine.judge.judge import Judge
from validator.engine.scan.entries import WARM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.count.profile import Profile
    from validator.engine.scan.observer import ObservedLine, Verdict
    from validator.input.lines import Block

pytestmark = pytest.mark.no_cover

CALLS = 60
EVERY = 1 << 20


def made(seed: int, count: int = CALLS) -> tuple[Program, list[bytes]]:
    random = Random(seed)
    program = any_programs.program(random)
    return program, any_programs.stream(random, program, count)


# ------------------------------------------------------------------------------------- each rule, against jsonschema


def compare_rules(program: Program, lines: Sequence[bytes]) -> int:
    """Compares what each rule says of each call; returns how many rules are broken."""
    calls, broken = CallFacts(program), 0
    bits = {plan.id: 1 << number for number, plan in enumerate(program.plans)}
    for line in dict.fromkeys(lines):
        call, facts = json.loads(line), calls.of(line)
        by_rule = dict(calls.judge.by_rule(facts))
        breaks, reported = calls.judge.of_call(facts).breaks, set()
        for plan in program.plans:
            errors = plain = 0
            for rule in any_programs.rules_for(plan, call):
                lowered = lower(rule)
                reported.add(lowered)
                found = {
                    Breach(v.location, v.keyword.replace("false", "not"), v.missing)
                    for v in by_rule[lowered].violations
                }
                wanted = any_programs.breaches(rule, call)
                message = f"{json.dumps(rule.schema)}\n{line.decode()}"
                assert found == wanted, f"{found - wanted} not {wanted - found} {message}"
                errors += bool(wanted)
                plain += bool(wanted) and '"x-' not in json.dumps(rule.schema)
            if plain:
                assert breaks & bits[plan.id], line
            elif not errors and not (plan.id in program.own and program.unplanned is Severity.ERROR):
                assert not breaks & bits[plan.id], line
            broken += errors
        assert reported == by_rule.keys()
    return broken


@pytest.mark.parametrize("part", range(4))
def test_each_rule_says_what_jsonschema_says(part: int) -> None:
    plans = examples(10)
    broken = sum(compare_rules(*made(seed)) for seed in range(part * plans, (part + 1) * plans))
    assert broken > plans * 20


# --------------------------------------------------------------------------------------- the sums, call by call


def compare_calls(program: Program, lines: Sequence[bytes]) -> None:
    """Compares what is counted of each call with the call looked at alone, without quick tests and with them."""
    slow, quick = Reader(program), Reader(program)
    for line in lines:
        with quick_from(NEVER):
            counted = slow.block(line)
        assert quick.block(line) == counted, line
        assert quick.block(line, 2 * WARM) == counted, line


@pytest.mark.parametrize("part", range(4))
def test_each_call_is_counted_as_what_it_is(part: int) -> None:
    streams = examples(5)
    for seed in range(1_000 + part * streams, 1_000 + (part + 1) * streams):
        compare_calls(*made(seed))


# ----------------------------------------------------------------------------------------- the sums of whole streams


def compare_sums(program: Program, lines: Sequence[bytes], places: int) -> Profile:
    """Compares what a stream comes to with its calls looked at one by one, their places included."""
    calls, limits = CallFacts(program), Limits(places=places)
    with quick_from(NEVER):
        profile = profile_of(program, lines, limits=limits, size=7)
    assert shown(tally_of(program, profile)) == shown(expected_tally(calls, lines, most=places))
    assert {name: seen.count for name, seen in profile.names.items()} == expected_names(program, lines)
    assert {key: seen.count for key, seen in profile.further.items()} == expected_further(calls, lines)
    for warm in (1, 2, WARM):
        with quick_from(warm):
            quick = profile_of(program, lines, limits=limits, size=20)
        assert without_spare_places(quick, program) == without_spare_places(profile, program)
    return profile


def without_spare_places(profile: Profile, program: Program) -> Profile:
    """The same; of keys that only lint rules look at, one place."""
    if program.own and program.unplanned is not None:
        return profile
    for seen in profile.further.values():
        seen.places = seen.places[:1]
    return profile


@pytest.mark.parametrize("places", [0, 1, 5, EVERY])
@pytest.mark.parametrize("part", range(2))
def test_streams_come_to_what_their_calls_are(part: int, places: int) -> None:
    deviations, streams = 0, examples(6)
    for seed in range(2_000 + part * streams, 2_000 + (part + 1) * streams):
        program, lines = made(seed, 150)
        deviations += len(compare_sums(program, lines, places).deviations)
    assert deviations > 30 * streams


# ----------------------------------------------------------------------------------------------- verdicts, call by call


class Verdicts:
    """Keeps the verdict on each call."""

    def __init__(self) -> None:
        self.found: list[Verdict] = []

    def begin(self, path: str) -> None: ...

    def block(self, block: Block, line: int, verdicts: Sequence[Verdict]) -> None:  # noqa: ARG002
        self.found += verdicts

    def blank(self, block: Block, line: int, lines: int) -> None: ...

    def line(self, line: ObservedLine, ending: bytes) -> None:  # noqa: ARG002
        self.found += [verdict for _, _, verdict in line.calls]

    def passed_over(self, piece: bytes) -> None: ...


@pytest.mark.parametrize("warm", [1, WARM, NEVER])
def test_verdicts_say_what_the_calls_are_and_add_up_to_the_sums(warm: int) -> None:
    for seed in range(3_000, 3_000 + examples(8)):
        program, lines = made(seed, 120)
        verdicts, calls = Verdicts(), CallFacts(program)
        with quick_from(warm):
            profile = profile_of(program, lines, observer=verdicts)
        plain = profile_of(program, lines)
        assert without_spare_places(profile, program) == without_spare_places(plain, program)
        for line, verdict in zip(lines, verdicts.found, strict=True):
            reported, wanted = calls.judge.of_verdict(verdict), calls.effect(line)
            assert verdict.invalid is bool(verdict.breaks)
            assert (reported.breaks, reported.states) == (wanted.breaks, wanted.states), line
            assert merged(reported.violations) == merged(wanted.violations), line
            assert set(reported.unnamed) == set(wanted.unnamed), line
        invalid = Counter[Any](verdict.invalid for verdict in verdicts.found)
        assert invalid[True] == tally_of(program, profile).invalid
        counted = Counter(deviation for verdict in verdicts.found for deviation in verdict.deviations)
        assert counted == {deviation: seen.count for deviation, seen in profile.deviations.items()}
        tables = Counter(verdict.table for verdict in verdicts.found if verdict.facts is None)
        assert tables == {table: seen.count for table, seen in profile.calls.items()}


def merged(violations: Sequence[tuple[Any, frozenset[str]]]) -> dict[Any, frozenset[str]]:
    found: dict[Any, frozenset[str]] = {}
    for violation, plans in violations:
        found[violation] = found.get(violation, frozenset()) | plans
    return found


# ------------------------------------------------------------------------------- nothing depends on what is kept of it


TINY = (
    Limits(deviations=4, names=3, places=2),
    Limits(deviations=0, names=0, places=1),
    Limits(deviations=40, names=9),
)


@pytest.mark.parametrize("limits", TINY)
def test_what_is_too_much_to_keep_is_counted_all_the_same(limits: Limits) -> None:
    for seed in range(4_000, 4_000 + examples(10)):
        program, lines = made(seed, 150)
        whole, small = (profile_of(program, lines, limits=one) for one in (Limits(places=limits.places), limits))
        assert shown(tally_of(program, small)) == shown(tally_of(program, whole))
        assert len(small.deviations) <= limits.deviations
        assert len(small.invalid) <= limits.deviations
        assert len(small.names) <= limits.names
        assert len(small.further) <= limits.names
        for name, rest in (("names", small.nameless), ("further", small.further_nameless)):
            kept, all_of_them = getattr(small, name), getattr(whole, name)
            assert sum(seen.count for seen in kept.values()) + rest == sum(s.count for s in all_of_them.values())
            assert {key: all_of_them[key].count for key in kept} == {key: seen.count for key, seen in kept.items()}


@pytest.mark.parametrize("limits", TINY)
def test_what_is_kept_depends_on_the_content_alone(limits: Limits) -> None:
    for seed in range(5_000, 5_000 + examples(8)):
        random = Random(seed)
        program, lines = made(seed, 120)
        whole = profile_of(program, lines, limits=limits, size=120)
        shuffled = random.sample(lines, len(lines))
        other = profile_of(program, shuffled, limits=limits, size=random.randrange(1, 30))
        for name in ("calls", "deviations", "names", "further", "faults"):
            first, second = getattr(whole, name), getattr(other, name)
            assert {k: s.count for k, s in first.items()} == {k: s.count for k, s in second.items()}, (seed, name)
        for name in ("types", "invalid", "nameless", "further_nameless"):
            assert getattr(whole, name) == getattr(other, name), (seed, name)
        cut = random.randrange(len(lines))
        parts = (
            profile_of(program, part, limits=limits, size=random.randrange(1, 30))
            for part in (lines[:cut], lines[cut:])
        )
        total = sum(parts, type(whole)())
        total.bound(limits, program, Judge(program))
        counted = [shown(tally_of(program, profile)) for profile in (whole, total, other)]
        for one in counted:
            for name in ("violations", "findings"):
                one[name] = {key: count for key, (count, _) in one[name].items()}
        assert counted[0] == counted[1] == counted[2]
        for name in ("deviations", "names", "further"):
            first, second = getattr(whole, name), getattr(total, name)
            assert {k: s.count for k, s in first.items()} == {k: s.count for k, s in second.items()}, (seed, name)


# ------------------------------------------------------------------------------------ what means the same is the same


def test_equal_plans_are_one_to_the_tables() -> None:
    """25 plans that say the same have one table, whose deviations break all of them."""
    for seed in range(6_000, 6_000 + examples(10)):
        random = Random(seed)
        plan = any_programs.plan(random, 0)
        one = Program([plan], own=[plan.id])
        copies = [plan.__class__(f"copy-{n}", plan.name, plan.rules) for n in range(25)]
        many = Program(copies, own=[copy.id for copy in copies])
        lines = any_programs.stream(random, one, CALLS)
        single, several = profile_of(one, lines), profile_of(many, lines)
        assert single.deviations == several.deviations
        assert single.calls == several.calls
        assert sorted(single.invalid.values()) == sorted(several.invalid.values())
        all_of_them = tuple(sorted(copy.id for copy in copies))
        assert {plans for _, plans in several.invalid} <= {all_of_them}
        tally = tally_of(many, several)
        assert set(tally.plans.values()) <= {frozenset(copy.id for copy in copies)}
        assert len({tuple(counts) for counts in tally.standings.values()}) <= 1


if __name__ == "__main__":
    for number in range(1_000_000, 1_000_000 + int(sys.argv[1])):
        try:
            compare_rules(*made(number))
            compare_calls(*made(number))
            compare_sums(*made(number, 200), places=Random(number).choice((0, 1, 5, EVERY)))
        except BaseException:
            print("seed", number)  # noqa: T201 - a script
            raise
