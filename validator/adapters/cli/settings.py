"""Merges options and configuration file into the settings of a command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from validator.adapters.cli.shared_options import Share, catalog_option, color_option
from validator.adapters.cli.standard_streams import warn
from validator.config.find_config import PYPROJECT, find_config
from validator.config.keys import CONVENTIONS
from validator.config.settings import DEFAULTS, Origin, Setting, Settings
from validator.errors import ConfigError, UsageError
from validator.service.resolved_settings import SELECTION, ResolvedSettings
from validator.service.settings_checks import idle_severities, refuse_absent_plans, refuse_lone_tolerance

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.config.settings import Key

# Parameter -> its setting.
SETTINGS = {
    "paths": "inputs",
    "excluded": "exclude",
    "names": "use-cases",
    "goals": "goals",
    "plans": "plans",
    "files": "plans",  # of `uclint plan lint`
    "unplanned": "unplanned",
    "catalog_path": "catalog",
    "select": "rules.select",
    "ignore": "rules.ignore",
    "severities": "rules.severity",
    "event_case": "names.case.events",
    "property_case": "names.case.properties",
    "fail_on": "fail-on",
    "min_coverage": "coverage.min",
    "baseline": "baseline.file",
    "tolerance": "baseline.tolerance",
    "max_places": "limits.places",
    "max_line": "limits.line",
    "max_depth": "limits.depth",
    "max_names": "limits.names",
    "allow_empty": "allow-empty",
    "max_errors": "max-errors",
}


def _severity(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:  # noqa: ARG001
    levels = ("error", "warning", "off")
    pairs = [value.partition("=") for value in values]
    for selector, equals, level in pairs:
        if not (selector and equals and level in levels):
            raise click.BadParameter(f"{selector + equals + level!r} is not RULE=LEVEL with {', '.join(levels)}.")
    return {selector: level for selector, _, level in pairs}


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for which rules are used and the severities of their findings."""
    for option in (
        click.option(
            "--property-case",
            type=click.Choice(CONVENTIONS),
            help="Naming convention of properties that are in no plan (NM407).",
        ),
        click.option(
            "--event-case",
            type=click.Choice(CONVENTIONS),
            help="Naming convention of events that are in no plan (NM406).",
        ),
        click.option(
            "--severity",
            "severities",
            multiple=True,
            metavar="RULE=LEVEL",
            callback=_severity,
            help="Severity of a rule: error, warning or off. Repeatable.",
        ),
        click.option(
            "--ignore",
            multiple=True,
            metavar="RULE",
            callback=_several,
            help="Turn off a rule: a code, a prefix such as TP2, or a name. Repeatable, or separated by commas.",
        ),
        click.option(
            "--select",
            multiple=True,
            metavar="RULE",
            callback=_several,
            help="Use only this rule: a code, a prefix such as TP2, a name, or ALL. Repeatable, or with commas.",
        ),
    ):
        command = option(command)
    return command


def baseline_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of the baseline."""
    for option in (
        click.option(
            "--baseline-tolerance",
            "tolerance",
            type=Share(0, 1),
            metavar="SHARE",
            help="How much the share of calls with a known finding may grow, such as 0.01.",
        ),
        click.option(
            "--write-baseline", metavar="FILE", help="Save the findings there as known, so they fail no later run."
        ),
        click.option("--baseline", metavar="FILE", help="Known findings: only new and grown ones fail the run."),
    ):
        command = option(command)
    return command


def _several(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(","))


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for the configuration file."""
    for option in (
        click.option("--no-config", is_flag=True, help="Use no configuration file."),
        click.option(
            "--config",
            "config_path",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Use this configuration file, not the nearest uclint.toml or pyproject.toml.",
        ),
    ):
        command = option(command)
    return command


def scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of commands about use cases: catalog, configuration file and colour."""
    for decorate in (click.pass_context, color_option, config_options, catalog_option):
        command = decorate(command)
    return command


def gather(ctx: click.Context) -> Settings:
    """Merges the defaults, the configuration file and the options of a command line.

    Raises:
        ConfigError: The file cannot be used.
        UsageError: The options contradict each other.
    """
    options = _options(ctx)
    file = Settings(_file(_config_file(ctx), ctx.params.get("config_path")))
    given = {".".join(key[:2]) if key[0] in ("coverage", "outputs") else key[0] for key in options}
    if given & set(SELECTION):
        file = file.without(SELECTION)
    if "coverage.min" in given:
        file = file.without(["coverage.use-cases"])
    settings = Settings(DEFAULTS, dict(file), options, _added(dict(file), options))
    supported = {SETTINGS.get(parameter.name or "") for parameter in ctx.command.params}
    if "plans" in supported:
        refuse_absent_plans(settings)
    if "baseline.tolerance" in supported and not ctx.params.get("write_baseline"):
        refuse_lone_tolerance(settings)
    if "rules.severity" in supported and settings.table("rules.severity"):
        for warning in idle_severities(settings, ResolvedSettings(settings).policy):
            warn(warning)
    return settings


def _added(file: dict[Key, Setting], options: dict[Key, Setting]) -> dict[Key, Setting]:
    """Adds list options to the lists of the file."""
    way = ("exclude",)
    if not (way in file and way in options):
        return {}
    before, more = file[way], options[way]
    return {way: Setting(before.value + more.value, more.origin, before.elements + more.elements)}


def config_file(ctx: click.Context) -> str | None:
    """The configuration file of a command line."""
    found = _config_file(ctx)
    return None if found is None else str(found)


def _config_file(ctx: click.Context) -> Path | None:
    path: Path | None = ctx.params.get("config_path")
    off = bool(ctx.params.get("no_config"))
    if off and path:
        raise UsageError("--config and --no-config exclude each other")
    return None if off else path or find_config(Path.cwd())


def _file(found: Path | None, path: Path | None) -> dict[Key, Setting]:
    if found is None:
        return {}
    from validator.config.read_config import read_config  # noqa: PLC0415 - only where there is one

    shown = str(path) if path else os.path.relpath(found)
    settings = read_config(found, shown)
    if path and path.name == PYPROJECT and not settings:
        raise ConfigError([f"{shown}: it has no table [tool.uclint] with settings"])
    return settings


def _options(ctx: click.Context) -> dict[Key, Setting]:
    found: dict[Key, Setting] = {}
    for parameter in ctx.command.params:
        key, value = SETTINGS.get(parameter.name or ""), ctx.params.get(parameter.name or "")
        default = ctx.get_parameter_source(parameter.name or "") is ParameterSource.DEFAULT
        if key is None or default or value in (None, (), {}):
            continue
        origin = Origin("option", "argument" if isinstance(parameter, click.Argument) else parameter.opts[-1])
        way = tuple(key.split("."))
        if isinstance(value, dict):
            found |= {(*way, name): Setting(level, origin) for name, level in value.items()}
        else:
            plain = str(value) if isinstance(value, Path) else value
            found[way] = Setting(plain, origin, (origin,) * len(value) if isinstance(value, tuple) else ())
    return found
