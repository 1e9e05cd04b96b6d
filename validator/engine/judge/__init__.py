"""Judges deviations: finds their violations, for all plans."""
