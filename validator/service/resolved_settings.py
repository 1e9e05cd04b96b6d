"""Resolves settings to rules, names, use cases and thresholds; mistakes are reported with their place."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from validator.catalog import Catalog
from validator.errors import ConfigError, UsageError
from validator.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.catalog import UseCase
    from validator.catalog.own_names import Names
    from validator.config.settings import Key, Origin, Settings
    from validator.engine.compile.selection import Selection
    from validator.engine.lint import Convention, Naming, Pattern
    from validator.model import Limits, MaxErrors
    from validator.plan import LoadedPlan, TrackingPlan
    from validator.report.rule_policy import Policy
    from validator.report.verdict import Thresholds
    from validator.service.request import CheckRequest

UNPLANNED: Final = {"ignore": None, "warn": Severity.WARNING, "error": Severity.ERROR}
"""Value of the setting `unplanned` -> severity."""

SELECTION: Final = ("use-cases", "goals", "plans")
"""The settings that select what to check: an option for one of them replaces all of those in a file."""

# Rules about case, and the settings for it; a setting turns its rule on.
_CASES = {"NM406": "names.case.events", "NM407": "names.case.properties"}
_USUAL = {"names.case.events": "title", "names.case.properties": "snake"}


@contextmanager
def blamed(origin: Origin) -> Iterator[None]:
    """Adds the place of a wrong value that comes from a file."""
    try:
        yield
    except UsageError as error:
        if origin.kind != "file":
            raise
        raise ConfigError([f"{origin}: {error}"]) from None


class ResolvedSettings:
    """Settings in the form that the services use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.value = settings.value

    def verify(self) -> None:
        """Checks all settings: rules, use cases, goals, events and names must exist.

        Raises:
            UsageError: In options.
            ConfigError: In the file.
        """
        _ = self.policy, self.limits
        self.use_cases()
        self.thresholds()
        self.names()

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths to read."""
        return self.value("inputs") or ("-",)

    @property
    def unplanned(self) -> Severity | None:
        """Severity of events and properties missing from the user's own plans; None ignores them."""
        return UNPLANNED[self.value("unplanned")]

    @property
    def limits(self) -> Limits:
        """The limits that bound memory."""
        from validator.model import Limits  # noqa: PLC0415

        return Limits(**{name: self.value(f"limits.{name}") for name in ("line", "depth", "names", "places")})

    @property
    def max_errors(self) -> MaxErrors | None:
        """The number of errors that ends the reading; None for no limit."""
        from validator.model import MaxErrors  # noqa: PLC0415

        text = self.value("max-errors")
        return None if text is None else MaxErrors.parse(text)

    @cached_property
    def policy(self) -> Policy:
        """Which rules are used, and the severities of their findings."""
        from validator.report.rule_policy import Policy, codes  # noqa: PLC0415

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
        return Policy.of(self.value("rules.select"), self.value("rules.ignore"), layers, on=on, naming=self._naming)

    @cached_property
    def _naming(self) -> Naming:
        """The naming conventions."""
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
                        raise UsageError(f"`names.case.words`: {word[:60]!r} is not a single word")
            form = setting.value or _USUAL[key]
            return Convention(form, words.value, self.value("names.case.prefixes"))
        with blamed(setting.origin):
            try:
                return Pattern(setting.value["pattern"])
            except ValueError as error:
                raise UsageError(f"`{key}`: {error}") from None

    @cached_property
    def catalog(self) -> Catalog | None:
        """The catalog; None where no use case is checked."""
        if self.value("plans") and not self.chosen:
            return None
        setting = self.settings.setting("catalog")
        if setting.value is None:
            return Catalog.load()
        with blamed(setting.origin):
            return Catalog.load(Path(setting.value))

    def request(
        self, plans: Sequence[LoadedPlan | TrackingPlan] = (), selection: Selection | None = None
    ) -> CheckRequest:
        """The request of a check.

        Args:
            plans: The user's own plans, read.
            selection: Fields to break counts down by, and which calls are judged.
        """
        from validator.engine.compile.selection import Selection  # noqa: PLC0415
        from validator.service.request import CheckRequest  # noqa: PLC0415

        return CheckRequest(
            use_cases=self.use_cases(),
            plans=tuple(plans),
            unplanned=self.unplanned,
            policy=self.policy,
            names=self.names(),
            catalog=self.catalog,
            selection=Selection() if selection is None else selection,
        )

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
                    raise UsageError("`coverage.min` needs use cases: set use-cases or goals")
                raise UsageError("--min-coverage needs use cases: add -u USE_CASE or --goal GOAL")
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
        """The minimum coverage."""
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
        """The place of a name in the file; for an event's table, that of its first entry."""
        table = self.settings.table("names")
        return next(setting.origin for way, setting in table.items() if way[: len(key)] == key)


def _event(name: str, catalog: Catalog) -> str:
    if name in catalog.events:
        return name
    from validator.syntax.near_name import nearest  # noqa: PLC0415

    near = nearest(name, list(catalog.events))
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "uclint show USE_CASE lists events"
    raise UsageError(f"unknown event {name[:60]!r}; {hint}")
