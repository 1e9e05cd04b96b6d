"""Options for use cases and plans: `-u`, `--goal`, `--plan`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from validator.adapters.cli.shared_options import complete_goal, complete_use_case
from validator.service.resolved_settings import UNPLANNED

if TYPE_CHECKING:
    from collections.abc import Callable


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options; they override the configuration file."""
    options = (
        click.option(
            "-u",
            "--use-case",
            "names",
            multiple=True,
            metavar="USE_CASE",
            shell_complete=complete_use_case,
            help="A use case: goal/use-case, or the bare slug for it under every goal. Repeatable; default: all.",
        ),
        click.option(
            "--goal",
            "goals",
            multiple=True,
            metavar="GOAL",
            shell_complete=complete_goal,
            help="All use cases of a goal. Repeatable; adds to -u.",
        ),
        click.option(
            "--plan",
            "plans",
            multiple=True,
            metavar="FILE",
            type=click.Path(),
            help="A tracking plan of your own, in any format that `uclint convert` reads. Repeatable; without -u or "
            "--goal, no use case is checked.",
        ),
        click.option(
            "--unplanned",
            type=click.Choice(list(UNPLANNED)),
            default="warn",
            show_default=True,
            help="Severity of events and properties that are in no --plan.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command
