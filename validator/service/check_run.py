"""One run of `uclint check`: its inputs, its comparison with the baseline, and its outcome. It writes nothing itself.

The command passes settings and callbacks, so a run can be tested without it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import replace

from validator.errors import OutputError
from validator.input.stop import Stop
from validator.report import FailOn, judge_report
from validator.report.model import Note
from validator.report.verdict import nothing_read
from validator.service.check import run_check
from validator.service.inputs import inputs_of
from validator.service.output_conflicts import refuse_overwriting, refuse_twice
from validator.workers.sequential import no_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.engine.compile.selection import Selection
    from validator.engine.count.profile_json import SavedProfile
    from validator.input.paths import Expansion
    from validator.plan import LoadedPlan
    from validator.report import Report, Verdict
    from validator.report.baseline import Baseline
    from validator.service.check_sources import CheckedSources
    from validator.service.lines.outputs import LineOutputs
    from validator.service.request import CheckRequest
    from validator.service.resolved_settings import ResolvedSettings
    from validator.workers.sequential import Progress

    Warn = Callable[[str], None]
    Write = Callable[[str, str], None]


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a run that are not settings.

    Attributes:
        selection: Which calls are judged, and fields to break counts down by.
        reports: The files that reports go to; `-` is standard output.
        jobs: How many processes read; None for one per core if there is enough input.
        profiles: Files of profiles of earlier runs.
        write_profile: The file for the profile.
        write_baseline: The file for a new baseline.
        environment: The environment whose sources and destinations are checked.
        config_file: The configuration file that the settings are from.
    """

    selection: Selection
    reports: tuple[str, ...] = ()
    jobs: int | None = None
    profiles: tuple[str, ...] = ()
    write_profile: str | None = None
    write_baseline: str | None = None
    environment: str | None = None
    config_file: str | None = None


class Prepared(NamedTuple):
    """The validated inputs of a run."""

    request: CheckRequest
    plans: tuple[LoadedPlan, ...]
    sources: CheckedSources | None
    paths: tuple[str, ...]
    absent: tuple[str, ...]
    baseline: Baseline | None
    saved: tuple[SavedProfile, ...]


class Outcome(NamedTuple):
    """The outcome of a run.

    Attributes:
        report: The report, compared with the baseline if there is one.
        verdict: Its exit code, and why.
        failures: The errors of files that could not be written; the report is still shown.
    """

    report: Report
    verdict: Verdict
    failures: tuple[OutputError, ...]


