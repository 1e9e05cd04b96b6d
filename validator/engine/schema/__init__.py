"""JSON Schema, drafts 4 to 2020-12: every violation of a value, in the terms of the standard."""

from validator.engine.schema.dialect import DIALECTS, Dialect, dialect_of
from validator.engine.schema.evaluator import Breach, Evaluator

__all__ = ["DIALECTS", "Breach", "Dialect", "Evaluator", "dialect_of"]
