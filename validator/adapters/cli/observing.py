"""What the guide's commands share: reading calls from the paths of a command line, and how that ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.adapters.cli.reading import inputs_of, signals
from validator.adapters.cli.streams import warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click

    from validator.catalog import Catalog, UseCase
    from validator.catalog.own_names import Names
    from validator.service.gather import Observation
    from validator.setup.evidence import Watch


class Observed(NamedTuple):
    """What was read.

    Attributes:
        observation: What the calls tell.
        exit_code: 0, or 2, 3, 130 or 143 where something could not be read.
    """

    observation: Observation
    exit_code: int


class Team(NamedTuple):
    """What the options and the configuration file say that the guide heeds.

    Attributes:
        inputs: What to read if no path is given.
        catalog: Where use cases come from.
        names: The team's own names.
    """

    inputs: tuple[str, ...]
    catalog: Catalog
    names: Names


def team(ctx: click.Context) -> Team:
    """What is in force for a command with `config_options` and `catalog_option`."""
    from validator.adapters.cli.options import load_catalog  # noqa: PLC0415
    from validator.adapters.cli.settings import InForce, gather  # noqa: PLC0415

    force = InForce(gather(ctx).without(("plans",)))
    return Team(force.paths, force.catalog or load_catalog(None), force.names())


def observe(
    paths: Sequence[str], use_cases: Sequence[UseCase], team: Team, watch: Watch | None, *, quiet: bool
) -> Observed:
    """Reads the calls of files, directories, globs or `-`; what is wrong with them is said on standard error."""
    from validator.adapters.cli.progress import ProgressBar, wanted  # noqa: PLC0415
    from validator.report import FailOn, judge_report  # noqa: PLC0415
    from validator.service.gather import observe_paths  # noqa: PLC0415
    from validator.service.read import Stop, no_progress  # noqa: PLC0415

    inputs = inputs_of(paths)
    stop = Stop()
    bar = ProgressBar(inputs.paths) if wanted(quiet=quiet) else None

    def told(message: str) -> None:
        if bar:
            bar.close()
        warn(message)

    with signals(stop):
        found = observe_paths(
            inputs.paths,
            use_cases,
            watch,
            catalog=team.catalog,
            names=team.names,
            stop=stop,
            partial=bool(inputs.absent),
            warn=told,
            progress=bar or no_progress,
        )
    if bar:
        bar.close()
    verdict = judge_report(found.report, fail_on=FailOn.NEVER, absent=inputs.absent, signal=stop.signal)
    if verdict.exit_code:
        warn(f"{'; '.join(verdict.reasons[1:])} (exit {verdict.exit_code})")
    return Observed(found, verdict.exit_code)
