"""Reads calls for the guided commands: from the paths of a command line to an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.adapters.cli.calls_input import signals
from validator.adapters.cli.standard_streams import warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.adapters.cli.configured_scope import ConfiguredScope
    from validator.catalog import UseCase
    from validator.input.paths import Expansion
    from validator.service.observe_sources import Observation
    from validator.setup.evidence import Watch


class Observed(NamedTuple):
    """What was read.

    Attributes:
        observation: The report and the evidence.
        exit_code: 0, or 2, 3, 130 or 143 if some input could not be read.
    """

    observation: Observation
    exit_code: int


def observe(
    inputs: Expansion, use_cases: Sequence[UseCase], team: ConfiguredScope, watch: Watch | None, *, quiet: bool
) -> Observed:
    """Reads the calls of inputs; problems are reported on standard error."""
    from validator.adapters.cli.progress import ProgressBar, wanted  # noqa: PLC0415
    from validator.input.stop import Stop  # noqa: PLC0415
    from validator.report import FailOn, judge_report  # noqa: PLC0415
    from validator.service.observe_sources import observe_paths  # noqa: PLC0415
    from validator.service.request import CheckRequest  # noqa: PLC0415
    from validator.workers.sequential import no_progress  # noqa: PLC0415

    stop = Stop()
    bar = ProgressBar(inputs.paths) if wanted(quiet=quiet) else None

    def warn_of(message: str) -> None:
        if bar:
            bar.close()
        warn(message)

    with signals(stop):
        found = observe_paths(
            inputs.paths,
            CheckRequest(use_cases=tuple(use_cases), policy=team.policy, names=team.names, catalog=team.catalog),
            watch,
            limits=team.limits,
            jobs=None,
            stop=stop,
            partial=bool(inputs.absent),
            warn=warn_of,
            progress=bar or no_progress,
        )
    if bar:
        bar.close()
    verdict = judge_report(found.report, fail_on=FailOn.NEVER, absent=inputs.absent, signal=stop.signal)
    if verdict.exit_code:
        warn(f"{'; '.join(verdict.reasons[1:] or verdict.reasons)} (exit {verdict.exit_code})")
    return Observed(found, verdict.exit_code)
