"""`uclint goals`, `uclint use-cases` and `uclint show`."""

from __future__ import annotations

import click

from validator.adapters.cli.settings import scope_options
from validator.adapters.cli.shared_options import (
    complete_goal,
    complete_use_case,
    listing_format,
)

LANGUAGES = ("js", "python", "swift", "kotlin", "java", "ruby", "go", "php", "node", "csharp", "http")


@click.command("goals")
@listing_format
@scope_options
def goals(ctx: click.Context, /, form: str, color: str, **_: object) -> None:
    """List the business goals, with what to consider before choosing one."""
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import catalog as render  # noqa: PLC0415

    found = ConfiguredScope(ctx).catalog.goals
    write(render.goals_json(found) if form == "json" else render.goals_text(found, style(color, None)), None)


@click.command("use-cases")
@click.option("--goal", metavar="GOAL", shell_complete=complete_goal, help="Only use cases of one goal.")
@listing_format
@scope_options
def use_cases(ctx: click.Context, /, goal: str | None, form: str, color: str, **_: object) -> None:
    """List the use cases under their goals."""
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import catalog as render  # noqa: PLC0415

    catalog = ConfiguredScope(ctx).catalog
    found = catalog.goals if goal is None else (catalog.goal(goal),)
    write(render.use_cases_json(found) if form == "json" else render.use_cases_text(found, style(color, None)), None)


@click.command("show")
@click.argument("use_case", required=False, shell_complete=complete_use_case)
@click.option(
    "--snippets",
    "language",
    type=click.Choice(LANGUAGES),
    help="Print the calls for its events instead, for the SDK of a language.",
)
@listing_format
@scope_options
def show(ctx: click.Context, /, use_case: str | None, language: str | None, form: str, color: str, **_: object) -> None:
    """Show the events a use case recommends, their properties with types, and its sources and destinations.

    Your own names from the configuration are shown too, and snippets send them. Without USE_CASE, the one
    in the configuration is shown.
    """
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import catalog as render  # noqa: PLC0415

    ours = ConfiguredScope(ctx)
    found = ours.use_case(use_case)
    if language:
        from validator.instrument.snippets import snippets  # noqa: PLC0415

        write(snippets(found[0], language, ours.names), None)  # its events are the same under every goal
        return
    if form == "json":
        text = render.show_json(found, ours.names)
    else:
        goals_ = {goal.slug: goal.name for goal in ours.catalog.goals}
        text = render.show_text(found, goals_, style(color, None), ours.names)
    write(text, None)
