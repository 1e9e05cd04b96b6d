"""How many processes may read, and whether several are worth it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from validator.input.paths import total_size

if TYPE_CHECKING:
    from collections.abc import Iterable

# Less than this in all is read faster by one process.
WORTH = 20_000_000


def usable_cores() -> int:
    """The cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota()
    return cores if quota is None else max(1, min(cores, round(quota)))


def _quota() -> float | None:
    """How many cores' worth of time a container may use; None where that is not limited."""
    try:
        most, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return int(most) / int(period)
    except (OSError, ValueError):  # there is no such file, or it says `max`
        return None


def alone() -> bool:
    """Whether no other thread runs in this process: a fork would copy the locks that it holds."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - only how many
    except OSError:
        return threading.active_count() == 1


def pays(paths: Iterable[str]) -> bool:
    """Whether there is, or may be, enough to read for several workers."""
    size = total_size(paths)
    return size is None or size >= WORTH
