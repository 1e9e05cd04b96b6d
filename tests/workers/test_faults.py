"""Workers that are too many or cannot be had, files that move, and stops in the middle of it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import validator.workers.chunks as chunks_module
import validator.workers.input_tasks as tasks_module
import validator.workers.parallel as parallel_module
import validator.workers.process as process_module
from samples.generate import lines
from tests.adapters.cli.test_signals import position, until
from tests.support.checking import check_paths
from tests.support.command import GOOD, command, environment, uclint
from validator import Catalog, Limits
from validator.input.stream import open_stream
from validator.render.json import to_json
from validator.workers.pool import AHEAD, TRIES, WorkerPool

CATALOG = Catalog.load()
ROOT = Path(__file__).parents[2]

# Who runs the tests may have threads of its own.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small inputs are split like big ones; and these tests may be run beside a thread of who runs them."""
    monkeypatch.setattr(chunks_module, "RANGE", 20_000)
    monkeypatch.setattr(chunks_module, "SEGMENT", 10_000)
    monkeypatch.setattr(tasks_module, "SMALL", 1_000)
    monkeypatch.setattr(tasks_module, "BATCH", 2_000)
    monkeypatch.setattr(parallel_module, "alone", lambda: True)


def report(paths: list[Path], jobs: int, **options: Any) -> dict[str, Any]:
    return to_json(check_paths([str(p) for p in paths], catalog=CATALOG, jobs=jobs, **options))


def flawed(seed: int, number: int) -> bytes:
    return b"".join(islice(lines(seed, flaws=0.3), number))


def once(folder: Path) -> bool:
    """True for whoever asks first, in whatever process."""
    try:
        (folder / "asked").mkdir()
    except FileExistsError:
        return False
    return True


# --------------------------------------------------------------------------------------------- reading


def test_no_worker_is_forked_beside_a_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    path = tmp_path / "calls"
    path.write_bytes(flawed(1, 100))
    expected = report([path, path], 1)
    monkeypatch.setattr(tasks_module, "SMALL", 0)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("it forks"))
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert report([path, path], 2) == expected
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("packed", [False, True])
def test_workers_killed_at_any_moment_make_no_difference(tmp_path: Path, packed: bool) -> None:
    import gzip  # noqa: PLC0415

    data = flawed(2, 400)
    path = tmp_path / "calls"
    path.write_bytes(gzip.compress(data) if packed else data)
    expected = report([path], 1)
    dice = random.Random(3)
    killed = 0
    spared: list[Any] = []  # those that a task is given up with
    original, begin_job = process_module.WorkerProcess.receive, WorkerPool._begin

    def receive(self: Any) -> bool:
        nonlocal killed
        if dice.random() < 0.2 and self not in spared:
            os.kill(self.pid, signal.SIGKILL)
            killed += 1
        return original(self)

    def begin(self: Any, job: Any) -> None:
        begin_job(self, job)
        if job.tries == TRIES and job.worker:
            spared.append(job.worker)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process_module.WorkerProcess, "receive", receive)
        patch.setattr(WorkerPool, "_begin", begin)
        for _ in range(5):
            assert report([path], 2) == expected
    assert killed > 5


