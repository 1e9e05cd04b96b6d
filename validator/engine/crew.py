"""Does tasks in forked processes: in order, however they end, and none outlives its parent.

A worker is one fork for one task. It inherits what it needs, sends back one pickled result and ends, so there is no
state to lose: a worker that is killed is simply started again.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import time
from collections import deque
from collections.abc import Callable  # noqa: TC003 - a field of a generic NamedTuple
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

Result = TypeVar("Result")

# A task whose worker died this often is given up.
TRIES = 2

_READ = 1 << 20

# Seconds between looks at whether to go on.
_PATIENCE = 0.1


class Task(NamedTuple, Generic[Result]):
    """A piece of work.

    Attributes:
        work: Does it, in a worker; what it returns is pickled.
        repeatable: Whether a second worker may do it if the first one dies.
    """

    work: Callable[[], Result]
    repeatable: bool = True


class Lost(NamedTuple):
    """What stands for a result whose workers died."""

    why: str


class Crew(Generic[Result]):
    """Workers, at most so many at a time.

    Args:
        jobs: How many may work at once.
        check: Called again and again while waiting; what it raises ends the waiting.

    Use it as a context: leaving it ends every worker that still runs.
    """

    def __init__(self, jobs: int, check: Callable[[], None] = lambda: None) -> None:
        self._jobs = jobs
        self._check = check
        self._workers: deque[_Worker[Result]] = deque()

    def __enter__(self) -> Crew[Result]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for worker in self._workers:
            worker.kill()

    def results(self, tasks: Iterable[Task[Result]]) -> Iterator[Result | Lost]:
        """Does the tasks and yields their results in order; tasks may be made while workers work."""
        for task in tasks:
            while self._running() >= self._jobs:
                self._wait(_PATIENCE)
                self._check()
            self._workers.append(_Worker(task, self._handles()))
            self._wait(0)
            yield from self._finished()
        while self._workers:
            yield from self._finished()
            if self._workers:
                self._wait(_PATIENCE)
                self._check()

    def drain(self, seconds: float) -> Iterator[Result | Lost]:
        """Waits for the workers, at most so long, and yields the results that come before the first one missing."""
        deadline = time.monotonic() + seconds
        while self._workers:
            yield from self._finished()
            left = deadline - time.monotonic()
            if not self._workers or left <= 0:
                return
            self._wait(left)

    def _running(self) -> int:
        return sum(worker.result is None for worker in self._workers)

    def _handles(self) -> list[int]:
        return [worker.handle for worker in self._workers if worker.result is None]

    def _finished(self) -> Iterator[Result | Lost]:
        while self._workers and (result := self._workers[0].result) is not None:
            self._workers.popleft()
            yield result

    def _wait(self, seconds: float | None) -> None:
        """Takes in what workers send, waiting for at least one of them."""
        ready, _, _ = select.select(self._handles(), [], [], seconds)
        for worker in self._workers:
            if worker.result is None and worker.handle in ready:
                worker.take_in([h for h in self._handles() if h != worker.handle])


class _Worker(Generic[Result]):
    """One task and the process that does it.

    Attributes:
        handle: Where the result comes from.
        result: The result once there is one.
    """

    def __init__(self, task: Task[Result], others: list[int]) -> None:
        self.result: Result | Lost | None = None
        self._task = task
        self._tries = 0
        self._start(others)

    def _start(self, others: list[int]) -> None:
        self._tries += 1
        self._received = bytearray()
        self.handle, sending = os.pipe()
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            _work(self._task.work, parent, sending, [self.handle, *others])
        os.close(sending)

    def take_in(self, others: list[int]) -> None:
        """Reads what the worker sent; at its end the result is known, or the piece is begun again."""
        data = os.read(self.handle, _READ)
        if data:
            self._received += data
            return
        os.close(self.handle)
        _, status = os.waitpid(self._pid, 0)
        if status == 0:
            self.result = pickle.loads(self._received)  # noqa: S301 - our own worker wrote it
        elif self._task.repeatable and self._tries < TRIES:
            self._start(others)
        else:
            self.result = Lost(_words(status))

    def kill(self) -> None:
        """Ends the worker, if it runs."""
        if self.result is not None:
            return
        os.close(self.handle)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _work(work: Callable[[], object], parent: int, sending: int, inherited: list[int]) -> None:
    """The worker's whole life."""
    code = 1
    try:
        # The parent decides when to stop: a key pressed at the terminal reaches all processes.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        # While another worker holds the reading end, nobody would notice that the parent is gone.
        for handle in inherited:
            os.close(handle)
        signal.signal(signal.SIGALRM, lambda *_: None if os.getppid() == parent else os._exit(1))
        signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
        data = memoryview(pickle.dumps(work(), pickle.HIGHEST_PROTOCOL))
        while data:
            data = data[os.write(sending, data) :]
        code = 0
    finally:
        os._exit(code)


def _words(status: int) -> str:
    number = os.waitstatus_to_exitcode(status)
    return f"killed by signal {-number}" if number < 0 else f"ended with exit code {number}"
