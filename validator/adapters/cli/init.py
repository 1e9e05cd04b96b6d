"""`uclint init`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from validator.adapters.cli.init_connections import Connections
from validator.adapters.cli.settings import scope_options
from validator.adapters.cli.setup_file import SetupFile, by_option, file_option, mark_of, on_option
from validator.adapters.cli.shared_options import complete_use_case
from validator.adapters.cli.standard_streams import complain, warn
from validator.errors import UsageError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from validator.catalog import Catalog, UseCase
    from validator.setup.state import Env, Mark, Setup


@click.command("init")
@click.option(
    "-u",
    "--use-case",
    "use_case",
    metavar="USE_CASE",
    shell_complete=complete_use_case,
    help="The use case to set up: goal/use-case, or the bare slug if only one goal has it.",
)
@click.option("--reviewed", is_flag=True, help="Its events were reviewed; the use case is fixed from then on.")
@click.option(
    "--env",
    "env_name",
    type=click.Choice(["dev", "prod"]),
    help="The environment of the sources and destinations. Default: dev; asked on a terminal, the one that is due.",
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    nargs=2,
    metavar="NAME TYPE",
    help="Add a source, or change the one of that name. Repeatable.",
)
@click.option(
    "--when",
    "rules",
    multiple=True,
    nargs=3,
    metavar="NAME POINTER TEXT",
    help="Identify calls of a source: they have the text at the JSON pointer. Repeatable.",
)
@click.option(
    "--destination",
    "destinations",
    multiple=True,
    nargs=3,
    metavar="NAME TYPE SOURCES",
    help="Add a destination, and the sources that feed it, separated by commas; or change the one of that name. "
    "Repeatable.",
)
@click.option(
    "--integration",
    "integrations",
    multiple=True,
    nargs=2,
    metavar="NAME TEXT",
    help="Name of a destination in `integrations` of calls; default: its own name. Repeatable.",
)
@click.option(
    "--remove-source",
    "gone_sources",
    multiple=True,
    metavar="NAME",
    help="Remove a source; destinations that have others lose it. Refused for the only source of one. Repeatable.",
)
@click.option(
    "--remove-destination", "gone_destinations", multiple=True, metavar="NAME", help="Remove a destination. Repeatable."
)
@click.option("--reset", is_flag=True, help="Drop the current use case: says what would be lost; --yes does it.")
@click.option("--yes", is_flag=True, help="Do what --reset says.")
@by_option
@on_option
@file_option
@scope_options
def command(
    ctx: click.Context,
    /,
    use_case: str | None,
    reviewed: bool,
    env_name: str | None,
    sources: tuple[tuple[str, str], ...],
    rules: tuple[tuple[str, str, str], ...],
    destinations: tuple[tuple[str, str, str], ...],
    integrations: tuple[tuple[str, str], ...],
    gone_sources: tuple[str, ...],
    gone_destinations: tuple[str, ...],
    reset: bool,
    yes: bool,
    by: str | None,
    on: datetime.datetime | None,
    path: str,
    color: str,
    **_: object,
) -> int:
    """Set up a use case, step by step; the state is saved in a file to commit.

    On a terminal and without options, it asks. `uclint checklist` shows the steps and what comes next.
    """
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415
    from validator.setup.changes import changes  # noqa: PLC0415
    from validator.setup.checklist_messages import DEV_AND_PROD  # noqa: PLC0415
    from validator.setup.state import Env  # noqa: PLC0415
    from validator.setup.transitions import choose, review  # noqa: PLC0415

    file = SetupFile(path, ConfiguredScope(ctx).catalog)
    mark, env = mark_of(by, on), Env(env_name) if env_name else None
    connections = Connections(sources, rules, destinations, integrations, gone_sources, gone_destinations)
    try:
        if not (reset or use_case or reviewed or connections):
            _ask(file, mark, env, color)
            _say(file, [f"everything is saved in {path}"] if file.saved else [], color)
            return 0
        setup = _reset(file.setup, yes=yes) if reset else file.setup
    except (click.Abort, KeyboardInterrupt):
        return _stopped(file)
    before = setup
    if use_case:
        setup = choose(setup, _one(file.catalog, use_case), mark)
    if reviewed:
        setup = review(setup, mark)
    setup = connections.apply(setup, env or Env.DEV, mark)
    saved = file.save(setup)
    done = [f"wrote {path}" if saved else f"{path} is unchanged", *changes(before, setup)]
    _say(file, done, color, DEV_AND_PROD if use_case and not reviewed else "")
    return 0


def _one(catalog: Catalog, name: str) -> UseCase:
    found = catalog.find(name)
    if len(found) > 1:
        raise UsageError(f"{name} is a use case of several goals; name one of {', '.join(u.id for u in found)}")
    return found[0]


def _reset(setup: Setup, *, yes: bool) -> Setup:
    from validator.setup.transitions import losses, reset  # noqa: PLC0415

    lost = losses(setup)
    if not lost:
        raise UsageError("there is nothing to reset: no use case is chosen")
    if not yes and not (_terminal() and click.confirm(f"This loses {'; '.join(lost)}. Do it?", err=True)):
        raise UsageError(f"a reset would lose {'; '.join(lost)}; sources and destinations are kept. --yes does it")
    return reset(setup)


def _ask(file: SetupFile, mark: Mark, env: Env | None, color: str) -> None:
    """Asks on a terminal."""
    if not _terminal():
        raise UsageError("nothing to do: name a use case with -u, or run this on a terminal to be asked")
    from validator.adapters.cli.interactive import InteractiveSetup  # noqa: PLC0415

    InteractiveSetup(file, mark, color, env).run()


def _stopped(file: SetupFile) -> int:
    """Reports what was saved before Ctrl-C or Ctrl-D."""
    if file.saved:
        so_far = f"what you answered so far is saved in {file.path}; uclint init goes on from there"
    else:
        so_far = "nothing was changed; uclint init asks again"
    complain(lambda: click.echo(err=True))  # the question is still on its line
    warn(f"stopped: {so_far}")
    return 130


def _terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty())


def _say(file: SetupFile, done: Sequence[str], color: str, explanation: str = "") -> None:
    """Prints what was done, an explanation if there is one, and the next step."""
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render.terminal_style import wrap  # noqa: PLC0415
    from validator.setup.checklist import checklist  # noqa: PLC0415

    look = style(color, None)
    following = checklist(file.setup, file.use_case(), file.goal_name()).next
    lines = [part for line in done for part in wrap(look.text(line), look, 4)]
    if explanation:
        lines += ["", *wrap(look.text(explanation), look), ""]
    if following:
        lines += wrap(look.text(f"next: {following.title}"), look, 4)
        arrow = look.pick("→", ">")
        lines += [part for line in following.fix for part in wrap(f"  {arrow} {look.text(line)}", look, 4)]
    write("".join(f"{line}\n" for line in lines), None)
