"""Options and configuration together: what is in force for one run of a command."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from validator.adapters.cli.misfits import idle_severities, refuse_absent_plans, refuse_lone_tolerance
from validator.adapters.cli.options import Share, load_catalog
from validator.adapters.cli.streams import warn
from validator.config.find import PYPROJECT, find_config
from validator.config.form import CONVENTIONS
from validator.config.settings import DEFAULTS, Origin, Setting, Settings
from validator.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator.adapters.cli.reports import Target
    from validator.catalog import Catalog, UseCase
    from validator.catalog.own_names import Names
    from validator.config.settings import Key
    from validator.engine.lint import Convention, Naming, Pattern
    from validator.model import Limits
    from validator.report.policy import Policy
    from validator.report.verdict import Thresholds

# Parameter -> the setting that it is.
SETTINGS = {
    "paths": "inputs",
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
}

# Rules about case, and the settings that say which: to set it is to use the rule.
_CASES = {"NM406": "names.case.events", "NM407": "names.case.properties"}
_USUAL = {"names.case.events": "title", "names.case.properties": "snake"}

# One of these on the command line says what to check, whatever the file chooses.
_SELECTION = ("use-cases", "goals", "plans")


def _severity(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:  # noqa: ARG001
    levels = ("error", "warning", "off")
    pairs = [value.partition("=") for value in values]
    for selector, equals, level in pairs:
        if not (selector and equals and level in levels):
            raise click.BadParameter(f"{selector + equals + level!r} is not RULE=LEVEL with {', '.join(levels)}.")
    return {selector: level for selector, _, level in pairs}


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which rules are used and how bad what they find is."""
    for option in (
        click.option(
            "--property-case",
            type=click.Choice(CONVENTIONS),
            help="How properties are to be written that no plan has (NM407).",
        ),
        click.option(
            "--event-case",
            type=click.Choice(CONVENTIONS),
            help="How events are to be written that no plan has (NM406).",
        ),
        click.option(
            "--severity",
            "severities",
            multiple=True,
            metavar="RULE=LEVEL",
            callback=_severity,
            help="How bad what a rule finds is: error, warning or off. Repeatable.",
        ),
        click.option(
            "--ignore",
            multiple=True,
            metavar="RULE",
            callback=_several,
            help="Do not use a rule, or all whose codes start so. Repeatable, or several with commas.",
        ),
        click.option(
            "--select",
            multiple=True,
            metavar="RULE",
            callback=_several,
            help="Use only this rule: a code, its beginning such as TP2, a name, or ALL. Repeatable, or with commas.",
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
        click.option("--write-baseline", metavar="FILE", help="Write the findings there as known; they fail no run."),
        click.option("--baseline", metavar="FILE", help="Known findings: only new and grown ones fail the run."),
    ):
        command = option(command)
    return command


def _several(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(","))


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which configuration file is used."""
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


def gather(ctx: click.Context) -> Settings:
    """What the defaults, the configuration file and the options of a command line set together.

    Raises:
        ConfigError: The file cannot be used.
        UsageError: The options do not fit together.
    """
    options = _options(ctx)
    file = Settings(_file(ctx.params.get("config_path"), off=bool(ctx.params.get("no_config"))))
    given = {".".join(key[:2]) if key[0] in ("coverage", "outputs") else key[0] for key in options}
    if given & set(_SELECTION):
        file = file.without(_SELECTION)
    if "coverage.min" in given:
        file = file.without(["coverage.use-cases"])
    settings = Settings(DEFAULTS, dict(file), options)
    heeded = {SETTINGS.get(parameter.name or "") for parameter in ctx.command.params}
    if "plans" in heeded:
        refuse_absent_plans(settings)
    if "baseline.tolerance" in heeded and not ctx.params.get("write_baseline"):
        refuse_lone_tolerance(settings)
    if "rules.severity" in heeded and settings.table("rules.severity"):
        for said in idle_severities(settings, InForce(settings).policy):
            warn(said)
    return settings


def _file(path: Path | None, *, off: bool) -> dict[Key, Setting]:
    if off and path:
        raise UsageError("--config and --no-config exclude each other")
    found = None if off else path or find_config(Path.cwd())
    if found is None:
        return {}
    from validator.config.read import read_config  # noqa: PLC0415 - only where there is one

    shown = str(path) if path else os.path.relpath(found)
    settings = read_config(found, shown)
    if path and path.name == PYPROJECT and not settings:
        raise ConfigError([f"{shown}: there is no table [tool.uclint] with settings in it"])
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


@contextmanager
def blamed(origin: Origin) -> Iterator[None]:
    """Says where a wrong value stands if it comes from a file."""
    try:
        yield
    except UsageError as error:
        if origin.kind != "file":
            raise
        raise ConfigError([f"{origin}: {error}"]) from None


class InForce:
    """Settings as what the services take.

    Args:
        settings: What is set.
        reports: The reports asked for by options, if any is.
    """

    def __init__(self, settings: Settings, reports: tuple[Target, ...] | None = None) -> None:
        self.settings = settings
        self.value = settings.value
        self._reports = reports

    def verify(self) -> None:
        """Refuses what does not fit: unknown rules, use cases, goals, events and names.

        Raises:
            UsageError: In options.
            ConfigError: In the file.
        """
        _ = self.policy, self.reports, self.limits
        self.use_cases()
        self.thresholds()
        self.names()

    @property
    def paths(self) -> tuple[str, ...]:
        """What to read."""
        return self.value("inputs") or ("-",)

    @property
    def reports(self) -> tuple[Target, ...]:
        """The reports to write: those of options, else those of the file, else text."""
        from validator.adapters.cli.reports import paired  # noqa: PLC0415

        table = self.settings.table("outputs")
        if self._reports is not None or not table:
            return self._reports or paired(())
        with blamed(next(iter(table.values())).origin):
            pairs = [(("formats", key[0]), ("outputs", setting.value)) for key, setting in table.items()]
            return paired([option for pair in pairs for option in pair])

    @property
    def limits(self) -> Limits:
        """What bounds memory."""
        from validator.model import Limits  # noqa: PLC0415

        return Limits(**{name: self.value(f"limits.{name}") for name in ("line", "depth", "names", "places")})

    @cached_property
    def policy(self) -> Policy:
        """Which rules are used, and how bad what they find is."""
        from validator.report.policy import Policy, codes  # noqa: PLC0415

        for key in ("rules.select", "rules.ignore"):
            setting = self.settings.setting(key)
            for selector, origin in zip(setting.value, setting.elements, strict=False):
                with blamed(origin):
                    codes(selector)
        layers: list[dict[str, str]] = [{}, {}]
        for (selector,), setting in self.settings.table("rules.severity").items():
            with blamed(setting.origin):
                codes(selector)
            layers[setting.origin.kind == "option"][selector] = setting.value
        on = [code for code, key in _CASES.items() if self.value(key) is not None]
        return Policy.of(self.value("rules.select"), self.value("rules.ignore"), layers, on=on, naming=self.naming)

    @cached_property
    def naming(self) -> Naming:
        """How names are to be written."""
        from validator.engine.lint import Naming  # noqa: PLC0415

        events, properties = map(self._convention, _CASES.values())
        return Naming(events, properties, self.value("names.dynamic"))

    def _convention(self, key: str) -> Convention | Pattern:
        from validator.engine.lint import Convention, Pattern  # noqa: PLC0415

        setting = self.settings.setting(key)
        if not isinstance(setting.value, dict):
            words = self.settings.setting("names.case.words")
            for word, origin in zip(words.value, words.elements, strict=True):
                with blamed(origin):
                    if len(word.split()) != 1:
                        raise UsageError(f"`names.case.words`: {word[:60]!r} is not one word")
            form = setting.value or _USUAL[key]
            return Convention(form, words.value, self.value("names.case.prefixes"))
        with blamed(setting.origin):
            try:
                return Pattern(setting.value["pattern"])
            except ValueError as error:
                raise UsageError(f"`{key}`: {error}") from None

    @cached_property
    def catalog(self) -> Catalog | None:
        """Where use cases come from; None where none is checked."""
        if self.value("plans") and not self.chosen:
            return None
        setting = self.settings.setting("catalog")
        if setting.value is None:
            return load_catalog(None)
        with blamed(setting.origin):
            return load_catalog(Path(setting.value))

    @property
    def chosen(self) -> bool:
        """Whether use cases are named."""
        return bool(self.value("use-cases") or self.value("goals"))

    def use_cases(self) -> tuple[UseCase, ...]:
        """The chosen use cases in catalog order; all if none is chosen and there is no plan."""
        least = self.settings.setting("coverage.min")
        if least.value is not None and not self.chosen:
            with blamed(least.origin):
                if least.origin.kind == "file":
                    raise UsageError("`coverage.min` needs the use cases it is about: set use-cases or goals")
                raise UsageError("--min-coverage needs the use cases it is about: add -u USE_CASE or --goal GOAL")
        catalog = self.catalog
        if catalog is None:
            return ()
        chosen: set[str] = set()
        for key, find in (("use-cases", catalog.find), ("goals", lambda goal: catalog.goal(goal).use_cases)):
            setting = self.settings.setting(key)
            for name, origin in zip(setting.value, setting.elements, strict=False):
                with blamed(origin):
                    chosen |= {use_case.id for use_case in find(name)}
        return tuple(u for u in catalog.use_cases if u.id in chosen or not chosen)

    def thresholds(self) -> Thresholds:
        """The least coverage."""
        from validator.report.verdict import Thresholds  # noqa: PLC0415

        catalog = self.catalog
        use_cases: dict[str, float] = {}
        events: dict[str, float] = {}
        if catalog is not None:
            table = self.settings.table("coverage.use-cases")
            for (name,), setting in sorted(table.items(), key=lambda entry: "/" in entry[0][0]):
                with blamed(setting.origin):
                    use_cases |= {use_case.id: setting.value for use_case in catalog.find(name)}
            own = self.names().events
            for (name,), setting in self.settings.table("coverage.events").items():
                with blamed(setting.origin):
                    events[_event(own.get(name, name), catalog)] = setting.value
        return Thresholds(self.value("coverage.min"), use_cases, events)

    def names(self) -> Names:
        """The team's own names."""
        from validator.catalog.own_names import Names  # noqa: PLC0415

        properties: dict[str, str] = {}
        of_events: dict[str, dict[str, str]] = {}
        table = self.settings.table("names.properties")
        for key, setting in table.items():
            (of_events.setdefault(key[0], {}) if len(key) > 1 else properties)[key[-1]] = setting.value
        events = {key[0]: setting.value for key, setting in self.settings.table("names.events").items()}
        names = Names(events, properties, of_events)
        mistakes = (
            []
            if self.catalog is None
            else [f"{self._origin(key)}: {message}" for key, message in names.mistakes(self.catalog)]
        )
        if mistakes:
            raise ConfigError(mistakes)
        return names

    def _origin(self, key: Key) -> Origin:
        """Where a name stands; of the table of an event, its first entry."""
        table = self.settings.table("names")
        return next(setting.origin for way, setting in table.items() if way[: len(key)] == key)


def _event(name: str, catalog: Catalog) -> str:
    if name in catalog.events:
        return name
    from validator.syntax.names import nearest  # noqa: PLC0415

    near = nearest(name, list(catalog.events))
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "uclint show USE_CASE lists events"
    raise UsageError(f"unknown event {name[:60]!r}; {hint}")
