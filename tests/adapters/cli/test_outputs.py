"""`uclint check --valid ... --violations ...`: files whole or not at all, pipes, compression, what is refused."""

from __future__ import annotations

import gzip
import json
import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.command import SAMPLES, command, environment, shell, uclint
from tests.support.plain_lines import classify
from validator.model import Limits

SAMPLE = SAMPLES / "acquire-paid-subscriptions.flawed.ndjson"
GOOD = b'{"type":"track","event":"Trial Started","properties":{"category":"a"}}'
BAD = b'{"type":"track","event":"Trial Started","properties":[]}'
CHECK = ("check", "-q", "-u", "acquire-paid-subscriptions")
ALL = ("--valid", "valid", "--invalid", "invalid", "--rejects", "rejects")


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "calls.ndjson"
    path.write_bytes(GOOD + b"\r\n" + BAD + b"\n\nnot json\n" + GOOD)
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "calls.ndjson"}


def test_three_files_hold_all_lines(calls: Path, tmp_path: Path) -> None:
    done = uclint(*CHECK, "calls.ndjson", *ALL, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, b"")
    expected = {"valid": GOOD + b"\r\n" + GOOD, "invalid": BAD + b"\n", "rejects": b"\nnot json\n"}
    assert files(tmp_path) == expected
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "valid").stat().st_mode) == 0o666 & ~mask


def test_the_report_is_the_same(tmp_path: Path) -> None:
    done = uclint("check", "-q", SAMPLE, *ALL, "--violations", "all.jsonl", cwd=tmp_path)
    assert done.stdout == uclint("check", "-q", SAMPLE).stdout
    assert len((tmp_path / "all.jsonl").read_bytes().splitlines()) > 20


def test_several_inputs_and_compression(calls: Path, tmp_path: Path) -> None:
    packed = tmp_path / "more.gz"
    packed.write_bytes(gzip.compress(BAD + b"\n" + GOOD))
    again = tmp_path / "again.ndjson"
    again.write_bytes(calls.read_bytes())
    outputs = ("--valid", "valid.GZ", "--invalid", "invalid.zst", "--rejects", "rejects.zstd")
    assert uclint(*CHECK, calls, packed, again, *outputs, cwd=tmp_path).returncode == 1
    assert gzip.decompress((tmp_path / "valid.GZ").read_bytes()) == b"\n".join(
        [GOOD + b"\r", GOOD, GOOD, GOOD + b"\r", GOOD]
    )
    read = uclint(*CHECK, "invalid.zst", "rejects.zstd", "--format", "json", cwd=tmp_path)
    assert json.loads(read.stdout)["lines"] | {"total": 0} == {
        **dict.fromkeys(["total", "batch", "not_object", "too_long", "too_deep"], 0),
        "call": 3,
        "blank": 2,
        "malformed": 2,
    }


def test_an_output_of_nothing_is_an_empty_file(tmp_path: Path) -> None:
    uclint(*CHECK, *ALL, stdin=GOOD + b"\n", cwd=tmp_path)
    assert files(tmp_path) == {"valid": GOOD + b"\n", "invalid": b"", "rejects": b""}


def test_lines_to_standard_output_leave_it_to_them(calls: Path, tmp_path: Path) -> None:
    done = uclint(*CHECK, calls, "--valid", "-", cwd=tmp_path)
    assert done.stdout == GOOD + b"\r\n" + GOOD
    report, _, message = done.stderr.partition(b"\n")
    assert b"3 lines are in no file (1 invalid, 2 rejects): add --invalid and --rejects to keep them" in done.stderr
    assert b"FAIL" in message
    assert report
    done = uclint(*CHECK, calls, "--violations", "-", "--format", "json", "-o", "report.json", cwd=tmp_path)
    (record,) = [r for r in map(json.loads, done.stdout.splitlines()) if r["severity"] == "error"]
    assert (record["line"], record["byte"], record["code"]) == (2, len(GOOD) + 2, "TP202")
    assert json.loads((tmp_path / "report.json").read_bytes())["calls"]["invalid"] == 1


