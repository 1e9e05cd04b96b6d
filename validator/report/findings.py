"""Finds the findings of a Profile, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.model import Severity, pointer
from validator.report import finding_messages
from validator.report.lint_findings import lint_findings
from validator.report.new_finding import new_finding
from validator.report.violation_findings import ViolationFindings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.engine.count.profile import Profile
    from validator.engine.count.sighting import Sighting
    from validator.engine.count.tally import Tally
    from validator.engine.judge.violation import Identity
    from validator.report.concerned import Concerned
    from validator.report.model import Finding


class Findings:
    """The findings of a profile."""

    def __init__(self, profile: Profile, tally: Tally, concerned: Concerned) -> None:
        self.profile = profile
        self.program = concerned.program
        self.use_cases = concerned.use_cases
        self.tally = tally
        self.concerned = concerned

    def all(self, worst: Mapping[Identity, Severity]) -> Iterator[Finding]:
        """All of them; `worst`: the severity of each."""
        yield from self._events_never_seen()
        yield from ViolationFindings(self.profile, self.tally, worst, self.concerned).all()
        yield from self._unplanned()
        yield from self._near_misses()
        for found in lint_findings(self.profile, self.program):
            yield new_finding(
                found.code,
                found.message,
                found.calls,
                found.places,
                event=found.event,
                property=found.property,
                instance_location=found.location or None,
            )

    def _events_never_seen(self) -> Iterator[Finding]:
        if self.program.selection.selective:
            return
        for event in dict.fromkeys(e.event.name for u in self.use_cases for e in u.events):
            if not self.tally.events[event]:
                yield new_finding(
                    "UC101",
                    finding_messages.say("UC101", event=event),
                    0,
                    (),
                    event=event,
                    use_cases=self.concerned.recommending(event),
                )

    def _unplanned(self) -> Iterator[Finding]:
        """Events and properties that are in no plan, neither the user's own nor any other."""
        severity = self.program.unplanned
        if severity is None or not self.program.own:
            return
        naming = self.program.naming("track")
        for name, sighting in self.profile.names.items() if naming else ():
            text = finding_messages.unplanned_event(name, sighting.count, naming)
            about = name or None
            yield new_finding(
                "TP203", text, sighting.count, sighting.places, severity=severity, plans=naming, event=about
            )
        for (kind, event, key), sighting in self.profile.further.items():
            if plans := tuple(self.program.rules(kind, event).open_plans):
                yield self._unplanned_property(event or kind.capitalize(), key, sighting, severity, plans)

    def _unplanned_property(
        self, event: str, key: str, sighting: Sighting, severity: Severity, plans: tuple[str, ...]
    ) -> Finding:
        return new_finding(
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

    def _near_misses(self) -> Iterator[Finding]:
        for name, sighting in self.profile.names.items():
            if planned := self.program.near_misses.planned(name):
                yield self._near_miss(name, planned, sighting)

    def _near_miss(self, name: str, planned: str, sighting: Sighting) -> Finding:
        strictly = finding_messages.strictly(name, planned)
        names = {"name": finding_messages.spoken(name), "planned": planned}
        return new_finding(
            "NM401",
            finding_messages.say("NM401", calls=finding_messages.calls(sighting.count), strictly=strictly, **names),
            sighting.count,
            sighting.places,
            event=name,
            use_cases=self.concerned.recommending(planned),
            plans=self.concerned.own_of(self.program.routes.planning(planned)),
        )
