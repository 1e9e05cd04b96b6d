"""The reports a run writes, and where: `--format` and `-o`, in the order of the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from validator.adapters.cli.help_groups import GroupedCommand
from validator.errors import OutputError, UsageError
from validator.render import FORMATS
from validator.service.resolved_settings import blamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from validator.config.settings import Settings
    from validator.report import Report, Verdict

DEFAULT = "text"

# Ending of a file name -> format; the first match counts.
ENDINGS = {
    "gl-code-quality-report.json": "gitlab",
    ".sarif.json": "sarif",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
}


class Target(NamedTuple):
    """A report to write.

    Attributes:
        format: One of FORMATS.
        path: The file; None for standard output.
    """

    format: str
    path: str | None


class ReportsCommand(GroupedCommand):
    """A command with `report_options`, which it turns into the parameter `reports`, a tuple of targets."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parses twice: click does not keep the order of the two options."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        rest = super().parse_args(ctx, args)
        values = {name: iter(ctx.params.pop(name, None) or ()) for name in ("formats", "outputs")}
        given = [(p.name, next(values[p.name], "")) for p in order if p.name in values]
        ctx.params["reports"] = () if ctx.resilient_parsing else paired(given)
        return rest


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options `--format` and `-o`."""
    form = click.option(
        "--format",
        "formats",
        multiple=True,
        type=click.Choice(list(FORMATS)),
        help="Report format; default text. Repeatable, if all but one have an -o after it.",
    )
    output = click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FILE",
        help="Write the report there instead of standard output; a file appears whole or not at all. Belongs to the "
        "--format before it; without one, the file name decides the format.",
    )
    return form(output(command))


def targets_of(settings: Settings, given: tuple[Target, ...] | None) -> tuple[Target, ...]:
    """The reports to write: those of options, else those of the configuration file, else text.

    Args:
        settings: The settings.
        given: The reports of options; None if there are no such options.
    """
    table = settings.table("outputs")
    if given is not None or not table:
        return given or paired(())
    with blamed(next(iter(table.values())).origin):
        pairs = [(("formats", key[0]), ("outputs", setting.value)) for key, setting in table.items()]
        return paired([option for pair in pairs for option in pair])


def paired(given: Iterable[tuple[str, str]]) -> tuple[Target, ...]:
    """The reports that a command line asks for.

    An output belongs to the format right before it among these options. One format and one output belong together in
    either order. The ending of any other output decides its format. A format without an output goes to standard
    output.

    Args:
        given: (`formats` or `outputs`, value), in the order of the command line.

    Raises:
        UsageError: Two reports would go to the same place.
    """
    options = list(given)
    if [name for name, _ in options] == ["outputs", "formats"]:
        options.reverse()
    targets: list[Target] = []
    waiting: str | None = None  # a format whose output may still follow
    for name, value in options:
        if name == "outputs":
            targets.append(Target(waiting or _by_ending(value), None if value == "-" else value))
            waiting = None
            continue
        if waiting:
            targets.append(Target(waiting, None))
        waiting = value
    if waiting or not targets:
        targets.append(Target(waiting or DEFAULT, None))
    targets = list(dict.fromkeys(targets))
    _refuse_collisions(targets)
    return tuple(targets)


def _by_ending(path: str) -> str:
    name = path.lower()
    return next((form for ending, form in ENDINGS.items() if name.endswith(ending)), DEFAULT)


def _refuse_collisions(targets: Sequence[Target]) -> None:
    seen: dict[str | None, str] = {}
    for form, path in targets:
        place = None if path is None else str(Path(path).absolute())
        if place in seen:
            where = "standard output" if path is None else path
            raise UsageError(
                f"two reports ({seen[place]} and {form}) would go to {where}; put -o FILE after --format {form}"
            )
        seen[place] = form


def write_reports(targets: Iterable[Target], report: Report, verdict: Verdict, color: str) -> None:
    """Writes all reports; one that cannot be written does not stop the others.

    Raises:
        OutputError: At least one could not be written.
    """
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import renderer  # noqa: PLC0415

    failures: list[str] = []
    formats = []
    for form, path in targets:
        formats.append(form)
        try:
            write(renderer(form)(report, verdict, style(color, path)), path)
        except OutputError as error:
            failures.append(str(error))
    if "github" in formats and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
        failures += _append(renderer("markdown")(report, verdict, style("never", summary)), summary)
    if failures:
        raise OutputError("\n".join(failures))


def _append(text: str, path: str) -> list[str]:
    """Appends to the job summary, which other commands of the step may have written too; returns why it cannot."""
    try:
        with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        return [f"cannot write the job summary {path}: {error.strerror or error}"]
    return []
