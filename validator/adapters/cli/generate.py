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
@click.option("-n", "number", type=Whole(1, 100_000), default=10, show_default=True, help="How many calls.")
@click.option("--seed", type=Whole(0), default=0, show_default=True, help="The same seed makes the same calls.")
@click.option("--flaws", is_flag=True, help="Give about a third of the calls a flaw, each another kind in turn.")
@click.option(
    "--select",
    "destinations",
    multiple=True,
    metavar="NAME",
    help="A destination that the calls select in `integrations`. Repeatable; none: the calls select nothing.",
)
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    default="2024-03-01T08:00:00",
    show_default=True,
    metavar="TIME",
    help="When the first call happens, in UTC.",
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
    Where the configuration has names of your own, the calls have them. Without USE_CASE, the one it chooses is taken.
    """
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415
    from validator.adapters.cli.output import write  # noqa: PLC0415
    from validator.instrument.sample_calls import generate  # noqa: PLC0415

    ours = ConfiguredScope(ctx)
    ours.refuse_overwriting(output)
    found = ours.use_case(use_case)[0]  # under every goal it has the same events
    calls = generate(
        found, number, seed=seed, flaws=flaws, destinations=destinations, start=start, names=ours.names
    )  # fmt: skip
    write("".join(calls), output)
