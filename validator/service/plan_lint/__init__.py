"""Lints tracking plans: what a reader takes as it is, and was hardly meant."""

from validator.service.plan_lint.lint_plan import Flaw, Linted, lint_plan

__all__ = ["Flaw", "Linted", "lint_plan"]
