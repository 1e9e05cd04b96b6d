"""`uclint rule`."""

from __future__ import annotations

import click

from validator.adapters.cli.settings import config_options, gather
from validator.adapters.cli.shared_options import color_option, complete_rule, listing_format
from validator.service.resolved_settings import ResolvedSettings


@click.command("rule")
@click.argument("code", required=False, shell_complete=complete_rule)
@listing_format
@config_options
@color_option
@click.pass_context
def command(ctx: click.Context, /, code: str | None, form: str, color: str, **_: object) -> None:
    """Explain a rule by its code or name, such as UC102; list those whose codes begin with UC1, or all.

    Whether a rule is on, and its severity, follow the configuration.
    """
    from validator.adapters.cli.output import style, write  # noqa: PLC0415
    from validator.render import rules as render  # noqa: PLC0415
    from validator.rules import RULES, find  # noqa: PLC0415

    begun = tuple(rule for rule in RULES.values() if code is None or rule.code.startswith(code.upper()))
    chosen = begun or (find(code or ""),)
    policy = ResolvedSettings(gather(ctx)).policy
    if form == "json":
        text = render.rules_json(chosen, policy)
    elif len(chosen) > 1:
        text = render.rules_text(chosen, style(color, None), policy)
    else:
        text = render.rule_text(chosen[0], style(color, None), policy)
    write(text, None)
