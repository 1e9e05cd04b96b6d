"""Runs the command in a fork of a process that has imported it: a process of its own, without the time to start one.

`python -m tests.support.forks FD` is that process. It takes one command line after another from a socket, each with the
three streams that it is to have, and forks. The fork is set up as the interpreter sets up itself, and runs the command.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import coverage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Forks:
    """The process that forks, and how it is asked to.

    Args:
        environment: What it starts with; it is not measured itself.
        cwd: Where it can import this module.
    """

    def __init__(self, environment: Mapping[str, str], cwd: Path) -> None:
        self._socket, theirs = socket.socketpair()
        self._answers = self._socket.makefile("rb")
        with theirs:
            number = theirs.fileno()
            words = [sys.executable, "-m", "tests.support.forks", str(number)]
            subprocess.run(words, check=True, env=environment, cwd=cwd, pass_fds=[number])

    def close(self) -> None:
        """Lets it end, and waits for that."""
        self._socket.shutdown(socket.SHUT_WR)
        self._answers.read()
        self._answers.close()
        self._socket.close()

    def run(
        self,
        words: Sequence[str | bytes | Path],
        *,
        cwd: Path | None,
        stdin: bytes,
        env: Mapping[str, str],
        timeout: float,
    ) -> subprocess.CompletedProcess[bytes]:
        """As `subprocess.run`; `words` are the whole command line."""
        task = {"words": [os.fsdecode(word) for word in words], "cwd": str(cwd or os.getcwd()), "env": dict(env)}  # noqa: PTH109
        (take, give), (out, theirs_out), (err, theirs_err) = os.pipe(), os.pipe(), os.pipe()
        theirs = [take, theirs_out, theirs_err]
        socket.send_fds(self._socket, [b"\n"], theirs)
        self._socket.sendall(json.dumps(task).encode() + b"\n")
        for number in theirs:
            os.close(number)
        alarm = threading.Timer(timeout, os.kill, (int(self._answers.readline()), signal.SIGKILL))
        found: dict[int, bytes] = {}
        feeding = threading.Thread(target=_feed, args=(give, stdin))
        reading = threading.Thread(target=_read, args=(err, found))
        for thread in (alarm, feeding, reading):
            thread.start()
        _read(out, found)
        code = int(self._answers.readline())
        alarm.cancel()
        for thread in (alarm, feeding, reading):
            thread.join()
        return subprocess.CompletedProcess(list(words), code, found[out], found[err])


def _feed(number: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), open(number, "wb") as stream:
        stream.write(data)


def _read(number: int, found: dict[int, bytes]) -> None:
    with open(number, "rb") as stream:
        found[number] = stream.read()


def serve(number: int) -> None:
    """Forks for each command line and tells how it ended; returns in the fork. It ends when nobody asks any more."""
    with socket.socket(fileno=number) as asked, asked.makefile("rb") as tasks:
        while True:
            _, streams, _, _ = socket.recv_fds(asked, 1, 3)
            if not streams:
                sys.exit()
            task = json.loads(tasks.readline())
            pid = os.fork()
            if not pid:
                break
            for stream in streams:
                os.close(stream)
            asked.sendall(b"%d\n" % pid)
            asked.sendall(b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    become(task, streams)


def become(task: Mapping[str, Any], streams: Sequence[int]) -> None:
    """Makes this process what the interpreter makes of itself when it starts with that command line."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(task["cwd"])
    os.environ.clear()
    os.environ.update(task["env"])
    sys.argv = task["words"]
    sys.stdin = io.TextIOWrapper(os.fdopen(0, "rb", closefd=False), "utf-8", "surrogateescape")
    sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), "utf-8", "surrogateescape")
    sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb", closefd=False), "utf-8", "backslashreplace", line_buffering=True)


def run() -> None:
    """Runs the command. A process that ends as it should is not torn down, which would take as long again."""
    from validator.adapters.cli import main  # noqa: PLC0415

    measured = coverage.process_startup()
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        if not isinstance(end.code, int):
            raise
        if measured:
            measured.stop()
            measured.save()
        os._exit(end.code)


def import_all() -> None:
    """Imports every module that a command may import; that reads and makes nothing yet."""
    import validator  # noqa: PLC0415

    for module in pkgutil.walk_packages(validator.__path__, "validator."):
        if module.name not in {"validator.__main__", "validator.adapters.pytest_plugin"}:
            importlib.import_module(module.name)


if __name__ == "__main__":
    import_all()
    gc.freeze()
    if os.fork():  # tests that look whether they have left a process over shall not find this one
        os._exit(0)
    serve(int(sys.argv[1]))
    run()
