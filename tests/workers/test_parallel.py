"""Several workers give what one process gives, whatever happens to them."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import validator.engine.engine as engine_module
import validator.engine.scan.entries as entries_module
import validator.input.lines as lines_module
import validator.workers.chunks as chunks_module
import validator.workers.input_tasks as tasks_module
import validator.workers.parallel as parallel_module
from samples.generate import lines
from tests.support.checking import check_paths
from tests.support.examples import examples
from tests.support.wild import own_plan, wild
from validator import Catalog, Limits, Severity
from validator.input.stop import Stop
from validator.render.json import to_json

if TYPE_CHECKING:
    from validator import Report
    from validator.input.lines import Block


if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CATALOG = Catalog.load()
# Who runs the tests may have threads of its own.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

DEADLY = b'{"type":"track","event":"Subscription Started","properties":{"deadly":true}}'


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small inputs are split like big ones."""
    monkeypatch.setattr(chunks_module, "RANGE", 20_000)
    monkeypatch.setattr(chunks_module, "SEGMENT", 10_000)
    monkeypatch.setattr(tasks_module, "SMALL", 6_000)
    monkeypatch.setattr(tasks_module, "BATCH", 9_000)
    monkeypatch.setattr(parallel_module, "alone", lambda: True)


def flawed(seed: int, count: int) -> bytes:
    return b"".join(islice(lines(seed, flaws=0.3), count))


def report(paths: list[Path], jobs: int, **options: Any) -> Report:
    return check_paths([str(p) for p in paths], catalog=CATALOG, jobs=jobs, **options)


def document(found: Report, *, inputs: bool = True) -> dict[str, Any]:
    whole = to_json(found)
    if not inputs:
        del whole["inputs"]
        for finding in whole["findings"]:
            for place in finding["places"]:
                del place["path"]
    return whole


@pytest.mark.parametrize("jobs", [2, 3])
def test_reports_are_equal_over_inputs_of_every_kind(tmp_path: Path, jobs: int) -> None:
    big, small = flawed(1, 150), flawed(2, 4)
    contents = {
        "a.ndjson": big,
        "b.gz": gzip.compress(big) + gzip.compress(small),
        "c.zst": zstd.compress(big) + zstd.compress(small),
        "d.ndjson": small,
        "e.ndjson": b"",
        "f.json": b"[" + b",".join([b"{}"] * 5_000) + b"]",
        "g.ndjson": small[:-30],
        "h.gz": gzip.compress(big)[:-900],
        "i.zst": zstd.compress(big)[:-200],
        "j.ndjson": b"\xef\xbb\xbf" + big,
        "k.ndjson": big.replace(b"\n", b"\r\n"),
    }
    paths = []
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        paths.append(tmp_path / name)
    paths.insert(3, tmp_path / "nothing-there")
    warnings: list[list[str]] = [[], []]
    one = report(paths, 1, warn=warnings[0].append)
    several = report(paths, jobs, warn=warnings[1].append)
    assert document(several) == document(one)
    assert sorted(warnings[0]) == sorted(warnings[1])
    assert sum(one.lines.values()) == sum(i.lines for i in one.inputs)


def pack(data: bytes, packing: str, cuts: list[int]) -> bytes:
    """Whole, or as members or frames that end anywhere, inside of lines too."""
    if packing == "plain":
        return data
    ends = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    parts = [data[a:b] for a, b in pairwise(ends)]
    if packing == "gzip":
        return b"".join(map(gzip.compress, parts))
    return b"".join(zstd.compress(part) + b"\x5a\x2a\x4d\x18\3\0\0\0abc" for part in parts)


