"""`uclint explain`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from validator.adapters.cli.bucket_options import bucket_options
from validator.adapters.cli.settings import gather, scope_options
from validator.adapters.cli.shared_options import listing_format
from validator.adapters.cli.standard_streams import warn
from validator.adapters.cli.table_options import table_options
from validator.adapters.cli.use_case_options import selection_options
from validator.errors import UsageError
from validator.service.resolved_settings import ResolvedSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.compile.program import Program
    from validator.plan import LoadedPlan


class ExplainCommand(click.Command):
    """A command that treats `-:3`, a call on standard input, as an argument and not as an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parses with such arguments moved to the end."""
        calls = [argument for argument in args if argument.startswith("-:")]
        others = [argument for argument in args if not argument.startswith("-:")]
        return super().parse_args(ctx, [*others, "--", *calls] if calls else others)


@click.command("explain", cls=ExplainCommand)
@click.argument("call", metavar="FILE:LINE|-", default="-")
@selection_options
@click.option("--show-values", is_flag=True, help="Show values, shortened.")
@listing_format
@bucket_options
@table_options
@scope_options
def command(ctx: click.Context, /, call: str, show_values: bool, form: str, color: str, **_: Any) -> int:
    """Explain one call: which plan rules apply to it, which it breaks, and how to fix it.

    FILE:LINE names a call as reports do; FILE:LINE[INDEX] one in a batch or an array. With -, the call is read from
    standard input. FILE may be compressed.

    \b
    Exit codes: 0 valid, 1 invalid, 2 usage, or there is no such call.
    """  # noqa: D301 - click reads the control character
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render.explanation import explanation_json, explanation_text  # noqa: PLC0415
    from validator.service.explain import explain  # noqa: PLC0415
    from validator.service.find_call import read_target  # noqa: PLC0415
    from validator.service.own_plans import load_plans, locator  # noqa: PLC0415

    target = read_target(call)
    resolved = ResolvedSettings(gather(ctx))
    plans = load_plans(resolved.value("plans"))
    program = _program(resolved, plans)
    if target.path == "-" and sys.stdin is not None and sys.stdin.isatty():
        warn("reading a call from the terminal; end with Ctrl-D")
    try:
        explanation = explain(target, program, locate=locator(plans), show_values=show_values, limits=resolved.limits)
    except OSError as error:
        raise UsageError(f"{target.path}: {error.strerror or error}") from error
    text = explanation_json(explanation) if form == "json" else explanation_text(explanation, style(color, None))
    write(text, None)
    return 1 if explanation.errors else 0


def _program(resolved: ResolvedSettings, plans: Sequence[LoadedPlan]) -> Program:
    """Compiles the plans of the settings, as `uclint check` does."""
    from validator.service.doors import compile_program  # noqa: PLC0415

    return compile_program(resolved.request(plans))
