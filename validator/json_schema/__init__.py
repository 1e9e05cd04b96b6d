"""JSON Schema, drafts 4 to 2020-12: finds all violations of a value."""

from validator.json_schema.dialects import DIALECTS, Dialect, dialect_of
from validator.json_schema.evaluator import Breach, Evaluator

__all__ = ["DIALECTS", "Breach", "Dialect", "Evaluator", "dialect_of"]
