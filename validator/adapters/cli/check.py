"""`uclint check`."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource
from msgspec.structs import replace

from validator.adapters.cli.baselines import compared, read_baseline, refuse_narrowed, write_baseline
from validator.adapters.cli.calls_input import inputs_of, signals
from validator.adapters.cli.line_outputs import LineOutputs, line_options
from validator.adapters.cli.report_targets import ReportsCommand, report_options, targets_of, write_reports
from validator.adapters.cli.saved_profiles import (
    profile_options,
    read_profiles,
    refuse_others,
    warn_of_repeated,
    write_profile,
)
from validator.adapters.cli.selection_options import focus_of, focus_options, misspelt
from validator.adapters.cli.settings import baseline_options, config_file, config_options, gather, rule_options
from validator.adapters.cli.shared_options import Errors, Share, Whole, catalog_option, color_option, exclude_option
from validator.adapters.cli.standard_streams import warn
from validator.adapters.cli.use_case_options import selection_options
from validator.errors import OutputError
from validator.model import Limits
from validator.service.resolved_settings import ResolvedSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from validator.adapters.cli.check_sources import Reach
    from validator.adapters.cli.report_targets import Target
    from validator.catalog import UseCase
    from validator.engine.compile.selection import Selection
    from validator.engine.count.profile_json import SavedProfile
    from validator.input.paths import Expansion
    from validator.input.stop import Stop
    from validator.plan import LoadedPlan
    from validator.report import Report, Verdict
    from validator.report.baseline import Baseline
    from validator.service.request import CheckRequest

    ReportTo = Callable[[Iterable[Target], Report, Verdict, str], None]

DEFAULTS = Limits()

# Options that are no settings.
_OWN = ("jobs", "quiet", "write_baseline", "profiles", "write_profile", "color", "environment")


@click.command("check", cls=ReportsCommand)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(readable=False))
@exclude_option
@selection_options
@click.option(
    "--sources",
    "environment",
    type=click.Choice(["dev", "prod"]),
    help="Look for the sources and destinations of this environment, as `uclint init` set it up. One process reads.",
)
@focus_options
@rule_options
@baseline_options
@profile_options
@report_options
@line_options
@click.option(
    "--fail-on",
    type=click.Choice(["warning", "error", "never"]),
    default="error",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option(
    "--min-coverage",
    type=Share(0, 1),
    metavar="SHARE",
    help="Fail if a chosen use case is covered less, such as 0.9. Needs -u or --goal.",
)
@click.option(
    "--max-places",
    type=Whole(0, 1000),
    default=DEFAULTS.places,
    show_default=True,
    help="Places named for each finding.",
)
@click.option("--max-line", type=Whole(1, 1 << 30), default=DEFAULTS.line, show_default=True, help="Bytes of a line.")
@click.option("--max-depth", type=Whole(1, 500), default=DEFAULTS.depth, show_default=True, help="Nesting of a call.")
@click.option(
    "--max-names",
    type=Whole(0),
    default=DEFAULTS.names,
    show_default=True,
    help="Distinct names of events kept that no plan has, and as many of properties.",
)
@click.option(
    "--max-errors",
    type=Errors(),
    metavar="N|X%",
    help="End the reading at the Nth bad line or invalid call; or when their share reaches X%, after 1,000 calls.",
)
@click.option(
    "-j",
    "--jobs",
    type=Whole(1, 256),
    metavar="N",
    help="Processes that read. Default: one for each core it may use, where there is enough to read.",
)
@click.option("--watch", is_flag=True, help="Check again whenever the files change, and show what is new; Ctrl-C ends.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@click.option("--allow-empty", is_flag=True, help="Reading nothing is no failure.")
@catalog_option
@config_options
@color_option
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int:
    """Check calls against use cases, and report what is missing and what is wrong.

    PATH is a file, a directory, a glob, or - for standard input (the default). Files hold one call a line (NDJSON),
    a JSON array, pretty-printed calls as copied from the debugger, or batch bodies; gzip and zstd are found by
    themselves.

    \b
    Exit codes: 0 fine, 1 findings, 2 usage or a path that does not exist,
                3 input incomplete or empty, 130/143 interrupted.
    """  # noqa: D301 - click reads the control character
    given = any(ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in ("formats", "outputs"))
    refuse_narrowed(options)
    refuse_others(options)
    force = ResolvedSettings(gather(ctx))
    check = _Check(
        force,
        targets_of(force.settings, options["reports"] if given else None),
        LineOutputs.of(options),
        focus=focus_of(options, force.names()),
        config_file=config_file(ctx),
        **{name: options[name] for name in _OWN},
    )
    if not options["watch"]:
        return check.run(write_reports)
    from validator.adapters.cli.watch import watch  # noqa: PLC0415

    check.quiet = True
    once = ("valid", "invalid", "rejects", "violations", "write_baseline", "write_profile")
    return watch(check, refused=[f"--{name.replace('_', '-')}" for name in once if options[name]])


class _Given(NamedTuple):
    """What a run starts from."""

    request: CheckRequest
    plans: tuple[LoadedPlan, ...]
    reach: Reach | None
    paths: tuple[str, ...]
    absent: tuple[str, ...]
    reports: tuple[Target, ...]
    baseline: Baseline | None
    saved: tuple[SavedProfile, ...]


class _Check:
    def __init__(
        self,
        force: ResolvedSettings,
        reports: tuple[Target, ...],
        outputs: LineOutputs,
        *,
        focus: Selection,
        jobs: int | None,
        quiet: bool,
        write_baseline: str | None,
        profiles: tuple[str, ...],
        write_profile: str | None,
        color: str,
        environment: str | None,
        config_file: str | None,
    ) -> None:
        self.force = force
        self.reports = reports
        self.outputs = outputs
        self.focus = focus
        self.jobs = jobs
        self.quiet = quiet
        self.write_baseline = write_baseline
        self.profiles = profiles
        self.write_profile = write_profile
        self._kept: list[SavedProfile] = []
        self.color = color
        self.environment = environment
        self.config_file = config_file

    def run(self, report_to: ReportTo) -> int:
        """Checks once.

        Args:
            report_to: Writes the reports.

        Returns:
            The exit code.
        """
        from validator.input.stop import Stop  # noqa: PLC0415
        from validator.report import FailOn, judge_report  # noqa: PLC0415

        force, stop = self.force, Stop()
        given = self.given()
        report, failure = self.compared(self.read(given, stop), given)
        failures = list(filter(None, [failure, self.keep()]))
        verdict = judge_report(
            report,
            fail_on=FailOn(force.value("fail-on")),
            min_coverage=force.thresholds(),
            absent=given.absent,
            allow_empty=force.value("allow-empty"),
            signal=stop.signal,
        )
        report_to(given.reports, report, verdict, self.color)
        for failure in failures[1:]:
            warn(str(failure))
        if failures:
            raise failures[0]
        return verdict.exit_code

    @property
    def paths(self) -> tuple[str, ...]:
        """What is named to be read; where there are profiles, only what is named beside them."""
        setting = self.force.settings.setting("inputs")
        if self.profiles and setting.origin.kind != "option":
            return ()
        return self.force.paths

    def given(self) -> _Given:
        """What the run starts from; what cannot be used is refused before anything is read.

        Raises:
            UclintError: There is such a thing.
        """
        force = self.force
        force.thresholds()
        baseline = None if self.write_baseline else read_baseline(force.settings.setting("baseline.file"))
        plans = self.loaded()
        request = force.request(plans, self.focus)
        reach = self.reach(request.active)
        if reach:
            request = replace(request, evidence=reach.watch)
        saved = read_profiles(self.profiles) if self.profiles else ()
        reports = self.outputs.targets(self.reports)
        inputs = self.inputs(reports)
        paths = inputs.paths
        warn_of_repeated(saved, paths)
        return _Given(request, plans, reach, paths, inputs.absent, reports, baseline, saved)

    def read(self, given: _Given, stop: Stop) -> Report:
        """Reads all inputs, and writes the lines that are asked for."""
        from validator.adapters.cli.progress import ProgressBar, wanted  # noqa: PLC0415
        from validator.report.verdict import nothing_read  # noqa: PLC0415
        from validator.service.check import run_check  # noqa: PLC0415
        from validator.workers.sequential import no_progress  # noqa: PLC0415

        force, outputs = self.force, self.outputs
        if outputs.wanted and (self.jobs or 1) > 1:
            warn(f"lines are sorted and values gathered in their order, so one process reads, not {self.jobs}")
        bar = ProgressBar(given.paths) if wanted(quiet=self.quiet) else None

        def warn_of(message: str) -> None:
            if bar:
                bar.close()
            warn(message)

        with signals(stop), contextlib.closing(outputs):
            checked = run_check(
                given.paths,
                given.request,
                limits=force.limits,
                stop=stop,
                jobs=self.jobs,
                partial=bool(given.absent),
                warn=warn_of,
                progress=bar or no_progress,
                observer=outputs.open if outputs.wanted else None,
                saved=given.saved,
                keep=self._kept.append if self.write_profile else None,
                max_errors=force.max_errors,
            )
            if bar:
                bar.close()
            if self.write_profile and not self._kept:
                warn(f"{self.write_profile} is not written: too many errors ended the reading before its end")
            empty = nothing_read(checked.report) and not force.value("allow-empty")
            for said in outputs.settle(keep=not (stop.signal or given.absent or empty)):
                warn(said)
        report = checked.report
        for said in misspelt(self.focus, given.request, given.plans) if not report.calls else ():
            warn(said)
        report = outputs.added_to(report)
        return given.reach.added_to(report, checked.profile, force.policy) if given.reach else report

    def compared(self, report: Report, given: _Given) -> tuple[Report, OutputError | None]:
        """The report with how it compares with the baseline, which may be written; and why that failed, if it did."""
        force, baseline, failure = self.force, given.baseline, None
        whole = bool(given.saved)  # a profile names its inputs from where it was made
        if self.write_baseline:
            how: dict[str, Any] = {"policy": force.policy, "allow_empty": force.value("allow-empty")}
            try:
                baseline = write_baseline(report, self.write_baseline, whole=whole, **how)
            except OutputError as error:
                failure = error  # no reason to keep the report back
        if baseline:
            path = self.write_baseline or force.value("baseline.file")
            how = {"policy": force.policy, "tolerance": force.value("baseline.tolerance")}
            report = compared(baseline, report, path, whole=whole, **how)
        return report, failure

    def keep(self) -> OutputError | None:
        """Writes the profile down if that is asked for; says why that failed, if it did."""
        try:
            for saved in self._kept:
                write_profile(saved, self.write_profile or "")
        except OutputError as error:
            return error
        return None

    def inputs(self, reports: Iterable[Target]) -> Expansion:
        """What is read.

        Raises:
            UsageError: What is read would be written over, or two outputs go to one file.
        """
        from validator.adapters.cli.output_conflicts import STDOUT, refuse_overwriting, refuse_twice  # noqa: PLC0415

        force = self.force
        written = [target.path or STDOUT for target in reports] + self.outputs.paths
        written += [path for path in (self.write_baseline, self.write_profile) if path is not None]
        known = None if self.write_baseline else force.value("baseline.file")
        setup = self.setup_file
        read = [*force.value("plans"), self.config_file, known, *self.profiles, setup]
        refuse_twice(written)
        refuse_overwriting(written, read, force.value("catalog"))
        kept = [known, *self.profiles, setup]
        return inputs_of(self.paths, exclude=force.value("exclude"), outputs=written, kept=kept)

    @property
    def setup_file(self) -> str | None:
        """The file of the setup, if it is read."""
        if self.environment is None:
            return None
        from validator.setup.state import FILE  # noqa: PLC0415

        return FILE

    def reach(self, use_cases: tuple[UseCase, ...]) -> Reach | None:
        """What takes in where calls come from and where they go, if that is asked for."""
        if self.environment is None:
            return None
        from validator.adapters.cli.check_sources import checked_sources_of  # noqa: PLC0415

        return checked_sources_of(self.environment, use_cases, self.force.catalog)

    def loaded(self) -> tuple[LoadedPlan, ...]:
        """The user's own plans; what is odd about them is said at once."""
        paths = self.force.value("plans")
        if not paths:
            return ()
        from validator.service.own_plans import load_plans  # noqa: PLC0415

        plans = load_plans(paths)
        for diagnostic in (d for plan in plans for d in plan.diagnostics):
            warn(*str(diagnostic).split("\n"))
        return plans
