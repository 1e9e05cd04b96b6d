"""The baseline: known findings, so that only new and grown ones fail a run.

Two findings are the same if code, event, property, instance location and keyword are. Use cases, plans, severity,
places and messages do not matter: they depend on what is checked, not on what is sent. A finding has grown if its
*share* of calls (lines, inputs) has, so that archives of different sizes can be compared. What a run reads is compared
with what the baseline knows of the same inputs.

A run that covers less than the baseline (fewer inputs, use cases, plans or rules) does not judge the rest: it is
neither fixed, nor lost when the baseline is written again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import asdict

from validator.errors import ConfigError
from validator.report.baseline_comparison import compare
from validator.report.baseline_data import (
    NOWHERE,
    Extent,
    FiledFinding,
    Identity,
    InputPart,
    Known,
    KnownInput,
    findings_of,
    identity_of,
)
from validator.report.baseline_update import renew
from validator.rules import RULES
from validator.syntax.number_size import refuse_large

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from validator.report.model import Report
    from validator.report.rule_policy import Policy

__all__ = ["MOST_BY_INPUT", "Baseline", "Extent", "InputPart", "KnownInput"]

VERSION = 2
_VERSIONS = (1, VERSION)

# Up to this many inputs, the findings of each are recorded; beyond it, only those of all together.
MOST_BY_INPUT = 1_000

# Beyond this many, not even the names are recorded: each run then counts as covering all of them.
_MOST_INPUTS = 10_000


class Baseline(Known, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A baseline file."""

    @classmethod
    def of(cls, report: Report, inputs: Iterable[str] = (), parts: Sequence[InputPart] = ()) -> Baseline:
        """Makes a baseline from the findings of a report.

        Args:
            report: The report.
            inputs: What was read, by the path from the baseline's folder.
            parts: Each of the inputs by itself; empty if it is not known what each has.
        """
        table = findings_of(report)
        named = sorted(parts, key=lambda part: part.input.path)
        filed = [
            FiledFinding(
                **asdict(known),
                inputs={part.input.path: n for part in named if (n := part.findings.get(identity, 0))},
            )
            for identity, known in sorted(table.items())
        ]
        paths = sorted(set(inputs))
        return cls(
            use_cases=tuple(sorted(use_case.id for use_case in report.use_cases)),
            plans=tuple(sorted(plan.plan for plan in report.plans)),
            inputs=tuple(part.input for part in named) or _by_name(paths),
            findings=tuple(filed),
        )

    def renewed(
        self, report: Report, *, policy: Policy, extent: Extent = NOWHERE, parts: Sequence[InputPart] = ()
    ) -> tuple[Baseline, int]:
        """The baseline to write after another run, and the number of findings kept that it did not look for.

        Args:
            report: A report on all calls of what was read.
            policy: The policy of the report.
            extent: What was read.
            parts: Each of the inputs by itself.
        """
        known, kept = renew(self, Baseline.of(report, extent.read, parts), report, policy, extent)
        paths = [one.path for one in known.inputs]
        inputs = known.inputs if len(paths) <= MOST_BY_INPUT else _by_name(paths)
        return Baseline(use_cases=known.use_cases, plans=known.plans, inputs=inputs, findings=known.findings), kept

    def to_text(self) -> str:
        """Sorted JSON with one input or finding a line, so that diffs are readable."""
        by_input = self.by_input
        inputs = [msgspec.to_builtins(one) for one in self.inputs]
        findings = [
            {k: v for k, v in asdict(known).items() if v is not None and (k != "inputs" or (v and by_input))}
            for known in self.findings
        ]
        parts = [
            f'"baseline_version": {VERSION}',
            f'"use_cases": {_list(self.use_cases)}',
            f'"plans": {_list(self.plans)}',
            f'"inputs": {_list(inputs)}',
            f'"findings": {_list(findings)}',
        ]
        return "{\n  " + ",\n  ".join(parts) + "\n}\n"

    @classmethod
    def parse(cls, data: bytes, path: str) -> Baseline:
        """Reads a baseline file, also of version 1, which does not know what each input has.

        Args:
            data: Its content.
            path: Its name in messages.

        Raises:
            ConfigError: It is not a baseline, or has another version.
        """
        try:
            raw: Any = json.loads(data)  # it keeps half of a surrogate pair, which a name may contain
            refuse_large(raw)
            version = raw.pop("baseline_version", None) if isinstance(raw, dict) else None
            if isinstance(version, int) and version > VERSION:
                raise ConfigError(
                    [f"{path}: baseline version {version} is newer than this uclint can read; upgrade it"]
                )
            if version not in _VERSIONS or isinstance(version, bool):
                raise _broken(path, f"it has no `baseline_version` {VERSION}")
            if version == 1:
                raw["inputs"] = [{"path": name} for name in msgspec.convert(raw.get("inputs", []), list[str])]
            baseline = msgspec.convert(raw, cls)
        except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors too
            raise _broken(path, str(error)) from None
        for why in _flaws(baseline):
            raise _broken(path, why)
        return baseline

    def compared(
        self,
        report: Report,
        path: str,
        *,
        policy: Policy,
        tolerance: float = 0.0,
        extent: Extent = NOWHERE,
        new: Report | None = None,
    ) -> Report:
        """Compares a report with the baseline: the status of each finding, and fixed ones.

        Args:
            report: A report without a comparison.
            path: The baseline file.
            policy: The policy of the report: findings of unused rules are not fixed.
            tolerance: How much the share of a known finding may grow.
            extent: What was read.
            new: A report on the inputs that the baseline does not have, if the run has others too.
        """
        return compare(self, report, path, policy=policy, tolerance=tolerance, extent=extent, new=new)


def _flaws(baseline: Baseline) -> Iterable[str]:
    seen: set[Identity] = set()
    for number, known in enumerate(baseline.findings):
        if known.code not in RULES:
            yield f"`$.findings[{number}]` has the code {known.code[:20]!r}, which no rule has"
        if known.count < 0 or known.of < 0 or min(known.inputs.values(), default=0) < 0:
            yield f"`$.findings[{number}]` has a negative count"
        if identity_of(known) in seen:
            yield f"`$.findings[{number}]` is there twice"
        seen.add(identity_of(known))
    for number, one in enumerate(baseline.inputs):
        if min(one.bytes or 0, one.lines, one.calls, *one.events.values()) < 0:
            yield f"`$.inputs[{number}]` has a negative count"


def _broken(path: str, why: str) -> ConfigError:
    return ConfigError([f"{path}: not a baseline file: {why}; rewrite it with --write-baseline"])


def _by_name(paths: Sequence[str]) -> tuple[KnownInput, ...]:
    """Inputs known only by name."""
    return tuple(KnownInput(path=path) for path in paths) if len(paths) <= _MOST_INPUTS else ()


def _list(values: Iterable[Any]) -> str:
    inside = ",\n".join(f"    {json.dumps(value)}" for value in values)
    return f"[\n{inside}\n  ]" if inside else "[]"
