"""A repository set up from docs/ci.md alone, and commits to it: pre-commit itself runs the hooks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.support.command import ROOT, command, environment
from tests.support.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
GOOD = "samples/acquire-paid-subscriptions.good.ndjson"
FLAWED = "samples/acquire-paid-subscriptions.flawed.ndjson"
MORE = "samples/acquire-paid-subscriptions.more.ndjson"
CALL = '{"type":"track","event":"%s","userId":"u-1","messageId":"%s","properties":{"category":%s}}\n'


class Repository:
    """A git repository whose commits run the hooks of its `.pre-commit-config.yaml`."""

    def __init__(self, directory: Path, home: Path) -> None:
        self.directory = directory
        programs = home / "bin"
        programs.mkdir(parents=True)
        (programs / "uclint").symlink_to(command())
        (programs / "pre-commit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pre_commit "$@"\n')
        (programs / "pre-commit").chmod(0o755)
        self._variables = environment(
            {
                "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(home),
                "PRE_COMMIT_HOME": str(home / "cache"),
                "GIT_CONFIG_NOSYSTEM": "1",
                **{
                    f"GIT_{who}_{what}": "somebody@example.com"
                    for who in ("AUTHOR", "COMMITTER")
                    for what in ("NAME", "EMAIL")
                },
            }
        )

    def run(self, *arguments: str, directory: Path | None = None, code: int | None = 0) -> str:
        done = subprocess.run(
            arguments,
            check=False,
            capture_output=True,
            cwd=directory or self.directory,
            env=self._variables,
            timeout=300,
        )
        message = (done.stdout + done.stderr).decode()
        assert "Traceback" not in message
        assert code is None or done.returncode == code, message
        return message

    def commit(self, *, passes: bool) -> str:
        """The output for a commit of all changes; one that is refused is undone."""
        self.run("git", "add", "-A")
        before = self.run("git", "rev-parse", "HEAD", code=None)
        message = self.run("git", "commit", "-m", "a change", code=None)
        assert (self.run("git", "rev-parse", "HEAD") != before) == passes, message
        if not passes:
            self.run("git", "reset", "-q", "--hard")
        return message

    def change(self, name: str, edit: Callable[[str], str]) -> None:
        path = self.directory / name
        path.write_text(edit(path.read_text("utf-8")), "utf-8")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """What the page makes, with one more sound file, committed; the hooks are those of this tree."""
    directory = tmp_path_factory.mktemp("commits")
    (directory / "repository").mkdir()
    made = Repository(directory / "repository", directory / "home")
    sound = (ROOT / GOOD).read_text("utf-8").replace('"messageId": "', '"messageId": "more-')
    Page(made.directory).fresh(PAGE)
    (made.directory / MORE).write_text(sound, "utf-8")
    for name in ("report.json", "uclint.sarif"):
        (made.directory / name).unlink(missing_ok=True)
    made.run("uclint", "check", "--write-baseline", "baseline.json", "-q")
    hooks = directory / "hooks"
    hooks.mkdir()
    (hooks / ".pre-commit-hooks.yaml").write_bytes((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "hooks"), ("tag", "v0.1.0")):
        made.run("git", *arguments, directory=hooks)
    path = made.directory / ".pre-commit-config.yaml"
    config = yaml.safe_load(path.read_text("utf-8"))
    config["repos"][0]["repo"] = str(hooks)
    for hook in config["repos"][0]["hooks"]:
        hook["language"] = "system"  # uclint is installed already
    path.write_text(yaml.safe_dump(config), "utf-8")
    shutil.rmtree(made.directory / "samples" / "plans")  # they have findings of their own
    made.run("git", "init", "-q")
    made.run("pre-commit", "install")
    made.run("git", "add", "-A")
    made.run("git", "commit", "-qm", "set up")
    return made


def test_a_regression_is_refused_and_named_where_it_is(repository: Repository) -> None:
    repository.change(MORE, lambda text: text + CALL % ("Trial Started", "m-1", 3))
    message = repository.commit(passes=False)
    assert "grown: Trial Started: category should be text" in message
    assert f"at {MORE}:41" in message
    assert FLAWED not in message


def test_a_regression_among_many_new_calls_is_refused(repository: Repository) -> None:
    """A sound file beside it makes the share of all calls smaller."""
    many = "".join(CALL % ("Trial Started", f"n-{number}", '"team"') for number in range(500))
    (repository.directory / "samples/acquire-paid-subscriptions.many.ndjson").write_text(many)
    repository.change(MORE, lambda text: text + CALL % ("Trial Started", "m-1", 3))
    assert f"at {MORE}:41" in repository.commit(passes=False)


def test_a_repair_passes(repository: Repository) -> None:
    repository.change(FLAWED, lambda text: "".join(line for line in text.splitlines(True) if line.endswith("}\n")))
    message = repository.commit(passes=True)
    repository.run("git", "reset", "-q", "--hard", "HEAD~1")
    assert "uclint check" in message
    repository.change(FLAWED, lambda text: text.partition("\n")[2])  # one of several
    repository.commit(passes=True)
    repository.run("git", "reset", "-q", "--hard", "HEAD~1")


def test_a_new_event_passes_where_it_is_right(repository: Repository) -> None:
    repository.change(GOOD, lambda text: text + CALL % ("Coupon Viewed", "m-2", '"x"'))
    repository.commit(passes=True)
    repository.run("git", "reset", "-q", "--hard", "HEAD~1")
    repository.change(GOOD, lambda text: text + CALL % ("Trial Strated", "m-2", '"x"'))
    assert 'new: "Trial Strated"' in " ".join(repository.commit(passes=False).split())


def test_a_deleted_file_makes_nothing_grow(repository: Repository) -> None:
    (repository.directory / MORE).unlink()
    repository.commit(passes=True)
    (repository.directory / GOOD).unlink()
    message = repository.commit(passes=False)
    assert "new: Subscription Started is recommended, and was never seen" in " ".join(message.split())
    repository.run("git", "reset", "-q", "--hard", "HEAD~1")


@pytest.mark.parametrize("changed", [False, True])
def test_a_renamed_file_passes(changed: bool, repository: Repository) -> None:
    (repository.directory / FLAWED).rename(repository.directory / FLAWED.replace("flawed", "renamed"))
    if changed:
        repository.change(FLAWED.replace("flawed", "renamed"), lambda text: text + CALL % ("Other", "m-3", "1"))
    repository.commit(passes=True)
    repository.run("git", "reset", "-q", "--hard", "HEAD~1")
