"""`uclint recommend`."""

from __future__ import annotations

import click

from validator.adapters.cli.bucket_options import bucket_options
from validator.adapters.cli.settings import scope_options
from validator.adapters.cli.shared_options import (
    Whole,
    complete_goal,
    exclude_option,
    output_option,
)
from validator.adapters.cli.table_options import table_options
from validator.render.guide import FORMATS, guide_renderer


@click.command("recommend")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@exclude_option
@bucket_options
@table_options
@click.option("--goal", metavar="GOAL", shell_complete=complete_goal, help="Only the use cases of one goal.")
@click.option(
    "--top",
    type=Whole(0),
    default=3,
    show_default=True,
    metavar="N",
    help="Number of use cases shown in detail.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Output format.")
@output_option
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@scope_options
def command(
    ctx: click.Context,
    /,
    goal: str | None,
    top: int,
    form: str,
    output: str | None,
    quiet: bool,
    color: str,
    **_: object,
) -> int:
    """Rank the use cases by how much of each the calls already cover.

    PATH is read as `uclint check` reads it. Each use case is shown with its coverage, the events and properties
    that are missing, and the source and destination types it needs.

    \b
    Exit codes: 0 fine, 2 usage or a path that does not exist, 3 input incomplete or empty, 130/143 interrupted.
    """  # noqa: D301 - click reads the control character
    from validator.adapters.cli.calls_input import inputs_of  # noqa: PLC0415
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415
    from validator.adapters.cli.observe_calls import observe  # noqa: PLC0415
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.setup.recommend import recommend  # noqa: PLC0415

    ours = ConfiguredScope(ctx)
    use_cases = ours.catalog.use_cases if goal is None else ours.catalog.goal(goal).use_cases
    ours.refuse_overwriting(output)
    inputs = inputs_of(ours.inputs or ("-",), exclude=ours.exclude, outputs=[output or "-"])
    read = observe(inputs, use_cases, ours, None, quiet=quiet)
    found = recommend(read.observation.report, read.observation.evidence, use_cases)
    write(guide_renderer("recommendation", form)(found, style(color, output), top=top), output)
    return read.exit_code
