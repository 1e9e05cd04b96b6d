"""The content of a baseline: findings, the inputs they were found in, and what part of both a run has read."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from validator.report.finding_totals import OF_NAMES, OF_SEVERAL, Totals, totals_of
from validator.report.model import KnownFinding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from validator.report.model import Finding, Report
    from validator.report.rule_policy import Policy

Identity = tuple[str, str, str, str, str]

NEVER_SEEN: Final = frozenset(["UC101", "UC103", "UC104"])
"""Findings that only all inputs together can have: something is missing from every one of them."""

# Findings of all inputs together, whose count is not the sum over the inputs.
_OF_ALL: Final = NEVER_SEEN | {"NM403", "NM405", "SP310"} | OF_SEVERAL


class FiledFinding(KnownFinding, frozen=True, kw_only=True):
    """A known finding, and the calls, lines or inputs that have it in each input."""

    inputs: dict[str, int] = msgspec.field(default_factory=dict)

    @property
    def plain(self) -> KnownFinding:
        """The finding without the counts of each input."""
        fields = KnownFinding.__struct_fields__
        return KnownFinding(**{name: getattr(self, name) for name in fields})


class KnownInput(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An input of a baseline.

    Attributes:
        path: Its path from the baseline's folder.
        bytes: Its size as stored; None if its content is not known.
        sha256: The digest of its bytes as stored.
        lines: Its lines.
        calls: Its calls.
        events: Event -> calls that count as it.
    """

    path: str
    bytes: int | None = None
    sha256: str | None = None
    lines: int = 0
    calls: int = 0
    events: dict[str, int] = msgspec.field(default_factory=dict)


class InputPart(NamedTuple):
    """One input by itself: its content, and the findings in it."""

    input: KnownInput
    findings: Mapping[Identity, int]


class Extent(NamedTuple):
    """The inputs a run covers, by their path from the baseline's folder.

    Attributes:
        read: Inputs that it reads; one that was only renamed is listed under its name in the baseline.
        unread: Inputs of the baseline that still exist and that it does not read.
    """

    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


NOWHERE: Final = Extent()
"""The extent of a run whose inputs are not known."""


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a baseline knows.

    Attributes:
        use_cases: The use cases that were checked, as `goal/use-case`.
        plans: The plans of the user's own that were checked.
        inputs: The inputs, sorted by path; empty if there were too many.
        findings: The findings, each once, sorted.
    """

    use_cases: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    inputs: tuple[KnownInput, ...] = ()
    findings: tuple[FiledFinding, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """The paths of the inputs."""
        return frozenset(one.path for one in self.inputs)

    @property
    def by_input(self) -> bool:
        """Whether it knows what each of its inputs contains, so that a part of them can be compared."""
        return bool(self.inputs) and all(one.sha256 for one in self.inputs)

    def is_whole(self, report: Report, extent: Extent) -> bool:
        """Whether a run covers everything that it knows."""
        checked = {*(use_case.id for use_case in report.use_cases), *(plan.plan for plan in report.plans)}
        return not extent.unread and checked.issuperset({*self.use_cases, *self.plans})

    def of_inputs(self, paths: Collection[str]) -> dict[Identity, KnownFinding]:
        """What it knows of some of its inputs; findings that none of them has are left out.

        Findings that only all inputs together can have are returned unchanged.
        """
        if self.paths <= set(paths):
            return {identity_of(known): known.plain for known in self.findings}
        totals = totals_of_inputs(one for one in self.inputs if one.path in paths)
        found: dict[Identity, KnownFinding] = {}
        for known in self.findings:
            count = sum(count for path, count in known.inputs.items() if path in paths)
            if known.code in _OF_ALL:
                found[identity_of(known)] = known.plain
            elif count:
                of = totals.of(known.code, known.event)
                found[identity_of(known)] = replace(known.plain, count=count, of=of)
        return found


def totals_of_inputs(inputs: Iterable[KnownInput]) -> Totals:
    """The totals that counts in some inputs are shares of."""
    chosen = list(inputs)
    events: dict[str, int] = {}
    for one in chosen:
        for event, calls in one.events.items():
            events[event] = events.get(event, 0) + calls
    return Totals(len(chosen), sum(one.lines for one in chosen), sum(one.calls for one in chosen), events)


def known_of(finding: Finding, report: Report) -> KnownFinding:
    """A finding of a report as a baseline keeps it."""
    return KnownFinding(
        code=finding.code,
        event=finding.event,
        property=finding.property,
        instance_location=finding.instance_location,
        keyword=finding.keyword,
        count=finding.count,
        of=totals_of(report).of(finding.code, finding.event),
    )


def findings_of(report: Report) -> dict[Identity, KnownFinding]:
    """The findings of a report, each once."""
    table: dict[Identity, KnownFinding] = {}
    for known in (known_of(finding, report) for finding in report.findings):
        before = table.get(identity_of(known))
        if before is None or before.count < known.count:
            table[identity_of(known)] = known
    return table


def identity_of(known: KnownFinding) -> Identity:
    """The identity of a finding: two findings with the same identity are the same."""
    return (
        known.code,
        known.event or "",
        known.property or "",
        # Null and empty differ: the call as a whole, and no place in a call.
        "" if known.instance_location is None else f"at {known.instance_location}",
        known.keyword or "",
    )


def share_of(known: KnownFinding) -> Fraction:
    """The share of calls, lines or inputs that have it."""
    least = 1 if known.code in OF_SEVERAL else max(known.count, 1)
    return Fraction(known.count, max(known.of, least))


def adds_up(known: KnownFinding) -> bool:
    """Whether its count is the sum of what each input has."""
    return known.code not in _OF_ALL


def looked_for(known: KnownFinding, report: Report, policy: Policy) -> bool:
    """Whether a run on all inputs would have found it again: its rule is used, and its event was seen."""
    seen = known.event is None or known.code in (*OF_NAMES, *OF_SEVERAL) or report.events.get(known.event)
    return known.code not in policy.off and bool(report.calls) and bool(seen)
