"""The options of profiles: `--profile` adds those of earlier runs, `--write-profile` saves that of this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def profile_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of profiles."""
    for option in (
        click.option("--write-profile", metavar="FILE", help="Save the counts to a file, for --profile."),
        click.option(
            "--profile",
            "profiles",
            multiple=True,
            metavar="FILE",
            help="Add the counts of an earlier run, saved with --write-profile. Repeatable.",
        ),
    ):
        command = option(command)
    return command
