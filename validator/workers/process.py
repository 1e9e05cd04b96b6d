"""A forked worker process: it does tasks, sends pickled results back, and shows that it lives."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
from collections.abc import Callable  # noqa: TC003 - a field of a generic NamedTuple
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Result = TypeVar("Result")

_READ = 1 << 20

# Seconds between signs of life, and without any before a worker counts as blocked. A longer wait than the longest
# counts as that: if this process itself stood still, silence is no sign of anything.
_BEAT = 0.5
SILENCE = 30.0
LONGEST_WAIT = 0.2

# What a worker sends: signs of life, and now and then a result, which is this, its length, and itself.
_ALIVE = b"\0"
_RESULT = b"\1"
_LENGTH: Final = 8
_HEAD: Final = len(_RESULT) + _LENGTH


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


class WorkerProcess:
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

    def __init__(self, task: Task[Any], others: Iterable[WorkerProcess]) -> None:
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
        self._silence += min(seconds, LONGEST_WAIT)
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
