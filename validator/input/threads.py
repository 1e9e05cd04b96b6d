"""Whether this process may fork."""

from __future__ import annotations

import os
import threading

_workers: set[int] = set()


def never_fork() -> None:
    """Notes that this process is a worker, which never forks."""
    _workers.add(os.getpid())


def may_fork() -> bool:
    """Whether this process is no worker, and has a single thread."""
    return os.getpid() not in _workers and alone()


def alone() -> bool:
    """Whether this process has a single thread: a fork would copy locks held by others."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - only how many
    except OSError:
        return threading.active_count() == 1
