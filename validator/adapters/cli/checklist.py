"""`uclint checklist`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from validator.adapters.cli.bucket_options import bucket_options
from validator.adapters.cli.settings import scope_options
from validator.adapters.cli.setup_file import SetupFile, by_option, day_of, file_option, mark_of, on_option
from validator.adapters.cli.shared_options import exclude_option, output_option
from validator.adapters.cli.table_options import table_options
from validator.errors import UsageError
from validator.render.guide import FORMATS, guide_renderer

if TYPE_CHECKING:
    import datetime

    from validator.adapters.cli.configured_scope import ConfiguredScope
    from validator.input.paths import Expansion
    from validator.setup.state import Env
    from validator.setup.verification import Verification


@click.command("checklist")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@click.option("--env", "env_name", type=click.Choice(["dev", "prod"]), help="The environment that the calls are from.")
@click.option(
    "--done",
    "confirmed",
    multiple=True,
    metavar="NAME",
    help="Mark as done what no call can prove: `published`, a destination, or a source that no library identifies. "
    "Repeatable.",
)
@exclude_option
@bucket_options
@table_options
@by_option
@on_option
@click.option("--dry-run", is_flag=True, help="Show what the calls prove, but write nothing.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Output format.")
@output_option
@file_option
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@scope_options
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    env_name: str | None,
    confirmed: tuple[str, ...],
    by: str | None,
    on: datetime.datetime | None,
    dry_run: bool,
    form: str,
    output: str | None,
    path: str,
    quiet: bool,
    color: str,
    **_: object,
) -> int:
    """Show the steps from a use case to verified events in prod, and verify them with calls.

    Without --env, the steps are shown as recorded. With --env and PATH (a file, a directory, a glob, or - for
    standard input; else the `inputs` of the configuration), calls of that environment are read: sources, destinations
    and events that they prove are recorded; what is missing is listed, with how to fix it.

    \b
    Exit codes: 0 fine, 1 a step of the environment is not proven by the calls, 2 usage or a path that does not
                exist, 3 input incomplete or empty, 130/143 interrupted.
    """  # noqa: D301 - click reads the control character
    from validator.adapters.cli.configured_scope import ConfiguredScope  # noqa: PLC0415
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.setup.checklist import checklist  # noqa: PLC0415
    from validator.setup.state import Env  # noqa: PLC0415
    from validator.setup.transitions import confirm  # noqa: PLC0415

    if paths and not env_name:
        raise UsageError("say which environment these calls are from: --env dev or --env prod")
    ours = ConfiguredScope(ctx)
    if env_name and not ours.inputs:
        raise UsageError(f"name the calls of {env_name} to read: files, directories, or - for standard input")
    ours.refuse_overwriting(output, path)
    inputs = None
    if env_name:
        from validator.adapters.cli.calls_input import inputs_of  # noqa: PLC0415

        outputs = [output or "-", *([] if dry_run else [path])]
        inputs = inputs_of(ours.inputs, exclude=ours.exclude, outputs=outputs, kept=[path])
    file = SetupFile(path, ours.catalog)
    setup = file.setup
    for name in confirmed:
        setup = confirm(setup, name, mark_of(by, on))
    if not dry_run:
        file.save(setup)
    env, verification, code = Env(env_name or "dev"), None, 0
    if inputs:
        verification, code = _looked(file, env, inputs, day_of(on), ours, dry_run=dry_run, quiet=quiet)
    found = checklist(file.setup, file.use_case(), file.goal_name(), verification)
    write(guide_renderer("checklist", form)(found, style(color, output)), output)
    return code or int(verification is not None and not found.settled(env))


def _looked(
    file: SetupFile,
    env: Env,
    inputs: Expansion,
    day: datetime.date,
    ours: ConfiguredScope,
    *,
    dry_run: bool,
    quiet: bool,
) -> tuple[Verification, int]:
    """Reads calls and records what they prove, if the input was read whole."""
    from validator.adapters.cli.observe_calls import observe  # noqa: PLC0415
    from validator.setup.checklist import record_verification  # noqa: PLC0415
    from validator.setup.verification import verify, watch_for  # noqa: PLC0415

    use_case = file.use_case()
    if use_case is None:
        raise UsageError("no use case is chosen yet: uclint init -u USE_CASE (uclint recommend PATH ranks them)")
    here = file.setup.env(env)
    other = file.setup.verified_elsewhere(env)
    watch = watch_for(here, use_case, ours.names, other)
    (report, evidence), code = observe(inputs, [use_case], ours, watch, quiet=quiet)
    verification = verify(env, here, use_case, report, evidence, day, other)
    recorded = record_verification(file.setup, use_case, verification)
    if dry_run:
        file.setup = recorded
    elif not code:
        file.save(recorded)
    return verification, code
