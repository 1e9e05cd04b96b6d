"""Runs all lint checks on a plan and finds the place of each finding in its file."""

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
    """A finding of lint at a place in a plan file."""

    severity: Severity
    diagnostic: Diagnostic


def lint_plan(loaded: LoadedPlan, policy: Policy | None = None) -> list[Linted]:
    """All findings in a plan, in the order of its files, those of its reader included.

    Args:
        loaded: The plan.
        policy: Which rules are used, and the severities of their findings; the defaults if None.
    """
    policy = policy or Policy()
    diagnostics = list(loaded.diagnostics)
    for flaw in (flaw for check in _CHECKS for flaw in check(loaded.plan)):
        spot = loaded.spots.spot(flaw.rule, flaw.pointer)
        place = Diagnostic(flaw.code, spot.path or loaded.path, spot.line, spot.column, flaw.message, flaw.help)
        diagnostics.append(place)
    levels = ((policy.severity(at.code, RULES[at.code].severity), at) for at in diagnostics)
    found = [Linted(severity, at) for severity, at in levels if severity]
    return sorted(dict.fromkeys(found), key=lambda linted: linted.diagnostic[1:4] + linted.diagnostic[:1])


__all__ = ["Flaw", "Linted", "lint_plan"]
