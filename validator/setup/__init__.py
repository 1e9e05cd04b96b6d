"""Guided setup, from a goal to verified events in production: evidence, state, next steps."""
