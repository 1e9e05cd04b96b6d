"""`uclint config`."""

from __future__ import annotations

from typing import Any

import click

from validator.adapters.cli import check
from validator.adapters.cli.options import color_option, listing_format
from validator.adapters.cli.settings import SETTINGS, InForce, config_options, gather


def _settings_options() -> list[click.Parameter]:
    """The options and arguments of `uclint check` that are settings."""
    return [parameter for parameter in check.command.params if parameter.name in SETTINGS]


@click.command("config")
@listing_format
@click.option("--schema", is_flag=True, help="Print the JSON Schema of configuration files instead.")
@config_options
@color_option
@click.pass_context
def command(ctx: click.Context, /, form: str, *, schema: bool, color: str, **_: Any) -> None:
    """Show what `uclint check` would take, and where each value comes from: default, file and line, or option.

    It takes the options of `uclint check` that are settings, and refuses whatever `uclint check` would refuse.
    """
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import config as render  # noqa: PLC0415

    if schema:
        from validator.config.schema import schema_text  # noqa: PLC0415

        write(schema_text(), None)
        return
    settings = gather(ctx)
    force = InForce(settings)
    force.verify()
    write(render.config_json(settings) if form == "json" else render.config_text(settings, style(color, None)), None)


command.params += _settings_options()
