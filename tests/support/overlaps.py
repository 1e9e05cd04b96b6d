"""A folder whose files are read, and what would write over them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.support.command import GOOD, uclint

if TYPE_CHECKING:
    from pathlib import Path

CHECK = ("check", "-u", "acquire-paid-subscriptions", "--no-config")


def prepare(folder: Path) -> Path:
    """A folder with calls, links to them, and an old report among them."""
    here = folder / "here"
    (here / "logs" / "b").mkdir(parents=True)
    for name in ("logs/a.ndjson", "logs/b/c.ndjson", "elsewhere.txt"):
        (here / name).write_bytes(GOOD)
    (here / "logs" / "old.json").write_text('{"report_version": 1, "uclint": "0.1.0"}\n')
    (here / "link.ndjson").symlink_to("logs/a.ndjson")
    (here / "coming.ndjson").symlink_to("logs/coming.ndjson")
    (here / "via").symlink_to("logs")
    os.link(here / "logs" / "a.ndjson", here / "twin.ndjson")
    setup = ("init", "--no-config", "-u", "personalize-first-conversion/acquire-paid-subscriptions")
    if not _setups:
        uclint(*setup, "--by", "me", "--on", "2024-03-01", cwd=here)
        _setups.append((here / "uclint-setup.toml").read_bytes())
    (here / "uclint-setup.toml").write_bytes(_setups[0])
    return here


_setups: list[bytes] = []


def contents(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}
