"""Where uclint keeps the files it brings along."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def data_directory(name: str) -> Path:
    """The directory of a kind of bundled data, such as `plans` or `schemas`.

    An installed wheel carries it inside the package; a checkout and an editable install have it next to the package.
    """
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
