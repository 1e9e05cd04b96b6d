"""The baseline file of a check: read before it, compared with or rewritten after it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator.errors import ConfigError, UsageError
from validator.input.paths import STDIN
from validator.service.resolved_settings import blamed

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.config.settings import Setting
    from validator.report import Report
    from validator.report.baseline import Baseline, Extent
    from validator.report.rule_policy import Policy

    Warn = Callable[[str], None]


def read_baseline(setting: Setting) -> Baseline | None:
    """Reads the known findings, if there is a baseline.

    Raises:
        UclintError: It cannot be read, or is not a baseline.
    """
    if setting.value is None:
        return None
    from validator.report.baseline import Baseline  # noqa: PLC0415

    with blamed(setting.origin):
        try:
            data = Path(setting.value).read_bytes()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            hint = f"write it with --write-baseline {setting.value}"
            raise UsageError(f"cannot read the baseline {setting.value}: {why}; {hint}") from None
    return Baseline.parse(data, setting.value)


def new_baseline(
    report: Report, path: str, *, whole: bool, policy: Policy, allow_empty: bool, warn: Warn
) -> Baseline | None:
    """The findings as known ones, to be written; None if something that should have been read was not.

    Known findings that this run did not look for stay in the file.

    Args:
        report: The report.
        path: The file to write.
        whole: Whether to treat the run as covering all inputs of the file.
        policy: The policy of the report.
        allow_empty: Whether it is fine to read nothing.
        warn: Takes a sentence about it.
    """
    from validator.report.baseline import Baseline, Extent  # noqa: PLC0415
    from validator.report.verdict import nothing_read  # noqa: PLC0415

    if report.partial or (nothing_read(report) and not allow_empty):
        warn(f"{path} is not written: not all input could be read, so findings may be missing")
        return None
    try:
        before = Baseline.parse(Path(path).read_bytes(), path) if Path(path).is_file() else Baseline()
    except (OSError, ValueError, ConfigError):
        before = Baseline()  # not a baseline yet: overwrite it
    baseline, kept = before.renewed(report, policy=policy, extent=Extent() if whole else _extent(before, path, report))
    if kept:
        findings = f"{kept:,} known finding{'s' * (kept > 1)}"
        warn(f"{path} keeps {findings} that this run did not look for; to start over, remove the file first")
    return baseline


def compared(baseline: Baseline, report: Report, path: str, *, whole: bool, warn: Warn, **how: Any) -> Report:
    """Compares the findings of a report with the baseline.

    Args:
        baseline: The known findings.
        report: The report.
        path: The file of the baseline.
        whole: Whether to treat the run as covering all inputs of the baseline.
        warn: Takes a sentence about what is not compared.
        how: The policy and the tolerance.
    """
    from validator.report.baseline import Extent  # noqa: PLC0415

    extent = Extent() if whole else _extent(baseline, path, report)
    if extent.unread:
        first, more = extent.unread[0], len(extent.unread) - 1
        others = f" and {more:,} more" if more else ""
        unjudged = "growth and fixes" if baseline.in_part(extent) else "fixes"
        warn(f"{path} was written from {first}{others} too, not read now, so {unjudged} were not judged")
    return baseline.compared(report, path, extent=extent, **how)


def _extent(baseline: Baseline, file: str, report: Report) -> Extent:
    """The inputs of a report as a baseline names them: paths relative to the baseline's real folder."""
    from validator.report.baseline import Extent  # noqa: PLC0415

    base = os.path.dirname(os.path.realpath(file))  # noqa: PTH120 - Path may raise
    files = (os.path.realpath(summary.path) for summary in report.inputs if summary.path != STDIN)
    read = {Path(os.path.relpath(path, base)).as_posix() for path in files if os.path.isfile(path)}  # noqa: PTH113
    unread = (name for name in baseline.inputs if name not in read and _is_there(os.path.join(base, name)))  # noqa: PTH118
    return Extent(tuple(sorted(read)), tuple(unread))


def _is_there(path: str) -> bool:
    try:
        os.stat(path)  # noqa: PTH116 - a path as text
    except PermissionError:
        return True  # the inputs are unknown
    except (OSError, ValueError):
        return False
    return True
