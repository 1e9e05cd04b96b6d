"""`uclint goals`, `uclint use-cases` and `uclint show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from validator.adapters.cli.options import (
    catalog_option,
    color_option,
    complete_goal,
    complete_use_case,
    listing_format,
    load_catalog,
)

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("js", "python", "swift", "kotlin", "java", "ruby", "go", "php", "node", "csharp", "http")


@click.command("goals")
@listing_format
@catalog_option
@color_option
def goals(form: str, catalog_path: Path | None, color: str) -> None:
    """List the business goals, with what to consider before choosing one."""
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import catalog as render  # noqa: PLC0415

    found = load_catalog(catalog_path).goals
    write(render.goals_json(found) if form == "json" else render.goals_text(found, style(color, None)), None)


@click.command("use-cases")
@click.option("--goal", metavar="GOAL", shell_complete=complete_goal, help="Only those of one goal.")
@listing_format
@catalog_option
@color_option
def use_cases(goal: str | None, form: str, catalog_path: Path | None, color: str) -> None:
    """List the use cases under their goals."""
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import catalog as render  # noqa: PLC0415

    catalog = load_catalog(catalog_path)
    found = catalog.goals if goal is None else (catalog.goal(goal),)
    write(render.use_cases_json(found) if form == "json" else render.use_cases_text(found, style(color, None)), None)


@click.command("show")
@click.argument("use_case", shell_complete=complete_use_case)
@click.option(
    "--snippets",
    "language",
    type=click.Choice(LANGUAGES),
    help="Print the calls to add for its events instead, for the SDK of a language.",
)
@listing_format
@catalog_option
@color_option
def show(use_case: str, language: str | None, form: str, catalog_path: Path | None, color: str) -> None:
    """Show the events a use case recommends, their properties with types, and its sources and destinations."""
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import catalog as render  # noqa: PLC0415

    catalog = load_catalog(catalog_path)
    found = catalog.find(use_case)
    if language:
        from validator.instrument.snippets import snippets  # noqa: PLC0415

        write(snippets(found[0], language), None)  # under every goal it has the same events
        return
    names = {goal.slug: goal.name for goal in catalog.goals}
    write(render.show_json(found) if form == "json" else render.show_text(found, names, style(color, None)), None)
