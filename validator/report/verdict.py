"""Pass or fail, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from validator.model import LineClass, Severity

if TYPE_CHECKING:
    from validator.report.model import Finding, Report

FINDINGS = 1
USAGE = 2
INCOMPLETE = 3


class FailOn(StrEnum):
    """The least severity that fails a run."""

    WARNING = "warning"
    ERROR = "error"
    NEVER = "never"


class Verdict(msgspec.Struct, frozen=True):
    """How a run ends.

    Attributes:
        exit_code: 0, 1 (findings), 2 (a named path does not exist), 3 (incomplete) or 130/143 (interrupted).
        reasons: Why, each a short phrase; never empty.
        fail_on: The least severity that failed the run.
    """

    exit_code: int
    reasons: tuple[str, ...]
    fail_on: FailOn = FailOn.ERROR

    def fails(self, finding: Finding) -> bool:
        """Whether a finding alone makes the run fail."""
        return finding.severity is Severity.ERROR if self.fail_on is FailOn.ERROR else self.fail_on is FailOn.WARNING


def judge_report(
    report: Report,
    *,
    fail_on: FailOn = FailOn.ERROR,
    min_coverage: float | None = None,
    absent: tuple[str, ...] = (),
    allow_empty: bool = False,
    signal: int = 0,
) -> Verdict:
    """The verdict on a report; of several exit codes the worst wins.

    Args:
        report: The report.
        fail_on: The least severity that fails.
        min_coverage: The least coverage of each use case, from 0 to 1.
        absent: Named paths that do not exist.
        allow_empty: Whether reading nothing is fine.
        signal: The signal that cut the reading short; 0 for none.
    """
    counts = {s: sum(f.severity is s for f in report.findings) for s in Severity}
    said = ", ".join(f"{n:,} {s.value}{'' if n == 1 else 's'}" for s, n in counts.items() if n) or "no findings"
    below = [u for u in report.use_cases if min_coverage is not None and u.coverage < min_coverage]
    failing = counts[Severity.ERROR] + (counts[Severity.WARNING] if fail_on is FailOn.WARNING else 0)
    reasons = [said]
    codes = [0]
    if fail_on is not FailOn.NEVER and failing:
        codes.append(FINDINGS)
    if below:
        reasons += [f"{u.id} is covered {u.coverage:.1%}, below {min_coverage:.1%}" for u in below]
        codes += [FINDINGS] if fail_on is not FailOn.NEVER else []
    if report.partial:
        reasons.append("not everything could be read")
        codes.append(INCOMPLETE)
    if nothing_read(report) and not allow_empty:
        reasons.append("nothing was read")
        codes.append(INCOMPLETE)
    if absent:
        reasons.append(f"no such path: {', '.join(absent)}")
    order = [0, FINDINGS, INCOMPLETE, USAGE]
    code = USAGE if absent else max(codes, key=order.index)
    if signal:
        reasons.append("interrupted")
        code = 128 + signal
    return Verdict(code, tuple(reasons), fail_on)


def nothing_read(report: Report) -> bool:
    """Whether there was no line but blank ones."""
    return not any(n for c, n in report.lines.items() if c is not LineClass.BLANK)
