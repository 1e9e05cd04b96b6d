"""What the named paths stand for; what cannot be opened is reported, never left out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import GOOD, command, environment
from validator.input.paths import expand

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "logs"
    for name in ("b.ndjson", "a/z.ndjson", "a/y.gz", ".hidden/x.ndjson", "a/.swap", "with [brackets]/c"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(GOOD)
    return folder


def test_a_directory_is_all_files_below_it(logs: Path) -> None:
    os.mkfifo(logs / "pipe")
    (logs / "a" / "up").symlink_to("..")
    (logs / "to-a-file").symlink_to("../elsewhere")
    (logs.parent / "elsewhere").write_bytes(GOOD)
    found = expand(["logs"])
    assert found.paths == (
        "logs/b.ndjson",
        "logs/to-a-file",
        "logs/a/y.gz",
        "logs/a/z.ndjson",
        "logs/with [brackets]/c",
    )
    assert (found.absent, found.empty) == ((), ())


def test_links_that_lead_nowhere_are_inputs_that_fail(logs: Path) -> None:
    (logs / "a" / "dangling").symlink_to("nothing")
    (logs / "a" / "self").symlink_to("self")
    assert {"logs/a/dangling", "logs/a/self"} < set(expand(["logs"]).paths)
    assert expand(["logs/a/self"]).paths == ("logs/a/self",)


def test_names_in_the_order_given(logs: Path) -> None:
    found = expand(["-", "logs/*/*.ndjson", "nothing", "*.no", "logs/with [brackets]/c", "-"])
    assert found.paths == ("-", "logs/a/z.ndjson", "logs/with [brackets]/c")
    assert (found.absent, found.repeated) == (("nothing", "*.no"), ("-",))


def test_a_file_is_read_once_whatever_it_is_called(logs: Path) -> None:
    (logs / "a" / "link").symlink_to("z.ndjson")
    names = ["logs/a", "logs/b.ndjson", "./logs/b.ndjson", "logs", "logs/*.ndjson", str(logs / "a" / "y.gz"), "logs"]
    found = expand(names)
    assert found.paths == ("logs/a/link", "logs/a/y.gz", "logs/b.ndjson", "logs/with [brackets]/c")
    assert found.repeated[:2] == ("logs/a/z.ndjson", "./logs/b.ndjson")
    os.link(logs / "b.ndjson", logs / "twin")  # what only happens to have the same content is another file
    assert expand(["logs/b.ndjson", "logs/twin"]).paths == ("logs/b.ndjson", "logs/twin")


def check_without_privileges(*arguments: str, cwd: Path) -> tuple[int, str, dict[str, Any]]:
    """Runs the command as somebody whom permissions hold back, as they do not root."""
    prefix: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("permissions do not hold root back, and setpriv is not there to change that")
        prefix = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
    everything = [*prefix, command(), "check", *arguments, "--format", "json", "-u", "acquire-paid-subscriptions"]
    done = subprocess.run(everything, check=False, capture_output=True, cwd=cwd, env=environment(), timeout=60)
    return done.returncode, done.stderr.decode(), json.loads(done.stdout)


@pytest.mark.parametrize(
    ("closed", "mode", "named", "message"),
    [
        pytest.param("logs/b.ndjson", 0o000, "logs/b.ndjson", "logs/b.ndjson", id="a file"),
        pytest.param("logs/b.ndjson", 0o000, "logs", "logs/b.ndjson", id="a file in a directory"),
        pytest.param("logs", 0o000, "logs", "logs", id="a directory"),
        pytest.param("logs", 0o000, "logs/b.ndjson", "logs/b.ndjson", id="a file in a closed directory"),
        pytest.param("logs/a", 0o000, "logs", "logs/a", id="a directory in a directory"),
        pytest.param("logs/a", 0o444, "logs/a", "logs/a/y.gz", id="a directory that can be listed and not entered"),
        pytest.param("logs/a", 0o000, "logs/*/*.ndjson", "logs/a", id="a directory that a glob looks into"),
        pytest.param("logs/a", 0o000, "logs/**", "logs/a", id="a directory that a deep glob looks into"),
        pytest.param("logs/a", 0o000, "**/*.ndjson", "logs/a", id="a directory that a glob of any folders looks into"),
        pytest.param("logs/a", 0o000, "logs/*", "logs/a", id="a directory that a glob finds"),
        pytest.param("logs", 0o000, "logs/*.ndjson", "logs", id="the directory that a glob begins with"),
        pytest.param("logs/a", 0o000, "logs/*/z.ndjson", "logs/a/z.ndjson", id="a file that a glob ends with"),
        pytest.param("logs/a", 0o444, "logs/*/*.gz", "logs/a/y.gz", id="a glob in a directory that cannot be entered"),
    ],
)
def test_what_may_not_be_read_is_named(logs: Path, closed: str, mode: int, named: str, message: str) -> None:
    (logs.parent / "good.ndjson").write_bytes(GOOD)
    (logs.parent / closed).chmod(mode)
    try:
        code, errors, report = check_without_privileges("good.ndjson", named, cwd=logs.parent)
    finally:
        (logs.parent / closed).chmod(0o755)
    assert code == 3
    assert f"uclint: {message}: Permission denied\n" in errors
    assert report["partial"]
    assert report["inputs"][0]["complete"]
    assert [i["complete"] for i in report["inputs"] if i["path"] == message] == [False]
    assert "IN507" in {f["code"] for f in report["findings"]}
