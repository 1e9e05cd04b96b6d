"""The pytest plugin's fixture and sample files, imported only when used."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec
import pytest

from validator.config.find_config import find_config
from validator.config.read_config import read_config
from validator.config.settings import DEFAULTS, Origin, Setting, Settings
from validator.errors import UclintError, UsageError
from validator.plan import LoadedPlan, TrackingPlan
from validator.render.watch_text import render_short
from validator.report import FailOn, judge_report
from validator.service.check import check_stream
from validator.service.own_plans import load_plans
from validator.service.resolved_settings import SELECTION, ResolvedSettings
from validator.service.settings_checks import refuse_absent_plans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from validator.config.settings import Key
    from validator.report import Report
    from validator.report.verdict import Thresholds

    Plan = str | os.PathLike[str] | LoadedPlan | TrackingPlan
    Level = Literal["error", "warning", "never"]

T = TypeVar("T")

# Name of captured calls in places: `calls:2` is the second one.
CALLS = "calls"


class Checker:
    """The fixture `uclint`.

    Args:
        config: The pytest configuration; its ini options override uclint's configuration file.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._settings = _settings(config)

    def check(
        self,
        calls: Mapping[str, Any] | Iterable[Mapping[str, Any]],
        *,
        use_cases: Iterable[str] | None = None,
        plans: Iterable[Plan] | None = None,
        fail_on: Level | None = None,
        min_coverage: float | None = None,
    ) -> Report:
        """Fails the test where `uclint check` would fail: for findings, too little coverage, or no calls.

        Args:
            calls: The captured calls, or one of them.
            use_cases: Use cases to check against: `goal/use-case` or the bare slug.
            plans: Tracking plans to check against: paths, or plans that were read. Without either, the ini options
                or the configuration, else all use cases.
            fail_on: The minimum severity that fails; None: as configured, else errors.
            min_coverage: The minimum coverage of each use case, from 0 to 1; needs `use_cases`.

        Returns:
            The report, for further assertions.

        Raises:
            AssertionError: The check failed; the message has the findings.
            TypeError: These are not calls, or JSON cannot hold them.
            UclintError: Another argument, a plan or the configuration is invalid.
        """
        __tracebackhide__ = True
        _refuse_level("fail_on", fail_on)
        _refuse_share("min_coverage", min_coverage)
        chosen = _listed("plans", plans)
        resolved = self._resolved(_listed("use_cases", use_cases), chosen, min_coverage)
        report = _report(calls, resolved, chosen)
        _assert(report, resolved.value("fail-on") if fail_on is None else fail_on, resolved, resolved.thresholds())
        return report

    def assert_valid(
        self,
        calls: Mapping[str, Any] | Iterable[Mapping[str, Any]],
        *,
        use_cases: Iterable[str] | None = None,
        plans: Iterable[Plan] | None = None,
    ) -> Report:
        """Fails the test unless each call is valid; warnings fail, events not sent do not.

        For tests that send one of many events. Arguments, result and exceptions are those of `check`.
        """
        __tracebackhide__ = True
        chosen = _listed("plans", plans)
        resolved = self._resolved(_listed("use_cases", use_cases), chosen)
        report = _of_what_was_seen(_report(calls, resolved, chosen))
        _assert(report, "warning", resolved)
        return report

    def _resolved(
        self, use_cases: list[str] | None, plans: list[Plan] | None, min_coverage: float | None = None
    ) -> ResolvedSettings:
        __tracebackhide__ = True
        given: dict[Key, Setting] = {}
        for key, values in (("use-cases", use_cases), ("plans", plans)):
            if values is not None:
                given[(key,)] = _setting(key, tuple(map(str, values)))
        settings = self._settings.without(SELECTION) if given else self._settings
        if min_coverage is not None:
            settings = settings.without(["coverage.use-cases"])
            given["coverage", "min"] = _setting("min_coverage", min_coverage)
        resolved = ResolvedSettings(Settings(dict(settings), given))
        if min_coverage is not None and not resolved.chosen:
            raise UsageError("min_coverage needs use cases: give use_cases, or set uclint_use_cases")
        return resolved


class Samples:
    """Collects `*.ndjson` files, each as one test."""

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> SampleFile | None:
        """Collects a file if it is a sample."""
        return SampleFile.from_parent(parent, path=file_path) if file_path.suffix == ".ndjson" else None


class SampleFile(pytest.File):
    """A file of calls."""

    def collect(self) -> Iterator[SampleItem]:
        """Its one test."""
        yield SampleItem.from_parent(self, name="uclint")


