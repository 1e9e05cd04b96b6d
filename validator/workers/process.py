"""A forked worker process: does tasks, sends pickled results, and sends signs of life."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
from collections.abc import Callable  # noqa: TC003 - a field of a generic NamedTuple
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from validator.input.threads import never_fork

if TYPE_CHECKING:
    from collections.abc import Iterable

Result = TypeVar("Result")

_READ = 1 << 20

# Seconds between signs of life, and of silence before a worker counts as blocked. A longer wait counts as LONGEST_WAIT:
# if this process itself was suspended, silence means nothing.
_BEAT = 0.5
SILENCE = 30.0
LONGEST_WAIT = 0.2

# What a worker sends: signs of life, and results, each as this byte, its length, and the data.
_ALIVE = b"\0"
_RESULT = b"\1"
_LENGTH: Final = 8
_HEAD: Final = len(_RESULT) + _LENGTH


class Task(NamedTuple, Generic[Result]):
    """A piece of work.

    Attributes:
        work: The function that does it in a worker; its result is pickled.
        repeatable: Whether a second worker may do it if the first one dies.
        stop: Called in the worker when time is up: the work should then end with what it has.
        order: The argument of `work`, which lets a worker that did such a task do this one, too; None for work without
            one, which needs a new worker. It is pickled; what it refers to must exist before all workers.
        here: Whether this process does it, once all before it are done.
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
    """A process that does a task, and then further orders.

    Args:
        task: The first task.
        others: The other workers: it must close its copies of their pipes, else their end would go unnoticed.

    Attributes:
        pid: The process.
        results: The pipe of its results.
        work: Its function.
        alive: Whether it gave a sign of life.
    """

    def __init__(self, task: Task[Any], others: Iterable[WorkerProcess]) -> None:
        self.work = task.work
        self.alive = False
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
        self.results, sending, listening, self._orders = ends
        if self.pid == 0:
            inherited = [self.results, self._orders, *(end for w in others for end in (w.results, w._orders))]
            _live(task, parent, sending, listening, inherited)
        os.close(sending)
        os.close(listening)

    def order_next(self, order: Any) -> bool:
        """Sends the next order; False if the process has ended."""
        self._silence = 0.0
        data = pickle.dumps(order, pickle.HIGHEST_PROTOCOL)
        try:
            _write(self._orders, len(data).to_bytes(_LENGTH, "little") + data)
        except BrokenPipeError:
            return False
        return True

    def receive(self) -> bool:
        """Reads from the process; returns whether its result is complete, or it has ended."""
        data = os.read(self.results, _READ)
        self._silence = 0.0
        self.alive = self.alive or bool(data)
        self._received += data if self._received else data.lstrip(_ALIVE)
        return not data or self._end_of_result() <= len(self._received)

    def result(self) -> bytes | None:
        """The complete result; None if the process ended before."""
        received, end = self._received, self._end_of_result()
        self._received = bytearray()
        return bytes(received[_HEAD:end]) if end <= len(received) else None

    def _end_of_result(self) -> int:
        """The end of the result in the received bytes; beyond them while its length is unknown."""
        return _HEAD + max(int.from_bytes(self._received[len(_RESULT) : _HEAD], "little"), 1)

    def note_silence(self, seconds: float) -> None:
        """Records silence, and kills the process if it lasts too long."""
        self._silence += min(seconds, LONGEST_WAIT)
        if self._silence > SILENCE:
            os.kill(self.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kills the process."""
        os.kill(self.pid, signal.SIGKILL)
        self.end()

    def end(self) -> str:
        """Waits for the process, which ends without orders; returns how it ended, in words."""
        os.close(self._orders)
        os.close(self.results)
        _, status = os.waitpid(self.pid, 0)
        number = os.waitstatus_to_exitcode(status)
        return f"killed by signal {-number}" if number < 0 else f"ended with exit code {number}"


def _live(task: Task[Any], parent: int, sending: int, listening: int, inherited: Iterable[int]) -> None:
    """The main function of a worker."""
    code = 1
    try:
        never_fork()
        # The parent decides when to stop: Ctrl-C at the terminal reaches all processes.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        stop = task.stop
        signal.signal(signal.SIGUSR1, (lambda *_: stop()) if stop else signal.SIG_IGN)
        # While another worker holds the reading end, the end of the parent would go unnoticed.
        for handle in inherited:
            os.close(handle)
        _show_life(parent, sending)
        _send(sending, task.do())
        while task.order is not None and (order := _next_order(listening)) is not None:
            _send(sending, task.work(order))
        code = 0
    finally:
        os._exit(code)


class _Life:
    """Whether a sign of life may be sent.

    Blocking the signal is not enough: where a library runs threads, one of them takes it, and this one handles it.
    """

    is_quiet = False


def _send(sending: int, result: object) -> None:
    """Sends a result, between two signs of life."""
    data = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    _Life.is_quiet = True
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGALRM, signal.SIGUSR1))
    os.set_blocking(sending, True)
    _write(sending, _RESULT + len(data).to_bytes(_LENGTH, "little"))
    _write(sending, data)
    os.set_blocking(sending, False)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGALRM, signal.SIGUSR1))
    _Life.is_quiet = False


def _next_order(listening: int) -> Any:
    """The next order; None if there will be no more."""
    with os.fdopen(listening, "rb", closefd=False) as orders:
        size = int.from_bytes(orders.read(_LENGTH), "little")
        return pickle.loads(orders.read(size)) if size else None  # noqa: S301 - our own parent wrote it


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _show_life(parent: int, sending: int) -> None:
    """Sends signs of life from now on, and ends this process when its parent has ended."""
    os.set_blocking(sending, False)

    def beat(*_: object) -> None:
        if os.getppid() != parent:
            os._exit(1)
        if not _Life.is_quiet:
            with contextlib.suppress(BlockingIOError):
                os.write(sending, _ALIVE)

    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGALRM, signal.SIGUSR1))
    signal.signal(signal.SIGALRM, beat)
    signal.setitimer(signal.ITIMER_REAL, _BEAT, _BEAT)
    beat()
