"""Judges deviations, and whole calls, by all plans together."""

from __future__ import annotations

from collections import defaultdict
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.compile.deviation import ABSENT, MORE, OBJECT, Deviation, Facts, TableKey, closed_check
from validator.engine.compile.lowered_rule import PROPERTIES
from validator.engine.decode.call_type import NAMED_TYPES
from validator.engine.judge.plan_rule import Judgement, Judging, judge_call
from validator.engine.judge.violation import State, Violation
from validator.model import Severity, pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from validator.engine.compile.call_rules import CallRules
    from validator.engine.compile.groups import Group
    from validator.engine.compile.lowered_rule import Expectation, LoweredRule
    from validator.engine.compile.program import Program
    from validator.engine.scan.observer import Verdict

    # What the meaning of a deviation at a key of `/properties` depends on: events of one plan often have the same key.
    _Likeness = tuple[str, tuple[tuple[Expectation, frozenset[str], bool, bool], ...], Hashable]

# Cached judgements of deviations and of tables: far more than a normal stream needs.
_REMEMBERED = 8_192

_NAME = "name"

# A violation, and the plans it breaks.
Broken = tuple[tuple[Violation, frozenset[str]], ...]


class Standing(IntEnum):
    """The standing of a call under one of the user's own plans."""

    VALID = 0
    INVALID = 1
    UNPLANNED = 2