@settings(max_examples=examples(30), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(1, 50),
    jobs=st.integers(1, 4),
    size=st.integers(3_000, 40_000),
    block=st.sampled_from([97, 1_000, 1 << 16]),
    packing=st.sampled_from(["plain", "gzip", "zstd"]),
    cuts=st.lists(st.integers(0, 1 << 20), max_size=4),
    ending=st.sampled_from([b"\n", b""]),
    limits=st.sampled_from([
        Limits(),
        Limits(deviations=4, names=3, places=2),
        Limits(deviations=10, names=5, places=1),
        Limits(line=900, depth=4, names=0),
    ]),
)  # fmt: skip
@pytest.mark.no_cover
def test_the_same_lines_give_the_same_report(
    tmp_path: Path,
    seed: int,
    jobs: int,
    size: int,
    block: int,
    packing: str,
    cuts: list[int],
    ending: bytes,
    limits: Limits,
) -> None:
    data = b"{}\n" + flawed(seed, 40) + b"\n".join(wild(seed, 120)) + ending
    original = tmp_path / "plain.ndjson"
    original.write_bytes(data)
    expected = document(report([original], 1, limits=limits), inputs=False)
    assert expected["lines"]["total"] == data.count(b"\n") + (not data.endswith(b"\n"))
    packed = tmp_path / "packed"
    packed.write_bytes(pack(data, packing, cuts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks_module, "RANGE", size)
        patch.setattr(chunks_module, "SEGMENT", size)
        patch.setattr(tasks_module, "SMALL", 0)
        patch.setattr(lines_module, "BLOCK", block)
        assert document(report([packed], jobs, limits=limits), inputs=False) == expected


@pytest.mark.no_cover
@settings(max_examples=examples(15), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(1, 50), order=st.randoms(use_true_random=False))
def test_what_is_kept_does_not_depend_on_the_order(tmp_path: Path, seed: int, order: Any) -> None:
    """Places apart, which are the first ones."""
    lines = wild(seed, 150)
    found = []
    for number in range(2):
        path = tmp_path / f"{number}.ndjson"
        path.write_bytes(b"{}\n" + b"\n".join(lines) + b"\n")
        found.append(document(report([path], 2, limits=Limits(deviations=5, names=4, places=0)), inputs=False))
        order.shuffle(lines)
    assert found[0] == found[1]


@pytest.mark.no_cover
@settings(max_examples=examples(30), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(1, 200),
    jobs=st.integers(1, 3),
    size=st.integers(3_000, 30_000),
    block=st.sampled_from([300, 1_000, 1 << 16]),
    capacity=st.sampled_from([3, 12, 4_096]),
    closed=st.booleans(),
    with_cases=st.booleans(),
    unplanned=st.sampled_from([None, Severity.WARNING, Severity.ERROR]),
    limits=st.sampled_from(
        [Limits(), Limits(deviations=4, names=3, places=2), Limits(deviations=10, names=5, places=1)]
    ),
)
def test_plans_of_ones_own_give_the_same_report(
    tmp_path: Path,
    seed: int,
    jobs: int,
    size: int,
    block: int,
    capacity: int,
    closed: bool,
    with_cases: bool,
    unplanned: Severity | None,
    limits: Limits,
) -> None:
    path = tmp_path / "lines.ndjson"
    path.write_bytes(b"{}\n" + b"\n".join(wild(seed, 250)))
    options: dict[str, Any] = {
        "plans": [own_plan(seed, closed=closed), own_plan(seed + 1, closed=not closed)],
        "use_cases": CATALOG.use_cases[:3] if with_cases else None,
        "unplanned": unplanned,
        "limits": limits,
    }
    expected = document(report([path], 1, **options))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks_module, "RANGE", size)
        patch.setattr(tasks_module, "SMALL", 0)
        patch.setattr(lines_module, "BLOCK", block)
        patch.setattr(entries_module, "CAPACITY", capacity)
        assert document(report([path], jobs, **options)) == expected


def kill_on(monkeypatch: pytest.MonkeyPatch, marker: bytes, times: Path | None = None) -> None:
    """Makes a worker die at a line with a marker: always, or until a file of so many bytes is used up."""
    parent = os.getpid()
    read_lines = engine_module.Engine.lines

    def deadly(self: engine_module.Engine, block: Block) -> int:
        if marker in block.data and os.getpid() != parent:
            left = times.stat().st_size if times else 1
            if times and left:
                os.truncate(times, left - 1)
            if left:
                os.kill(os.getpid(), signal.SIGKILL)
        return read_lines(self, block)

    monkeypatch.setattr(engine_module.Engine, "lines", deadly)


