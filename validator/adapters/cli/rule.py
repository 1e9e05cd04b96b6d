"""`uclint rule`."""

from __future__ import annotations

import click

from validator.adapters.cli.options import color_option, complete_rule, listing_format


@click.command("rule")
@click.argument("code", required=False, shell_complete=complete_rule)
@listing_format
@color_option
def command(code: str | None, form: str, color: str) -> None:
    """Explain a rule by its code or name, such as UC102; without one, list all rules."""
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import rules as render  # noqa: PLC0415
    from validator.rules import RULES, find  # noqa: PLC0415

    chosen = tuple(RULES.values()) if code is None else (find(code),)
    if form == "json":
        text = render.rules_json(chosen)
    elif code is None:
        text = render.rules_text(chosen, style(color, None))
    else:
        text = render.rule_text(chosen[0], style(color, None))
    write(text, None)
