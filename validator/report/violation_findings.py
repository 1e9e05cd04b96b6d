"""Makes findings of counted violations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.judge.violation import identity_of
from validator.engine.near_miss import near_keys
from validator.report import finding_messages
from validator.report.finding_messages import say
from validator.report.new_finding import new_finding
from validator.report.violation_messages import MOST, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from validator.engine.compile.program import Program
    from validator.engine.count.profile import Profile
    from validator.engine.count.tally import Tally
    from validator.engine.judge.violation import Identity, Violation
    from validator.model import Severity
    from validator.report.concerned import Concerned
    from validator.report.model import Finding


class ViolationFindings:
    """Makes the findings of broken plan rules."""

    def __init__(
        self, profile: Profile, tally: Tally, worst: Mapping[Identity, Severity], concerned: Concerned
    ) -> None:
        self.profile = profile
        self.program: Program = concerned.program
        self.tally = tally
        self.worst = worst
        self.concerned = concerned

    def all(self) -> Iterator[Finding]:
        """One finding for all violations that differ only in values found and expected."""
        groups: dict[Identity, list[Violation]] = {}
        for violation in sorted(self.tally.violations, key=repr):
            groups.setdefault(identity_of(violation), []).append(violation)
        for group in groups.values():
            yield self._one(group)

    def _one(self, group: Sequence[Violation]) -> Finding:
        first = group[0]
        seen = self.tally.findings[identity_of(first)]
        counts = {violation: self.tally.violations[violation].count for violation in group}
        concerned = {plan for violation in group for plan in self.tally.plans[violation]}
        return new_finding(
            first.code,
            self._sentence(counts, seen.count, concerned),
            seen.count,
            seen.places,
            severity=self.worst[identity_of(first)],
            use_cases=self.concerned.use_cases_of(concerned),
            plans=self.concerned.own_of(concerned),
            event=first.event,
            property=first.property if first.code != "TP203" else None,
            instance_location=first.location if first.code != "TP203" else None,
            keyword=first.keyword or None,
            schema_location=first.where or None,
        )

    def _sentence(self, group: Mapping[Violation, int], count: int, concerned: set[str]) -> str:
        first = next(iter(group))
        if first.code == "TP203":
            own = self.concerned.own_of(concerned)
            if first.property is None:
                return finding_messages.unplanned_event(first.event, count, own)
            return say("TP203", count, "of one type", kind=first.event, plans=finding_messages.neither(own))
        if first.code == "TP204" and first.property and not first.keyword:
            of, plans = self.tally.events[first.event], self.concerned.own_of(concerned)
            return finding_messages.unplanned_property(first.event, first.property, count, of, plans)
        places: tuple[str, ...] = ()
        near: tuple[str, ...] = ()
        if first.property and first.keyword == "anyOf" and not first.location:
            places = self.program.places_of(first.event, first.property)
        if first.missing is not None:
            near = self._near_keys(first.event, first.missing)
        share = count, self.tally.events.get(first.event, self.tally.calls)
        text = sentence(group, share, places, near, self._who)
        if first.keyword == "additionalProperties" and first.location == "/properties":
            text = text.removesuffix(".") + finding_messages.not_allowed(self._extra_keys(first.event)) + "."
        return text

    def _extra_keys(self, event: str) -> list[str]:
        """The most common unplanned properties of an event."""
        found = [(s.count, key) for (_, name, key), s in self.profile.further.items() if name == event]
        return [key for _, key in sorted(found, key=lambda f: (-f[0], f[1]))[:MOST]]

    def _near_keys(self, event: str, missing: str) -> tuple[str, ...]:
        """Unplanned properties similar to a missing one."""
        return near_keys(missing, {key for _, name, key in self.profile.further if name == event})

    def _who(self, violations: Iterable[Violation]) -> tuple[str, ...]:
        """The plans whose rules are broken, in few words."""
        concerned = {plan for violation in violations for plan in self.tally.plans[violation]}
        use_cases = self.concerned.use_cases_of(concerned)
        many = f"{len(use_cases)} use cases" if len(use_cases) > 1 else None
        return *self.concerned.own_of(concerned), *([many] if many else use_cases)
