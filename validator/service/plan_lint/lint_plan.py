"""All checks of a plan, each with its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.model import Diagnostic, Severity
from validator.report.rule_policy import Policy
from validator.rules import RULES
from validator.service.plan_lint.flaw import Flaw
from validator.service.plan_lint.near_names import near_events, near_properties
from validator.service.plan_lint.schema_checks import described, drafts, schemas

if TYPE_CHECKING:
    from validator.plan import LoadedPlan

_CHECKS = (near_events, near_properties, schemas, described, drafts)


class Linted(NamedTuple):
    """What lint says of a place in a plan file."""

    severity: Severity
    diagnostic: Diagnostic


def lint_plan(loaded: LoadedPlan, policy: Policy | None = None) -> list[Linted]:
    """All that is wrong or odd in a plan, in the order of its files, with what its reader said.

    Args:
        loaded: The plan.
        policy: Which rules are used, and how bad what they find is; those on by default, as they say, if None.
    """
    policy = policy or Policy()
    said = list(loaded.diagnostics)
    for flaw in (flaw for check in _CHECKS for flaw in check(loaded.plan)):
        spot = loaded.spots.spot(flaw.rule, flaw.pointer)
        place = Diagnostic(flaw.code, spot.path or loaded.path, spot.line, spot.column, flaw.message, flaw.help)
        said.append(place)
    levels = ((policy.severity(at.code, RULES[at.code].severity), at) for at in said)
    found = [Linted(severity, at) for severity, at in levels if severity]
    return sorted(dict.fromkeys(found), key=lambda linted: linted.diagnostic[1:4] + linted.diagnostic[:1])


__all__ = ["Flaw", "Linted", "lint_plan"]
