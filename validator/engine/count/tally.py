"""Sums of judged calls."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

import msgspec

from validator.engine.count.sighting import Sighting, add_all
from validator.engine.judge.judge import Standing
from validator.engine.judge.violation import Identity, State, Violation, identity_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from validator.engine.compile.deviation import TableKey
    from validator.engine.compile.program import Program
    from validator.engine.judge.judge import Effect
    from validator.model import Place, Severity

Key = TypeVar("Key")


class Tally(msgspec.Struct):
    """Sums of judged calls.

    What is known of some calls of a table is subtracted from what was assumed for all, so single counts may be
    negative until all are added.

    Attributes:
        calls: The number of judged calls.
        invalid: Calls with a violation of severity error.
        events: Event -> calls that count as it.
        states: (event, property) -> calls in which it is present, missing, invalid.
        violations: Each violation with its calls.
        findings: The calls of each finding; a call with several of its violations counts once.
        plans: The plans that each violation breaks.
        standings: The user's own plan -> its valid, invalid and unplanned calls.
    """

    calls: int = 0
    invalid: int = 0
    events: Counter[str] = msgspec.field(default_factory=Counter)
    states: dict[tuple[str, str], list[int]] = msgspec.field(default_factory=dict)
    violations: dict[Violation, Sighting] = msgspec.field(default_factory=dict)
    findings: dict[Identity, Sighting] = msgspec.field(default_factory=dict)
    plans: dict[Violation, frozenset[str]] = msgspec.field(default_factory=dict)
    standings: dict[str, list[int]] = msgspec.field(default_factory=dict)

    def add_calls(self, table: TableKey, program: Program, count: int) -> None:
        """Adds calls of a table as if they were valid and complete."""
        rules = program.rules_for(table)
        self.calls += count
        for event in rules.events:
            self.events[event] += count
        for key in rules.counted:
            self.states.setdefault(key, [0, 0, 0])[State.PRESENT] += count
        for plan in program.own:
            standing = Standing.VALID if plan in rules.planned else Standing.UNPLANNED
            self.standings.setdefault(plan, [0, 0, 0])[standing] += count

    def add_effect(self, effect: Effect, count: int, places: Iterable[Place], most: int | None) -> None:
        """Adds violations of calls that were added already."""
        for violation, plans in effect.violations:
            self.violations.setdefault(violation, Sighting()).add(count, places, most)
            self.plans[violation] = self.plans.get(violation, frozenset()) | plans
        for identity in {identity_of(violation) for violation, _ in effect.violations}:
            self.findings.setdefault(identity, Sighting()).add(count, places, most)
        for key, state in effect.states.items():
            counts = self.states.setdefault(key, [0, 0, 0])
            counts[State.PRESENT] -= count
            counts[state] += count

    def add_invalid(self, table: TableKey, plans: Collection[str], program: Program, count: int) -> None:
        """Records that calls, added already, are invalid for some plans."""
        self.invalid += count
        planned = program.rules_for(table).planned
        for plan in program.own:
            if plan in plans:
                counts = self.standings.setdefault(plan, [0, 0, 0])
                counts[Standing.VALID if plan in planned else Standing.UNPLANNED] -= count
                counts[Standing.INVALID] += count

    def worst(self) -> dict[Identity, Severity]:
        """The severity of each finding: that of its worst violation."""
        levels: dict[Identity, Severity] = {}
        for violation in self.violations:
            identity = identity_of(violation)
            levels[identity] = min(violation.severity, levels.get(identity, violation.severity), key=_rank)
        return levels

    def merge(self, other: Tally, most: int | None, *, inputs: int = 0, lines: int = 0) -> None:
        """Adds another tally to this one, with its places moved by a number of inputs and lines."""
        self.calls += other.calls
        self.invalid += other.invalid
        self.events.update(other.events)
        _add_counts(self.states, other.states)
        _add_counts(self.standings, other.standings)
        add_all(self.violations, other.violations, most, inputs=inputs, lines=lines)
        add_all(self.findings, other.findings, most, inputs=inputs, lines=lines)
        for violation, plans in other.plans.items():
            self.plans[violation] = self.plans.get(violation, frozenset()) | plans


def _rank(severity: Severity) -> int:
    return severity.rank


def _add_counts(mine: dict[Key, list[int]], theirs: Mapping[Key, list[int]]) -> None:
    for key, counts in theirs.items():
        mine[key] = [a + b for a, b in zip(mine.get(key, [0, 0, 0]), counts, strict=True)]