@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_a_killed_worker_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str) -> None:
    data = flawed(3, 80) + DEADLY + b"\n" + flawed(4, 80)
    path = tmp_path / "calls"
    path.write_bytes(gzip.compress(data) if packing == "gzip" else data)
    expected = document(report([path], 1))
    times = tmp_path / "times"
    times.write_bytes(b"x")
    kill_on(monkeypatch, b'"deadly"', times)
    assert document(report([path], 2)) == expected
    assert times.stat().st_size == 0


@pytest.mark.parametrize("packing", ["plain", "gzip", "small"])
def test_a_line_that_kills_is_found_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str
) -> None:
    before, after = flawed(5, 3 if packing == "small" else 70), flawed(6, 2 if packing == "small" else 70)
    data = before + DEADLY + b"\n" + after
    path = tmp_path / "calls"
    path.write_bytes(gzip.compress(data) if packing == "gzip" else data)
    other = tmp_path / "other"
    other.write_bytes(flawed(7, 70))
    alone = report([path, other], 1)
    kill_on(monkeypatch, b'"deadly"')
    found = report([path, other], 2)
    assert sum(found.lines.values()) == sum(alone.lines.values())
    assert found.partial
    assert [i.complete for i in found.inputs] == [False, True]
    (finding,) = [f for f in found.findings if f.code == "IN508"]
    (place,) = finding.places
    assert (place.line, place.byte) == (data[: len(before)].count(b"\n") + 1, len(before))
    assert found.calls == alone.calls - 1


def test_a_stop_gives_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "calls"
    path.write_bytes(flawed(8, 400))
    stop = Stop()
    counted: list[int] = []

    def progress(consumed: int, lines: int, malformed: int) -> None:
        counted.append(lines)
        stop.signal = signal.SIGTERM

    found = report([path, path], 2, stop=stop, progress=progress)
    assert found.partial
    assert not any(i.complete for i in found.inputs)
    assert 0 < sum(found.lines.values()) == sum(i.lines for i in found.inputs)
    assert len(found.inputs) == 2


SCRIPT = """
import sys, validator.workers.input_tasks as parallel, validator.workers.chunks as pieces
from validator import check_paths
parallel.SMALL = 0; pieces.SEGMENT = pieces.RANGE = 1 << 20
check_paths(sys.argv[1:], jobs=3)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGABRT])
def test_no_worker_outlives_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    path = tmp_path / "calls"
    path.write_bytes(flawed(9, 50) * 400)
    root = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, *[str(path)] * 20], cwd=root)
    deadline = time.monotonic() + 20
    while not (children := _children(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert children, "no worker was seen"
    process.send_signal(how)
    process.wait()
    deadline = time.monotonic() + 2
    while any(_alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_alive(pid) for pid in children)


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(p) for p in found.stdout.split()]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("change", ["grow", "shrink"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_changes_while_it_is_read_is_reported(tmp_path: Path, jobs: int, change: str) -> None:
    path = tmp_path / "calls"
    path.write_bytes(flawed(10, 300))
    size = path.stat().st_size

    def progress(consumed: int, lines: int, malformed: int) -> None:
        if change == "shrink":
            os.truncate(path, 1_000)
        elif path.stat().st_size == size:
            with path.open("ab") as file:
                file.write(b"{}\n")

    found = report([path], jobs, progress=progress)
    assert "IN509" in {f.code for f in found.findings}
    assert found.partial


def test_the_command_takes_jobs(tmp_path: Path) -> None:
    path = tmp_path / "calls.ndjson"
    path.write_bytes(flawed(11, 100))
    outputs = []
    for jobs in ("1", "2"):
        command = [str(Path(sys.executable).with_name("uclint")), "check", str(path), "-j", jobs, "--format", "json"]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 1
        outputs.append(json.loads(done.stdout))
    assert outputs[0] == outputs[1]
