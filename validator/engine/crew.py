"""Does tasks in forked processes: in order, however they end, and none outlives its parent.

A worker is one fork for one task. It inherits what it needs, sends back one pickled result and ends, so there is no
state to lose: a worker that is killed is simply started again. While it works it gives a sign of life now and then; one
that gives none is killed, and so started again too.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import time
from collections import deque
from collections.abc import Callable  # noqa: TC003 - a field of a generic NamedTuple
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

Result = TypeVar("Result")

# A task whose worker died this often is given up.
TRIES = 2

_READ = 1 << 20

# Seconds between looks at whether to go on.
_PATIENCE = 0.1

# Seconds between signs of life, and without any before a worker counts as blocked.
_BEAT = 0.5
SILENCE = 30.0

# What a worker sends as a sign of life; no pickle starts with it.
_ALIVE = b"\0"

# So many results more than workers may wait for a slower one that comes before them: each holds memory.
AHEAD = 1


class Task(NamedTuple, Generic[Result]):
    """A piece of work.

    Attributes:
        work: Does it, in a worker; what it returns is pickled.
        repeatable: Whether a second worker may do it if the first one dies.
        stop: Called in the worker when there is no time left: the work should then come to an end with what it has.
    """

    work: Callable[[], Result]
    repeatable: bool = True
    stop: Callable[[], None] | None = None


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
        # Where this is ignored, as some programs leave it to what they start, nobody learns how a child ended.
        self._ignored = signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN
        if self._ignored:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for worker in self._workers:
            worker.kill()
        if self._ignored:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    def results(self, tasks: Iterable[Task[Result]]) -> Iterator[Result | Lost]:
        """Does the tasks and yields their results in order; tasks may be made while workers work."""
        for task in tasks:
            while len(self._running()) >= self._jobs or len(self._workers) >= self._jobs + AHEAD:
                self._wait(_PATIENCE)
                self._check()
                yield from self._finished()
            self._workers.append(_Worker(task, [worker.handle for worker in self._running()]))
            self._wait(0)
            yield from self._finished()
        while self._workers:
            yield from self._finished()
            if self._workers:
                self._wait(_PATIENCE)
                self._check()

    def drain(self, seconds: float) -> Iterator[Result]:
        """Asks the workers to stop, and yields the results that come so soon and before the first one missing."""
        deadline = time.monotonic() + seconds
        while self._workers:
            for result in self._finished():
                if isinstance(result, Lost):
                    return
                yield result
            left = deadline - time.monotonic()
            if not self._workers or left <= 0:
                return
            for worker in self._running():
                worker.ask_to_stop()
            self._wait(min(left, _PATIENCE), again=False)

    def _running(self) -> list[_Worker[Result]]:
        return [worker for worker in self._workers if worker.result is None]

    def _finished(self) -> Iterator[Result | Lost]:
        while self._workers and (result := self._workers[0].result) is not None:
            self._workers.popleft()
            yield result

    def _wait(self, seconds: float, *, again: bool = True) -> None:
        """Takes in what workers send, waiting for at least one of them; `again`: those that died are replaced."""
        start = time.monotonic()
        running = self._running()
        poll = select.poll()
        for worker in running:
            poll.register(worker.handle, select.POLLIN)
        ready = {handle for handle, _ in poll.poll(seconds * 1000)}
        waited = time.monotonic() - start
        for worker in running:
            if worker.handle in ready:
                worker.take_in([w.handle for w in self._running() if w is not worker], again=again)
            else:
                worker.hear_nothing(waited)


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
        self._heard = False
        self._silence = 0.0
        parent = os.getpid()
        ends: Sequence[int] = ()
        try:
            self.handle, sending = ends = os.pipe()
            self._pid = os.fork()
        except OSError:
            for end in ends:
                os.close(end)
            # The system grants no more processes or descriptors: then it is done here.
            self.result = self._task.work()
            return
        if self._pid == 0:
            _work(self._task, parent, sending, [self.handle, *others])
        os.close(sending)

    def take_in(self, others: list[int], *, again: bool) -> None:
        """Reads what the worker sent; at its end the result is known, or the piece is begun again."""
        data = os.read(self.handle, _READ)
        if data:
            self._heard, self._silence = True, 0.0
            self._received += data if self._received else data.lstrip(_ALIVE)
            return
        os.close(self.handle)
        _, status = os.waitpid(self._pid, 0)
        if status == 0:
            self.result = pickle.loads(self._received)  # noqa: S301 - our own worker wrote it
        elif again and self._task.repeatable and self._tries < TRIES:
            self._start(others)
        else:
            self.result = Lost(_words(status))
        self._received = bytearray()

    def hear_nothing(self, seconds: float) -> None:
        """Notes that the worker was silent so long; if that goes on, it is killed."""
        # If this process itself stood still, that is no sign of anything.
        self._silence += min(seconds, 2 * _PATIENCE)
        if self._silence > SILENCE:
            os.kill(self._pid, signal.SIGKILL)

    def ask_to_stop(self) -> None:
        """Asks the worker to come to an end, if its task can and it has begun: before, it would be killed."""
        if self._task.stop and self._heard:
            os.kill(self._pid, signal.SIGUSR1)

    def kill(self) -> None:
        """Ends the worker, if it runs."""
        if self.result is not None:
            return
        os.close(self.handle)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _work(task: Task[Result], parent: int, sending: int, inherited: list[int]) -> None:
    """The worker's whole life."""
    code = 1
    try:
        # The parent decides when to stop: a key pressed at the terminal reaches all processes.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        stop = task.stop
        signal.signal(signal.SIGUSR1, (lambda *_: stop()) if stop else signal.SIG_IGN)
        # While another worker holds the reading end, nobody would notice that the parent is gone.
        for handle in inherited:
            os.close(handle)
        _show_life(parent, sending)
        result = task.work()
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        os.set_blocking(sending, True)
        data = memoryview(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
        while data:
            data = data[os.write(sending, data) :]
        code = 0
    finally:
        os._exit(code)


def _show_life(parent: int, sending: int) -> None:
    """Sends signs of life from now on, and ends this process once its parent is gone."""
    os.set_blocking(sending, False)

    def beat(*_: object) -> None:
        if os.getppid() != parent:
            os._exit(1)
        with contextlib.suppress(BlockingIOError):
            os.write(sending, _ALIVE)

    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGALRM, signal.SIGUSR1))
    signal.signal(signal.SIGALRM, beat)
    signal.setitimer(signal.ITIMER_REAL, _BEAT, _BEAT)
    beat()


def _words(status: int) -> str:
    number = os.waitstatus_to_exitcode(status)
    return f"killed by signal {-number}" if number < 0 else f"ended with exit code {number}"