@pytest.mark.parametrize("sort", ["valid", "invalid", "rejects"])
def test_a_pipe_takes_them_as_they_come(sort: str, calls: Path, tmp_path: Path) -> None:
    script = f'uclint {" ".join(CHECK)} "$1" --{sort} /dev/stdout -o /dev/null 2>/dev/null | cat'
    done = shell(script, calls)
    expected = {"valid": GOOD + b"\r\n" + GOOD, "invalid": BAD + b"\n", "rejects": b"\nnot json\n"}
    assert done.stdout == expected[sort]


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "many.ndjson").write_bytes((GOOD + b"\n") * 40_000)
    script = f'uclint {" ".join(CHECK)} "$1" --valid - -o report.txt | head -1; exit ${{PIPESTATUS[0]}}'
    done = shell(script, tmp_path / "many.ndjson", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, GOOD + b"\n", b"")
    assert b"PASS" in (tmp_path / "report.txt").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["calls.ndjson", "missing"], 2, b"no such file"),
        (["/dev/null"], 3, b"not written"),
        (["calls.ndjson", "-u", "nothing"], 2, b"unknown use case"),
        (["calls.ndjson", "--violations", "no/folder/x"], 2, b"cannot write no/folder/x: No such file"),
    ],
)
def test_a_failed_run_leaves_the_old_files(
    arguments: list[str], code: int, message: bytes, calls: Path, tmp_path: Path
) -> None:
    for name in ("valid", "invalid", "rejects"):
        (tmp_path / name).write_bytes(b"old")
    done = uclint("check", "-q", *arguments, *ALL, cwd=tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert files(tmp_path) == dict.fromkeys(("valid", "invalid", "rejects"), b"old")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_leaves_the_old_files(calls: Path, tmp_path: Path) -> None:
    (tmp_path / "valid").write_bytes(b"old")
    done = uclint(*CHECK, calls, "--valid", "valid", "--invalid", "/dev/full", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"uclint: cannot write /dev/full: No space left on device\n"
    assert files(tmp_path) == {"valid": b"old"}


def test_an_interrupted_run_leaves_the_old_files(tmp_path: Path) -> None:
    (tmp_path / "valid").write_bytes(b"old")
    arguments = [command(), *CHECK, "--valid", "valid", "-o", "report.txt"]
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, cwd=tmp_path, stdin=pipe, stderr=pipe, env=environment()) as run:
        assert run.stdin is not None
        assert run.stderr is not None
        run.stdin.write((GOOD + b"\n") * 2_000)
        run.stdin.flush()
        while not any(path.name.startswith(".valid") for path in tmp_path.iterdir()):
            time.sleep(0.01)
        run.send_signal(signal.SIGINT)
        message = run.stderr.read()
        assert run.wait(20) == 130
    assert message == b"uclint: not written, since not all input was read: valid\n"
    assert set(files(tmp_path)) == {"valid", "report.txt"}
    assert files(tmp_path)["valid"] == b"old"


def test_what_could_be_read_of_a_broken_input_is_there(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(GOOD + b"%d\n" % n for n in range(3_000)) + BAD, 0)
    (tmp_path / "half.gz").write_bytes(whole[: len(whole) // 2])
    assert uclint(*CHECK, "half.gz", *ALL, cwd=tmp_path).returncode == 3
    found = files(tmp_path)
    lines = b"".join(GOOD + b"%d\n" % n for n in range(3_000))
    assert len(found["rejects"]) > len(whole) // 3
    assert lines.startswith(found["rejects"])
    assert found["valid"] == found["invalid"] == b""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--valid", "a", "--invalid", "./a"], b"two outputs would go to ./a"),
        (["--valid", "-", "--rejects", "-"], b"two outputs would go to standard output"),
        (["--valid", "a", "-o", "a"], b"two outputs would go to a;"),
        (["--valid", "calls.ndjson"], b"calls.ndjson is read and cannot be written as well"),
        (["--violations", "./calls.ndjson"], b"is read and cannot be written as well"),
        (["--violations", "a", "--violations-format", "avo"], b"'avo' is not one of"),
        (["--valid", "."], b"cannot write .: it is a directory"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    arguments: list[str], message: bytes, calls: Path, tmp_path: Path
) -> None:
    before = calls.read_bytes()
    done = uclint(*CHECK, "calls.ndjson", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert files(tmp_path) == {}
    assert calls.read_bytes() == before


def test_one_process_keeps_the_order(calls: Path, tmp_path: Path) -> None:
    done = uclint(*CHECK, calls, *ALL, "-j", "4", cwd=tmp_path)
    assert b"so one process reads, not 4" in done.stderr


def test_the_samples_come_out_whole(tmp_path: Path) -> None:
    paths = sorted(SAMPLES.glob("*.ndjson"))
    uclint("check", "-q", *paths, *ALL, cwd=tmp_path)
    lines = [line for path in paths for line in path.read_bytes().splitlines(keepends=True)]
    found = files(tmp_path)
    assert sorted(line for data in found.values() for line in data.splitlines(keepends=True)) == sorted(lines)
    kinds = {line: classify(line.rstrip(b"\n"), Limits())[0] for line in lines}
    assert found["rejects"] == b"".join(line for line in lines if kinds[line] not in ("call", "batch"))
