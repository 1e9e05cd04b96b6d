"""`uclint completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes uclint's commands, options and use cases in a shell.

    \b
    bash: uclint completion bash > ~/.local/share/bash-completion/completions/uclint
    zsh:  uclint completion zsh > "${fpath[1]}/_uclint"
    fish: uclint completion fish > ~/.config/fish/completions/uclint.fish
    """  # noqa: D301 - click reads the control character
    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - one of the choices above
    from validator.adapters.cli.output import write  # noqa: PLC0415

    write(found(ctx.find_root().command, {}, "uclint", "_UCLINT_COMPLETE").source() + "\n", None)