class Effect(NamedTuple):
    """The effect, under all plans, of a deviation, of a table, or of a call.

    Attributes:
        violations: Each violation once, with the plans it breaks.
        states: (event, property) -> its state under use cases, if not present.
        unnamed: What is missing from the user's own plans, if its name is among the unplanned names of the profile.
        breaks: The plans for which it makes a call invalid: a bit for each, in the order of the program's plans.
    """

    violations: Broken = ()
    states: Mapping[tuple[str, str], State] = {}
    unnamed: tuple[Violation, ...] = ()
    breaks: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there is no effect."""
        return not (self.violations or self.states or self.unnamed)


class Meaning(NamedTuple):
    """What of the effect of a deviation matters while calls are read.

    Attributes:
        nothing: Whether it has no effect.
        breaks: See `Effect`.
    """

    nothing: bool
    breaks: int


@lru_cache(maxsize=4)
def judge_of(program: Program) -> Judge:
    """The judge of a program, shared in a process."""
    return Judge(program)


class Judge:
    """Judges by the rules of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._bits = {plan.id: 1 << number for number, plan in enumerate(program.plans)}
        self._plans: dict[int, tuple[str, ...]] = {}
        self._of_deviations: dict[Deviation, Effect] = {}
        self._of_tables: dict[TableKey, Effect] = {}
        self._meanings: dict[_Likeness, Meaning] = {}

    def of(self, deviation: Deviation) -> Effect:
        """The effect of a deviation."""
        effect = self._of_deviations.get(deviation)
        if effect is None:
            if len(self._of_deviations) >= _REMEMBERED:
                self._of_deviations.clear()
            effect = self._of_deviations[deviation] = self._of(deviation)
        return effect

    def meaning(self, deviation: Deviation) -> Meaning:
        """What a deviation means for calls; judged once for all events with the same expectations of a key."""
        likeness = self._likeness(deviation)
        if likeness is None:
            effect = self.of(deviation)
            return Meaning(effect.nothing, effect.breaks)
        found = self._meanings.get(likeness)
        if found is None:
            if len(self._meanings) >= _REMEMBERED:
                self._meanings.clear()
            effect = self._of(deviation)
            found = self._meanings[likeness] = Meaning(effect.nothing, effect.breaks)
        return found

    def of_all_calls(self, table: TableKey) -> Effect:
        """The effect common to all calls of a table, whatever their values."""
        effect = self._of_tables.get(table)
        if effect is None:
            if len(self._of_tables) >= _REMEMBERED:
                self._of_tables.clear()
            effect = self._of_tables[table] = self._of_all_calls(table)
        return effect

    def of_call(self, facts: Facts) -> Effect:
        """The effect of a whole call."""
        rules = self._program.rules_for(facts.table)
        found = _Found()
        self._of_table(facts.table, rules, found)
        for rule, plans in rules.rules.items():
            judging = Judging(rule, facts)
            found.add(judging.of_other_keys(judging.has_other_keys()), plans)
            found.add(judging.of_whole(), plans)
        found.unplanned(self._further_keys(facts.table, rules, more=facts.more))
        for group in rules.groups:
            self._of_group(group, facts, rules, found)
        return self._effect(found)

    def of_verdict(self, verdict: Verdict) -> Effect:
        """The effect of a verdict on a call."""
        if verdict.facts is not None:
            return self.of_call(verdict.facts)
        found = [self.of_all_calls(verdict.table), *map(self.of, verdict.deviations)]
        return Effect(
            tuple(pair for effect in found for pair in effect.violations),
            {key: state for effect in found for key, state in effect.states.items()},
            tuple(violation for effect in found for violation in effect.unnamed),
            verdict.breaks,
        )

    def by_rule(self, facts: Facts) -> list[tuple[LoweredRule, Judgement]]:
        """The judgement of each rule that applies to a call."""
        return [(rule, judge_call(rule, facts)) for rule in self._program.rules_for(facts.table).rules]

    def plans(self, breaks: int) -> tuple[str, ...]:
        """The plans for which a call is invalid, given a bit for each, in the order of their ids."""
        found = self._plans.get(breaks)
        if found is None:
            if len(self._plans) >= _REMEMBERED:
                self._plans.clear()
            found = self._plans[breaks] = tuple(sorted(plan for plan, bit in self._bits.items() if breaks & bit))
        return found

    def unplanned(self, table: TableKey, *, more: bool) -> list[tuple[Violation, tuple[str, ...]]]:
        """What is missing from the user's own plans in calls of a table, and named in the profile."""
        rules = self._program.rules_for(table)
        found = _Found()
        found.unplanned(self._unknown_event(table, rules))
        found.unplanned(self._further_keys(table, rules, more=more))
        weighed = self._weighed(found)
        return [(violation, tuple(plans)) for violation, plans in weighed.items() if not _is_named(violation)]

    def _likeness(self, deviation: Deviation) -> _Likeness | None:
        """What the meaning of a deviation depends on; None if it is not at a single key of `/properties`."""
        table, places, types, failed = deviation
        if len(places) != 1:
            return None
        rules = self._program.rules_for(table)
        group = rules.group_at(places[0])
        if group.key is None:
            return None
        members = tuple([(m.expected, m.plans, m.counted, m.rule.payload_recommended) for m in group.members])
        unaware = [plan for plan, known in rules.open_plans.items() if group.key not in known]
        return table.properties, members, (places, types, failed, tuple(unaware))

    def _of(self, deviation: Deviation) -> Effect:
        table, places, types, failed = deviation
        rules = self._program.rules_for(table)
        found = _Found()
        if not places:
            more = MORE in failed
            closed = {f.check for f in failed}
            for rule, plans in rules.rules.items():
                if rule.known is not None:
                    other = more or closed_check(rule.known) in closed
                    found.add(Judging(rule, Facts(table, {}, more, ())).of_other_keys(other), plans)
            found.unplanned(self._further_keys(table, rules, more=more))
            return self._effect(found)
        fields = {place: kind for place, kind in zip(places, types, strict=True) if kind != ABSENT}
        self._of_group(rules.group_at(places[0]), Facts(table, fields, more=False, failed=failed), rules, found)
        return self._effect(found)

    def _of_all_calls(self, table: TableKey) -> Effect:
        rules = self._program.rules_for(table)
        found = _Found()
        self._of_table(table, rules, found)
        if table.properties != OBJECT:
            for group in rules.groups:
                if group.below_properties:
                    self._of_group(group, Facts(table, {}, more=False, failed=()), rules, found)
        return self._effect(found)

    def _of_table(self, table: TableKey, rules: CallRules, found: _Found) -> None:
        """What is wrong with the call itself: an unplanned event, or `/properties`."""
        facts = Facts(table, {}, more=False, failed=())
        for rule, plans in rules.rules.items():
            found.add(Judging(rule, facts).of_properties_as_such(), plans)
        found.unplanned(self._unknown_event(table, rules))

    def _of_group(self, group: Group, facts: Facts, rules: CallRules, found: _Found) -> None:
        """What is wrong at jointly judged places."""
        for rule, plans, expected, counted in group.members:
            judging = Judging(rule, facts)
            found.add(judging.of_property(expected), plans)
            state = judging.states[expected.property]
            if counted and state is not State.PRESENT:
                found.states[rule.event, expected.property] = state
        found.unplanned(self._unknown_keys(group, facts, rules))

    def _unknown_event(self, table: TableKey, rules: CallRules) -> Iterator[tuple[Violation, Iterable[str]]]:
        """The event, if it is missing from the user's own plans."""
        program = self._program
        if program.unplanned is None:
            return
        unaware = (plan for plan in program.own if plan not in rules.planned)
        naming = [plan for plan in unaware if program.routes.names_calls(plan, table.type)]
        if naming:
            # For unplanned page and screen calls, only the type is reported.
            kind = table.type.capitalize() if table.name is None and table.type in NAMED_TYPES else None
            event = table.name or kind or ""
            yield Violation("TP203", event, kind and _NAME, "", "", program.unplanned, None), naming

    def _further_keys(
        self, table: TableKey, rules: CallRules, *, more: bool
    ) -> Iterator[tuple[Violation, Iterable[str]]]:
        """Keys of `/properties` that no plan names, if they are missing from the user's own plans."""
        if more and self._program.unplanned is not None:
            for plan in rules.open_plans:
                location = pointer(PROPERTIES)
                yield Violation("TP204", table.event, None, location, "", self._program.unplanned, None), [plan]

    def _unknown_keys(self, group: Group, facts: Facts, rules: CallRules) -> Iterator[tuple[Violation, Iterable[str]]]:
        """Keys of `/properties` that another plan names, if they are missing from the user's own plans."""
        if self._program.unplanned is None or not rules.open_plans:
            return
        for place in group.places:
            keys = pointer_keys(place)
            if place not in facts.fields or len(keys) != 2 or keys[0] != PROPERTIES:
                continue
            for plan, known in rules.open_plans.items():
                if keys[1] not in known:
                    event = facts.table.event
                    yield Violation("TP204", event, keys[1], place, "", self._program.unplanned, None), [plan]

    def _weighed(self, found: _Found) -> dict[Violation, frozenset[str]]:
        """Violations with their final severity; ignored ones are left out."""
        violations: dict[Violation, frozenset[str]] = {}
        for violation, plans in found.violations.items():
            if severity := self._program.severity(violation.code, violation.severity):
                weighed = violation._replace(severity=severity)
                violations[weighed] = violations.get(weighed, frozenset()) | plans
        return violations

    def _effect(self, found: _Found) -> Effect:
        violations = self._weighed(found)
        breaks = 0
        for violation, plans in violations.items():
            if violation.severity is Severity.ERROR:
                breaks |= sum(self._bits[plan] for plan in plans & self._bits.keys() if not breaks & self._bits[plan])
        return Effect(
            tuple((v, plans) for v, plans in violations.items() if _is_named(v)),
            found.states,
            tuple(v for v in violations if not _is_named(v)),
            breaks,
        )


class _Found:
    """Collects findings."""

    def __init__(self) -> None:
        self.violations: dict[Violation, frozenset[str]] = defaultdict(frozenset)
        self.states: dict[tuple[str, str], State] = {}

    def add(self, violations: Iterable[Violation], plans: Iterable[str]) -> None:
        for violation in violations:
            self.violations[violation] |= frozenset(plans)

    def unplanned(self, found: Iterable[tuple[Violation, Iterable[str]]]) -> None:
        for violation, plans in found:
            self.violations[violation] |= frozenset(plans)


def _is_named(violation: Violation) -> bool:
    """Whether a violation has a name; else it is an event or property among the unplanned names."""
    return bool(violation.keyword or (violation.property if violation.code == "TP204" else violation.event))
