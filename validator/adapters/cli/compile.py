"""`uclint compile`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from validator.adapters.cli.settings import config_options, gather
from validator.adapters.cli.shared_options import catalog_option, complete_use_case, output_option
from validator.errors import OutputError, UsageError
from validator.service.resolved_settings import ResolvedSettings
from validator.service.settings_checks import refuse_absent_plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.adapters.cli.configured_scope import ConfiguredScope
    from validator.catalog import UseCase
    from validator.catalog.own_names import Names


@click.command("compile")
@click.argument("use_case", required=False, shell_complete=complete_use_case)
@click.option(
    "--format",
    "form",
    type=click.Choice(["segment", "json-schema"]),
    default="segment",
    show_default=True,
    help="Segment's rules, or one JSON Schema for a whole message.",
)
@click.option(
    "--all",
    "directory",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write every use case to DIR/goal/use-case.json instead.",
)
@click.option(
    "--explain",
    metavar="[EVENT]",
    is_flag=False,
    flag_value="",
    help="Show how its rules are judged instead; with EVENT, the table of its calls: what is fine, what counts.",
)
@click.option(
    "--plan",
    "plan_path",
    metavar="FILE",
    type=click.Path(),
    help="With --explain: a tracking plan of your own instead of a use case.",
)
@output_option
@catalog_option
@config_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    use_case: str | None,
    form: str,
    directory: Path | None,
    explain: str | None,
    plan_path: str | None,
    output: str | None,
    **_: object,
) -> None:
    """Print the tracking plan that a use case compiles to.

    Its plan rules are draft-07 JSON Schema of the whole message, which any JSON Schema tool can read. They include
    your own names from the configuration. Without USE_CASE, the one in the configuration is used.
    """
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415
    from validator.adapters.cli.output import write  # noqa: PLC0415

    if explain and use_case is None and plan_path is None:
        explain, use_case = _event_or_use_case(ctx, explain)
    if plan_path is not None and explain is None:
        raise UsageError("--plan goes with --explain (uclint convert writes a plan in another format)")
    if explain is not None and (directory is not None or (use_case is not None and plan_path is not None)):
        raise UsageError("--explain needs one use case, or one --plan FILE")
    if use_case is not None and directory is not None:
        raise UsageError("name one use case, or a directory with --all (uclint use-cases lists them)")
    ours = ConfiguredScope(ctx)
    if explain is not None:
        plan_path = plan_path or (_own_plan(ctx) if use_case is None else None)
        ours.refuse_overwriting(output, plan_path)
        write(_explained(ours, use_case, plan_path, explain, output), output)
    elif directory is None:
        ours.refuse_overwriting(output)
        write(_compiled(_one(ours.use_case(use_case), ours.names), form, ours.names), output)
    else:
        _write_all(ours, directory, form)


def _own_plan(ctx: click.Context) -> str | None:
    """The plan of the configuration, if it has exactly one plan and no use case."""
    settings = gather(ctx)
    resolved = ResolvedSettings(settings)
    plans: tuple[str, ...] = resolved.value("plans")
    if len(plans) != 1 or resolved.chosen:
        return None
    refuse_absent_plans(settings)
    return plans[0]


def _write_all(ours: ConfiguredScope, directory: Path, form: str) -> None:
    from validator.adapters.cli.output import write  # noqa: PLC0415

    for one in ours.catalog.use_cases:
        path = directory / one.goal / f"{one.slug}.json"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror}") from error
        write(_compiled(one, form, ours.names), str(path))


def _explained(
    ours: ConfiguredScope, use_case: str | None, plan_path: str | None, event: str, output: str | None
) -> str:
    """How the rules of a use case or a plan are judged, or the tables of one event."""
    from validator.adapters.cli.output import style  # noqa: PLC0415
    from validator.engine.compile.program import Program  # noqa: PLC0415
    from validator.render.rule_evaluation import rule_paths_text  # noqa: PLC0415
    from validator.render.rule_tables import tables_text  # noqa: PLC0415
    from validator.report.rule_evaluation import rule_paths  # noqa: PLC0415
    from validator.report.table_view import names_of, table_views  # noqa: PLC0415
    from validator.service.compile_use_case import compile_use_case  # noqa: PLC0415
    from validator.service.own_plans import load_plans, locator  # noqa: PLC0415
    from validator.syntax.near_name import nearest  # noqa: PLC0415

    if plan_path is None:
        plan = compile_use_case(_one(ours.use_case(use_case), ours.names), ours.names)
    else:
        loaded = load_plans([plan_path])
        plan = loaded[0].plan
        Program([plan], locate=locator(loaded))  # names the place in the file of what cannot be judged
    if not event:
        return rule_paths_text(plan.name, rule_paths(plan), style("auto", output))
    views = table_views(plan, event)
    if not views:
        near = nearest(event, names_of(plan))
        hint = f"; did you mean {', '.join(map(repr, near))}?" if near else ""
        raise UsageError(f"{plan.name} has no rule for {event!r}{hint}")
    return tables_text(views, style("auto", output))


def _event_or_use_case(ctx: click.Context, value: str) -> tuple[str, str | None]:
    """The event and the use case that the value of `--explain` names: either one, if there is no other argument."""
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415

    team = ConfiguredScope(ctx)
    try:
        team.use_case(value)
    except UsageError as unknown:
        if _own_plan(ctx) is None:
            try:
                team.use_case(None)
            except UsageError:
                raise unknown from None  # no plan has such an event, so it is a use case
        return value, None
    return "", value


def _one(found: Sequence[UseCase], names: Names) -> UseCase:
    """Finds the use case of a name. If several goals have it, their plans must be the same."""
    from validator.service.compile_use_case import compile_use_case  # noqa: PLC0415

    if len({json.dumps(compile_use_case(u, names).to_json()) for u in found}) > 1:
        raise UsageError(f"{found[0].slug} differs between goals; name one of {', '.join(u.id for u in found)}")
    return found[0]


def _compiled(use_case: UseCase, form: str, names: Names) -> str:
    from validator.service.compile_use_case import compile_use_case, message_schema  # noqa: PLC0415

    plan = compile_use_case(use_case, names)
    document: dict[str, Any] = plan.to_json() if form == "segment" else message_schema(plan)
    return json.dumps(document, indent=2) + "\n"
