"""A line on a terminal's standard error that says how far the reading is."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import time
from typing import TYPE_CHECKING

from validator.adapters.cli.streams import complain
from validator.render.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterable

# Seconds between two looks, and before the first: what is over at once needs no bar.
PAUSE = 0.1
DELAY = 0.5


def wanted(*, quiet: bool) -> bool:
    """Whether somebody watches: only on a terminal, and not in CI."""
    return not quiet and sys.stderr is not None and sys.stderr.isatty() and not os.environ.get("CI")


class ProgressBar:
    """Shows bytes read, lines and bytes a second, the time left and malformed lines.

    Args:
        paths: The inputs, whose sizes tell how much there is to read.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._total = total_size(paths)
        self._start = time.monotonic()
        self._next = self._start + DELAY
        self._shown = False

    def __call__(self, consumed: int, lines: int, malformed: int) -> None:
        """Shows how far the reading is, if it is time to."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + PAUSE
            self._shown = True
            width = shutil.get_terminal_size((80, 24)).columns - 1
            self._put("\r" + line(consumed, lines, malformed, now - self._start, self._total)[:width].ljust(width))

    def close(self) -> None:
        """Removes the line."""
        if self._shown:
            self._put("\r" + " " * (shutil.get_terminal_size((80, 24)).columns - 1) + "\r")

    @staticmethod
    def _put(text: str) -> None:
        def say() -> None:
            sys.stderr.write(text)
            sys.stderr.flush()

        complain(say)


def line(consumed: int, lines: int, malformed: int, seconds: float, total: int | None) -> str:
    """The progress in words; `total` is None where nobody knows how much there is."""
    speed = consumed / max(seconds, 1e-9)
    parts = [f"{lines / max(seconds, 1e-9):,.0f} lines/s", f"{speed / 1e6:,.0f} MB/s"]
    if total:
        share = min(consumed / total, 1)
        bar = Style(unicode=False).bar(share, 8)
        left = max(total - consumed, 0) / max(speed, 1e-9)
        parts = [f"[{bar}] {share:4.0%} of {total / 1e6:,.0f} MB", *parts, f"{_clock(left)} left"]
    else:
        parts = [f"{consumed / 1e6:,.0f} MB", *parts]
    return "  ".join([*parts, f"{malformed:,} malformed"])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def total_size(paths: Iterable[str]) -> int | None:
    """The bytes of all inputs as they lie on disk; None where that cannot be known."""
    total = 0
    for path in paths:
        try:
            status = os.fstat(0) if path == "-" else os.stat(path)  # noqa: PTH116 - descriptors too
        except OSError:
            continue
        if not stat.S_ISREG(status.st_mode):
            return None
        total += status.st_size
    return total
