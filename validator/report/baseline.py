"""The baseline: known findings, so that only new and grown ones fail a run.

Two findings are the same if code, event, property, instance location and keyword are. Use cases, plans, severity,
places and messages do not matter: they depend on what is checked, not on what is sent. A finding has grown if its
*share* of calls (lines, inputs) has, so that archives of different sizes can be compared.

A run that covers less than the baseline (fewer inputs, use cases, plans or rules) does not judge the rest: it is
neither fixed, nor lost when the baseline is written again.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from msgspec.structs import asdict, replace

from validator.errors import ConfigError
from validator.report.model import Comparison, KnownFinding, Status
from validator.report.totals import OF_NAMES, OF_SEVERAL, total_of
from validator.rules import RULES
from validator.syntax.number_size import refuse_large

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.report.model import Finding, Report
    from validator.report.rule_policy import Policy

VERSION = 1

Identity = tuple[str, str, str, str, str]

# More are not recorded: each run then counts as covering all of them.
_MOST_INPUTS = 10_000


class Extent(NamedTuple):
    """The inputs a run covers, by their path from the baseline's folder.

    Attributes:
        read: Inputs that it reads.
        unread: Inputs of the baseline that still exist and that it does not read.
    """

    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


NOWHERE: Final = Extent()
"""Of a run of which nobody knows what it read."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A baseline file.

    Attributes:
        baseline_version: The version of the file's form.
        use_cases: The use cases that were checked, as `goal/use-case`.
        plans: The plans of the user's own that were checked.
        inputs: The inputs, by their path from the file's folder; empty if there were too many.
        findings: The findings, each once, sorted.
    """

    baseline_version: int = VERSION
    use_cases: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    findings: tuple[KnownFinding, ...] = ()

    @classmethod
    def of(cls, report: Report, inputs: Iterable[str] = ()) -> Baseline:
        """Makes a baseline of the findings of a report.

        Args:
            report: The report.
            inputs: What was read.
        """
        table: dict[Identity, KnownFinding] = {}
        for known in (_known(finding, report) for finding in report.findings):
            before = table.get(_identity(known))
            if before is None or before.count < known.count:
                table[_identity(known)] = known
        return cls(
            use_cases=tuple(sorted(use_case.id for use_case in report.use_cases)),
            plans=tuple(sorted(plan.plan for plan in report.plans)),
            inputs=_named(inputs),
            findings=tuple(known for _, known in sorted(table.items())),
        )

    def renewed(self, report: Report, *, policy: Policy, extent: Extent = NOWHERE) -> tuple[Baseline, int]:
        """The baseline to write after another run, and the number of findings kept that it did not look for.

        Args:
            report: A report on all calls of what was read.
            policy: The policy of the report.
            extent: What was read.
        """
        new = Baseline.of(report, extent.read)
        if not self._is_whole(report, extent):
            new = replace(
                new,
                use_cases=tuple(sorted({*self.use_cases, *new.use_cases})),
                plans=tuple(sorted({*self.plans, *new.plans})),
                inputs=_named([*extent.read, *extent.unread]),
            )
        table = {_identity(known): known for known in new.findings}
        kept = 0
        for known in self.findings:
            identity = _identity(known)
            if identity in table:
                # Of some of the inputs, a smaller share tells nothing of all.
                table[identity] = max(table[identity], known, key=_share) if extent.unread else table[identity]
            elif known.code in policy.off or not self._is_whole(report, extent):
                table[identity] = known
                kept += 1
        return replace(new, findings=tuple(known for _, known in sorted(table.items()))), kept

    def to_text(self) -> str:
        """Sorted JSON with one finding a line, so that diffs are readable."""
        findings = [{k: v for k, v in asdict(known).items() if v is not None} for known in self.findings]
        parts = [
            f'"baseline_version": {VERSION}',
            f'"use_cases": {_list(self.use_cases)}',
            f'"plans": {_list(self.plans)}',
            f'"inputs": {_list(self.inputs)}',
            f'"findings": {_list(findings)}',
        ]
        return "{\n  " + ",\n  ".join(parts) + "\n}\n"

    @classmethod
    def parse(cls, data: bytes, path: str) -> Baseline:
        """Reads a baseline file.

        Args:
            data: Its content.
            path: Its name in messages.

        Raises:
            ConfigError: It is not a baseline, or has another version.
        """
        try:
            raw: Any = json.loads(data)  # which keeps half of a surrogate pair, as a name may have it
            refuse_large(raw)
            version = raw.get("baseline_version") if isinstance(raw, dict) else None
            if isinstance(version, int) and version > VERSION:
                raise ConfigError(
                    [f"{path}: baseline version {version} is newer than this uclint can read; upgrade it"]
                )
            if version != VERSION:
                raise _broken(path, "it has no `baseline_version` 1")
            baseline = msgspec.convert(raw, cls)
        except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors too
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

    def compared(
        self, report: Report, path: str, *, policy: Policy, tolerance: float = 0.0, extent: Extent = NOWHERE
    ) -> Report:
        """Compares a report with the baseline: the status of each finding, and fixed ones.

        Args:
            report: A report without a comparison.
            path: The baseline file.
            policy: The policy of the report: findings of unused rules are not fixed.
            tolerance: How much the share of a known finding may grow.
            extent: What was read.
        """
        if self.in_part(extent):
            tolerance = 1.0  # a part of the inputs may well have more than its share
        table = {_identity(known): known for known in self.findings}
        found = {_identity(_known(finding, report)) for finding in report.findings}
        return replace(
            report,
            findings=tuple(self._placed(finding, report, table, tolerance) for finding in report.findings),
            baseline=Comparison(path, tuple(self._fixed(table, found, report, policy, extent)), extent.unread),
        )

    def in_part(self, extent: Extent) -> bool:
        """Whether only some of the baseline's existing inputs are read."""
        return bool(extent.unread) and not set(self.inputs).isdisjoint(extent.read)

    def _is_whole(self, report: Report, extent: Extent) -> bool:
        """Whether a run covers everything in the baseline."""
        checked = {*(use_case.id for use_case in report.use_cases), *(plan.plan for plan in report.plans)}
        return not extent.unread and checked.issuperset({*self.use_cases, *self.plans})

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
        self, table: dict[Identity, KnownFinding], found: set[Identity], report: Report, policy: Policy, extent: Extent
    ) -> Iterable[KnownFinding]:
        """Known findings that were looked for and not found."""
        if report.partial or report.left_out is not None or not self._is_whole(report, extent):
            return
        for identity, known in table.items():
            seen = known.event is None or known.code in (*OF_NAMES, *OF_SEVERAL) or report.events.get(known.event)
            if identity not in found and known.code not in policy.off and report.calls and seen:
                yield known


def _broken(path: str, why: str) -> ConfigError:
    return ConfigError([f"{path}: not a baseline file: {why}; rewrite it with --write-baseline"])


def _known(finding: Finding, report: Report) -> KnownFinding:
    return KnownFinding(
        code=finding.code,
        event=finding.event,
        property=finding.property,
        instance_location=finding.instance_location,
        keyword=finding.keyword,
        count=finding.count,
        of=total_of(finding, report),
    )


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
    least = 1 if known.code in OF_SEVERAL else max(known.count, 1)
    return Fraction(known.count, max(known.of, least))


def _named(inputs: Iterable[str]) -> tuple[str, ...]:
    named = tuple(sorted(set(inputs)))
    return named if len(named) <= _MOST_INPUTS else ()


def _list(values: Iterable[Any]) -> str:
    inside = ",\n".join(f"    {json.dumps(value)}" for value in values)
    return f"[\n{inside}\n  ]" if inside else "[]"
