"""A forked process that makes the requests of the main process.

The client library of stores and pyarrow run threads, and a process with threads cannot fork safely; the main process
forks workers. So it uses neither: each request is a generator that runs in a thread of the helper, and its items come
through a socket of its own. Workers never fork, so they use the libraries themselves.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import pickle
import signal
import socket
import threading
from typing import TYPE_CHECKING, Any, Final

from validator.input.buckets.faults import StoreError, fault_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What is sent: raw bytes, a pickled item, or a pickled error; each as its kind, its length, and the data.
_BYTES, _ITEM, _ERROR, _END = b"b", b"i", b"e", b"."
_LENGTH: Final = 8
_HEAD: Final = 1 + _LENGTH
_PIECE: Final = 1 << 20

# The size of a socket's buffer, which bounds what is read ahead.
_BUFFER: Final = 1 << 20

# Seconds between checks whether the main process still lives.
_LOOK: Final = 1.0

# Name of a request -> what makes its items.
Requests = dict[str, "Callable[..., Iterator[Any]]"]


class Helper:
    """The helper process.

    Args:
        make: Makes the requests it can do; called in it.
    """

    def __init__(self, make: Callable[[], Requests]) -> None:
        self._control, theirs = socket.socketpair()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                self._control.close()
                _serve(theirs, make, parent)
                code = 0
            finally:
                os._exit(code)
        theirs.close()
        self._owner = parent
        atexit.register(self.close)

    @property
    def is_ours(self) -> bool:
        """Whether this process started it."""
        return self._owner == os.getpid()

    def request(self, name: str, *arguments: Any) -> RemoteItems:
        """Begins a request.

        Raises:
            BrokenPipeError: The process has ended.
        """
        mine, theirs = socket.socketpair()
        with theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            try:
                socket.send_fds(self._control, [b"r"], [theirs.fileno()])
                data = pickle.dumps((name, arguments), pickle.HIGHEST_PROTOCOL)
                mine.sendall(len(data).to_bytes(_LENGTH, "little") + data)
            except OSError:
                mine.close()
                raise
        return RemoteItems(mine)

    def forget(self) -> None:
        """Closes this copy, in a process that was forked."""
        self._control.close()

    def close(self) -> None:
        """Ends the process."""
        if not self.is_ours:
            return
        self._control.close()
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


class RemoteItems:
    """The items of a request, as they arrive."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._ended = False

    def __iter__(self) -> RemoteItems:
        return self

    def __next__(self) -> Any:
        if self._ended:
            raise StopIteration
        head = self._exactly(_HEAD)
        kind, size = head[:1], int.from_bytes(head[1:], "little")
        if kind == _END:
            self.close()
            raise StopIteration
        data = self._exactly(size)
        if kind == _BYTES:
            return data
        found = pickle.loads(data)  # noqa: S301 - our own process wrote it
        if kind == _ERROR:
            self.close()
            raise found
        return found

    def _exactly(self, size: int) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            try:
                count = self._connection.recv_into(view)
            except OSError:
                count = 0
            if not count:
                raise StoreError("the process that reads buckets has ended")
            view = view[count:]
        return data

    def close(self) -> None:
        """Ends the request."""
        self._ended = True
        self._connection.close()


def _serve(control: socket.socket, make: Callable[[], Requests], parent: int) -> None:
    """The main function of the helper: a thread for each request."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)  # the main process decides when to stop
    signal.setitimer(signal.ITIMER_REAL, 0)
    gc.freeze()
    requests = make()
    control.settimeout(_LOOK)
    while os.getppid() == parent:
        try:
            data, handles, _, _ = socket.recv_fds(control, 1, 1)
        except TimeoutError:
            continue
        if not data:
            return
        connection = socket.socket(fileno=handles[0])
        threading.Thread(target=_answer, args=(connection, requests), daemon=True).start()


def _answer(connection: socket.socket, requests: Requests) -> None:
    """Does one request; ends when the other side closes the connection."""
    with connection, contextlib.suppress(OSError):
        with connection.makefile("rb") as reader:
            name, arguments = pickle.loads(reader.read(int.from_bytes(reader.read(_LENGTH), "little")))  # noqa: S301
        try:
            for item in requests[name](*arguments):
                if isinstance(item, memoryview):
                    _send_bytes(connection, item)
                else:
                    _send(connection, _ITEM, pickle.dumps(item, pickle.HIGHEST_PROTOCOL))
        except (BrokenPipeError, ConnectionResetError):
            return
        except Exception as error:
            _send(connection, _ERROR, pickle.dumps(fault_of(error)))
        else:
            _send(connection, _END, b"")


def _send_bytes(connection: socket.socket, view: memoryview) -> None:
    for start in range(0, len(view), _PIECE):
        _send(connection, _BYTES, view[start : start + _PIECE])


def _send(connection: socket.socket, kind: bytes, data: bytes | memoryview) -> None:
    connection.sendall(kind + len(data).to_bytes(_LENGTH, "little"))
    connection.sendall(data)
