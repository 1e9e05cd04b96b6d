"""Compares a report with a baseline: the status of each finding, and what is fixed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from validator.report.baseline_data import (
    NEVER_SEEN,
    adds_up,
    findings_of,
    identity_of,
    known_of,
    looked_for,
    share_of,
    totals_of_inputs,
)
from validator.report.finding_totals import totals_of
from validator.report.model import Comparison, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.report.baseline_data import Extent, Identity, Known
    from validator.report.model import Finding, KnownFinding, Report
    from validator.report.rule_policy import Policy


class _Judged(NamedTuple):
    """What findings are compared with.

    Attributes:
        known: What the baseline knows of the inputs that correspond to those of the run.
        shared: What it knows of the inputs that both have, if the run has others besides.
        tolerance: How much a share may grow.
        answered: Events in inputs that the run does not read.
        same: Whether the run reads inputs that the baseline knows, and not others instead.
    """

    known: Mapping[Identity, KnownFinding]
    shared: Mapping[Identity, KnownFinding] | None
    tolerance: Fraction
    answered: Mapping[str, int]
    same: bool

    def grew(self, now: KnownFinding, before: KnownFinding | None) -> bool:
        """Whether a finding has grown.

        In the same inputs its count must have grown too: removing calls is not a regression. If fewer than half of the
        calls are left, they are treated as different calls, and only the share is compared.
        """
        if before is None:
            return now.count > 0
        if share_of(now) <= share_of(before) + self.tolerance:
            return False
        return not self.same or now.count > before.count or 2 * now.of < before.of


def new_inputs(known: Known, extent: Extent) -> tuple[str, ...]:
    """The inputs to read separately: those that a run has besides inputs of the baseline."""
    if not known.by_input or known.paths.isdisjoint(extent.read):
        return ()
    return tuple(sorted(set(extent.read) - known.paths))


def compare(
    known: Known, report: Report, path: str, *, policy: Policy, tolerance: float, extent: Extent, new: Report | None
) -> Report:
    """Compares a report.

    Inputs are compared with what the baseline knows of them; those that it does not know, with what it knows of all.

    Args:
        known: What the baseline knows.
        report: A report without a comparison.
        path: The baseline file.
        policy: The policy of the report: findings of unused rules are not fixed.
        tolerance: How much the share of a known finding may grow.
        extent: What was read.
        new: A report on the `new_inputs` alone, if there are any.
    """
    judged = _judged(known, tolerance, extent)
    found = findings_of(report)
    without = _without(found, report, new) if new and judged.shared is not None else {}
    fixed = _fixed(known, found, report, policy, extent)
    return replace(
        report,
        findings=tuple(_placed(finding, report, judged, without) for finding in report.findings),
        baseline=Comparison(path, tuple(fixed), extent.unread),
    )


def in_part(known: Known, extent: Extent) -> bool:
    """Whether only some of the baseline's existing inputs are read, and it does not know what each of them has."""
    return bool(extent.unread) and not known.by_input and not known.paths.isdisjoint(extent.read)


def _judged(known: Known, tolerance: float, extent: Extent) -> _Judged:
    allowed = Fraction(repr(float(tolerance)))
    shared = known.paths & set(extent.read)
    if not known.by_input or not shared:
        # A part of the inputs may well have more than its share of what is known of all.
        return _Judged(
            known.of_inputs(known.paths), None, Fraction(1) if in_part(known, extent) else allowed, {}, False
        )
    unread = known.paths & set(extent.unread)
    new = set(extent.read) - known.paths
    # A new input may be one that is gone, renamed and changed.
    corresponding = known.paths - unread if new else shared
    answered = totals_of_inputs(one for one in known.inputs if one.path in unread).events
    return _Judged(known.of_inputs(corresponding), known.of_inputs(shared) if new else None, allowed, answered, True)


def _without(found: Mapping[Identity, KnownFinding], report: Report, new: Report) -> dict[Identity, KnownFinding]:
    """The findings, less their counts in new inputs."""
    totals = totals_of(report).without(totals_of(new))
    less = findings_of(new)
    left: dict[Identity, KnownFinding] = {}
    for identity, known in found.items():
        if adds_up(known):
            count = known.count - (less[identity].count if identity in less else 0)
            left[identity] = replace(known, count=count, of=totals.of(known.code, known.event))
    return left


def _placed(finding: Finding, report: Report, judged: _Judged, without: Mapping[Identity, KnownFinding]) -> Finding:
    now = known_of(finding, report)
    identity = identity_of(now)
    known = judged.known.get(identity)
    if known is None:
        elsewhere = finding.code in NEVER_SEEN and finding.event is not None and judged.answered.get(finding.event)
        return replace(finding, status=Status.KNOWN if elsewhere else Status.NEW)
    grown = judged.grew(now, known)
    if identity in without and judged.shared is not None:
        before = judged.shared.get(identity)
        if judged.grew(without[identity], before):
            grown, known = True, before or known
    return replace(finding, status=Status.GROWN if grown else Status.KNOWN, known=known)


def _fixed(
    known: Known, found: Mapping[Identity, KnownFinding], report: Report, policy: Policy, extent: Extent
) -> Iterator[KnownFinding]:
    """Known findings that were looked for and not found."""
    if report.partial or report.left_out is not None or not known.is_whole(report, extent):
        return
    for one in known.findings:
        if identity_of(one) not in found and looked_for(one, report, policy):
            yield one.plain