class CheckRun:
    """A run, which may be repeated.

    Args:
        settings: The settings.
        options: The options that are not settings.
        outputs: The outputs of lines and violations.
        warn: Takes a sentence about what could not be read or done.
        write: Writes a text to a file.
    """

    def __init__(
        self, settings: ResolvedSettings, options: RunOptions, outputs: LineOutputs, warn: Warn, write: Write
    ) -> None:
        self.settings = settings
        self.options = options
        self.outputs = outputs
        self.warn = warn
        self._write = write
        self._failures: list[OutputError] = []

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths to read; with profiles, the inputs of the configuration are left out."""
        setting = self.settings.settings.setting("inputs")
        if self.options.profiles and setting.origin.kind != "option":
            return ()
        return self.settings.paths

    def prepare(self) -> Prepared:
        """Loads plans, baseline and profiles, and validates everything before any input is read."""
        settings, options = self.settings, self.options
        _ = settings.policy, settings.thresholds(), settings.use_cases(), settings.names()
        baseline = None if options.write_baseline else self._known_findings()
        plans = self._load_plans()
        request = settings.request(plans, options.selection)
        sources = self._checked_sources(request)
        if sources:
            request = replace(request, evidence=sources.watch)
        saved = self._saved_profiles()
        inputs = self._inputs()
        if saved:
            from validator.service.saved_profiles import warn_of_repeated  # noqa: PLC0415

            warn_of_repeated(saved, inputs.paths, self.warn)
        return Prepared(request, plans, sources, inputs.paths, inputs.absent, baseline, saved)

    def read(self, prepared: Prepared, stop: Stop | None = None, progress: Progress = no_progress) -> Outcome:
        """Reads all inputs, and fills the outputs of lines.

        Args:
            prepared: The validated inputs.
            stop: Lets a signal handler end the reading.
            progress: Called repeatedly with the progress.

        Raises:
            OutputError: An output of lines cannot be written.
        """
        settings, options, outputs, stop = self.settings, self.options, self.outputs, stop or Stop()
        if outputs.wanted and (options.jobs or 1) > 1:
            self.warn(f"lines are sorted and values gathered in their order, so one process reads, not {options.jobs}")
        kept: list[SavedProfile] = []
        with contextlib.closing(outputs):
            checked = run_check(
                prepared.paths,
                prepared.request,
                limits=settings.limits,
                stop=stop,
                jobs=options.jobs,
                partial=bool(prepared.absent),
                warn=self.warn,
                progress=progress,
                observer=outputs.open if outputs.wanted else None,
                saved=prepared.saved,
                keep=kept.append if options.write_profile else None,
                max_errors=settings.max_errors,
            )
            report = checked.report
            if options.write_profile and not kept:
                self.warn(f"{options.write_profile} is not written: too many errors ended the reading before its end")
            empty = nothing_read(report) and not settings.value("allow-empty")
            for message in outputs.settle(keep=not (stop.signal or prepared.absent or empty)):
                self.warn(message)
        report = self._with_notes(outputs.added_to(report), prepared)
        if prepared.sources:
            report = prepared.sources.added_to(report, checked.profile, settings.policy)
        self._failures.clear()
        report = self._compared(report, prepared, progress)
        for profile in kept:
            self._written(profile.to_text(), options.write_profile)
        verdict = judge_report(
            report,
            fail_on=FailOn(settings.value("fail-on")),
            min_coverage=settings.thresholds(),
            absent=prepared.absent,
            allow_empty=settings.value("allow-empty"),
            signal=stop.signal,
        )
        return Outcome(report, verdict, tuple(self._failures))

    def _known_findings(self) -> Baseline | None:
        setting = self.settings.settings.setting("baseline.file")
        if setting.value is None:
            return None
        from validator.service.baseline_file import read_baseline  # noqa: PLC0415

        return read_baseline(setting)

    def _load_plans(self) -> tuple[LoadedPlan, ...]:
        """Loads the user's own plans."""
        paths = self.settings.value("plans")
        if not paths:
            return ()
        from validator.service.own_plans import load_plans  # noqa: PLC0415

        return load_plans(paths)

    def _saved_profiles(self) -> tuple[SavedProfile, ...]:
        if not self.options.profiles:
            return ()
        from validator.service.saved_profiles import read_profiles  # noqa: PLC0415

        return read_profiles(self.options.profiles, self.warn)

    def _checked_sources(self, request: CheckRequest) -> CheckedSources | None:
        """The observer of sources and destinations, if `--sources` asks for it."""
        if self.options.environment is None:
            return None
        from validator.service.check_sources import checked_sources_of  # noqa: PLC0415

        return checked_sources_of(self.options.environment, request.active, self.settings.catalog)

    def _inputs(self) -> Expansion:
        """The expanded inputs.

        Raises:
            UsageError: An output would overwrite an input, or two outputs are the same file.
        """
        settings, options = self.settings, self.options
        written = [*options.reports, *self.outputs.paths]
        written += [path for path in (options.write_baseline, options.write_profile) if path is not None]
        known = None if options.write_baseline else settings.value("baseline.file")
        kept = [known, *options.profiles, self._setup_file]
        refuse_twice(written)
        refuse_overwriting(written, [*settings.value("plans"), options.config_file, *kept], settings.value("catalog"))
        exclude = settings.value("exclude")
        return inputs_of(
            self.paths, exclude=exclude, outputs=written, kept=kept, warn=self.warn, since=options.selection.since
        )

    @property
    def _setup_file(self) -> str | None:
        """The file of the setup, if it is read."""
        if self.options.environment is None:
            return None
        from validator.setup.state import FILE  # noqa: PLC0415

        return FILE

    def _with_notes(self, report: Report, prepared: Prepared) -> Report:
        """The report with what else a reader should know; for names that were not found, the nearest ones."""
        report = replace(report, notes=(*report.notes, *map(_remarks, (p for p in prepared.plans if p.diagnostics))))
        if report.calls and not report.breakdowns:
            return report
        from validator.service.misspelt import misspelt_events, misspelt_fields  # noqa: PLC0415 - rarely needed

        if report.calls:
            return replace(report, notes=(*report.notes, *misspelt_fields(report, prepared.request)))
        for said in misspelt_events(prepared.request):
            self.warn(said)
        return report

    def _written(self, text: str, path: str | None) -> bool:
        """Writes a file; a failure is kept for later."""
        try:
            self._write(text, path or "")
        except OutputError as error:
            self._failures.append(error)
            return False
        return True

    def _compared(self, report: Report, prepared: Prepared, progress: Progress) -> Report:
        """The report compared with the baseline; a new baseline is written first, if asked for."""
        settings, new = self.settings, self.options.write_baseline
        if not (new or prepared.baseline):
            return report
        from validator.service.baseline_file import compared, new_baseline  # noqa: PLC0415

        reader = None
        if not prepared.saved:  # a profile names its inputs from where it was made
            from validator.service.part_reader import PartReader  # noqa: PLC0415

            request = replace(prepared.request, evidence=None)
            reader = PartReader(request, settings.limits, self.options.jobs, progress)
        how: dict[str, Any] = {"reader": reader, "warn": self.warn, "policy": settings.policy}
        baseline = prepared.baseline
        if new:
            baseline = new_baseline(report, new, allow_empty=settings.value("allow-empty"), **how)
            if baseline and not self._written(baseline.to_text(), new):
                baseline = None
        if baseline:
            path = new or settings.value("baseline.file")
            report = compared(baseline, report, path, tolerance=settings.value("baseline.tolerance"), **how)
        return report


def _remarks(plan: LoadedPlan) -> Note:
    """A note with the number of remarks on a plan, which `uclint plan lint` shows."""
    number = len(plan.diagnostics)
    many = "1 remark" if number == 1 else f"{number:,} remarks"
    message = f"There {'is' if number == 1 else 'are'} {many} on the plan {plan.path}: uclint plan lint {plan.path}"
    return Note(note="plan-diagnostics", message=message, path=plan.path, count=number)
