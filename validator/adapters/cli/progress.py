"""A progress line on standard error."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from validator.adapters.cli.standard_streams import complain
from validator.input.paths import total_size
from validator.render.terminal_style import Style

if TYPE_CHECKING:
    from collections.abc import Iterable

# Seconds between two updates, and before the first: a short run needs no bar.
PAUSE = 0.1
DELAY = 0.5


def wanted(*, quiet: bool) -> bool:
    """Whether to show progress: only on a terminal that can rewrite a line, and not in CI."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        return False
    return os.environ.get("TERM") != "dumb" and os.environ.get("CI", "").lower() in ("", "0", "false")


def columns() -> int:
    """Width of the line: one less than the terminal's, which would wrap it."""
    # Of standard error: standard output may go elsewhere.
    try:
        width = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        width = 0
    return (width or 80) - 1


class ProgressBar:
    """Shows bytes read, calls and bytes a second, the time left and malformed lines.

    Args:
        paths: The inputs; their sizes give the total.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._total = total_size(paths)
        self._start = time.monotonic()
        self._next = self._start + DELAY
        self._shown = False
        self._consumed = 0

    def __call__(self, consumed: int, calls: int, malformed: int) -> None:
        """Updates the line, if it is time to."""
        now = time.monotonic()
        if consumed < self._consumed:
            self._start = now  # inputs are read again, each by itself, for a baseline
        self._consumed = consumed
        if now >= self._next:
            self._next = now + PAUSE
            self._shown = True
            width = columns()
            self._put("\r" + line(consumed, calls, malformed, now - self._start, self._total, width=width).ljust(width))

    def close(self) -> None:
        """Removes the line."""
        if self._shown:
            self._put("\r" + " " * columns() + "\r")

    @staticmethod
    def _put(text: str) -> None:
        def say() -> None:
            sys.stderr.write(text)
            sys.stderr.flush()

        complain(say)


def line(consumed: int, calls: int, malformed: int, seconds: float, total: int | None, *, width: int = 80) -> str:
    """The progress in words, as many as fit; `total` is None if unknown."""
    speed = consumed / max(seconds, 1e-9)
    rates = [f"{calls / max(seconds, 1e-9):,.0f} calls/s", f"{speed / 1e6:,.0f} MB/s"]
    wrong = f"{malformed:,} malformed"
    if total:
        share = min(consumed / total, 1)
        bar = Style(unicode=False).bar(share, 8)
        left = f"{_clock(max(total - consumed, 0) / max(speed, 1e-9))} left"
        parts = [f"[{bar}] {share:4.0%} of {total / 1e6:,.0f} MB", *rates, left, wrong]
        done = f"{share:4.0%}"
        forms = [parts, [done, *rates, left, wrong], [done, left, wrong], [done, left]]
    else:
        done = f"{consumed / 1e6:,.0f} MB"
        forms = [[done, *rates, wrong], [done, rates[1], wrong], [done]]
    texts = ["  ".join(form) for form in forms]
    return next((text for text in texts if len(text) <= width), texts[-1][:width])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
