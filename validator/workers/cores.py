"""Number of processes to read with, and whether several are worth it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from validator.input.paths import total_size

if TYPE_CHECKING:
    from collections.abc import Iterable

# Less input than this is read faster by one process.
WORTH = 20_000_000


def usable_cores() -> int:
    """The number of cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota()
    return cores if quota is None else max(1, min(cores, round(quota)))


def _quota() -> float | None:
    """The CPU quota of a container, in cores; None if not limited."""
    try:
        most, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return int(most) / int(period)
    except (OSError, ValueError):  # there is no such file, or it says `max`
        return None


def pays(paths: Iterable[str]) -> bool:
    """Whether there is, or may be, enough input for several workers."""
    size = total_size(paths)
    return size is None or size >= WORTH
