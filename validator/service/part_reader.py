"""Reads some of the inputs of a run again, separately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.service.doors import build_report, compile_program, profile
from validator.service.sources import Paths
from validator.workers.cores import pays, usable_cores
from validator.workers.sequential import Progress, no_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.compile.program import Program
    from validator.model import Limits
    from validator.report import Report
    from validator.service.request import CheckRequest


class PartReader:
    """Reads inputs again, with the options of the run.

    Args:
        request: What calls are checked against.
        limits: The limits of the run.
        jobs: How many processes read; None for one per core if there is enough input.
        progress: Called repeatedly with the progress of all that is read again.
    """

    def __init__(
        self, request: CheckRequest, limits: Limits, jobs: int | None, progress: Progress = no_progress
    ) -> None:
        self.narrow = request.selection.narrow
        self._request = request
        self._limits = limits
        self._jobs = jobs
        self._progress = progress
        self._done = (0, 0, 0)
        self._program: Program | None = None

    def report(self, paths: Sequence[str]) -> Report | None:
        """A report on some inputs; None if they cannot be read whole."""
        self._program = self._program or compile_program(self._request)
        jobs = self._jobs or (usable_cores() if pays(tuple(paths)) else 1)
        before = self._done

        def progress(*now: int) -> None:
            self._done = before[0] + now[0], before[1] + now[1], before[2] + now[2]
            self._progress(*self._done)

        found = profile(Paths(tuple(paths)), self._program, self._limits, jobs=jobs, progress=progress)
        report = build_report(found, self._program, self._request)
        return None if report.partial else report
