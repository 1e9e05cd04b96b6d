"""Saved profiles: `--profile` adds those of earlier runs, `--write-profile` saves that of this run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from validator.adapters.cli.standard_streams import warn
from validator.errors import UsageError
from validator.input.paths import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from validator.engine.count.profile_json import SavedProfile

# Options that need each line, or the calls of one run in order.
_OF_ONE_RUN = {
    "valid": "--valid",
    "invalid": "--invalid",
    "rejects": "--rejects",
    "violations": "--violations",
    "show_values": "--show-values",
    "environment": "--sources",
    "limit": "--limit",
}


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


def refuse_others(options: Mapping[str, Any]) -> None:
    """Refuses options that need the lines of one run when profiles of others are added.

    Raises:
        UsageError: There are such options.
    """
    if options["write_profile"] == "":
        raise UsageError("--write-profile was given an empty name")
    if not (options["profiles"] or options["write_profile"]):
        return
    own = "--profile" if options["profiles"] else "--write-profile"
    wrong = [
        flag
        for name, flag in _OF_ONE_RUN.items()
        if options[name] is not None and options[name] is not False and (name == "limit" or options["profiles"])
    ]
    if wrong:
        raise UsageError(f"{own} and {', '.join(wrong)} do not go together: a profile has counts, but no lines")


def read_profiles(paths: Iterable[str]) -> tuple[SavedProfile, ...]:
    """The profiles of earlier runs, each once.

    Raises:
        UclintError: One cannot be read, or is not a profile.
    """
    from validator.engine.count.profile_json import SavedProfile  # noqa: PLC0415

    found = []
    seen: set[bytes] = set()
    inputs: set[str] = set()
    for path in paths:
        try:
            data = Path(path).read_bytes()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise UsageError(f"cannot read the profile {path}: {why}; write it with --write-profile {path}") from None
        if data in seen:
            warn(f"{path} is named more than once; added once")
            continue
        seen.add(data)
        saved = SavedProfile.parse(data, path)
        for twice in sorted(inputs & {summary.path for summary in saved.profile.inputs}):
            warn(f"{twice} is in {path} and in an earlier profile: its calls count twice if it is the same file")
        inputs |= {summary.path for summary in saved.profile.inputs}
        found.append(saved)
    return tuple(found)


def warn_of_repeated(saved: Iterable[SavedProfile], paths: Iterable[str]) -> None:
    """Warns of inputs that are already in a profile."""
    inputs = {summary.path: one.path for one in saved for summary in one.profile.inputs if summary.path != STDIN}
    for path in paths:
        if path in inputs:
            warn(f"{path} is in {inputs[path]} too: its calls count twice if it is the same file")


def write_profile(saved: SavedProfile, path: str) -> None:
    """Saves the profile of a run.

    Raises:
        OutputError: It cannot be written.
    """
    from validator.adapters.cli.output import write  # noqa: PLC0415

    write(saved.to_text(), path)
