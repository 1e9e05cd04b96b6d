"""`uclint convert`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.errors import OutputError, UsageError
from validator.plan.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@click.command("convert")
@click.argument("plan", metavar="FILE", type=click.Path(exists=True))
@click.option("--to", "form", type=click.Choice(list(FORMATS)), required=True, help="The format to write.")
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR",
    help="Write there instead of standard output; use a folder for formats with several files.",
)
def command(plan: str, form: str, output: str | None) -> None:
    """Write a tracking plan in another format.

    FILE is a plan of any format, or a folder whose files make one. What the other format cannot hold is reported
    on standard error; nothing is dropped silently.
    """
    from validator.plan import read_plan  # noqa: PLC0415
    from validator.service.convert import convert  # noqa: PLC0415

    loaded = read_plan(plan)
    written = convert(loaded.plan, form)
    _say([f"note: {note}" for note in written.notes], [str(d) for d in loaded.diagnostics])
    _write(written.files, output, form, plan)


def _say(notes: Iterable[str], diagnostics: Iterable[str]) -> None:
    from validator.adapters.cli.standard_streams import complain  # noqa: PLC0415
    from validator.render.terminal_style import safe  # noqa: PLC0415

    for text in (*diagnostics, *notes):
        lines = "\n".join(map(safe, text.split("\n")))
        complain(lambda lines=lines: click.echo(lines, err=True))  # type: ignore[misc]


def _write(files: Mapping[str, str], output: str | None, form: str, plan: str) -> None:
    from validator.adapters.cli.output import write  # noqa: PLC0415
    from validator.service.output_conflicts import refuse_overwriting  # noqa: PLC0415

    if not files:
        raise UsageError(f"the plan has nothing that {form} can hold")
    if len(files) == 1 and (output is None or not (output.endswith("/") or Path(output).is_dir())):
        refuse_overwriting([output or "-"], [plan])
        write(next(iter(files.values())), output)
        return
    if output is None or output == "-":
        raise UsageError(f"{form} needs {len(files)} files: name a folder with -o")
    refuse_overwriting([str(Path(output) / name) for name in files], [plan])
    for name, text in files.items():
        path = Path(output) / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror}") from error
        write(text, str(path))
