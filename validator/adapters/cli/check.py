"""`uclint check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from validator.adapters.cli.bucket_options import bucket_options
from validator.adapters.cli.line_options import line_options, report_targets_beside
from validator.adapters.cli.profile_options import profile_options
from validator.adapters.cli.report_targets import ReportsCommand, report_options, targets_of, write_reports
from validator.adapters.cli.selection_options import call_selection_options, selection_of
from validator.adapters.cli.settings import baseline_options, config_file, gather, rule_options, scope_options
from validator.adapters.cli.shared_options import Errors, Share, Whole, exclude_option
from validator.adapters.cli.standard_streams import warn
from validator.adapters.cli.table_options import table_options
from validator.adapters.cli.use_case_options import selection_options
from validator.model import Limits
from validator.service.lines.outputs import STDOUT, LineOutputs
from validator.service.resolved_settings import ResolvedSettings
from validator.service.settings_checks import refuse_line_options_with_profiles, refuse_narrow_baseline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from validator.adapters.cli.file_sink import FileSink
    from validator.adapters.cli.report_targets import Target
    from validator.report import Report, Verdict
    from validator.service.check_run import CheckRun, RunOptions

    ReportTo = Callable[[Iterable[Target], Report, Verdict, str], None]

DEFAULTS = Limits()

# Options that are not settings.
_OWN = ("jobs", "write_baseline", "profiles", "write_profile", "environment")


@click.command("check", cls=ReportsCommand)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(readable=False))
@exclude_option
@bucket_options
@table_options
@selection_options
@click.option(
    "--sources",
    "environment",
    type=click.Choice(["dev", "prod"]),
    help="Check the sources and destinations of this environment, as set up with `uclint init`.",
)
@call_selection_options
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
    help="Exit with 1 if a finding has at least this severity.",
)
@click.option(
    "--min-coverage",
    type=Share(0, 1),
    metavar="SHARE",
    help="Fail if a selected use case has less coverage, such as 0.9. Needs -u or --goal.",
)
@click.option(
    "--max-places",
    type=Whole(0, 1000),
    default=DEFAULTS.places,
    show_default=True,
    help="Maximum number of places kept for each finding.",
)
@click.option(
    "--max-line", type=Whole(1, 1 << 30), default=DEFAULTS.line, show_default=True, help="Longest line in bytes."
)
@click.option("--max-depth", type=Whole(1, 500), default=DEFAULTS.depth, show_default=True, help="Deepest nesting.")
@click.option(
    "--max-names",
    type=Whole(0),
    default=DEFAULTS.names,
    show_default=True,
    help="Maximum number of unplanned event names kept, and of unplanned property names.",
)
@click.option(
    "--max-errors",
    type=Errors(),
    metavar="N|X%",
    help="Stop reading at the Nth bad line or invalid call, or once X% are, after the first 1,000 calls.",
)
@click.option(
    "-j",
    "--jobs",
    type=Whole(1, 256),
    metavar="N",
    help="Number of processes that read. Default: one per usable core, if there is enough input.",
)
@click.option("--watch", is_flag=True, help="Check again when files change, and show what is new; stop with Ctrl-C.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@click.option("--allow-empty", is_flag=True, help="Do not fail when there is no input.")
@scope_options
def command(ctx: click.Context, /, **options: Any) -> int:
    """Check calls against use cases, and report what is missing and what is wrong.

    PATH is a file, a directory, a glob, the same in a bucket (s3://, gs://, az://), or - for standard input (the
    default). Files hold one call a line (NDJSON), a JSON array, pretty-printed calls as copied from the debugger, batch
    bodies, or rows (Parquet, Arrow); gzip and zstd are detected.

    \b
    Exit codes: 0 fine, 1 findings, 2 usage or a path that does not exist,
                3 input incomplete or empty, 130/143 interrupted.
    """  # noqa: D301 - click reads the control character
    from validator.service.check_run import RunOptions  # noqa: PLC0415 - the help and completion do without

    given = any(ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in ("formats", "outputs"))
    refuse_narrow_baseline(options)
    refuse_line_options_with_profiles(options)
    settings = ResolvedSettings(gather(ctx))
    outputs = LineOutputs.of(options, _open_sink)
    targets = report_targets_beside(outputs, targets_of(settings.settings, options["reports"] if given else None))
    run_options = RunOptions(
        selection=selection_of(options, settings.names()),
        reports=tuple(target.path or STDOUT for target in targets),
        config_file=config_file(ctx),
        **{name: options[name] for name in _OWN},
    )
    command = CheckCommand(settings, run_options, outputs, targets, options["color"], quiet=options["quiet"])
    if not options["watch"]:
        return command.run(write_reports)
    from validator.adapters.cli.watch import watch  # noqa: PLC0415

    command.quiet = True
    once = ("valid", "invalid", "rejects", "violations", "write_baseline", "write_profile")
    return watch(command, refused=[f"--{name.replace('_', '-')}" for name in once if options[name]])


class CheckCommand:
    """Runs checks, with the progress bar, warnings, signals, and files of the command line."""

    def __init__(
        self,
        settings: ResolvedSettings,
        options: RunOptions,
        outputs: LineOutputs,
        reports: tuple[Target, ...],
        color: str,
        *,
        quiet: bool,
    ) -> None:
        self.settings = settings
        self.options = options
        self.outputs = outputs
        self.reports = reports
        self.color = color
        self.quiet = quiet

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths to read."""
        return self._run(_warn_lines).paths

    def run(self, report_to: ReportTo) -> int:
        """Checks once.

        Args:
            report_to: Writes the reports.

        Returns:
            The exit code.
        """
        from validator.adapters.cli.calls_input import signals, warn_of_terminal  # noqa: PLC0415
        from validator.adapters.cli.progress import ProgressBar, wanted  # noqa: PLC0415
        from validator.input.stop import Stop  # noqa: PLC0415
        from validator.workers.sequential import no_progress  # noqa: PLC0415

        stop, bar = Stop(), None

        def warn_beside_bar(message: str) -> None:
            if bar:
                bar.close()
            _warn_lines(message)

        run = self._run(warn_beside_bar)
        prepared = run.prepare()
        warn_of_terminal(prepared.paths)
        bar = ProgressBar(prepared.paths) if wanted(quiet=self.quiet) else None
        with signals(stop):
            outcome = run.read(prepared, stop, bar or no_progress)
        if bar:
            bar.close()
        report_to(self.reports, outcome.report, outcome.verdict, self.color)
        for failure in outcome.failures[1:]:
            warn(str(failure))
        if outcome.failures:
            raise outcome.failures[0]
        return outcome.verdict.exit_code

    def _run(self, warn: Callable[[str], None]) -> CheckRun:
        from validator.adapters.cli.output import write  # noqa: PLC0415
        from validator.service.check_run import CheckRun  # noqa: PLC0415

        return CheckRun(self.settings, self.options, self.outputs, warn, write)


def _open_sink(path: str) -> FileSink:
    from validator.adapters.cli.file_sink import FileSink  # noqa: PLC0415 - only where there are outputs

    return FileSink(path)


def _warn_lines(message: str) -> None:
    warn(*message.split("\n"))
