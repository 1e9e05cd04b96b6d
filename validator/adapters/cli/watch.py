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
from validator.input.paths import STDIN, expand
from validator.render.phrases import count
from validator.render.watch_text import render_short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from validator.report import Report, Verdict
    from validator.service.check_run import RunOptions
    from validator.service.resolved_settings import ResolvedSettings

    # Path -> what tells whether it has changed; None where it is gone.
    State = Mapping[str, tuple[int, int, int] | None]

# Seconds between looks.
TICK = 0.25

# Looks at most until what is being written is read although it still grows.
PATIENCE = 8

# Changed files that are named.
NAMED = 3

INTERRUPTED = 130


class Checks(Protocol):
    """What can check again and again.

    Attributes:
        settings: What it checks.
        options: What else it is asked for.
        reports: What it writes.
    """

    settings: ResolvedSettings
    options: RunOptions
    reports: tuple[Target, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """What is named to be read."""

    def run(self, report_to: Shown) -> int:
        """Checks once, and hands over the report."""


class Shown:
    """Shows the reports of one check after another: what is new and gone since the last, instead of the text report.

    Attributes:
        changed: Why it was checked again, in words.
        code: The exit code of the last check that was not interrupted.
    """

    def __init__(self) -> None:
        self.changed = ""
        self.code = INTERRUPTED
        self._before: Report | None = None

    def __call__(self, targets: Iterable[Target], report: Report, verdict: Verdict, color: str) -> None:
        """Shows one; a check that was interrupted saw only a part."""
        if verdict.exit_code >= INTERRUPTED:
            return
        self.code = verdict.exit_code  # before it is shown: who has seen it may end the program at once
        targets, text = tuple(targets), Target("text", None)
        write_reports([target for target in targets if target != text], report, verdict, color)
        if text in targets:
            look = style(color, None)
            heading = f"{time.strftime('%H:%M:%S')}  {look.text(self.changed)}"
            write(f"{look.paint(heading, 'bold')}\n{render_short(report, verdict, look, self._before)}\n", None)
        self._before = report


def watch(checks: Checks, *, refused: Iterable[str]) -> int:
    """Checks until Ctrl-C, or until nobody reads the output any more.

    Args:
        checks: What to do.
        refused: Options that were given and make no sense here.

    Returns:
        The exit code of the last check.

    Raises:
        UclintError: The first check cannot be done.
    """
    if names := ", ".join(refused):
        raise UsageError(f"--watch checks again and again: leave out {names}")
    if STDIN in checks.paths:
        raise UsageError("--watch needs files or directories to look at, such as: uclint check --watch events/")
    warn("watching; Ctrl-C ends")
    shown, state, config = Shown(), None, _config(checks.settings)
    try:
        while not _nobody_reads():
            if config and _config(checks.settings) != config:
                warn(f"{', '.join(config)} has changed: what it says now counts from the next start on")
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
    """One check; what cannot be used any more, such as a plan that is being edited, is said, and may get well again."""
    if checks.settings.value("catalog"):
        vars(checks.settings).pop("catalog", None)  # all else is read for each check anyway
    try:
        return checks.run(shown)
    except UclintError as error:
        if first:
            raise
        shown.code = 2
        warn(*str(error).split("\n"))
        return shown.code


def _look(checks: Checks) -> State:
    """The files that are read: events, plans, the catalog and the baseline, but none that is written."""
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
    """How it is once nothing has changed between two looks, so that no half-written line is blamed."""
    for _ in range(PATIENCE):
        time.sleep(TICK)
        now = _look(checks)
        if now == state:
            break
        state = now
    return state


def _difference(before: State | None, now: State) -> str:
    """What has changed, in words."""
    if before is None:
        return count(len(now), "file")
    paths = [path for path in dict.fromkeys([*now, *before]) if before.get(path) != now.get(path)]
    named = ", ".join(paths[:NAMED])
    return named + (f" and {len(paths) - NAMED:,} more" if len(paths) > NAMED else "")


def _nobody_reads() -> bool:
    """Whether the other end of a pipe has been closed."""
    if sys.stdout is None:
        return False
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))
