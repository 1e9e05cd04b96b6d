"""JSON Schema, drafts 4 to 2020-12: every violation of a value, in the terms of the standard."""

from validator.json_schema.dialects import DIALECTS, Dialect, dialect_of
from validator.json_schema.evaluator import Breach, Evaluator

__all__ = ["DIALECTS", "Breach", "Dialect", "Evaluator", "dialect_of"]
