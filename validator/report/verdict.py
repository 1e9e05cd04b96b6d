"""The verdict: pass or fail, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from validator.model import LineClass, Severity
from validator.report.model import Status
from validator.report.shares import below

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from validator.report.model import Finding, Report

FINDINGS = 1
USAGE = 2
INCOMPLETE = 3


class FailOn(StrEnum):
    """The least severity that fails a run."""

    WARNING = "warning"
    ERROR = "error"
    NEVER = "never"


class Thresholds(msgspec.Struct, frozen=True):
    """Minimum coverage, from 0 to 1.

    Attributes:
        overall: Of each use case; None for no minimum.
        use_cases: Of single use cases by `goal/use-case`, instead of the former.
        events: Of single events, in every use case that recommends them.
    """

    overall: float | None = None
    use_cases: Mapping[str, float] = msgspec.field(default_factory=dict)
    events: Mapping[str, float] = msgspec.field(default_factory=dict)

    @classmethod
    def of(cls, value: float | Thresholds | None) -> Thresholds:
        """Makes thresholds; a number is the minimum coverage of each use case."""
        return value if isinstance(value, Thresholds) else cls(value)

    def below(self, report: Report) -> Iterator[str]:
        """Reasons: what is below the minimum."""
        for use_case in report.use_cases:
            least = self.use_cases.get(use_case.id, self.overall)
            if least is not None and use_case.coverage < least:
                covered, wanted = below(use_case.coverage, least)
                yield f"{use_case.id} is covered {covered}, below {wanted}"
        reported = set()
        for use_case, event in ((u, e) for u in report.use_cases for e in u.events):
            least = self.events.get(event.event, 0.0)
            if event.coverage < least and (event.event, event.coverage) not in reported:
                reported.add((event.event, event.coverage))
                covered, wanted = below(event.coverage, least)
                yield f"{event.event} is covered {covered} in {use_case.id}, below {wanted}"


class Verdict(msgspec.Struct, frozen=True):
    """The outcome of a run.

    Attributes:
        exit_code: 0, 1 (findings), 2 (a named path does not exist), 3 (incomplete) or 130/143 (interrupted).
        reasons: Why, each a short phrase; never empty.
        fail_on: The least severity that failed the run.
    """

    exit_code: int
    reasons: tuple[str, ...]
    fail_on: FailOn = FailOn.ERROR

    def fails(self, finding: Finding) -> bool:
        """Whether a finding alone makes the run fail; known findings do not."""
        if finding.status is Status.KNOWN:
            return False
        return finding.severity is Severity.ERROR if self.fail_on is FailOn.ERROR else self.fail_on is FailOn.WARNING


def judge_report(
    report: Report,
    *,
    fail_on: FailOn = FailOn.ERROR,
    min_coverage: float | Thresholds | None = None,
    absent: tuple[str, ...] = (),
    allow_empty: bool = False,
    signal: int = 0,
) -> Verdict:
    """The verdict on a report; of several exit codes the worst wins.

    Args:
        report: The report.
        fail_on: The least severity that fails.
        min_coverage: The least coverage of each use case, from 0 to 1, or thresholds of several kinds.
        absent: Named paths that do not exist.
        allow_empty: Whether reading nothing is fine.
        signal: The signal that cut the reading short; 0 for none.
    """
    verdict = Verdict(0, (), fail_on)
    uncovered = list(Thresholds.of(min_coverage).below(report))
    reasons = [_summary(report), *uncovered]
    codes = [0]
    if fail_on is not FailOn.NEVER and (uncovered or any(map(verdict.fails, report.findings))):
        codes.append(FINDINGS)
    if report.left_out and not report.calls:
        reasons.append(f"no call was judged: {report.left_out:,} {'is' if report.left_out == 1 else 'are'} left out")
    if report.partial:
        reasons.append("not everything could be read")
        codes.append(INCOMPLETE)
    if nothing_read(report) and not allow_empty:
        reasons.append("nothing was read")
        codes.append(INCOMPLETE)
    if absent:
        reasons = reasons if report.inputs else []  # without inputs, the other reasons would only be noise
        reasons.append(f"no such path: {', '.join(absent)}")
    order = [0, FINDINGS, INCOMPLETE, USAGE]
    code = USAGE if absent else max(codes, key=order.index)
    if signal:
        reasons.append("interrupted")
        code = 128 + signal
    return Verdict(code, tuple(reasons), fail_on)


def _summary(report: Report) -> str:
    """The findings in numbers; known ones are only counted."""
    if report.baseline is None:
        return _counted(report.findings) or "no findings"
    parts = [_counted([f for f in report.findings if f.status is s], s.value) for s in (Status.NEW, Status.GROWN)]
    known = sum(f.status is Status.KNOWN for f in report.findings)
    text = ", ".join(filter(None, parts)) or "no new findings"
    return (
        text + (f"; {known:,} known" if known else "") + (f"; {n:,} fixed" if (n := len(report.baseline.fixed)) else "")
    )


def _counted(findings: Sequence[Finding], status: str = "") -> str:
    counts = {s: sum(f.severity is s for f in findings) for s in Severity}
    word = f"{status} " if status else ""
    return ", ".join(f"{n:,} {word}{s.value}{'' if n == 1 else 's'}" for s, n in counts.items() if n)


def nothing_read(report: Report) -> bool:
    """Whether there were no lines, or only blank ones."""
    return not any(n for c, n in report.lines.items() if c is not LineClass.BLANK)
