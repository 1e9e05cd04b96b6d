"""The option for how tables are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def _set(ctx: click.Context, param: click.Parameter, value: str | None) -> None:  # noqa: ARG001 - click's signature
    if value is None or ctx.resilient_parsing:
        return
    from validator.input.tables.kinds import options  # noqa: PLC0415 - few read tables

    options.column = value


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option; what it says holds for the whole run."""
    return click.option(
        "--column",
        metavar="NAME",
        expose_value=False,
        callback=_set,
        help="The column of Parquet and Arrow files that holds the JSON text of calls. Default: the one that does.",
    )(command)
