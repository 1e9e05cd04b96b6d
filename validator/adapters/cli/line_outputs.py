"""Outputs of `uclint check` besides its report: sorted lines, and each violation of each call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from validator.errors import UsageError
from validator.service.lines.split import Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from validator.adapters.cli.file_sink import FileSink
    from validator.adapters.cli.report_targets import Target
    from validator.engine.compile.program import Program
    from validator.report import Report
    from validator.service.lines.protocols import Log
    from validator.service.lines.sample_values import SampleValues
    from validator.service.lines.split import LineSplitter

STDOUT = "-"
STDERR = "/dev/stderr"

# Copied from the renderers: importing theirs would slow down the help.
FORMS = ("uclint", "segment", "rudderstack")

REJECT_FORMS = ("lines", "ndjson")

# Option -> what it writes.
_SORTS = {
    "valid": "The lines whose calls are all valid",
    "invalid": "The lines with a call that has a violation of severity error",
    "rejects": "The lines that are not calls: malformed, blank, too long, too deep",
}


def line_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of these outputs."""
    options = [
        click.option(f"--{name}", metavar="FILE", help=f"{text}, byte for byte; - is standard output.")
        for name, text in _SORTS.items()
    ]
    options += [
        click.option(
            "--rejects-format",
            type=click.Choice(REJECT_FORMS),
            default=REJECT_FORMS[0],
            show_default=True,
            help="The lines as they are, or one line of JSON for each: the line, its place and what is wrong with it.",
        ),
        click.option("--violations", metavar="FILE", help="Each violation of each call, as one line of JSON."),
        click.option(
            "--violations-format",
            type=click.Choice(FORMS),
            default=FORMS[0],
            show_default=True,
            help="uclint's own format, Segment's call or RudderStack's object.",
        ),
        click.option(
            "--show-values", is_flag=True, help="Show values of calls, shortened, in findings and --violations."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


class LineOutputs:
    """Opens the outputs that a command line asks for, and keeps or discards them.

    Args:
        paths: The file for the lines of each sort.
        violations: The file for violations.
        form: Format of violations.
        show_values: Whether violations and findings show values.
        record_rejects: Whether rejects are written as records.
    """

    def __init__(
        self,
        paths: Mapping[Sort, str | None],
        violations: str | None,
        form: str,
        *,
        show_values: bool,
        record_rejects: bool = False,
    ) -> None:
        self._paths = {sort: path for sort, path in paths.items() if path is not None}
        self._violations = violations
        self._form = form
        self._show_values = show_values
        self._record_rejects = record_rejects
        self._sinks: list[FileSink] = []
        self._sorter: LineSplitter | None = None
        self._values: SampleValues | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> LineOutputs:
        """The outputs that the options of a command with `line_options` ask for.

        Raises:
            UsageError: A format is given without its output.
        """
        for of in ("rejects", "violations"):
            name = f"{of}_format"
            if options[of] is None and options[name] not in (FORMS[0], REJECT_FORMS[0]):
                raise UsageError(f"--{of}-format {options[name]} needs --{of} FILE")
        paths = {sort: options[sort.value] for sort in Sort}
        form = options["violations_format"]
        records = options["rejects_format"] == "ndjson"
        values = options["show_values"]
        return cls(paths, options["violations"], form, show_values=values, record_rejects=records)

    @property
    def paths(self) -> list[str]:
        """The output files."""
        return [*self._paths.values(), *([] if self._violations is None else [self._violations])]

    @property
    def wanted(self) -> bool:
        """Whether there are any outputs."""
        return bool(self.paths) or self._show_values

    def targets(self, targets: Iterable[Target]) -> tuple[Target, ...]:
        """Where reports go: not to standard output if lines go there."""
        return tuple(t._replace(path=STDERR) if t.path is None and STDOUT in self.paths else t for t in targets)

    def open(self, program: Program) -> LineSplitter:
        """Opens the outputs; returns the observer that fills them.

        Raises:
            OutputError: One cannot be written.
        """
        from validator.adapters.cli.file_sink import FileSink  # noqa: PLC0415 - only where there are outputs
        from validator.service.lines.sample_values import SampleValues  # noqa: PLC0415
        from validator.service.lines.split import LineSplitter  # noqa: PLC0415
        from validator.service.lines.violation_log import ViolationLog  # noqa: PLC0415

        def opened(path: str) -> FileSink:
            sink = FileSink(path)
            self._sinks.append(sink)
            return sink

        lines = {sort: opened(path) for sort, path in self._paths.items()}
        logs: list[Log] = []
        if self._violations is not None:
            sink = opened(self._violations)
            logs.append(ViolationLog(program, sink, self._form, show_values=self._show_values))
        if self._show_values:
            self._values = SampleValues(program)
            logs.append(self._values)
        rejects = None
        if self._record_rejects:
            from validator.service.lines.reject_log import RejectLog  # noqa: PLC0415 - few ask for it

            rejects = RejectLog(lines.pop(Sort.REJECTS))
        self._sorter = LineSplitter(lines, *logs, rejects=rejects)
        return self._sorter

    def added_to(self, report: Report) -> Report:
        """The report, with values in its findings if asked for."""
        return self._values.added_to(report) if self._values else report

    def settle(self, *, keep: bool) -> Iterator[str]:
        """Moves the files into place, or leaves the old ones; yields messages for the user.

        Args:
            keep: Whether the run read all of its input.

        Raises:
            OutputError: One cannot be written; then none is, if possible.
        """
        if not self.paths:
            return
        if self._sorter:
            self._sorter.finish()
        for sink in self._sinks:
            sink.complete()
        if not keep:
            if left := [path for path in self.paths if path != STDOUT]:
                yield f"not written, since not all input was read: {', '.join(left)}"
            return
        for sink in self._sinks:
            sink.keep()
        if said := self.left_out():
            yield said

    def close(self) -> None:
        """Discards outputs that were not kept."""
        for sink in self._sinks:
            sink.discard()

    def left_out(self) -> str | None:
        """A message about lines that are in no file; None if there are none."""
        if self._sorter is None or not self._paths:
            return None
        counts = self._sorter.counts
        out = [sort for sort in Sort if sort not in self._paths and counts[sort]]
        if not out:
            return None
        listed = ", ".join(f"{counts[sort]:,} {sort.value}" for sort in out)
        options = " and ".join(f"--{sort.value}" for sort in out)
        total = sum(counts[sort] for sort in out)
        are = "line is" if total == 1 else "lines are"
        return f"{total:,} {are} in no file ({listed}): add {options} to keep {'it' if total == 1 else 'them'}"
