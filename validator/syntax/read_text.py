"""Reads text files safely: of bounded size, UTF-8, with a place for every offset."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from validator.syntax.near_name import nearest
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from pathlib import Path

    from validator.syntax.plan_file import Spot


class Mark(NamedTuple):
    """A spot in the file, counted from 1."""

    line: int
    column: int


class StopError(Exception):
    """Reading cannot continue.

    Args:
        at: The place; None for the file as a whole.
        message: What is wrong.
        help_text: What to do about it.
        code: Its code.
    """

    def __init__(self, at: Spot | None, message: str, help_text: str, code: Code = Code.NOT_YAML) -> None:
        super().__init__(message)
        self.at, self.message, self.help, self.code = at, message, help_text, code


def read_text(path: Path, max_bytes: int, too_large: str) -> str:
    """The content of a regular file, without a byte order mark.

    Args:
        path: The file.
        max_bytes: Larger files are not read.
        too_large: What to do about a larger one.

    Raises:
        StopError: It cannot be read, is too large, or is not UTF-8.
    """
    raw = _read_bytes(path, max_bytes, too_large)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = mark_of(raw[: error.start].decode("utf-8", "replace"))
        raise StopError(at, "the file is not UTF-8 from here on", "save it with the encoding UTF-8") from None


def mark_of(before: str) -> Mark:
    """The place right after a text."""
    return Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))


def absence(path: Path) -> StopError | None:
    """The error for a missing file or directory; None if it exists, even if it is not accessible."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            return StopError(None, "a link to a file that is not there", "fix the link, or remove it")
        near = nearest(path.name, _beside(path))
        hint = f"did you mean {' or '.join(str(path.with_name(name)) for name in near)}?" if near else "check the path"
        return StopError(None, "no such file or directory", hint)
    except (OSError, ValueError):
        pass
    return None


def _beside(path: Path) -> list[str]:
    """Names beside a missing file, except hidden ones."""
    try:
        return sorted(name for name in os.listdir(path.parent) if not name.startswith("."))  # noqa: PTH208 - names
    except OSError:
        return []


def _read_bytes(path: Path, max_bytes: int, too_large: str) -> bytes:
    if absent := absence(path):
        raise absent
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StopError(None, "not a regular file", "put a text file here, or remove this")
        with path.open("rb") as stream:
            raw = stream.read(max_bytes + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise StopError(None, f"the file cannot be read: {why}", "check its permissions, or remove it") from None
    except ValueError:
        raise StopError(None, "the file cannot be read: its name holds a null character", "name another") from None
    if len(raw) > max_bytes:
        raise StopError(None, f"the file is larger than {max_bytes:,} bytes", too_large)
    return raw
