"""What is set for uclint, and where the files are that it brings along."""

from validator.config.bundled_data import data_directory

__all__ = ["data_directory"]
