"""Compiles plan rules to a Program and its tables."""
