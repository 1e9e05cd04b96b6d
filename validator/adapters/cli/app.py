"""The command group, its error handling and exit codes."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from validator._version import __version__
from validator.adapters.cli.standard_streams import complain, silence, warn
from validator.errors import UclintError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Entry(NamedTuple):
    """A command: its module, which has it as `command` unless another name follows a colon, and its help."""

    home: str
    help: str


# Heading -> its commands, in the order of the help. A module is imported only when its command runs.
GROUPS = {
    "Check calls": {
        "check": Entry("check", "Check calls against use cases and tracking plans."),
        "explain": Entry("explain", "Explain one call: what it breaks, and how to fix it."),
        "recommend": Entry("recommend", "Rank the use cases by what the calls already cover."),
    },
    "Set up a use case": {
        "init": Entry("init", "Set up a use case, step by step."),
        "checklist": Entry("checklist", "Show the steps to prod, and verify them with calls."),
        "goals": Entry("catalog:goals", "List the business goals."),
        "use-cases": Entry("catalog:use_cases", "List the use cases."),
        "show": Entry("catalog:show", "Show what a use case recommends."),
        "generate": Entry("generate", "Make sample calls of a use case."),
    },
    "Tracking plans": {
        "plan": Entry("plan", "Lint and compare tracking plans."),
        "compile": Entry("compile", "Print a use case's tracking plan."),
        "convert": Entry("convert", "Write a tracking plan in another format."),
    },
    "About uclint": {
        "rule": Entry("rule", "Explain a rule, or list all."),
        "config": Entry("config", "Show the effective settings, and where each comes from."),
        "completion": Entry("completion", "Print the shell completion script."),
        "help": Entry("app:help_", "Show the help of a command."),
        "version": Entry("app:version", "Show the version."),
    },
}
COMMANDS = {name: entry for group in GROUPS.values() for name, entry in group.items()}


class LazyGroup(click.Group):
    """Imports a command's module only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].home.partition(":")
        found = getattr(importlib.import_module(f"validator.adapters.cli.{module}"), name or "command")
        assert isinstance(found, click.Command)  # noqa: S101 - our own table
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Writes the list of commands, without importing them."""
        width = max(map(len, COMMANDS))
        for heading, commands in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), entry.help) for name, entry in commands.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first argument; for a typo, suggests the nearest names."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            from validator.adapters.cli.usage_errors import unknown_command  # noqa: PLC0415

            raise click.UsageError(unknown_command(name, COMMANDS), ctx)
        return super().resolve_command(ctx, args)


def _show_version() -> None:
    """Prints the version, and whether the native core is in use."""
    from validator.native import status  # noqa: PLC0415

    core = status()
    use = "in use" if core.module else "not in use"
    # In one write: a reader may close the pipe after the first line.
    click.echo(f"uclint {__version__}\nnative core: {use}, {core.reason}")


def _on_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        _show_version()
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_on_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Checks Segment-style events against use cases and tracking plans: offline, every error with its line."""


@click.command("help")
@click.argument("names", metavar="[COMMAND]...", nargs=-1)
@click.pass_context
def help_(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Show the help of a command, or of uclint."""
    context = ctx.find_root()
    for name in names:
        if not isinstance(context.command, click.Group):
            raise click.UsageError(f"{context.command_path!r} has no command {name!r}", ctx)
        found = context.command.resolve_command(context, [name])[1]
        assert found is not None  # noqa: S101 - the group raises for a name that it does not have
        context = click.Context(found, context, name, **found.context_settings)
    click.echo(context.get_help())


@click.command("version")
def version() -> None:
    """Show the version."""
    _show_version()


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and returns the exit code. Errors go to standard error, never as a traceback."""
    try:
        code = cli.main(args=list(arguments), prog_name="uclint", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        silence(sys.stdout)
        return 0
    except (click.ClickException, UclintError, OSError) as error:
        return _failed(error)
    return code if isinstance(code, int) else 0


def _failed(error: click.ClickException | UclintError | OSError) -> int:
    """Prints why the command failed."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        complain(error.show)
        return error.exit_code
    if isinstance(error, click.ClickException):
        from validator.adapters.cli.usage_errors import message_of  # noqa: PLC0415

        warn(*message_of(error))
        return error.exit_code
    if isinstance(error, OSError):  # click writes help and version itself, and the disk may be full
        silence(sys.stdout)
    message = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    warn(*message.split("\n"))
    return 2
