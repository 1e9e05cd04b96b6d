"""`uclint generate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from validator.adapters.cli.settings import config_options
from validator.adapters.cli.shared_options import Whole, catalog_option, complete_use_case, output_option

if TYPE_CHECKING:
    import datetime


@click.command("generate")
@click.argument("use_case", required=False, shell_complete=complete_use_case)
@click.option("-n", "number", type=Whole(1, 100_000), default=10, show_default=True, help="Number of calls.")
@click.option("--seed", type=Whole(0), default=0, show_default=True, help="The same seed makes the same calls.")
@click.option("--flaws", is_flag=True, help="Put a flaw into about a third of the calls, of each kind in turn.")
@click.option(
    "--select",
    "destinations",
    multiple=True,
    metavar="NAME",
    help="A destination that the calls select in `integrations`. Repeatable; by default none.",
)
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    default="2024-03-01T08:00:00",
    show_default=True,
    metavar="TIME",
    help="Time of the first call, in UTC.",
)
@output_option
@catalog_option
@config_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    use_case: str | None,
    number: int,
    seed: int,
    flaws: bool,
    destinations: tuple[str, ...],
    start: datetime.datetime,
    output: str | None,
    **_: object,
) -> None:
    """Make sample calls of a use case, one a line, to try a pipeline with.

    They are valid and have every recommended property; with --flaws, some are wrong in ways that `uclint check` finds.
    They use your own names from the configuration. Without USE_CASE, the one in the configuration is used.
    """
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415
    from validator.adapters.cli.output import write  # noqa: PLC0415
    from validator.instrument.sample_calls import generate  # noqa: PLC0415

    ours = ConfiguredScope(ctx)
    ours.refuse_overwriting(output)
    found = ours.use_case(use_case)[0]  # its events are the same under every goal
    calls = generate(
        found, number, seed=seed, flaws=flaws, destinations=destinations, start=start, names=ours.names
    )  # fmt: skip
    write("".join(calls), output)
