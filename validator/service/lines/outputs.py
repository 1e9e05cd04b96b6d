"""The outputs of a check besides its report: the split lines, and each violation of each call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.errors import UsageError
from validator.service.lines.sort import Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from validator.engine.compile.program import Program
    from validator.report import Report
    from validator.service.lines.protocols import KeptSink, Log
    from validator.service.lines.sample_values import SampleValues
    from validator.service.lines.split import LineSplitter

STDOUT = "-"

FORMS = ("uclint", "segment", "rudderstack")
"""The formats of violations, repeated from the renderers so that a help text does not import them."""

REJECT_FORMS = ("lines", "ndjson")
"""The formats of rejected lines: unchanged, or as records with place and reason."""


class LineOutputs:
    """Opens the outputs that a command line asks for, and keeps or discards them.

    Args:
        paths: The file for the lines of each sort.
        violations: The file for violations.
        form: Format of violations.
        show_values: Whether violations and findings show values.
        record_rejects: Whether rejects are written as records.
        open_sink: Opens a file, or standard output (`-`), for bytes.
    """

    def __init__(
        self,
        paths: Mapping[Sort, str | None],
        violations: str | None,
        form: str,
        *,
        show_values: bool,
        record_rejects: bool = False,
        open_sink: Callable[[str], KeptSink],
    ) -> None:
        self._paths = {sort: path for sort, path in paths.items() if path is not None}
        self._violations = violations
        self._form = form
        self._show_values = show_values
        self._record_rejects = record_rejects
        self._open_sink = open_sink
        self._sinks: list[KeptSink] = []
        self._sorter: LineSplitter | None = None
        self._values: SampleValues | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any], open_sink: Callable[[str], KeptSink]) -> LineOutputs:
        """The outputs that options ask for, by their names in `uclint check`.

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
        return cls(paths, options["violations"], form, show_values=values, record_rejects=records, open_sink=open_sink)

    @property
    def paths(self) -> list[str]:
        """The output files."""
        return [*self._paths.values(), *([] if self._violations is None else [self._violations])]

    @property
    def wanted(self) -> bool:
        """Whether there are any outputs."""
        return bool(self.paths) or self._show_values

    @property
    def take_stdout(self) -> bool:
        """Whether lines go to standard output."""
        return STDOUT in self.paths

    def open(self, program: Program) -> LineSplitter:
        """Opens the outputs; returns the observer that fills them.

        Raises:
            OutputError: One cannot be written.
        """
        from validator.service.lines.sample_values import SampleValues  # noqa: PLC0415
        from validator.service.lines.split import LineSplitter  # noqa: PLC0415
        from validator.service.lines.violation_log import ViolationLog  # noqa: PLC0415

        def opened(path: str) -> KeptSink:
            sink = self._open_sink(path)
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
        if message := self.left_out():
            yield message

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
