"""`uclint plan`: lints and compares tracking plans."""

from __future__ import annotations

from typing import Any

import click

from validator.adapters.cli.bucket_options import bucket_options
from validator.adapters.cli.settings import config_file, config_options, gather, rule_options
from validator.adapters.cli.shared_options import color_option, exclude_option, listing_format, output_option
from validator.adapters.cli.standard_streams import warn
from validator.adapters.cli.table_options import table_options
from validator.errors import UsageError
from validator.service.resolved_settings import ResolvedSettings
from validator.syntax.near_name import nearest


@click.group("plan", short_help="Lint and compare tracking plans.")
def command() -> None:
    """Tools for tracking plans, whatever their format."""


@command.command("diff", short_help="Show what differs between two plans, and for whom it breaks.")
@click.argument("old", type=click.Path(exists=True))
@click.argument("new", type=click.Path(exists=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["senders", "readers", "any", "never"]),
    default="any",
    show_default=True,
    help="Exit with 1 if a change breaks for these.",
)
@click.option("--strict", is_flag=True, help="Treat changes that break only unplanned calls as breaking, too.")
@output_option
@color_option
def diff(old: str, new: str, form: str, fail_on: str, *, strict: bool, output: str | None, color: str) -> int:
    """Show what differs between the plans OLD and NEW, event by event, and for whom it breaks.

    Compatible for senders: every call that was valid still is. Compatible for readers: every call that is valid now
    was valid before. Unplanned: compatible except for calls that sent it before it was planned, and for readers that
    refuse what their plan does not have.

    \b
    Exit codes: 0 nothing that breaks, 1 breaking changes, 2 usage or a plan that cannot be read.
    """  # noqa: D301 - click reads the control character
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.plan import read_plan  # noqa: PLC0415
    from validator.plan.diff.change import Effect  # noqa: PLC0415
    from validator.plan.diff.plans import diff_plans  # noqa: PLC0415
    from validator.render.plan_diff import DIFF_FORMATS  # noqa: PLC0415
    from validator.service.output_conflicts import refuse_overwriting  # noqa: PLC0415

    plans = [read_plan(path) for path in (old, new)]
    for diagnostic in (d for plan in plans for d in plan.diagnostics):
        warn(*str(diagnostic).split("\n"))
    refuse_overwriting([output or "-"], [old, new])
    found = diff_plans(plans[0].plan, plans[1].plan)
    write(DIFF_FORMATS[form](found, style(color, output)), output)
    sides = {"senders": (found.senders,), "readers": (found.readers,), "any": (found.senders, found.readers)}
    limit = Effect.UNPLANNED if strict else Effect.BREAKING
    return int(any(effect.rank >= limit.rank for effect in sides.get(fail_on, ())))


@command.command("lint", short_help="Find likely mistakes in tracking plans.")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(exists=True))
@listing_format
@rule_options
@click.option(
    "--fail-on",
    type=click.Choice(["warning", "error", "never"]),
    default="error",
    show_default=True,
    help="Exit with 1 if a finding has at least this severity.",
)
@output_option
@config_options
@color_option
@click.pass_context
def lint(ctx: click.Context, /, form: str, output: str | None, color: str, **_: Any) -> int:
    """Find likely mistakes in tracking plans: misspelt keywords, impossible schemas, unsafe patterns, similar names.

    FILE is a plan of any format, or a folder whose files make one; without it, the `plans` of the configuration are
    read. `uclint rule CODE` explains a code.

    \b
    Exit codes: 0 fine, 1 findings, 2 usage or a plan that cannot be read.
    """  # noqa: D301 - click reads the control character
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.errors import PlanError  # noqa: PLC0415
    from validator.model import Severity  # noqa: PLC0415
    from validator.plan import read_plan  # noqa: PLC0415
    from validator.render.plan_lint import lint_json, lint_text  # noqa: PLC0415
    from validator.service.output_conflicts import refuse_overwriting  # noqa: PLC0415
    from validator.service.plan_lint import lint_plan  # noqa: PLC0415

    resolved = ResolvedSettings(gather(ctx))
    files: tuple[str, ...] = resolved.value("plans")
    if not files:
        raise UsageError("name the plans to lint, or set `plans` in uclint.toml")
    policy, found, unusable = resolved.policy, [], 0
    for file in files:
        try:
            found += lint_plan(read_plan(file), policy)
        except PlanError as error:
            unusable += 1
            warn(*str(error).split("\n"))
    refuse_overwriting([output or "-"], [*files, config_file(ctx)])
    text = lint_text(found, style(color, output), plans=len(files), unusable=unusable)
    write(lint_json(found) if form == "json" else text, output)
    failing = {"warning": set(Severity), "error": {Severity.ERROR}, "never": set()}[resolved.value("fail-on")]
    return 2 if unusable else int(any(one.severity in failing for one in found))


@command.command("add", short_help="Draft the plan of an event from the calls that carry it.")
@click.argument("event", metavar="EVENT")
@click.argument("more", metavar="[PATH]...", nargs=-1)
@click.option(
    "--from",
    "paths",
    metavar="PATH",
    multiple=True,
    required=True,
    help="A file, directory or glob with calls, or - for standard input. Repeatable.",
)
@exclude_option
@bucket_options
@table_options
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Add the event to this plan (our own YAML), or make it. Default: print a plan of this event.",
)
def add(
    event: str, paths: tuple[str, ...], more: tuple[str, ...], excluded: tuple[str, ...], output: str | None
) -> int:
    """Draft the plan of EVENT from the calls that carry it: its properties, their types, and which are always there.

    What FILE holds stays as it is. A draft says what was sent, not what should be: describe it, and check it.

    \b
    Exit codes: 0 drafted, 1 no call has the event, 2 usage or a plan that cannot be read, 3 input incomplete.
    """  # noqa: D301 - click reads the control character
    from validator.adapters.cli.calls_input import inputs_of  # noqa: PLC0415
    from validator.adapters.cli.output import write  # noqa: PLC0415
    from validator.service.add_event import with_event  # noqa: PLC0415
    from validator.service.check import run_check  # noqa: PLC0415
    from validator.service.draft_event import NO_PLAN, EventShape  # noqa: PLC0415
    from validator.service.request import CheckRequest  # noqa: PLC0415

    inputs = inputs_of([*paths, *more], exclude=excluded, outputs=[output or "-"], kept=[output])
    if inputs.absent:
        return 2
    shape = EventShape(event)
    request = CheckRequest(plans=(NO_PLAN,), unplanned=None)
    checked = run_check(inputs.paths, request, observer=lambda _: shape, warn=warn)
    draft = shape.drafted()
    if draft is None:
        names = nearest(event, [name for name in checked.profile.names if name])
        hint = f"; did you mean {' or '.join(map(repr, names))}?" if names else ""
        warn(f"no call has the event {event!r}{hint}")
        return 3 if checked.report.partial else 1
    write(with_event(draft, output), output)
    counts = ", ".join(f"{name} in {calls:,}" for name, calls in draft.properties.items()) or "no properties"
    warn(f"{event}: {draft.calls:,} call{'' if draft.calls == 1 else 's'}; {counts}")
    return 3 if checked.report.partial else 0
