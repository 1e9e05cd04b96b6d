"""A report, with the fields of its JSON form."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.engine.count.profile import InputSummary
    from validator.model import LineClass, Place, Severity


class PropertyReport(msgspec.Struct, frozen=True):
    """Counts of a recommended property in an event's calls; `present + missing + invalid` is all of them."""

    name: str
    present: int
    missing: int
    invalid: int

    @property
    def calls(self) -> int:
        """The calls of the event."""
        return self.present + self.missing + self.invalid

    @property
    def share(self) -> float:
        """The share of calls with a valid value; 0 where there are no calls."""
        return self.present / self.calls if self.calls else 0.0

    @property
    def share_invalid(self) -> float:
        """The share of calls with an invalid value; 0 where there are no calls."""
        return self.invalid / self.calls if self.calls else 0.0

    @property
    def share_missing(self) -> float:
        """The share of calls without it; 0 where there are no calls."""
        return self.missing / self.calls if self.calls else 0.0


class EventReport(msgspec.Struct, frozen=True):
    """Counts of a recommended event and its recommended properties."""

    event: str
    calls: int
    properties: tuple[PropertyReport, ...]

    @property
    def coverage(self) -> float:
        """0 if never seen, else the mean share of its recommended properties (1 if it has none)."""
        if not self.calls:
            return 0.0
        shares = [p.share for p in self.properties]
        return sum(shares) / len(shares) if shares else 1.0

    @property
    def share_invalid(self) -> float:
        """The mean share of calls in which a recommended property is present but not valid."""
        return self._mean([p.share_invalid for p in self.properties])

    @property
    def share_missing(self) -> float:
        """1 if never seen, else the mean share of calls in which a recommended property is missing."""
        return self._mean([p.share_missing for p in self.properties]) if self.calls else 1.0

    def _mean(self, shares: list[float]) -> float:
        return sum(shares) / len(shares) if shares else 0.0


class TypesReport(msgspec.Struct, frozen=True):
    """The recommended source types, or destination types, that were seen and not seen."""

    seen: tuple[str, ...]
    missing: tuple[str, ...]


class UseCaseReport(msgspec.Struct, frozen=True):
    """The results of one use case.

    Attributes:
        goal: The slug of its goal.
        use_case: Its slug.
        name: Its name.
        goal_name: The name of its goal.
        events: Its recommended events.
        sources: Its types of source; None where they were not asked for.
        destinations: Its types of destination; None where they were not asked for.
    """

    goal: str
    use_case: str
    name: str
    goal_name: str
    events: tuple[EventReport, ...]
    sources: TypesReport | None = None
    destinations: TypesReport | None = None

    @property
    def id(self) -> str:
        """`goal/use-case`."""
        return f"{self.goal}/{self.use_case}"

    @property
    def coverage(self) -> float:
        """The mean coverage of its events, from 0 to 1."""
        return sum(e.coverage for e in self.events) / len(self.events)

    @property
    def share_invalid(self) -> float:
        """The part of the missing coverage due to invalid values; the rest was not sent."""
        return sum(e.share_invalid for e in self.events) / len(self.events)

    @property
    def share_missing(self) -> float:
        """The part of the missing coverage that was not sent, events never seen included."""
        return sum(e.share_missing for e in self.events) / len(self.events)

    @property
    def missing_events(self) -> tuple[str, ...]:
        """The recommended events that were never seen."""
        return tuple(e.event for e in self.events if not e.calls)


class PlanReport(msgspec.Struct, frozen=True):
    """The results of one of the user's own plans; valid, invalid and unplanned calls are all calls.

    Attributes:
        plan: The plan.
        valid: Calls that it has a rule for, without a violation of error severity.
        invalid: Calls that it has a rule for, with one.
        unplanned: Calls that it has no rule for.
        events: What it has rules for, as named in findings.
    """

    plan: str
    valid: int
    invalid: int
    unplanned: int
    events: tuple[str, ...] = ()

    @property
    def planned(self) -> int:
        """Calls that it has a rule for."""
        return self.valid + self.invalid

    @property
    def calls(self) -> int:
        """All calls."""
        return self.planned + self.unplanned

    @property
    def share_valid(self) -> float:
        """The share of all calls that are planned and valid; 0 where there are no calls."""
        return self.valid / self.calls if self.calls else 0.0


class Status(StrEnum):
    """How a finding compares with a baseline."""

    NEW = "new"
    GROWN = "grown"
    KNOWN = "known"


class KnownFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as a baseline keeps it.

    Attributes:
        code: The rule.
        event: The event, if one is concerned.
        property: The property, if one is concerned.
        instance_location: JSON pointer into the call.
        keyword: The JSON Schema keyword that fails.
        count: Calls, lines or inputs with it.
        of: All calls of the event, or all calls, lines or inputs.
    """

    code: str
    event: str | None = None
    property: str | None = None
    instance_location: str | None = None
    keyword: str | None = None
    count: int
    of: int


class Comparison(msgspec.Struct, frozen=True):
    """How the findings compare with a baseline.

    Attributes:
        path: The baseline file.
        fixed: Known findings that were not found any more.
        unread: Existing inputs of the baseline that were not read, in which case nothing counts as fixed.
    """

    path: str
    fixed: tuple[KnownFinding, ...]
    unread: tuple[str, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """A finding: one for each rule, event, property, instance location and keyword.

    Attributes:
        code: The rule.
        rule: Its kebab-case name.
        severity: Its severity.
        use_cases: The use cases concerned, as `goal/use-case`.
        plans: The user's own plans concerned.
        event: The event, if one is concerned.
        property: The property, if one is concerned.
        instance_location: JSON pointer into the call; `*` is any element, and any key that the rule does not name.
        keyword: The JSON Schema keyword that fails.
        schema_location: JSON pointer of the keyword in the plan rule's schema, where there is one.
        status: How it compares with the baseline; None without one.
        known: What the baseline records of it, if anything.
        message: The finding in one sentence, without values from events.
        count: Calls (or lines, or inputs) with it; 0 where the finding is that something was never seen.
        places: The first of them in input order.
    """

    code: str
    rule: str
    severity: Severity
    use_cases: tuple[str, ...]
    plans: tuple[str, ...]
    event: str | None
    property: str | None
    instance_location: str | None
    keyword: str | None
    message: str
    count: int
    places: tuple[Place, ...]
    schema_location: str | None = None
    status: Status | None = None
    known: KnownFinding | None = None


class GroupFinding(msgspec.Struct, frozen=True):
    """How many calls of a group have a finding of the report.

    It has no message: the finding of the report with the same code, event, property, location and keyword has. Where
    the report lists several names in one finding, a group has a finding for each of them.
    """

    code: str
    event: str | None
    property: str | None
    instance_location: str | None
    keyword: str | None
    count: int
    severity: Severity


class GroupReport(msgspec.Struct, frozen=True):
    """The calls that have one value of a field.

    Attributes:
        value: The value; None for the calls without one.
        valid: Calls without a violation of error severity.
        invalid: The other calls.
        findings: Findings about single calls, the most severe and most frequent first.
    """

    value: str | None
    valid: int
    invalid: int
    findings: tuple[GroupFinding, ...]

    @property
    def calls(self) -> int:
        """All of them."""
        return self.valid + self.invalid


class Breakdown(msgspec.Struct, frozen=True):
    """The calls of a report by the values of one field.

    Attributes:
        field: A dotted path, or `day`.
        groups: The values, those with most calls first.
        others: The calls of further values, which were too many to keep; None if there are none.
    """

    field: str
    groups: tuple[GroupReport, ...]
    others: GroupReport | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Something a reader of the report should know that is not a finding: it never fails a run.

    Attributes:
        note: Its kind, a permanent name such as `plan-diagnostics`.
        message: The note in a sentence.
        path: The file concerned, if one is.
        count: How many things it counts, if any.
    """

    note: str
    message: str
    path: str | None = None
    count: int | None = None


class Unnamed(msgspec.Struct, frozen=True):
    """Counts of unplanned names beyond the number of names kept.

    The number of these names is not known, since that would take memory for each.

    Attributes:
        events: Track calls of such events.
        properties: Such properties of calls; of a call with several, each.
    """

    events: int
    properties: int


class Report(msgspec.Struct, frozen=True):
    """The report of `uclint check`.

    Attributes:
        partial: Whether any input could not be read.
        inputs: The inputs.
        lines: Lines in each class.
        types: Calls of each type, `unknown` included.
        valid: Calls without a violation of error severity.
        invalid: The other calls.
        use_cases: One entry for each active use case.
        plans: One entry for each plan of the user's own.
        findings: Sorted by severity, code, event, property, instance location, keyword.
        events: Event -> calls that count as it.
        baseline: How the findings compare with those that were known, where there is a baseline.
        breakdowns: One for each field that was asked for.
        left_out: Calls that were not selected; None if all are.
        unnamed: Unplanned names that are in no finding, because too many were seen; None if all were kept.
        notes: What else a reader should know.
    """

    partial: bool
    inputs: tuple[InputSummary, ...]
    lines: Mapping[LineClass, int]
    types: Mapping[str, int]
    valid: int
    invalid: int
    use_cases: tuple[UseCaseReport, ...]
    findings: tuple[Finding, ...]
    plans: tuple[PlanReport, ...] = ()
    events: Mapping[str, int] = msgspec.field(default_factory=dict)
    baseline: Comparison | None = None
    breakdowns: tuple[Breakdown, ...] = ()
    left_out: int | None = None
    unnamed: Unnamed | None = None
    notes: tuple[Note, ...] = ()

    @property
    def calls(self) -> int:
        """All calls, members of batches included."""
        return self.valid + self.invalid
