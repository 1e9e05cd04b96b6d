"""Does tasks in forked processes: in order, however they end, and none outlives its parent.

A worker inherits what it needs and sends back pickled results. Most do one task and end. Those whose task is an order
wait for more orders: a fork copies what both processes write to, and takes longer than a small task does. No worker has
state that may be lost: one that is killed is replaced, and its task done again. While it works it gives a sign of life
now and then; one that gives none is killed, and so replaced too.
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
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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

# What a worker sends: signs of life, and now and then a result, which is this, its length, and itself.
_ALIVE = b"\0"
_RESULT = b"\1"
_LENGTH: Final = 8
_HEAD: Final = len(_RESULT) + _LENGTH

# So many results more than workers may wait for a slower one that comes before them: each holds memory.
AHEAD = 1


class Task(NamedTuple, Generic[Result]):
    """A piece of work.

    Attributes:
        work: Does it, in a worker; what it returns is pickled.
        repeatable: Whether a second worker may do it if the first one dies.
        stop: Called in the worker when there is no time left: the work should then come to an end with what it has.
        order: What a worker is told that did such a task before, and so calls the same `work` with; None for work that
            takes nothing, and so a worker of its own. It is pickled; what it speaks of was there before all workers.
        here: Whether this process does it itself, once all before it are done.
    """

    work: Callable[..., Result]
    repeatable: bool = True
    stop: Callable[[], None] | None = None
    order: Any = None
    here: bool = False

    def do(self) -> Result:
        """Does it here."""
        return self.work() if self.order is None else self.work(self.order)


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
        self._most = jobs
        self._check = check
        self._jobs: deque[_Job[Result]] = deque()  # in order; those whose result was not yielded yet
        self._idle: list[_Worker] = []

    def __enter__(self) -> Crew[Result]:
        # Where this is ignored, as some programs leave it to what they start, nobody learns how a child ended.
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
        """Does the tasks and yields their results in order; tasks may be made while workers work."""
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
            self._check()  # workers may be so quick that nobody ever waits for them
            yield from self._finished()
        yield from self._rest()

    def _rest(self) -> Iterator[Result | Lost]:
        """The results of all tasks that were begun."""
        while self._jobs:
            yield from self._finished()
            if self._jobs:
                self._wait(_PATIENCE)
                self._check()

    def drain(self, seconds: float) -> Iterator[Result]:
        """Asks the workers to stop, and yields the results that come so soon and before the first one missing."""
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

    def _workers(self) -> list[_Worker]:
        return [*self._idle, *(job.worker for job in self._jobs if job.worker)]

    def _finished(self) -> Iterator[Result | Lost]:
        while self._jobs and (result := self._jobs[0].result) is not None:
            self._jobs.popleft()
            yield result

    def _begin(self, job: _Job[Result]) -> None:
        """Gives a task to a worker that waits for orders, else to a new one."""
        task = job.task
        while self._idle:
            worker = self._idle.pop()
            if task.order is not None and worker.work == task.work and worker.tell(task.order):
                job.worker = worker
                return
            worker.kill()
        job.tries += 1  # where one that waited has ended, that may have been before
        try:
            job.worker = _Worker(task, self._workers())
        except OSError:
            # The system grants no more processes or descriptors: then it is done here.
            job.result = task.do()

    def _wait(self, seconds: float, *, again: bool = True) -> None:
        """Takes in what workers send, waiting for at least one of them; `again`: those that died are replaced."""
        start = time.monotonic()
        running = [(job, job.worker) for job in self._jobs if job.worker]
        poll = select.poll()
        for _, worker in running:
            poll.register(worker.results, select.POLLIN)
        ready = {handle for handle, _ in poll.poll(seconds * 1000)}
        waited = time.monotonic() - start
        for job, worker in running:
            if worker.results not in ready:
                worker.hear_nothing(waited)
            elif worker.take_in():
                self._note(job, worker, again=again)

    def _note(self, job: _Job[Result], worker: _Worker, *, again: bool) -> None:
        """A worker has sent its result, or ended without one."""
        job.worker = None
        if (sent := worker.result()) is not None:
            job.result = pickle.loads(sent)  # noqa: S301 - our own worker wrote it
            if job.task.order is None:
                worker.end()
            else:
                self._idle.append(worker)
            return
        why = worker.end()
        if again and job.task.repeatable and job.tries < TRIES:
            self._begin(job)
        else:
            job.result = Lost(why)


class _Job(Generic[Result]):
    """A task, who does it now, how many workers were started for it, and its result once there is one."""

    def __init__(self, task: Task[Result]) -> None:
        self.task = task
        self.worker: _Worker | None = None
        self.tries = 0
        self.result: Result | Lost | None = None

    def ask_to_stop(self) -> None:
        """Asks the worker to come to an end, if its task can and it has begun: before, it would be killed."""
        if self.task.stop and self.worker and self.worker.heard:
            os.kill(self.worker.pid, signal.SIGUSR1)


class _Worker:
    """A process that does a task, and then what it is told.

    Args:
        task: The first task.
        others: The workers there are, of whose pipes it must hold no end: nobody would notice that one has ended.

    Attributes:
        pid: The process.
        results: Where its results come from.
        work: What it does.
        heard: Whether it gave a sign of life.
    """

    def __init__(self, task: Task[Any], others: Iterable[_Worker]) -> None:
        self.work = task.work
        self.heard = False
        self._received = bytearray()
        self._silence = 0.0
        parent = os.getpid()
        ends: list[int] = []
        try:
            ends += os.pipe()
            ends += os.pipe()
            self.pid = os.fork()
        except OSError:
            for end in ends:
                os.close(end)
            raise
        self.results, sending, hearing, self._orders = ends
        if self.pid == 0:
            inherited = [self.results, self._orders, *(end for w in others for end in (w.results, w._orders))]
            _live(task, parent, sending, hearing, inherited)
        os.close(sending)
        os.close(hearing)

    def tell(self, order: Any) -> bool:
        """Gives it the next task; False if it is no more."""
        self._silence = 0.0
        data = pickle.dumps(order, pickle.HIGHEST_PROTOCOL)
        try:
            _write(self._orders, len(data).to_bytes(_LENGTH, "little") + data)
        except BrokenPipeError:
            return False
        return True

    def take_in(self) -> bool:
        """Reads what it sent; returns whether its result is there, or it has ended."""
        data = os.read(self.results, _READ)
        self._silence = 0.0
        self.heard = self.heard or bool(data)
        self._received += data if self._received else data.lstrip(_ALIVE)
        return not data or self._end_of_result() <= len(self._received)

    def result(self) -> bytes | None:
        """What it sent, whole; None if it ended before."""
        received, end = self._received, self._end_of_result()
        self._received = bytearray()
        return bytes(received[_HEAD:end]) if end <= len(received) else None

    def _end_of_result(self) -> int:
        """Up to where a result goes of which at least the start must have been received; until then, too far."""
        return _HEAD + max(int.from_bytes(self._received[len(_RESULT) : _HEAD], "little"), 1)

    def hear_nothing(self, seconds: float) -> None:
        """Notes that it was silent so long; if that goes on, it is killed."""
        # If this process itself stood still, that is no sign of anything.
        self._silence += min(seconds, 2 * _PATIENCE)
        if self._silence > SILENCE:
            os.kill(self.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Ends it at once."""
        os.kill(self.pid, signal.SIGKILL)
        self.end()

    def end(self) -> str:
        """Lets it end, as it does without orders; returns how it ended, in words."""
        os.close(self._orders)
        os.close(self.results)
        _, status = os.waitpid(self.pid, 0)
        number = os.waitstatus_to_exitcode(status)
        return f"killed by signal {-number}" if number < 0 else f"ended with exit code {number}"


def _live(task: Task[Any], parent: int, sending: int, hearing: int, inherited: Iterable[int]) -> None:
    """The whole life of a worker."""
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
        _send(sending, task.do())
        while task.order is not None and (order := _next_order(hearing)) is not None:
            _send(sending, task.work(order))
        code = 0
    finally:
        os._exit(code)


def _send(sending: int, result: object) -> None:
    """Sends a result, between two signs of life."""
    data = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGALRM, signal.SIGUSR1))
    os.set_blocking(sending, True)
    _write(sending, _RESULT + len(data).to_bytes(_LENGTH, "little"))
    _write(sending, data)
    os.set_blocking(sending, False)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGALRM, signal.SIGUSR1))


def _next_order(hearing: int) -> Any:
    """The next order; None if there will be no more."""
    with os.fdopen(hearing, "rb", closefd=False) as orders:
        size = int.from_bytes(orders.read(_LENGTH), "little")
        return pickle.loads(orders.read(size)) if size else None  # noqa: S301 - our own parent wrote it


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


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
