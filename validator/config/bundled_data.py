"""Finds the files bundled with uclint."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def data_directory(name: str) -> Path:
    """The directory of a kind of bundled data, such as `plans` or `schemas`.

    An installed wheel has it inside the package; a checkout or editable install next to it.
    """
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
