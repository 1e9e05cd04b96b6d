"""Rules, as text and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from validator.render.catalog import wrap_entry
from validator.render.terminal_style import PLAIN, Style, wrap
from validator.report.rule_policy import Policy
from validator.rules.model import notation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.rules import Rule


def rules_text(rules: Sequence[Rule], style: Style = PLAIN, policy: Policy | None = None) -> str:
    """A list of rules, each with its severity under the policy."""
    width = max(len(rule.name) for rule in rules)
    lines: list[str] = []
    for rule in rules:
        lines += wrap_entry(f"{rule.code}  {rule.name:<{width}}  {_level(rule, policy):<7}  ", rule.summary, style)
    return "\n".join(lines) + "\n"


def _level(rule: Rule, policy: Policy | None) -> str:
    severity = (policy or Policy()).severity(rule.code, rule.severity)
    return severity.value if severity else "off"


def rule_text(rule: Rule, style: Style = PLAIN, policy: Policy | None = None) -> str:
    """One rule with its reason, its fix and its examples, and whether the policy changes its severity."""
    title = style.paint(f"{rule.code} {rule.name}", "bold")
    own = f"{rule.severity.value}{'' if rule.on else ', off by default'}"
    level = _level(rule, policy)
    changed = "" if level == _level(rule, None) else f"; here {level}"
    lines = [f"{title} ({own}{changed})", "", *wrap(rule.summary, style)]
    for label, text in (("Why", rule.why), ("Fix", rule.fix)):
        lines += ["", *wrap(f"{label}: {text}", style, 2)]
    for label, example in (("Bad", rule.bad), ("Good", rule.good)):
        meaning = f" ({told})" if (told := notation(example)) else ""
        lines += ["", *wrap(f"{label}{meaning}:", style, 2), *_example(example)]
    return "\n".join(lines) + "\n"


def _example(example: bytes | str) -> Iterator[str]:
    """An example, unchanged so that it can be copied; bytes in Python's notation."""
    text = example if isinstance(example, str) else repr(example)
    for line in text.splitlines():
        yield f"  {line}" if line else ""


def rules_json(rules: Sequence[Rule], policy: Policy | None = None) -> str:
    """Rules as JSON; `in_force` is the severity under the policy."""
    entries = [
        {
            "code": rule.code,
            "rule": rule.name,
            "severity": rule.severity.value,
            "on": rule.on,
            "in_force": _level(rule, policy),
            "summary": rule.summary,
            "why": rule.why,
            "fix": rule.fix,
            "bad": rule.bad if isinstance(rule.bad, str) else repr(rule.bad),
            "good": rule.good if isinstance(rule.good, str) else repr(rule.good),
        }
        for rule in rules
    ]
    return json.dumps(entries, indent=2) + "\n"
