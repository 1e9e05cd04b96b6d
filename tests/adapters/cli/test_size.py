"""Input of any size: memory stays where it is. UCLINT_ARRAY_MB=1000 tries the array at full size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from samples.generate import lines
from tests.support.command import GOOD, command, environment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MIB = 1 << 20
MOST = 60  # MiB of resident memory
ARRAY = int(os.environ.get("UCLINT_ARRAY_MB", "60")) * 1_000_000

# A process of its own for each run: the peak of finished children is the peak of all of them.
WRAPPER = """\
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(code, peak * (1 if sys.platform == "darwin" else 1024), file=sys.stderr)
"""


def check(path: Path, *more: str) -> tuple[int, float, dict[str, Any]]:
    """The exit code, the peak memory in MiB and the report."""
    done = subprocess.run(
        [sys.executable, "-c", WRAPPER, command(), "check", str(path), "--format", "json", *more],
        check=True,
        capture_output=True,
        env=environment(measured=False),
        timeout=3600,
    )
    code, peak = done.stderr.decode().split()[-2:]
    return int(code), int(peak) / MIB, json.loads(done.stdout)


def write(path: Path, parts: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(parts)


def test_a_line_of_100_mb_is_counted_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "long.ndjson"
    write(path, [GOOD, b'{"type":"track","event":"', *[b"x" * MIB] * 100, b'"}\n', GOOD, GOOD])
    code, peak, report = check(path)
    assert code == 1
    assert report["lines"] == dict.fromkeys(report["lines"], 0) | {"total": 4, "call": 3, "too_long": 1}
    (finding,) = [f for f in report["findings"] if f["severity"] == "error"]
    assert (finding["code"], finding["count"], finding["places"][0]["line"]) == ("IN504", 1, 2)
    assert finding["places"][0]["byte"] == len(GOOD)
    assert report["inputs"][0]["bytes"] == path.stat().st_size
    assert peak < MOST


def test_a_file_without_a_line_end(tmp_path: Path) -> None:
    path = tmp_path / "endless"
    write(path, [b"x" * MIB] * 50)
    code, peak, report = check(path)
    assert (code, report["lines"]["too_long"], report["lines"]["total"]) == (1, 1, 1)
    assert peak < MOST


@pytest.mark.parametrize("inside", [b"x" * MIB, b'\\"' * (MIB // 2)], ids=["string", "quotes"])
def test_an_element_of_50_mb_in_an_array(tmp_path: Path, inside: bytes) -> None:
    path = tmp_path / "array.json"
    write(path, [b"[", GOOD, b',{"a":["', *[inside] * 50, b'"]},', GOOD, b"]"])
    code, peak, report = check(path)
    assert (code, report["lines"]["call"], report["lines"]["too_long"]) == (1, 2, 1)
    assert peak < MOST


@pytest.mark.slow
def test_a_big_array(tmp_path: Path) -> None:
    path = tmp_path / "array.json"
    calls = list(islice(lines(1), 1000))
    rounds = ARRAY // sum(map(len, calls)) + 1
    write(path, [b"[", *[b",".join(calls) + b","] * rounds, GOOD, b"]\n"])
    code, peak, report = check(path)
    assert code == 0
    assert report["inputs"][0]["framing"] == "documents"
    assert report["lines"]["call"] == report["lines"]["total"] == 1000 * rounds + 1
    assert report["inputs"][0]["bytes"] == path.stat().st_size
    assert peak < MOST


def test_a_gzip_bomb_is_read_through(tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415

    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(200):
            file.write(b"x" * MIB)
        file.write(b"\n" + GOOD)
    code, peak, report = check(path)
    assert (code, report["lines"]["too_long"], report["lines"]["call"]) == (1, 1, 1)
    assert report["inputs"][0]["bytes"] == 200 * MIB + 1 + len(GOOD)
    assert peak < MOST
