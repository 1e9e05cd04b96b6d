"""`uclint check --watch`: checks again whenever what it reads has changed."""

from __future__ import annotations

import os
import select
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from validator.adapters.cli.output import style, write
from validator.adapters.cli.report_targets import Target, write_reports
from validator.adapters.cli.standard_streams import warn
from validator.errors import UclintError, UsageError
from validator.input.buckets.names import in_bucket
from validator.input.paths import STDIN, expand
from validator.render.phrases import count
from validator.render.watch_text import render_short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from validator.report import Report, Verdict
    from validator.service.check_run import RunOptions
    from validator.service.resolved_settings import ResolvedSettings

    # Path -> its state, to detect changes; None if it is gone.
    State = Mapping[str, tuple[int, int, int] | None]

# Seconds between polls.
TICK = 0.25

# Polls until a file that still grows is read anyway.
PATIENCE = 8

# Changed files named in the heading.
NAMED = 3

INTERRUPTED = 130


class Checks(Protocol):
    """A check that can be repeated."""

    settings: ResolvedSettings
    options: RunOptions
    reports: tuple[Target, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The named inputs."""

    def run(self, report_to: Shown) -> int:
        """Checks once, and passes the report on."""


class Shown:
    """Shows what is new and gone in each report since the last, instead of the text report.

    Attributes:
        changed: What changed, in words.
        code: The exit code of the last check that was not interrupted.
    """

    def __init__(self) -> None:
        self.changed = ""
        self.code = INTERRUPTED
        self._before: Report | None = None

    def __call__(self, targets: Iterable[Target], report: Report, verdict: Verdict, color: str) -> None:
        """Shows a report; an interrupted check is incomplete and does not count."""
        if verdict.exit_code >= INTERRUPTED:
            return
        self.code = verdict.exit_code  # before showing it: the user may end the program right after
        targets, text = tuple(targets), Target("text", None)
        write_reports([target for target in targets if target != text], report, verdict, color)
        if text in targets:
            look = style(color, None)
            heading = f"{time.strftime('%H:%M:%S')}  {look.text(self.changed)}"
            write(f"{look.paint(heading, 'bold')}\n{render_short(report, verdict, look, self._before)}\n", None)
        self._before = report


def watch(checks: Checks, *, refused: Iterable[str]) -> int:
    """Checks until Ctrl-C, or until the output is closed.

    Args:
        checks: The check.
        refused: Given options that --watch does not allow.

    Returns:
        The exit code of the last check.

    Raises:
        UclintError: The first check fails.
    """
    if names := ", ".join(refused):
        raise UsageError(f"--watch repeats the check: leave out {names}")
    if bucket := next(filter(in_bucket, checks.paths), None):
        raise UsageError(f"--watch looks at files, not at buckets: leave out {bucket}, or --watch")
    if STDIN in checks.paths:
        raise UsageError("--watch needs files or directories to look at, such as: uclint check --watch events/")
    warn("watching; Ctrl-C ends")
    shown, state, config = Shown(), None, _config(checks.settings)
    try:
        while not _nobody_reads():
            if config and _config(checks.settings) != config:
                warn(f"{', '.join(config)} has changed: restart to use it")
                config = None
            now = _look(checks)
            if now == state:
                time.sleep(TICK)
                continue
            now = _settled(now, checks)
            shown.changed = _difference(state, now)
            code = _checked(checks, shown, first=state is None)
            if code >= INTERRUPTED:
                return shown.code if code == INTERRUPTED else code
            state = now
    except KeyboardInterrupt:
        pass
    return shown.code


def _checked(checks: Checks, shown: Shown, *, first: bool) -> int:
    """Checks once. An error, such as in a plan that is being edited, is reported; a later change may fix it."""
    if checks.settings.value("catalog"):
        vars(checks.settings).pop("catalog", None)  # everything else is read again for each check
    try:
        return checks.run(shown)
    except UclintError as error:
        if first:
            raise
        shown.code = 2
        warn(*str(error).split("\n"))
        return shown.code


def _look(checks: Checks) -> State:
    """The files to poll: events, plans, the catalog and the baseline, but no outputs."""
    force = checks.settings
    others = filter(None, map(force.value, ("catalog", "baseline.file")))
    names: list[Any] = [*checks.paths, *checks.options.profiles, *force.value("plans"), *others]
    written = {str(Path(target.path).absolute()) for target in checks.reports if target.path}
    return {
        path: _mark(path)
        for path in expand(names, exclude=force.value("exclude")).paths
        if str(Path(path).absolute()) not in written
    }


def _config(force: ResolvedSettings) -> State | None:
    """The configuration file, which is read only once."""
    files = {setting.origin.name for _, setting in force.settings if setting.origin.kind == "file"}
    return {path: _mark(path) for path in files}


def _mark(path: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - a path as text
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _settled(state: State, checks: Checks) -> State:
    """The state once nothing changed between two polls, so that no half-written line is reported."""
    for _ in range(PATIENCE):
        time.sleep(TICK)
        now = _look(checks)
        if now == state:
            break
        state = now
    return state


def _difference(before: State | None, now: State) -> str:
    """The changed files, in words."""
    if before is None:
        return count(len(now), "file")
    paths = [path for path in dict.fromkeys([*now, *before]) if before.get(path) != now.get(path)]
    named = ", ".join(paths[:NAMED])
    return named + (f" and {len(paths) - NAMED:,} more" if len(paths) > NAMED else "")


def _nobody_reads() -> bool:
    """Whether the reader of the output has closed it."""
    if sys.stdout is None:
        return False
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))
