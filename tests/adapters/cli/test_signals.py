"""Ctrl-C and SIGTERM: what was read is reported, marked partial, and adds up."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import GOOD, command, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIGNALS = [pytest.param(signal.SIGINT, 130, id="Ctrl-C"), pytest.param(signal.SIGTERM, 143, id="SIGTERM")]
LINES = 5_000


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str | Path, stdin: int | None = subprocess.PIPE) -> subprocess.Popen[bytes]:
        # One use case: a report that a pipe holds, so that nobody needs to read it before the end.
        everything = [command(), "check", *arguments, "--format", "json", "-u", "acquire-paid-subscriptions"]
        process = subprocess.Popen(
            everything, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.01)


def unread(pipe: Any) -> int:
    """The bytes that wait in a pipe."""
    (count,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))
    return int(count)


def ended(process: subprocess.Popen[bytes], code: int) -> dict[str, Any]:
    process.wait(60)  # with its standard input still open: the end of that must not come first
    out, err = process.communicate()
    assert (process.returncode, err) == (code, b"")
    report: dict[str, Any] = json.loads(out)
    assert report["partial"]
    lines = dict(report["lines"])
    assert lines.pop("total") == sum(lines.values()) == sum(i["lines"] for i in report["inputs"])
    assert not any(i["complete"] for i in report["inputs"])
    calls = report["calls"]
    assert calls["total"] == calls["valid"] + calls["invalid"] == sum(calls["by_type"].values())
    return report


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_while_waiting_for_a_pipe(
    started: Callable[..., subprocess.Popen[bytes]], number: signal.Signals, code: int
) -> None:
    process = started("-")
    assert process.stdin is not None
    process.stdin.write(GOOD * LINES)
    process.stdin.flush()
    until(lambda: unread(process.stdin) == 0)
    time.sleep(0.3)  # for what it took out of the pipe to be counted
    process.send_signal(number)
    report = ended(process, code)
    assert report["lines"]["call"] == LINES
    events = {e["event"]: e["calls"] for u in report["use_cases"] for e in u["events"]}
    assert events["Trial Started"] == LINES


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_while_waiting_for_the_first_byte(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = started(pipe, stdin=subprocess.DEVNULL)
    with pipe.open("wb"):  # opens only when the other side does
        time.sleep(0.3)
        process.send_signal(number)
        assert ended(process, code)["lines"]["total"] == 0


@pytest.mark.skipif(not Path("/proc/self/fdinfo").exists(), reason="/proc has how far a file was read")
@pytest.mark.parametrize(("number", "code"), SIGNALS)
@pytest.mark.parametrize("form", ["lines", "array"])
def test_while_reading_a_big_file(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, number: signal.Signals, code: int, form: str
) -> None:
    big, after = tmp_path / "big", tmp_path / "after.ndjson"
    # Lines that are no calls are judged one by one, which takes long enough to be cut short.
    big.write_bytes(b"[]\n" * 2_000_000 if form == "lines" else b"[" + b'{"type":"track"},' * 500_000 + b"{}]")
    after.write_bytes(GOOD)
    process = started(big, after, stdin=subprocess.DEVNULL)
    until(lambda: position(process.pid, big) > 1 << 17)
    process.send_signal(number)
    report = ended(process, code)
    assert 0 < report["lines"]["total"] < (2_000_000 if form == "lines" else 500_001)
    assert [i["lines"] > 0 for i in report["inputs"]] == [True, False]


def position(pid: int, path: Path) -> int:
    """How far a process has read a file; 0 while it has not opened it."""
    folder = Path("/proc", str(pid), "fd")
    try:
        for link in folder.iterdir():
            if link.readlink() == path:
                (line, *_) = (folder.parent / "fdinfo" / link.name).read_text().splitlines()
                return int(line.removeprefix("pos:"))
    except FileNotFoundError:
        pass
    return 0


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_the_report_is_written_to_a_file_too(
    started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    report = tmp_path / "report.json"
    process = started("-", "-o", report)
    assert process.stdin is not None
    process.stdin.write(GOOD * LINES)
    process.stdin.flush()
    until(lambda: unread(process.stdin) == 0)
    process.send_signal(number)
    process.wait(60)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (code, b"", b"")
    assert json.loads(report.read_bytes())["partial"]


def test_ctrl_c_while_starting_is_quiet() -> None:
    code = """\
import sys
class Finder:
    def find_spec(self, name, *more):
        if name == "click":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from validator.adapters.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, env=environment(), timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
