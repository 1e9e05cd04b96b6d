"""The lint rules: one place for code, name, severity, why it matters, what to do, and examples."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from validator.errors import UsageError
from validator.rules import inputs, names, plan_files, privacy, segment_spec, tracking_plan, use_cases
from validator.rules.model import USE_CASE_OF_EXAMPLES, Rule, Sentence, content

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT", "RULES", "USE_CASE_OF_EXAMPLES", "Rule", "Sentence", "content", "find"]

_LONGEST = 60

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.code: rule
        for family in (use_cases, tracking_plan, segment_spec, names, inputs, plan_files, privacy)
        for rule in family.RULES
    }
)
"""Every rule by its code, in the order of listings."""

DEFAULT: frozenset[str] = frozenset(rule.code for rule in RULES.values() if rule.on)
"""The codes of the rules that are on unless something else is asked for."""


def find(text: str) -> Rule:
    """The rule of that code or name, in any case.

    Raises:
        UsageError: There is none; says which are near.
    """
    wanted = text.strip().casefold()
    for rule in RULES.values():
        if wanted in (rule.code.casefold(), rule.name):
            return rule
    raise UsageError(f"unknown rule {text[:_LONGEST]!r}; {_hint(wanted)}")


def _hint(wrong: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong name needs it

    known = {key: rule for rule in RULES.values() for key in (rule.code.casefold(), rule.name)}
    near = dict.fromkeys(known[key].code for key in get_close_matches(wrong[:_LONGEST], known))
    if near:
        return f"did you mean {' or '.join(f'{code} ({RULES[code].name})' for code in near)}?"
    return "`uclint rule` lists the rules"
