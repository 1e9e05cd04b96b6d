"""The line that says how far the reading is: only for somebody who watches, and never wider than the terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.command import GOOD, command, environment
from validator.adapters.cli.progress import line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MB = 1_000_000


@pytest.mark.parametrize(
    ("width", "total", "text"),
    [
        (80, 400 * MB, "[##......]  25% of 400 MB  50,000 calls/s  50 MB/s  0:06 left  7 malformed"),
        (60, 400 * MB, " 25%  50,000 calls/s  50 MB/s  0:06 left  7 malformed"),
        (40, 400 * MB, " 25%  0:06 left  7 malformed"),
        (20, 400 * MB, " 25%  0:06 left"),
        (5, 400 * MB, " 25% "),
        (80, None, "100 MB  50,000 calls/s  50 MB/s  7 malformed"),
        (30, None, "100 MB  50 MB/s  7 malformed"),
        (10, None, "100 MB"),
    ],
)
def test_the_line_says_what_there_is_room_for(width: int, total: int | None, text: str) -> None:
    assert line(100 * MB, 100_000, 7, 2.0, total, width=width) == text


def test_the_line_at_the_edges() -> None:
    assert line(0, 0, 0, 0.0, 5 * MB).startswith("[........]   0% of 5 MB  0 calls/s  0 MB/s")
    assert "100% of 5 MB" in line(9 * MB, 1, 0, 1.0, 5 * MB)  # the file grew


@contextmanager
def terminal(width: int) -> Iterator[tuple[int, int]]:
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    try:
        yield main, other
    finally:
        os.close(main)


def watched(width: int, *options: str, env: Mapping[str, str] | None = None, seconds: float = 0.7) -> str:
    """What standard error shows on a terminal while calls come slowly; standard output goes elsewhere."""
    with terminal(width) as (main, other):
        process = subprocess.Popen(
            [command(), "check", "-", "-j", "1", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=other,
            env=environment({"TERM": "xterm", "CI": "", **(env or {})}),
        )
        os.close(other)
        assert process.stdin is not None
        with process.stdin as pipe:
            for pause in (seconds, 0.15, 0.15):
                pipe.write(GOOD * 2_000)
                pipe.flush()
                time.sleep(pause)
            pipe.write(b"{\n" + GOOD * 2_000)
        shown = b""
        try:
            while part := os.read(main, 1 << 16):
                shown += part
        except OSError:  # Linux says the end of a terminal so
            pass
        process.wait(60)
    return shown.decode()


@pytest.mark.parametrize("width", [30, 80])
def test_it_fits_the_terminal_and_is_removed(width: int) -> None:
    shown = watched(width)
    texts = shown.split("\r")
    assert any(re.match(r"\d+ MB  .*malformed", text) for text in texts)
    assert "\n" not in shown
    assert max(map(len, texts)) == width - 1
    assert texts[-1] == ""
    assert not texts[-2].strip()


@pytest.mark.parametrize(
    ("options", "env"), [(["--quiet"], {}), ([], {"CI": "true"}), ([], {"TERM": "dumb"})], ids=["quiet", "CI", "dumb"]
)
def test_nobody_watches(options: list[str], env: dict[str, str]) -> None:
    assert watched(80, *options, env=env) == ""
