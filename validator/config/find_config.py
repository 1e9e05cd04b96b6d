"""Finds the configuration file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from pathlib import Path

FILE = "uclint.toml"
PYPROJECT = "pyproject.toml"

# A pyproject.toml that is not valid TOML is reported only if it seems to configure uclint.
_ABOUT_UCLINT = LazyPattern(rb"""^[ \t]*(?:\[[ \t]*)?["']?tool["']?[ \t]*\.[ \t]*["']?uclint["']?""", re.MULTILINE)
_TOOL_TABLE = LazyPattern(
    rb"^[ \t]*\[[ \t]*tool[ \t]*\][^\[]*?^[ \t]*[\"']?uclint[\"']?[ \t]*[.=]", re.MULTILINE | re.DOTALL
)


def find_config(start: Path) -> Path | None:
    """Finds the nearest configuration file in a directory or those above it, up to the root of a repository.

    In one directory `uclint.toml` comes before `pyproject.toml`, which counts only with a table `[tool.uclint]`.
    A broken link counts as a file, so that reading it reports the error.
    """
    for directory in (start, *start.parents):
        own = directory / FILE
        if own.is_file() or (own.is_symlink() and not own.exists()):
            return own
        if _is_about_uclint(project := directory / PYPROJECT):
            return project
        if (directory / ".git").exists():
            return None
    return None


def _is_about_uclint(path: Path) -> bool:
    try:
        data = path.read_bytes() if path.is_file() else b""
    except OSError:
        return False
    if b"uclint" not in data:
        return False
    import tomllib  # noqa: PLC0415 - most files end here

    try:
        tool = tomllib.loads(data.decode("utf-8-sig")).get("tool")
    except (ValueError, RecursionError):
        return bool(_ABOUT_UCLINT.search(data) or _TOOL_TABLE.search(data))
    return isinstance(tool, dict) and "uclint" in tool
