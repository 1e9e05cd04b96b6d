"""Workers that block, die, are slow, or are asked to stop."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import validator.workers.process as process_module
from tests.workers.test_faults import once
from validator.input.stop import Stop
from validator.workers.pool import AHEAD, Lost, WorkerPool
from validator.workers.process import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


# Who runs the tests may have threads of its own.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


# --------------------------------------------------------------------------------------------- the pool


def test_a_worker_that_blocks_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "SILENCE", 1.0)
    monkeypatch.setattr(process_module, "_BEAT", 0.1)

    def work(number: int) -> int:
        if number == 1 and once(tmp_path):
            os.kill(os.getpid(), signal.SIGSTOP)
        return number

    with WorkerPool[int](2) as pool:
        assert list(pool.results(Task(partial(work, i)) for i in range(4))) == [0, 1, 2, 3]


def test_a_worker_that_is_slow_but_alive_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "SILENCE", 0.4)
    monkeypatch.setattr(process_module, "_BEAT", 0.05)

    def work() -> str:
        time.sleep(1.2)
        return "x" * 1_000_000

    with WorkerPool[str](1) as pool:
        assert [len(str(r)) for r in pool.results([Task(work, repeatable=False)])] == [1_000_000]


def test_few_results_wait_for_a_slow_one() -> None:
    made: list[int] = []

    def tasks() -> Iterator[Task[int]]:
        for i in range(20):
            made.append(i)
            yield Task(partial(work, i))

    def work(number: int) -> int:
        time.sleep(0.5 * (number == 0))
        return number

    with WorkerPool[int](2) as pool:
        results = pool.results(tasks())
        assert next(results) == 0
        assert len(made) <= 2 + AHEAD + 1
        assert list(results) == list(range(1, 20))


@pytest.mark.parametrize(("lacking", "every"), [("fork", 2), ("pipe", 3)])  # a worker has one process and two pipes
def test_where_no_process_is_to_be_had_it_is_done_here(
    monkeypatch: pytest.MonkeyPatch, lacking: str, every: int
) -> None:
    original, calls = getattr(os, lacking), count()

    def refused() -> Any:
        if next(calls) % every == every - 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return original()

    monkeypatch.setattr(os, lacking, refused)
    with WorkerPool[int](2) as pool:
        pids = list(pool.results(Task(os.getpid) for _ in range(6)))
    assert [pid == os.getpid() for pid in pids] == [False, True] * 3


def test_workers_take_orders_until_there_are_no_more() -> None:
    def work(number: int) -> tuple[int, int]:
        return number, os.getpid()

    open_before = open_descriptors()
    with WorkerPool[tuple[int, int]](2) as pool:
        found = list(pool.results(Task(work, order=i) for i in range(20)))
    assert [r[0] for r in found if not isinstance(r, Lost)] == list(range(20))
    assert len({r[1] for r in found if not isinstance(r, Lost)} - {os.getpid()}) == 2
    assert open_descriptors() == open_before


def test_a_worker_that_dies_between_orders_or_in_one_is_replaced(tmp_path: Path) -> None:
    def work(number: int) -> tuple[int, int]:
        if number % 7 == 3 and once(tmp_path / str(number)):
            os._exit(9)
        return number, os.getpid()

    def tasks() -> Iterator[Task[tuple[int, int]]]:
        for i in range(30):
            (tmp_path / str(i)).mkdir()
            if i % 5 == 4 and pool._idle:
                os.kill(pool._idle[-1].pid, signal.SIGKILL)
            yield Task(work, order=i)

    with WorkerPool[tuple[int, int]](2) as pool:
        found = list(pool.results(tasks()))
    assert [r[0] for r in found if not isinstance(r, Lost)] == list(range(30))
    assert len({r[1] for r in found if not isinstance(r, Lost)}) > 4
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_worker_gets_only_orders_for_what_it_does() -> None:
    def name(what: str) -> Callable[[int], tuple[str, int]]:
        return lambda number: (what, number)

    first, second = name("first"), name("second")
    tasks = [Task(first, order=1), Task(second, order=2), Task(first, order=3), Task(lambda: ("alone", 4))]
    with WorkerPool[tuple[str, int]](1) as pool:
        assert list(pool.results(tasks)) == [("first", 1), ("second", 2), ("first", 3), ("alone", 4)]


def test_a_large_result_of_an_order_comes_whole() -> None:
    with WorkerPool[bytes](2) as pool:
        found = list(pool.results(Task(bytes, order=size) for size in (3_000_000, 0, 1, 5_000_000)))
    assert [len(r) for r in found] == [3_000_000, 0, 1, 5_000_000]


def open_descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def test_workers_are_waited_for_where_their_end_is_ignored() -> None:
    previous = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with WorkerPool[int](2) as pool:
            assert list(pool.results([Task(lambda: 1), Task(lambda: os._exit(7))])) == [
                1,
                Lost("ended with exit code 7"),
            ]
        assert signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGCHLD, previous)


def test_asked_to_stop_a_worker_gives_what_it_has() -> None:
    stop = Stop()

    def work() -> str:
        deadline = time.monotonic() + 20
        while not stop.signal and time.monotonic() < deadline:
            time.sleep(0.01)
        return "stopped" if stop.signal else "late"

    with WorkerPool[str](1) as pool:
        results = pool.results([Task(work, stop=partial(stop.request, signal.SIGUSR1))])
        pool._check = raise_stop
        with pytest.raises(InterruptedError):
            next(results)
        assert list(pool.drain(10)) == ["stopped"]


def raise_stop() -> None:
    raise InterruptedError


def test_results_come_in_order() -> None:
    def work(number: int) -> int:
        time.sleep(0.05 * (number % 3 == 0))
        return number

    with WorkerPool[int](3) as pool:
        found = list(pool.results(Task(partial(work, i)) for i in range(12)))
    assert found == list(range(12))


def test_a_result_may_be_none() -> None:
    with WorkerPool[None](2) as pool:
        assert list(pool.results(Task(lambda: None) for _ in range(3))) == [None] * 3


def test_a_worker_that_ends_without_a_result_is_lost() -> None:
    with WorkerPool[int](2) as pool:
        found = list(pool.results([Task(lambda: 1), Task(lambda: os._exit(7)), Task(lambda: 3)]))
    assert found == [1, Lost("ended with exit code 7"), 3]


def test_leaving_ends_every_worker() -> None:
    with WorkerPool[None](2) as pool:
        results = pool.results(Task(lambda: time.sleep(60)) for _ in range(2))
        with pytest.raises(StopIteration):
            next(pool.drain(0.0))
        del results
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
