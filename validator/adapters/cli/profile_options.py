"""The options of profiles: `--profile` adds those of earlier runs, `--write-profile` keeps that of this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def profile_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of profiles."""
    for option in (
        click.option("--write-profile", metavar="FILE", help="Keep what was counted there, for --profile."),
        click.option(
            "--profile",
            "profiles",
            multiple=True,
            metavar="FILE",
            help="Add what an earlier run counted, as --write-profile kept it. Repeatable.",
        ),
    ):
        command = option(command)
    return command
