"""The baseline file of a check: read before it, compared with or rewritten after it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from validator.errors import ConfigError, UsageError
from validator.report.baseline import MOST_BY_INPUT, Baseline
from validator.report.baseline_comparison import in_part, new_inputs
from validator.report.baseline_data import Extent, InputPart, KnownInput, findings_of, identity_of, known_of
from validator.report.model import Status
from validator.report.verdict import nothing_read
from validator.service.baseline_inputs import RunFiles
from validator.service.resolved_settings import blamed

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.config.settings import Setting
    from validator.report import Finding, Report
    from validator.report.rule_policy import Policy
    from validator.service.part_reader import PartReader

    Warn = Callable[[str], None]


def read_baseline(setting: Setting) -> Baseline | None:
    """Reads the known findings, if there is a baseline.

    Raises:
        UclintError: It cannot be read, or is not a baseline.
    """
    if setting.value is None:
        return None
    with blamed(setting.origin):
        try:
            data = Path(setting.value).read_bytes()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            hint = f"write it with --write-baseline {setting.value}"
            raise UsageError(f"cannot read the baseline {setting.value}: {why}; {hint}") from None
    return Baseline.parse(data, setting.value)


def new_baseline(
    report: Report, path: str, *, reader: PartReader | None, policy: Policy, allow_empty: bool, warn: Warn
) -> Baseline | None:
    """The findings as known ones, to be written; None if something that should have been read was not.

    Known findings that this run did not look for stay in the file.

    Args:
        report: The report.
        path: The file to write.
        reader: Reads inputs again; None to treat the run as covering all inputs of the file.
        policy: The policy of the report.
        allow_empty: Whether it is fine to read nothing.
        warn: Takes a sentence about it.
    """
    if report.partial or (nothing_read(report) and not allow_empty):
        warn(f"{path} is not written: not all input could be read, so findings may be missing")
        return None
    try:
        before = Baseline.parse(Path(path).read_bytes(), path) if Path(path).is_file() else Baseline()
    except (OSError, ValueError, ConfigError):
        before = Baseline()  # not a baseline yet: overwrite it
    extent, parts = Extent(), tuple[InputPart, ...]()
    if reader:
        files = RunFiles(path, report, before)
        extent, parts = files.own_extent, _parts(report, files, reader)
    baseline, kept = before.renewed(report, policy=policy, extent=extent, parts=parts)
    if kept:
        findings = f"{kept:,} known finding{'s' * (kept > 1)}"
        warn(f"{path} keeps {findings} that this run did not look for; to start over, remove the file first")
    return baseline


def compared(
    baseline: Baseline, report: Report, path: str, *, reader: PartReader | None, warn: Warn, **how: Any
) -> Report:
    """Compares the findings of a report with the baseline.

    Args:
        baseline: The known findings.
        report: The report.
        path: The file of the baseline.
        reader: Reads inputs again; None to treat the run as covering all inputs of the baseline.
        warn: Takes a sentence about what is not compared.
        how: The policy and the tolerance.
    """
    if reader is None:
        return baseline.compared(report, path, **how)
    files = RunFiles(path, report, baseline)
    extent = files.extent
    if extent.unread:
        first, more = extent.unread[0], len(extent.unread) - 1
        others = f" and {more:,} more" if more else ""
        unjudged = "growth and fixes" if in_part(baseline, extent) else "fixes"
        warn(f"{path} was written from {first}{others} too, not read now, so {unjudged} were not judged")
    again = not (report.partial or reader.narrow)
    new = files.paths_of(new_inputs(baseline, extent)) if again else ()
    result = baseline.compared(report, path, extent=extent, new=reader.report(new) if new else None, **how)
    grown = any(finding.status is Status.GROWN for finding in result.findings)
    return _where_it_grew(result, files, reader) if grown and again and baseline.by_input else result


def _parts(report: Report, files: RunFiles, reader: PartReader) -> tuple[InputPart, ...]:
    """Each input by itself; nothing if that is not known of all, or if they are too many."""
    if reader.narrow or len(files.paths) != len(report.inputs) or len(report.inputs) > MOST_BY_INPUT:
        return ()
    parts: list[InputPart] = []
    for name, path in files.paths.items():
        content = files.content(path)
        alone = report if len(files.paths) == 1 else reader.report([path])
        if content is None or alone is None:
            return ()
        size, digest = content
        known = KnownInput(
            path=name,
            bytes=size,
            sha256=digest,
            lines=sum(alone.lines.values()),
            calls=alone.calls,
            events={event: calls for event, calls in sorted(alone.events.items()) if calls},
        )
        parts.append(InputPart(known, {identity: one.count for identity, one in findings_of(alone).items()}))
    same = sum(part.input.calls for part in parts) == report.calls
    return tuple(parts) if same else ()  # else one of them has changed


def _where_it_grew(report: Report, files: RunFiles, reader: PartReader) -> Report:
    """A report whose grown findings have their places in inputs that are new, or were changed since."""
    changed = files.changed()
    alone = reader.report(changed) if 0 < len(changed) < len(report.inputs) else None
    if alone is None:
        return report
    numbers = {summary.path: number for number, summary in enumerate(report.inputs)}
    places = {
        identity_of(known_of(finding, alone)): tuple(
            place._replace(input=numbers[alone.inputs[place.input].path]) for place in finding.places
        )
        for finding in alone.findings
    }

    def moved(finding: Finding) -> Finding:
        there = places.get(identity_of(known_of(finding, report)))
        return replace(finding, places=there) if there and finding.status is Status.GROWN else finding

    return replace(report, findings=tuple(map(moved, report.findings)))
