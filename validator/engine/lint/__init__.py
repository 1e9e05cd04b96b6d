"""Lint rules that look at calls themselves, whatever the plans say. Only those that are on cost anything."""

from validator.engine.lint.conventions import Convention, Naming, Pattern
from validator.engine.lint.fault import Fault
from validator.engine.lint.lint import Lint
from validator.engine.lint.size import LARGEST, compact_size, has_long_lines

__all__ = ["LARGEST", "Convention", "Fault", "Lint", "Naming", "Pattern", "compact_size", "has_long_lines"]
