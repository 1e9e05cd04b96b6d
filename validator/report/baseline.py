"""The baseline: findings that are known, so that only new and grown ones fail a run.

Two findings are the same if code, event, property, instance location and keyword are. Use cases, plans, severity,
places and words do not matter: they change with what is checked, not with what is sent. A finding has grown if the
*share* of calls (lines, inputs) that have it has, so that archives of different sizes can be compared.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import asdict, replace

from validator.errors import ConfigError
from validator.report.model import Comparison, KnownFinding, Status
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.report.model import Finding, Report
    from validator.report.policy import Policy

VERSION = 1

Identity = tuple[str, str, str, str, str]

# What inputs as a whole have, rather than lines.
_OF_INPUTS = frozenset(["IN506", "IN507", "IN509"])

# Their event is a name that is sent and not planned.
_OF_NAMES = frozenset(["NM401", "TP203"])

# Findings about several names each, of which a call can have more than one: their counts add up what each has.
_OF_SEVERAL = frozenset(["NM407", "NM408", "NM409", "NM410"])


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known.

    Attributes:
        baseline_version: The version of the file's form.
        use_cases: The use cases that were checked, as `goal/use-case`.
        plans: The plans of the user's own that were checked.
        findings: What was found, each once, sorted.
    """

    baseline_version: int = VERSION
    use_cases: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    findings: tuple[KnownFinding, ...] = ()

    @classmethod
    def of(cls, report: Report) -> Baseline:
        """The findings of a report as a baseline."""
        table: dict[Identity, KnownFinding] = {}
        for known in (_known(finding, report) for finding in report.findings):
            before = table.get(_identity(known))
            if before is None or before.count < known.count:
                table[_identity(known)] = known
        return cls(
            use_cases=tuple(sorted(use_case.id for use_case in report.use_cases)),
            plans=tuple(sorted(plan.plan for plan in report.plans)),
            findings=tuple(known for _, known in sorted(table.items())),
        )

    def to_text(self) -> str:
        """JSON, sorted, with one finding a line, so that a difference of two versions can be read."""
        findings = [{k: v for k, v in asdict(known).items() if v is not None} for known in self.findings]
        parts = [
            f'"baseline_version": {VERSION}',
            f'"use_cases": {_list(self.use_cases)}',
            f'"plans": {_list(self.plans)}',
            f'"findings": {_list(findings)}',
        ]
        return "{\n  " + ",\n  ".join(parts) + "\n}\n"

    @classmethod
    def parse(cls, data: bytes, path: str) -> Baseline:
        """Reads a baseline file.

        Args:
            data: What it holds.
            path: What messages call it.

        Raises:
            ConfigError: It is no baseline, or one of another version.
        """
        try:
            raw: Any = msgspec.json.decode(data)
            version = raw.get("baseline_version") if isinstance(raw, dict) else None
            if isinstance(version, int) and version > VERSION:
                raise ConfigError(
                    [f"{path}: baseline version {version} is newer than this uclint can read; upgrade it"]
                )
            if version != VERSION:
                raise _broken(path, "it has no `baseline_version` 1")
            baseline = msgspec.convert(raw, cls)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise _broken(path, str(error)) from None
        seen: set[Identity] = set()
        for number, known in enumerate(baseline.findings):
            if known.code not in RULES:
                raise _broken(path, f"`$.findings[{number}]` has the code {known.code[:20]!r}, which no rule has")
            if known.count < 0 or known.of < 0 or _identity(known) in seen:
                what = "is there twice" if _identity(known) in seen else "has a negative count"
                raise _broken(path, f"`$.findings[{number}]` {what}")
            seen.add(_identity(known))
        return baseline

    def compared(self, report: Report, path: str, *, policy: Policy, tolerance: float = 0.0) -> Report:
        """The report with how each finding compares, and with what is fixed.

        Args:
            report: A report without a comparison.
            path: The baseline file.
            policy: The policy of the report: what is not looked for is not fixed.
            tolerance: How much the share of a known finding may grow.
        """
        table = {_identity(known): known for known in self.findings}
        found = {_identity(_known(finding, report)) for finding in report.findings}
        return replace(
            report,
            findings=tuple(self._placed(finding, report, table, tolerance) for finding in report.findings),
            baseline=Comparison(path, tuple(self._fixed(table, found, report, policy))),
        )

    def _placed(
        self, finding: Finding, report: Report, table: dict[Identity, KnownFinding], tolerance: float
    ) -> Finding:
        now = _known(finding, report)
        known = table.get(_identity(now))
        if known is None:
            return replace(finding, status=Status.NEW)
        grown = _share(now) > _share(known) + Fraction(repr(float(tolerance)))
        return replace(finding, status=Status.GROWN if grown else Status.KNOWN, known=known)

    def _fixed(
        self, table: dict[Identity, KnownFinding], found: set[Identity], report: Report, policy: Policy
    ) -> Iterable[KnownFinding]:
        """What is known and was looked for, and is no more."""
        checked = {*(use_case.id for use_case in report.use_cases), *(plan.plan for plan in report.plans)}
        narrowed = report.left_out is not None
        if report.partial or narrowed or not checked.issuperset({*self.use_cases, *self.plans}):
            return
        for identity, known in table.items():
            seen = known.event is None or known.code in (*_OF_NAMES, *_OF_SEVERAL) or report.events.get(known.event)
            if identity not in found and known.code not in policy.off and report.calls and seen:
                yield known


def _broken(path: str, why: str) -> ConfigError:
    return ConfigError([f"{path}: not a baseline file: {why}; write it anew with --write-baseline"])


def _known(finding: Finding, report: Report) -> KnownFinding:
    return KnownFinding(
        code=finding.code,
        event=finding.event,
        property=finding.property,
        instance_location=finding.instance_location,
        keyword=finding.keyword,
        count=finding.count,
        of=_total(finding, report),
    )


def _total(finding: Finding, report: Report) -> int:
    """What the count is a count of, in all."""
    if finding.code in _OF_INPUTS:
        return len(report.inputs)
    if finding.code.startswith("IN"):
        return sum(report.lines.values())
    if finding.event is None or finding.code in _OF_NAMES:
        return report.calls
    if finding.code in _OF_SEVERAL and finding.event not in report.events:
        return report.calls
    return report.events.get(finding.event, 0)


def _identity(known: KnownFinding) -> Identity:
    return (
        known.code,
        known.event or "",
        known.property or "",
        # Null and empty differ: the call as a whole, and no place in a call.
        "" if known.instance_location is None else f"at {known.instance_location}",
        known.keyword or "",
    )


def _share(known: KnownFinding) -> Fraction:
    least = 1 if known.code in _OF_SEVERAL else max(known.count, 1)
    return Fraction(known.count, max(known.of, least))


def _list(values: Iterable[Any]) -> str:
    inside = ",\n".join(f"    {json.dumps(value)}" for value in values)
    return f"[\n{inside}\n  ]" if inside else "[]"
