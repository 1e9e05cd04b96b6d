"""Answers what a command asks on a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from typing import TYPE_CHECKING

from tests.support.command import command, environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CTRL_C, CTRL_D = "\x03", "\x04"
INIT = ("init", "--by", "Ana", "--on", "2026-03-02")
_PATIENCE = 30


def answered(
    directory: Path,
    answers: Sequence[tuple[str, str]],
    *arguments: str,
    columns: int = 80,
    code: int = 0,
    term: str = "dumb",
) -> str:
    """Answers the questions of `uclint init`; returns what was shown.

    Args:
        directory: Where it runs.
        answers: What a question has in it, in order, and the answer.
        arguments: Another command.
        columns: The width of the terminal.
        code: The exit code that it must have.
        term: The kind of terminal.
    """
    extra = {"TERM": term, "NO_COLOR": "1", "COLUMNS": str(columns)}
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(directory)
        os.execve(command(), [command(), *(arguments or INIT)], environment(extra))  # noqa: S606 - no shell is wanted
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    shown, at = "", 0
    try:
        for question, answer in answers:
            while question not in " ".join(shown[at:].split()):
                part = _read(terminal)
                assert part, f"{question!r} is not asked after:\n{shown[at:]}"
                shown += part
            at = len(shown)
            if answer in (CTRL_C, CTRL_D):
                time.sleep(0.2)  # Python loses a signal between writing a question and reading its answer
                os.write(terminal, answer.encode())
            else:
                os.write(terminal, f"{answer}\n".encode())
        while part := _read(terminal):
            shown += part
    except BaseException:
        os.kill(process, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(process, 0)
        os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == code, shown
    assert "Traceback" not in shown
    assert "Aborted" not in shown
    return shown.replace("\r\n", "\n")


def _read(terminal: int) -> str:
    """What is shown next; nothing once the command has ended."""
    ready, _, _ = select.select([terminal], [], [], _PATIENCE)
    assert ready, "nothing more is shown"
    try:
        return os.read(terminal, 1 << 16).decode(errors="replace")
    except OSError:  # Linux says the end of a terminal so
        return ""
