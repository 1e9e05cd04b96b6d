"""Messages about command lines that are not valid."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What other tools call it -> what to run here.
_ELSEWHERE = {
    "validate": "`uclint check` validates calls",
    "verify": "`uclint check` validates calls",
    "test": "`uclint check` validates calls",
    "lint": "`uclint check` lints calls, `uclint plan lint` lints tracking plans",
    "diff": "`uclint plan diff` compares tracking plans",
    "rules": "`uclint rule` lists the rules",
    "list": "`uclint use-cases` lists the use cases",
    "setup": "`uclint init` sets up a use case",
}


def unknown_command(name: str, commands: Iterable[str]) -> str:
    """The message about a command that does not exist."""
    if hint := _ELSEWHERE.get(name.lower()):
        return f"no such command {name!r}; {hint}"
    near = difflib.get_close_matches(name, commands, n=2)
    return f"no such command {name!r}; " + (f"did you mean {' or '.join(near)}?" if near else _all(commands))


def message_of(error: click.ClickException) -> Iterator[str]:
    """The lines of a message: what is wrong, and where help is."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    yield _unknown_option(error, context) if isinstance(error, click.NoSuchOption) else _sentence(error)
    if context is not None:
        yield f"see `{context.command_path} --help`"


def _sentence(error: click.ClickException) -> str:
    text = error.format_message()
    return text[:1].lower() + text[1:].removesuffix(".")


def _unknown_option(error: click.NoSuchOption, context: click.Context | None) -> str:
    name = error.option_name
    text = f"no such option {name!r}"
    if context is not None and name.lstrip("-") in _formats(context.command):
        return f"{text}; use --format {name.lstrip('-')}"
    near = sorted(error.possibilities or ())
    return f"{text}; did you mean {' or '.join(near)}?" if near else text


def _formats(command: click.Command) -> Iterable[str]:
    """The choices of a command's `--format`."""
    found = (p.type for p in command.params if "--format" in p.opts and isinstance(p.type, click.Choice))
    return next((kind.choices for kind in found), ())


def _all(commands: Iterable[str]) -> str:
    return f"the commands are {', '.join(commands)}"
