"""Lints tracking plans: finds likely mistakes in plans that can be read."""

from validator.service.plan_lint.lint_plan import Flaw, Linted, lint_plan

__all__ = ["Flaw", "Linted", "lint_plan"]
