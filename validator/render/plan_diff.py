"""What differs between two plans: as text, JSON or Markdown."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from validator.plan.diff.change import Effect, Kind
from validator.render.terminal_style import PLAIN, Style, safe, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from validator.plan.diff.change import Change
    from validator.plan.diff.plans import PlanDiff, RuleDiff

_SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.NOTED: "."}
_LOOKS = {Effect.BREAKING: "red", Effect.UNPLANNED: "yellow", Effect.COMPATIBLE: "green"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


def diff_text(diff: PlanDiff, style: Style = PLAIN) -> str:
    """The difference as text for a terminal."""
    lines: list[str] = []
    for rule in diff.rules:
        title = f"{_SIGNS.get(rule.kind, '~')} {style.text(rule_name(rule))}"
        lines += wrap(f"{style.paint(title, 'bold')}  {_sides(rule, style)}", style, 4)
        for change in rule.changes:
            sign = _SIGNS.get(change.kind, "~")
            message = style.text(change.message if style.unicode else change.message.replace("→", "->"))
            where = f"{style.text(change.location)}: " if change.location else ""
            sides = "" if change.kind is Kind.NOTED else f"  {_sides(change, style)}"
            lines += wrap(f"    {sign} {where}{message}{sides}", style, 8)
        lines.append("")
    lines.append(f"{_verdict(diff)}" if diff.rules else "no differences")
    return "\n".join(lines) + "\n"


def diff_json(diff: PlanDiff, style: Style = PLAIN) -> str:  # noqa: ARG001 - as the other renderers
    """The difference as JSON; ASCII only."""
    document = {
        "diff_version": 1,
        "old": diff.old,
        "new": diff.new,
        "senders": diff.senders.value,
        "readers": diff.readers.value,
        "rules": [_rule_json(rule) for rule in diff.rules],
    }
    return json.dumps(document, indent=2) + "\n"


def diff_markdown(diff: PlanDiff, style: Style = PLAIN) -> str:  # noqa: ARG001 - as the other renderers
    """The difference as Markdown for a pull request."""
    lines = [f"## {_plain(diff.old)} → {_plain(diff.new)}", "", _verdict(diff) if diff.rules else "No differences."]
    if diff.rules:
        lines += ["", "| event | change | senders | readers |", "|---|---|---|---|"]
    for rule in diff.rules:
        name = _plain(rule_name(rule))
        if not rule.changes or rule.kind is not Kind.CHANGED:
            lines.append(f"| {name} | {rule.kind} | {_marked(rule.senders)} | {_marked(rule.readers)} |")
        for change in rule.changes:
            where = f"{_plain(change.location)}: " if change.location else ""
            sides = f"{_marked(change.senders)} | {_marked(change.readers)}"
            lines.append(f"| {name} | {where}{_plain(change.message)} | {sides} |")
    return "\n".join(lines) + "\n"


DIFF_FORMATS: Mapping[str, Callable[[PlanDiff, Style], str]] = {
    "text": diff_text,
    "json": diff_json,
    "markdown": diff_markdown,
}


def rule_name(rule: RuleDiff) -> str:
    """The name of a rule: its type, the event if it has one, and the version after the first."""
    version = "" if rule.version == 1 else f" (version {rule.version})"
    return f"{rule.type}{'' if rule.key is None else f' {rule.key}'}{version}"


def _sides(of: RuleDiff | Change, style: Style) -> str:
    return ", ".join(
        f"{side} {style.paint(effect.value, _LOOKS[effect])}"
        for side, effect in (("senders", of.senders), ("readers", of.readers))
    )


def _verdict(diff: PlanDiff) -> str:
    return "; ".join(_counted(diff, side) for side in ("senders", "readers"))


def _counted(diff: PlanDiff, side: str) -> str:
    effects = [getattr(rule, side) for rule in diff.rules]
    broken, unplanned = effects.count(Effect.BREAKING), effects.count(Effect.UNPLANNED)
    if broken:
        return f"{side}: {broken} of {len(effects)} breaking"
    return f"{side}: compatible" + (f" ({unplanned} where something was unplanned)" if unplanned else "")


def _rule_json(rule: RuleDiff) -> dict[str, Any]:
    return {
        "type": rule.type,
        "key": rule.key,
        "version": rule.version,
        "change": rule.kind.value,
        "senders": rule.senders.value,
        "readers": rule.readers.value,
        "changes": [
            {
                "change": change.kind.value,
                "location": change.location,
                "keyword": change.keyword,
                "message": change.message,
                "senders": change.senders.value,
                "readers": change.readers.value,
                "judged": change.judged,
            }
            for change in rule.changes
        ],
    }


def _marked(effect: Effect) -> str:
    return f"**{effect.value}**" if effect is Effect.BREAKING else effect.value


def _plain(text: str) -> str:
    """Text of a plan, escaped for Markdown."""
    return _MARKDOWN.sub(r"\\\1", safe(text))
