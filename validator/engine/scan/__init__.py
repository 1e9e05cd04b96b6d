"""Scans calls for deviations."""