def test_more_files_than_may_be_open(tmp_path: Path) -> None:
    for i in range(60):
        (tmp_path / f"{i:02}.ndjson").write_bytes(GOOD * 20)
    code = """
import resource, sys
import validator.workers.input_tasks as parallel
from validator import check_paths
parallel.SMALL = 1000
resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))
report = check_paths(sys.argv[1:], jobs=2)
print(report.calls, report.partial, [f.code for f in report.findings if f.code.startswith("IN")])
"""
    paths = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run([sys.executable, "-c", code, *paths], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.split() == ["1200", "False", "[]"]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("how", ["replaced", "removed"])
def test_a_file_that_rotates_is_reported(tmp_path: Path, jobs: int, how: str) -> None:
    path = tmp_path / "calls"
    path.write_bytes(flawed(4, 300))
    warnings: list[str] = []

    def progress(consumed: int, calls: int, malformed: int) -> None:
        if path.exists() and not path.with_suffix(".1").exists():
            path.rename(path.with_suffix(".1"))
            if how == "replaced":
                path.write_bytes(GOOD)

    found = report([path], jobs, progress=progress, warn=warnings.append)
    words = "another file took its place" if how == "replaced" else "the file was moved or removed"
    assert warnings == [f"{path}: {words} while it was read"]
    assert "IN509" in {f["code"] for f in found["findings"]}
    assert found["partial"]
    assert found["lines"]["total"] == path.with_suffix(".1").read_bytes().count(b"\n")


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("how", ["another file", "in place"])
def test_a_file_that_gets_its_old_time_back_is_reported(tmp_path: Path, jobs: int, how: str) -> None:
    path, other = tmp_path / "calls", tmp_path / "other"
    data = flawed(4, 300)
    path.write_bytes(data)
    before = path.stat()

    def progress(consumed: int, calls: int, malformed: int) -> None:
        if not path.with_suffix(".done").exists():
            path.with_suffix(".done").touch()
            target = path if how == "in place" else other
            target.write_bytes(data.replace(b"a", b"b"))
            os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
            target.replace(path)

    warnings: list[str] = []
    found = report([path], jobs, progress=progress, warn=warnings.append)
    assert "IN509" in {f["code"] for f in found["findings"]}
    assert found["partial"]
    words = "was written to while it was read, and its time was set back" if how == "in place" else "took its place"
    assert len(warnings) == 1
    assert words in warnings[0]


def test_another_link_or_mode_is_no_change_of_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "calls"
    path.write_bytes(GOOD)
    with open_stream(str(path)) as stream:
        path.with_suffix(".link").hardlink_to(path)
        assert stream.changed() is None
        path.chmod(0o600)
        assert stream.changed() is None


@pytest.mark.parametrize("link", [False, True])
def test_a_file_that_stays_is_not_reported_to_move(tmp_path: Path, link: bool) -> None:
    path = tmp_path / "calls"
    path.write_bytes(GOOD)
    if link:
        path = tmp_path / "link"
        path.symlink_to("calls")
    with open_stream(str(path)) as stream:
        assert stream.changed() is None


def test_the_most_memory_of_waiting_segments_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe or archive is taken in no faster than it is checked."""
    import gzip  # noqa: PLC0415

    path = tmp_path / "calls"
    path.write_bytes(gzip.compress(flawed(5, 1_000)))
    slots: list[object] = []
    original = chunks_module.Slots.take

    def take(self: chunks_module.Slots) -> Any:
        slot = original(self)
        if not any(slot is known for known in slots):
            slots.append(slot)
        return slot

    monkeypatch.setattr(chunks_module.Slots, "take", take)
    expected = report([path], 1)
    assert report([path], 2) == expected
    assert 1 < len(slots) <= 2 + AHEAD + 2


# --------------------------------------------------------------------------------------------- stops


def test_a_stop_keeps_what_a_worker_counted_of_an_array(tmp_path: Path) -> None:
    array, other = tmp_path / "array.json", tmp_path / "other.ndjson"
    array.write_bytes(b"[" + b'{"type":"track"},' * 3_000_000 + b"{}]")
    other.write_bytes(GOOD * 100_000)
    process = subprocess.Popen(
        [command(), "check", array, other, "-j", "2", "--format", "json", "-u", "personalize-winback"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    until(lambda: position(process.pid, array) > 1 << 20)  # the worker and its parent have that in common
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (143, b"")
    reported = json.loads(out)
    assert 0 < reported["inputs"][0]["lines"] < 3_000_001
    assert reported["inputs"][0]["lines"] <= reported["lines"]["total"]


@pytest.mark.parametrize(("first", "second"), [("SIGINT", "SIGINT"), ("SIGINT", "SIGTERM"), ("SIGTERM", "SIGINT")])
def test_a_second_signal_ends_at_once(tmp_path: Path, first: str, second: str) -> None:
    code = """
import os, signal, sys, time
from validator.adapters.cli.calls_input import signals
from validator.input.stop import Stop
stop = Stop()
with signals(stop):
    os.kill(os.getpid(), signal.Signals[sys.argv[1]])
    assert stop.signal
    os.kill(os.getpid(), signal.Signals[sys.argv[2]])
    time.sleep(20)
"""
    done = subprocess.run([sys.executable, "-c", code, first, second], check=False, cwd=ROOT, timeout=15)
    assert done.returncode == -signal.Signals[second]


def test_a_signal_before_a_call_that_waits_is_heeded() -> None:
    """As if it came when Python had looked for signals and the call had not begun: a thread gets it, no call wakes."""
    code = """
import io, os, signal, threading, time
from tests.support.checking import check_paths
from validator.adapters.cli.calls_input import signals
from validator.input.stream import Stream
from validator.input.stop import Stop

def send():
    time.sleep(0.3)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

stop = Stop()
reading, writing = os.pipe()
with signals(stop):
    threading.Thread(target=send).start()
    report = check_paths(["x"], (), stop=stop, open_input=lambda path: Stream(path, io.FileIO(reading)))
print(report.partial, stop.signal)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT, timeout=20
    )
    assert done.stdout.split() == ["True", str(int(signal.SIGTERM))]


def test_limits_larger_than_a_segment(tmp_path: Path) -> None:
    path = tmp_path / "calls"
    path.write_bytes(flawed(6, 50) + b'{"type":"page","a":"' + b"x" * 60_000 + b'"}\n' + flawed(7, 50))
    import gzip  # noqa: PLC0415

    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for limits in (Limits(line=1_000), Limits(line=100_000)):
        one = report([packed], 1, limits=limits)
        assert report([packed], 2, limits=limits) == one
        assert one["lines"] == report([path], 3, limits=limits)["lines"]


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
def test_killed_while_it_writes_the_report_the_old_one_stays_whole(tmp_path: Path, where: str) -> None:
    target = tmp_path / "report.json"
    target.write_bytes(b"the old report\n")
    code = """
import os, signal, sys
from validator.adapters.cli.app import run

def killed(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(os, sys.argv[1], killed)
run(["check", sys.argv[2], "-o", sys.argv[3], "--format", "json"])
"""
    calls = tmp_path / "calls.ndjson"
    calls.write_bytes(GOOD)
    done = subprocess.run([sys.executable, "-c", code, where, calls, target], check=False, cwd=ROOT, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert target.read_bytes() == b"the old report\n"
    uclint("check", calls, "-o", target, "--format", "json")
    assert json.loads(target.read_bytes())["calls"]["total"] == 1
