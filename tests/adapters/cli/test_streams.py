"""Where the report goes: standard output, closed or full; `-o`, whole or not at all."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.command import GOOD, SAMPLES, command, environment, shell, uclint

if TYPE_CHECKING:
    from collections.abc import Callable

FULL = Path("/dev/full")
SAMPLE = SAMPLES / "personalize-winback.good.ndjson"
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
PRINTING = [f"check {SAMPLE}", "goals", "use-cases", "show personalize-winback", "compile personalize-winback", "rule"]
PRINTING += ["rule UC101", "completion bash", "--help", "check --help", "--version"]


@pytest.mark.parametrize("arguments", PRINTING)
def test_a_reader_that_stops_early_is_no_error(arguments: str) -> None:
    done = shell(f"uclint {arguments} | head -1; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1


@pytest.mark.parametrize("arguments", PRINTING)
def test_a_closed_standard_output_is_quiet(arguments: str) -> None:
    done = shell(f"uclint {arguments} >&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@needs_full
@pytest.mark.parametrize("arguments", PRINTING)
def test_a_full_disk_is_not_quiet(arguments: str) -> None:
    done = shell(f"uclint {arguments} >/dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith(b"uclint: ")
    assert done.stderr.endswith(b"No space left on device\n")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(("to", "code"), [("2>&-", 2), ("2>/dev/full", 2), (">&- 2>&-", 2)])
@pytest.mark.parametrize("arguments", ["frobnicate", "check missing", "check -u nothing", "check --nothing", ""])
def test_complaints_that_cannot_be_written_leave_the_exit_code(arguments: str, to: str, code: int) -> None:
    if "full" in to and not FULL.exists():
        pytest.skip("this system has no /dev/full")
    assert shell(f"uclint {arguments} {to}").returncode == code


def test_closed_standard_input_could_not_be_read() -> None:
    done = shell("uclint check <&-")
    assert done.returncode == 3
    assert b"IN507" in done.stdout
    assert b"standard input is closed" in done.stderr


def test_output_file(tmp_path: Path) -> None:
    done = uclint("check", SAMPLE, "--format", "json", "-o", "report.json", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "report.json").read_bytes() == uclint("check", SAMPLE, "--format", "json").stdout
    assert names(tmp_path) == ["report.json"]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "report.json").stat().st_mode) == 0o666 & ~mask


def test_output_is_utf_8_whatever_standard_output_is(tmp_path: Path) -> None:
    uclint("check", SAMPLE, "-o", "report.txt", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    assert "█" in (tmp_path / "report.txt").read_text("utf-8")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_output_keeps_the_mode_of_a_file_that_was_there(tmp_path: Path, mode: int) -> None:
    report = tmp_path / "report.txt"
    report.write_text("old")
    report.chmod(mode)
    assert uclint("check", SAMPLE, "-o", report).returncode == 0
    assert report.read_text("utf-8").startswith("uclint")
    assert stat.S_IMODE(report.stat().st_mode) == mode


def test_output_goes_where_a_link_points(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link.txt").symlink_to(Path("there") / "report.txt")
    for _ in range(2):  # first the link dangles
        assert uclint("check", SAMPLE, "-o", tmp_path / "link.txt").returncode == 0
        assert (tmp_path / "link.txt").is_symlink()
        assert (tmp_path / "there" / "report.txt").read_text("utf-8").startswith("uclint")
        assert names(tmp_path / "there") == ["report.txt"]


def test_output_to_dash_is_standard_output() -> None:
    assert uclint("check", SAMPLE, "-o", "-").stdout == uclint("check", SAMPLE).stdout


def test_output_to_a_device_is_written_to_and_never_replaced() -> None:
    before = Path(os.devnull).stat()
    done = uclint("check", SAMPLE, "-o", os.devnull)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    assert Path(os.devnull).stat().st_ino == before.st_ino


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
@pytest.mark.parametrize("to", ["| cat", "> out; cat out", ">> out; cat out"])
def test_output_to_what_is_open_already(tmp_path: Path, name: str, to: str) -> None:
    if ">>" in to:
        (tmp_path / "out").write_text("kept\n")
    done = shell(f'uclint check "$1" -o {name} {to}', SAMPLE, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.removeprefix(b"kept\n" if ">>" in to else b"") == uclint("check", SAMPLE).stdout


def test_output_to_a_named_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert uclint("check", SAMPLE, "-o", pipe).returncode == 0
    reader.join(30)
    assert read == [uclint("check", SAMPLE).stdout]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@needs_full
def test_output_to_a_full_device() -> None:
    done = uclint("check", SAMPLE, "-o", FULL)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"uclint: cannot write /dev/full: No space left on device\n"
    assert stat.S_ISCHR(FULL.stat().st_mode)


@pytest.mark.parametrize(("name", "why"), [("there", "it is a directory"), ("missing/x", "No such file or directory")])
def test_output_that_cannot_be_written(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "there").mkdir()
    done = uclint("check", SAMPLE, "-o", name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"uclint: cannot write {name}: {why}\n"


def names(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))


@pytest.mark.parametrize("old", [None, "the report of yesterday"])
def test_a_disk_that_fills_up_leaves_the_old_file_or_none(tmp_path: Path, old: str | None) -> None:
    report = tmp_path / "report.txt"
    if old is not None:
        report.write_text(old)
    done = run([command(), "check", str(SAMPLE), "-o", str(report)], prepare=small_files)
    assert done.returncode == 2
    assert b"cannot write" in done.stderr
    assert (report.read_text() if report.exists() else None) == old
    assert names(tmp_path) == ([] if old is None else ["report.txt"])


def test_being_killed_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("the report of yesterday")
    code = "import os, signal; os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
    code += "from validator.adapters.cli import main; main()"
    done = run([sys.executable, "-c", code, "check", str(SAMPLE), "-o", str(report)])
    assert done.returncode == -9
    assert report.read_text() == "the report of yesterday"


def test_a_report_of_its_own_input_can_be_kept_beside_it(tmp_path: Path) -> None:
    (tmp_path / "calls.ndjson").write_bytes(GOOD)
    arguments = ["check", ".", "--format", "json", "-o", "report.json", "--exclude", "report.json"]
    assert uclint(*arguments, cwd=tmp_path).returncode == 0
    report = json.loads((tmp_path / "report.json").read_bytes())
    assert [i["path"] for i in report["inputs"]] == ["calls.ndjson"]


def run(arguments: list[str], prepare: Callable[[], None] | None = None) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        arguments,
        check=False,
        capture_output=True,
        env=environment(measured=False),
        timeout=60,
        preexec_fn=prepare,
    )
    assert b"Traceback" not in done.stderr
    return done
