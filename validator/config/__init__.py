"""Settings of uclint, and its bundled files."""

from validator.config.bundled_data import data_directory

__all__ = ["data_directory"]
