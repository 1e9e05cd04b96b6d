"""Ctrl-C and SIGTERM at any moment, while what is read takes as long as it can: the report comes soon all the same.

UCLINT_TESTS=long tries every input as a file, a pipe and a gzip pipe, read by one, two and three processes; else each
input is tried one way.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.support.command import LONG, command, environment
from tests.support.slow_inputs import EVERY, packed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The partial report is owed within two seconds. A run may have to wait for others that use the machine, so what counts
# is the processor time that it takes itself; the watchdog is for a run that would never end.
SECONDS = 2.0
WATCHDOG = 60.0

SIGNALS = (signal.SIGINT, signal.SIGTERM)
WAYS = ("file", "pipe", "gzip")

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc has what a process has used"),
    pytest.mark.no_cover,
]


class Case(NamedTuple):
    """A run: what is read, how and by how many, and what comes when."""

    name: str
    jobs: int
    way: str
    delay: float
    number: signal.Signals


def cases() -> Iterator[Case]:
    dice = random.Random(None if LONG else 10)
    for at, name in enumerate(EVERY):
        for jobs in (1, 2, 3) if LONG else (1 + at % 3,):
            for way in WAYS if LONG else (WAYS[at // 3 % 3],):
                yield Case(name, jobs, way, dice.uniform(0, 3 if LONG else 0.5), dice.choice(SIGNALS))


@contextmanager
def reading(case: Case, folder: Path, size: int) -> Iterator[subprocess.Popen[bytes]]:
    """A check that has begun to read so many bytes, or from a pipe that is filled as long as anybody reads it."""
    arguments = [command(), "check", "-j", str(case.jobs), "--format", "json"]
    piece, path, feeding = EVERY[case.name], folder / "input", None
    if case.way == "file":
        arguments.append(str(path))
        with path.open("wb") as file:
            for number in count():
                if file.write(piece(number)) and file.tell() >= size:
                    break
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        stdin = subprocess.DEVNULL if case.way == "file" else subprocess.PIPE
        process = subprocess.Popen(arguments, stdin=stdin, stdout=out, stderr=err, env=environment(measured=False))
    if process.stdin:
        feeding = threading.Thread(target=feed, args=[process.stdin.fileno(), case], daemon=True)
        feeding.start()
    try:
        deadline = time.monotonic() + WATCHDOG
        while process.poll() is None and not handles_signals(process.pid):
            assert time.monotonic() < deadline, "it does not begin"
            time.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.wait()
        if feeding and process.stdin:
            feeding.join()
            with suppress(OSError):
                process.stdin.close()


def feed(handle: int, case: Case) -> None:
    with suppress(OSError):  # nobody reads any more
        for number in count():
            piece = EVERY[case.name](number)
            rest = memoryview(packed(piece) if case.way == "gzip" else piece)
            while rest:
                rest = rest[os.write(handle, rest) :]


def handles_signals(pid: int) -> bool:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
    return False


def used(pid: int) -> float | None:
    """Seconds of processor time that a process has taken so far, without its workers; None once it has ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] == "Z" else (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return None


def until_it_ends(process: subprocess.Popen[bytes]) -> float:
    """Seconds of processor time until a process ends."""
    before = last = used(process.pid)
    deadline = time.monotonic() + WATCHDOG
    while (now := used(process.pid)) is not None:
        assert time.monotonic() < deadline, "it does not end"
        last = now
        time.sleep(0.005)
    process.wait(WATCHDOG)
    return 0.0 if before is None or last is None else last - before


def assert_partial(report: dict[str, Any]) -> None:
    assert report["partial"]
    lines = dict(report["lines"])
    assert lines.pop("total") == sum(lines.values()) == sum(i["lines"] for i in report["inputs"])
    calls = report["calls"]
    assert calls["total"] == calls["valid"] + calls["invalid"] == sum(calls["by_type"].values())


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.name}-{case.way}-{case.jobs}")
def test_a_report_comes_soon(tmp_path: Path, case: Case, record_property: Callable[[str, object], None]) -> None:
    for size, part in ((4_000_000, 1), (40_000_000, 1), (400_000_000, 1), (400_000_000, 0.25), (400_000_000, 0)):
        with reading(case, tmp_path, size) as process:
            time.sleep(case.delay * part)
            if process.poll() is not None:
                continue  # it was too short
            process.send_signal(case.number)
            start = time.monotonic()
            took = until_it_ends(process)
            record_property("seconds", f"{took:.2f} of its own, {time.monotonic() - start:.2f} in all")
        err = (tmp_path / "err").read_text()
        if process.returncode == 128 + case.number:
            report = json.loads((tmp_path / "out").read_bytes())
            if not any(i["complete"] for i in report["inputs"]):
                break
        # Else it came just when all was read.
        assert process.returncode in (0, 1, 3, -case.number, 130, 128 + case.number), err
    else:
        pytest.fail("it was always too short")
    assert "Traceback" not in err
    assert_partial(report)
    assert took <= SECONDS


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", ["near misses of names", "batches of empty objects", "distinct shapes"])
def test_a_second_signal_ends_it_at_once(tmp_path: Path, name: str, jobs: int) -> None:
    case = Case(name, jobs, "file", 0.4, signal.SIGTERM)
    with reading(case, tmp_path, 6_000_000) as process:
        time.sleep(case.delay)
        process.send_signal(signal.SIGINT)
        while handles_signals(process.pid):
            time.sleep(0.001)  # until the first one is noticed: the system keeps no count of them
        process.send_signal(signal.SIGTERM)
        took = until_it_ends(process)
    assert took <= SECONDS / 4
    assert process.returncode in (-signal.SIGTERM, 130)  # nothing is quicker than to have ended already
