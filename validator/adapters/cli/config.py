"""`uclint config`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from validator.adapters.cli import check
from validator.adapters.cli.report_targets import ReportsCommand, targets_of
from validator.adapters.cli.settings import SETTINGS, config_options, gather
from validator.adapters.cli.shared_options import color_option
from validator.config.settings import Origin, Setting, Settings
from validator.errors import UsageError
from validator.render import FORMATS
from validator.service.resolved_settings import ResolvedSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.adapters.cli.report_targets import Target
    from validator.config.settings import Key

_PRINTED = ("text", "json")


def _settings_options() -> list[click.Parameter]:
    """The options and arguments of `uclint check` that are settings."""
    return [parameter for parameter in check.command.params if parameter.name in SETTINGS]


@click.command("config", cls=ReportsCommand)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(list(FORMATS)),
    help="Output format: text (default) or json. With an -o after it, the format of a report.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Where `uclint check` would write a report, as with its -o; shown, not written.",
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of configuration files instead.")
@config_options
@color_option
@click.pass_context
def command(ctx: click.Context, /, reports: tuple[Target, ...], *, schema: bool, color: str, **_: Any) -> None:
    """Show the settings `uclint check` would use, and where each value comes from: default, file and line, or option.

    It takes the options of `uclint check` that are settings, and refuses invalid ones.
    """
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import config as render  # noqa: PLC0415

    form = next((target.format for target in reports if target.path is None), "text")
    if form not in _PRINTED:
        raise UsageError(f"settings are printed as text or json, not {form}; put -o FILE after --format {form}")
    if schema:
        from validator.config.schema import schema_text  # noqa: PLC0415

        write(schema_text(), None)
        return
    written = [target for target in reports if target.path is not None]
    settings = _with_outputs(gather(ctx), written)
    ResolvedSettings(settings).verify()
    targets_of(settings, reports if written else None)
    write(render.config_json(settings) if form == "json" else render.config_text(settings, style(color, None)), None)


def _with_outputs(settings: Settings, written: Iterable[Target]) -> Settings:
    """The settings, with the reports of the file replaced by those of options, if any."""
    paths: dict[str, list[str | None]] = {}
    for target in written:
        paths.setdefault(target.format, []).append(target.path)
    if not paths:
        return settings
    origin = Origin("option", "--output")
    given: dict[Key, Setting] = {
        ("outputs", form): Setting(found if found[1:] else found[0], origin) for form, found in paths.items()
    }
    return Settings(dict(settings.without(["outputs"])), given)


command.params += _settings_options()
