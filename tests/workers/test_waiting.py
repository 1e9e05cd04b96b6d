"""Waiting for workers: a result is taken as soon as it is there, and waiting itself takes no processor time."""

from __future__ import annotations

import time

import pytest

import validator.workers.process as pool_module
from validator.workers.pool import WorkerPool
from validator.workers.process import Task

# Who runs the tests may have threads of its own.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def test_a_result_does_not_wait_for_the_next_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "_BEAT", 600.0)
    deadline = time.monotonic() + 30

    def check() -> None:
        assert time.monotonic() < deadline

    with WorkerPool[int](1, check) as workers:
        assert list(workers.results(Task(abs, order=-number) for number in range(5))) == list(range(5))


def test_waiting_takes_no_processor_time() -> None:
    """A worker of its own for the task, so that only the waiting counts."""

    def sleep() -> bool:
        time.sleep(1.5)
        return True

    with WorkerPool[bool](1) as workers:
        start = time.process_time()
        assert list(workers.results([Task(sleep)])) == [True]
        taken = time.process_time() - start
    assert taken < 0.5
