"""A worker whose libraries run threads: signs of life never get into its results."""

from __future__ import annotations

import signal
import threading
import time
from functools import partial

from validator.workers.pool import WorkerPool
from validator.workers.process import Task

SIZE = 3_000_000


def _work() -> bytes:
    """Takes the signals of signs of life in another thread, and lets them come often."""
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    return bytes([1]) * SIZE


def test_results_arrive_whole() -> None:
    with WorkerPool[bytes](2) as pool:
        found = list(pool.results(Task(partial(_work)) for _ in range(40)))
    assert found == [bytes([1]) * SIZE] * 40
