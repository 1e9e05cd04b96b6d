"""A pool of forked workers: yields results in order, survives crashes, and leaves no processes behind.

A worker inherits what it needs and sends back pickled results. Most do one task and end. Those whose task has an order
wait for more orders, since forking takes longer than a small task. No worker has state that must not be lost: a killed
one is replaced, and its task repeated. A working process sends signs of life; a silent one is killed and replaced.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import time
from collections import deque
from typing import TYPE_CHECKING, Generic, NamedTuple

from validator.workers.process import Result, Task, WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

# A task whose worker died this often fails.
TRIES = 2

# Seconds between checks whether to go on.
_PATIENCE = 0.1

# Results beyond the number of workers that may wait for a slower one before them; each takes memory.
AHEAD = 1


class Lost(NamedTuple):
    """The result of a task whose workers died."""

    why: str


class WorkerPool(Generic[Result]):
    """A pool of workers.

    Args:
        jobs: Maximum number of workers.
        check: Called repeatedly while waiting; an exception ends the waiting.

    Use it as a context manager: leaving it kills running workers.
    """

    def __init__(self, jobs: int, check: Callable[[], None] = lambda: None) -> None:
        self._most = jobs
        self._check = check
        self._jobs: deque[_Job[Result]] = deque()  # in order; jobs whose result was not yielded yet
        self._idle: list[WorkerProcess] = []

    def __enter__(self) -> WorkerPool[Result]:
        # If SIGCHLD is ignored, as inherited from some programs, exit statuses are lost.
        self._ignored = signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN
        if self._ignored:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for worker in self._workers():
            worker.kill()
        if self._ignored:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    def results(self, tasks: Iterable[Task[Result]]) -> Iterator[Result | Lost]:
        """Runs the tasks and yields their results in order; tasks may be produced lazily."""
        for task in tasks:
            if task.here:
                yield from self._rest()
                yield task.do()
                continue
            while len(self._running()) >= self._most or len(self._jobs) >= self._most + AHEAD:
                self._wait(_PATIENCE)
                self._check()
                yield from self._finished()
            job = _Job(task)
            self._jobs.append(job)
            self._begin(job)
            self._wait(0)
            self._check()  # fast workers may never have to be waited for
            yield from self._finished()
        yield from self._rest()

    def _rest(self) -> Iterator[Result | Lost]:
        """The results of all started tasks."""
        while self._jobs:
            yield from self._finished()
            if self._jobs:
                self._wait(_PATIENCE)
                self._check()

    def drain(self, seconds: float) -> Iterator[Result]:
        """Asks the workers to stop, and yields results that arrive in time, up to the first missing one."""
        deadline = time.monotonic() + seconds
        while self._jobs:
            for result in self._finished():
                if isinstance(result, Lost):
                    return
                yield result
            left = deadline - time.monotonic()
            if not self._jobs or left <= 0:
                return
            for job in self._running():
                job.ask_to_stop()
            self._wait(min(left, _PATIENCE), again=False)

    def _running(self) -> list[_Job[Result]]:
        return [job for job in self._jobs if job.worker]

    def _workers(self) -> list[WorkerProcess]:
        return [*self._idle, *(job.worker for job in self._jobs if job.worker)]

    def _finished(self) -> Iterator[Result | Lost]:
        while self._jobs and self._jobs[0].results:
            yield from self._jobs.popleft().results

    def _begin(self, job: _Job[Result]) -> None:
        """Assigns a task to an idle worker, else to a new one."""
        task = job.task
        while self._idle:
            worker = self._idle.pop()
            if task.order is not None and worker.work == task.work and worker.order_next(task.order):
                job.worker = worker
                return
            worker.kill()
        job.tries += 1  # an idle worker may have ended before
        try:
            job.worker = WorkerProcess(task, self._workers())
        except OSError:
            # The system allows no more processes or descriptors: do it here.
            job.results.append(task.do())

    def _wait(self, seconds: float, *, again: bool = True) -> None:
        """Receives from workers, waiting for at least one; `again`: dead ones are replaced."""
        start = time.monotonic()
        running = [(job, job.worker) for job in self._jobs if job.worker]
        poll = select.poll()
        for _, worker in running:
            poll.register(worker.results, select.POLLIN)
        ready = {handle for handle, _ in poll.poll(seconds * 1000)}
        waited = time.monotonic() - start
        for job, worker in running:
            if worker.results not in ready:
                worker.note_silence(waited)
            elif worker.receive():
                self._note(job, worker, again=again)

    def _note(self, job: _Job[Result], worker: WorkerProcess, *, again: bool) -> None:
        """Handles a result, or the end of a worker without one."""
        job.worker = None
        if (sent := worker.result()) is not None:
            job.results.append(pickle.loads(sent))  # noqa: S301 - our own worker wrote it
            if job.task.order is None:
                worker.end()
            else:
                self._idle.append(worker)
            return
        why = worker.end()
        if again and job.task.repeatable and job.tries < TRIES:
            self._begin(job)
        else:
            job.results.append(Lost(why))


class _Job(Generic[Result]):
    """A task, its current worker, the number of workers started for it, and its result if there is one."""

    def __init__(self, task: Task[Result]) -> None:
        self.task = task
        self.worker: WorkerProcess | None = None
        self.tries = 0
        self.results: list[Result | Lost] = []  # empty until there is one, which may be None

    def ask_to_stop(self) -> None:
        """Asks the worker to finish, if its task supports that and it has started: before, the signal would kill it."""
        if self.task.stop and self.worker and self.worker.alive:
            os.kill(self.worker.pid, signal.SIGUSR1)
