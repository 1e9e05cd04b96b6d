"""Outputs of `uclint check` besides its report: split lines, and each violation of each call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from validator.service.lines.outputs import FORMS, REJECT_FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from validator.adapters.cli.report_targets import Target
    from validator.service.lines.outputs import LineOutputs

STDERR = "/dev/stderr"

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
            help="Format of --rejects: the lines as they are, or a JSON object with line, place and reason.",
        ),
        click.option("--violations", metavar="FILE", help="Write each violation of each call as one line of JSON."),
        click.option(
            "--violations-format",
            type=click.Choice(FORMS),
            default=FORMS[0],
            show_default=True,
            help="Format of --violations: uclint's own, Segment's call or RudderStack's object.",
        ),
        click.option(
            "--show-values", is_flag=True, help="Show values of calls, shortened, in findings and --violations."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def report_targets_beside(outputs: LineOutputs, targets: Iterable[Target]) -> tuple[Target, ...]:
    """Where reports go: not to standard output if lines go there."""
    return tuple(t._replace(path=STDERR) if t.path is None and outputs.take_stdout else t for t in targets)