class SampleItem(pytest.Item):
    """Tests that the calls of a sample are valid; events it does not have do not fail it."""

    def runtest(self) -> None:
        """Checks the file."""
        resolved = ResolvedSettings(_settings(self.config))
        name = os.path.relpath(self.path, self.config.rootpath)
        with self.path.open("rb") as file:
            report = check_stream(file, resolved.request(_plans(resolved)), name=name, limits=resolved.limits)
        _assert(_of_what_was_seen(report), resolved.value("fail-on"), resolved)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The findings, or why the sample cannot be checked, without a traceback."""
        if isinstance(excinfo.value, AssertionError | UclintError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Path and title for pytest."""
        return self.path, None, f"uclint: {os.path.relpath(self.path, self.config.rootpath)}"


def _settings(config: pytest.Config) -> Settings:
    """The configuration file nearest to pytest's root, overridden by the ini options."""
    found = find_config(config.rootpath)
    file = Settings(read_config(found) if found else {})
    given: dict[Key, Setting] = {}
    for key, values in (("use-cases", config.getini("uclint_use_cases")), ("plans", config.getini("uclint_plans"))):
        if values:
            given[(key,)] = _setting(f"uclint_{key.replace('-', '_')}", tuple(map(str, values)))
    if given:
        file = file.without(SELECTION)
    if level := config.getini("uclint_fail_on"):
        try:
            _refuse_level("uclint_fail_on", level)
        except UsageError as error:
            raise pytest.UsageError(str(error)) from None
        given[("fail-on",)] = _setting("uclint_fail_on", level)
    return Settings(DEFAULTS, dict(file), given)


def _setting(name: str, value: Any) -> Setting:
    origin = Origin("option", name)
    return Setting(value, origin, (origin,) * len(value) if isinstance(value, tuple) else ())


def _report(
    calls: Mapping[str, Any] | Iterable[Mapping[str, Any]], resolved: ResolvedSettings, plans: list[Plan] | None
) -> Report:
    used = _plans(resolved) if plans is None else _given(plans)
    return check_stream(_lines(calls), resolved.request(used), name=CALLS, limits=resolved.limits)


def _plans(resolved: ResolvedSettings) -> tuple[LoadedPlan, ...]:
    """The plans of the ini options, or of the configuration."""
    refuse_absent_plans(resolved.settings)
    return load_plans(resolved.value("plans"))


def _given(plans: list[Plan]) -> list[LoadedPlan | TrackingPlan]:
    """The plans that a test names or has read."""
    files = load_plans(os.fspath(plan) for plan in plans if not isinstance(plan, LoadedPlan | TrackingPlan))
    return [*files, *(plan for plan in plans if isinstance(plan, LoadedPlan | TrackingPlan))]


def _lines(calls: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> bytes:
    """The calls as NDJSON, so that line numbers are call numbers."""
    _refuse_text("calls", calls)
    lines = []
    for number, call in enumerate([calls] if isinstance(calls, Mapping) else calls, 1):
        if not isinstance(call, Mapping):
            raise TypeError(f"call {number} is a {type(call).__name__}; uclint takes calls as dictionaries")
        try:
            lines.append(json.dumps(dict(call), allow_nan=False, default=msgspec.to_builtins))
        except (TypeError, ValueError, RecursionError) as error:
            raise TypeError(f"call {number} cannot be written as JSON: {error}") from None
    return "".join(line + "\n" for line in lines).encode()


def _listed(name: str, values: Iterable[T] | None) -> list[T] | None:
    _refuse_text(name, values)
    return None if values is None else list(values)


def _refuse_text(name: str, value: object) -> None:
    """Refuses a string, which would be treated as a list of letters."""
    __tracebackhide__ = True
    if isinstance(value, str | bytes):
        raise TypeError(f"{name} is a string; give a list")


def _refuse_level(name: str, value: object) -> None:
    __tracebackhide__ = True
    if value is not None and value not in tuple(FailOn):
        raise UsageError(f"{name} is {value!r}; it can be {', '.join(FailOn)}")


def _refuse_share(name: str, value: object) -> None:
    __tracebackhide__ = True
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1):
        return
    raise UsageError(f"{name} is {value!r}; it must be a number from 0 to 1, such as 0.9")


def _of_what_was_seen(report: Report) -> Report:
    """The report without findings about events that were never sent."""
    return msgspec.structs.replace(report, findings=tuple(f for f in report.findings if f.count))


def _assert(report: Report, fail_on: str, resolved: ResolvedSettings, thresholds: Thresholds | None = None) -> None:
    __tracebackhide__ = True
    verdict = judge_report(
        report, fail_on=FailOn(fail_on), min_coverage=thresholds, allow_empty=resolved.value("allow-empty")
    )
    if verdict.exit_code:
        raise AssertionError("uclint\n" + render_short(report, verdict))
