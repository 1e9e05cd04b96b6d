"""Reads YAML, JSON, TOML and CSV of other authors safely, with the place of every value."""
