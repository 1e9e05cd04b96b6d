"""The bundled catalog compiled to one file, because every command needs it and YAML is slow to read.

It is used only while it matches the plan files: if one was edited, added or removed, they are read instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from validator.catalog.files import plan_paths
from validator.catalog.model import Event, Goal  # noqa: TC001 - msgspec reads the types of the fields

if TYPE_CHECKING:
    from pathlib import Path

NAME = "compiled.json"


class Compiled(msgspec.Struct, frozen=True):
    """A compiled catalog.

    Attributes:
        files: Path of each plan file -> checksum of its bytes.
        goals: In the order of listings.
        events: By file name.
    """

    files: dict[str, int]
    goals: list[Goal]
    events: list[Event]


def read_compiled(directory: Path) -> tuple[list[Goal], list[Event]] | None:
    """The goals and events of a directory's plan files; None if there is no compiled file of exactly these."""
    try:
        compiled = msgspec.json.decode((directory / NAME).read_bytes(), type=Compiled)
        fits = compiled.files == _checksums(directory)
    except (OSError, msgspec.MsgspecError):
        return None
    return (compiled.goals, compiled.events) if fits else None


def write_compiled(directory: Path, goals: list[Goal], events: list[Event]) -> None:
    """Writes the file that `read_compiled` reads."""
    text = msgspec.json.encode(Compiled(_checksums(directory), goals, events))
    (directory / NAME).write_bytes(msgspec.json.format(text, indent=1) + b"\n")


def _checksums(directory: Path) -> dict[str, int]:
    return {path.relative_to(directory).as_posix(): crc32(path.read_bytes()) for path in plan_paths(directory)}
