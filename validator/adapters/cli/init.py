"""`uclint init`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from validator.adapters.cli.settings import scope_options
from validator.adapters.cli.setup_file import SetupFile, by_option, file_option, mark_of, on_option
from validator.adapters.cli.shared_options import complete_use_case
from validator.errors import UsageError

if TYPE_CHECKING:
    import datetime

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
    default="dev",
    show_default=True,
    help="The environment of the sources and destinations.",
)
@click.option("--source", "sources", multiple=True, nargs=2, metavar="NAME TYPE", help="Add a source. Repeatable.")
@click.option(
    "--when",
    "rules",
    multiple=True,
    nargs=3,
    metavar="NAME POINTER TEXT",
    help="Identify calls of a source given with --source: they have the text at the JSON pointer. Repeatable.",
)
@click.option(
    "--destination",
    "destinations",
    multiple=True,
    nargs=3,
    metavar="NAME TYPE SOURCES",
    help="Add a destination, and the sources that feed it, separated by commas. Repeatable.",
)
@click.option(
    "--integration",
    "integrations",
    multiple=True,
    nargs=2,
    metavar="NAME TEXT",
    help="Name of a destination in `integrations` of calls; default: its own name. Repeatable.",
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
    env_name: str,
    sources: tuple[tuple[str, str], ...],
    rules: tuple[tuple[str, str, str], ...],
    destinations: tuple[tuple[str, str, str], ...],
    integrations: tuple[tuple[str, str], ...],
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
    from validator.setup.state import Env  # noqa: PLC0415

    file = SetupFile(path, ConfiguredScope(ctx).catalog)
    mark, env, setup = mark_of(by, on), Env(env_name), file.setup
    if reset:
        setup = _reset(setup, yes=yes)
    elif not (use_case or reviewed or sources or destinations or rules or integrations):
        setup = _asked(file, mark, color)
    if use_case:
        from validator.setup.transitions import choose  # noqa: PLC0415

        setup = choose(setup, _one(file.catalog, use_case), mark)
    if reviewed:
        from validator.setup.transitions import review  # noqa: PLC0415

        setup = review(setup, mark)
    setup = _with_sources(setup, env, sources, rules, mark)
    setup = _with_destinations(setup, env, destinations, integrations, mark)
    saved = file.save(setup)
    _say(file, f"wrote {path}" if saved else f"{path} is unchanged", color)
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


def _with_sources(
    setup: Setup, env: Env, sources: tuple[tuple[str, str], ...], rules: tuple[tuple[str, str, str], ...], mark: Mark
) -> Setup:
    from validator.setup.transitions import add_source  # noqa: PLC0415

    when: dict[str, dict[str, list[str]]] = {}
    for name, pointer, text in rules:
        if name not in {source for source, _ in sources}:
            raise UsageError(f"--when {name}: there is no --source of that name")
        when.setdefault(name, {}).setdefault(pointer, []).append(text)
    for name, kind in sources:
        setup = add_source(setup, env, name, kind, mark, when.get(name))
    return setup


def _with_destinations(
    setup: Setup,
    env: Env,
    destinations: tuple[tuple[str, str, str], ...],
    integrations: tuple[tuple[str, str], ...],
    mark: Mark,
) -> Setup:
    from validator.setup.transitions import add_destination  # noqa: PLC0415

    called = dict(integrations)
    for name in called:
        if name not in {destination for destination, _, _ in destinations}:
            raise UsageError(f"--integration {name}: there is no --destination of that name")
    for name, kind, fed in destinations:
        names = [part.strip() for part in fed.split(",") if part.strip()]
        setup = add_destination(setup, env, name, kind, names or [fed], called.get(name) or name, mark)
    return setup


def _asked(file: SetupFile, mark: Mark, color: str) -> Setup:
    if not _terminal():
        raise UsageError("nothing to do: name a use case with -u, or run this on a terminal to be asked")
    from validator.adapters.cli.interactive import InteractiveSetup  # noqa: PLC0415

    return InteractiveSetup(file, mark, color).run()


def _terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def _say(file: SetupFile, done: str, color: str) -> None:
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.setup.checklist import checklist  # noqa: PLC0415

    look = style(color, None)
    following = checklist(file.setup, file.use_case(), file.goal_name()).next
    lines = [done]
    if following:
        lines.append(f"next: {following.title}")
        lines += [f"  {look.pick('→', '>')} {line}" for line in following.fix]
    from validator.render.terminal_style import wrap  # noqa: PLC0415

    write("\n".join(part for line in lines for part in wrap(look.text(line), look, 4)) + "\n", None)
