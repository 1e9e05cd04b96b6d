"""No output may be a file that the run reads besides calls, or another output."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.command import GOOD, SAMPLES, command, environment, uclint
from tests.support.overlaps import CHECK, contents, prepare

if TYPE_CHECKING:
    from pathlib import Path

PLANS = SAMPLES / "plans" / "shop.json"


@pytest.mark.parametrize(
    "words",
    [
        ["check", "a.ndjson", "--plan", "plans", "-o", "plans/shop.json"],
        ["check", "a.ndjson", "--plan", "plans", "--valid", "plans/new.yaml"],
        ["check", "a.ndjson", "--plan", "plan.json", "--violations", "link.json"],
        ["check", "a.ndjson", "--plan", "plan.json", "--write-profile", "twin.json"],
        ["check", "a.ndjson", "--catalog", "catalog", "-o", "catalog/events/new.yaml"],
        ["check", "a.ndjson", "--catalog", "catalog", "--rejects", "catalog/goals/new.yml"],
        ["check", "a.ndjson", "-o", "uclint.toml"],
        ["check", "a.ndjson", "--config", "other.toml", "--rejects", "other.toml"],
        ["check", "a.ndjson", "--baseline", "known.json", "--valid", "known.json"],
        ["recommend", "a.ndjson", "-o", "uclint.toml"],
        ["recommend", "a.ndjson", "--catalog", "catalog", "-o", "catalog/events/new.yaml"],
        ["checklist", "-o", "uclint.toml"],
        ["checklist", "-o", "uclint-setup.toml"],
        ["generate", "acquire-paid-subscriptions", "-o", "uclint.toml"],
        ["generate", "acquire-paid-subscriptions", "--catalog", "catalog", "-o", "catalog/events/new.yaml"],
        ["compile", "acquire-paid-subscriptions", "-o", "uclint.toml"],
        ["compile", "--explain", "--plan", "plan.json", "-o", "plan.json"],
        ["compile", "--explain", "--plan", "plans", "-o", "plans/new.json"],
        ["convert", "plan.json", "--to", "avo", "-o", "plan.json"],
        ["convert", "plan.json", "--to", "avo", "-o", "twin.json"],
        ["convert", "plans", "--to", "avo", "-o", "plans/new.json"],
        ["convert", "plans", "--to", "typewriter", "-o", "plans/shop.json"],
        ["plan", "diff", "plan.json", "plans", "-o", "plan.json"],
        ["plan", "diff", "plan.json", "plans", "-o", "plans/new.json"],
        ["plan", "lint", "plan.json", "-o", "link.json"],
        ["plan", "lint", "plan.json", "-o", "uclint.toml"],
    ],
    ids=" ".join,
)
def test_what_is_read_besides_calls_is_not_written_over(words: list[str], tmp_path: Path) -> None:
    here = prepare(tmp_path)
    (here / "a.ndjson").write_bytes(GOOD)
    (here / "plans").mkdir()
    for name in ("plan.json", "plans/shop.json"):
        (here / name).write_bytes(PLANS.read_bytes())
    (here / "link.json").symlink_to("plan.json")
    os.link(here / "plan.json", here / "twin.json")
    for name in ("uclint.toml", "other.toml"):
        (here / name).write_text("")
    (here / "known.json").write_text('{"baseline_version": 1, "findings": []}\n')
    shutil.copytree(SAMPLES.parent / "plans", here / "catalog")
    was = contents(here)
    done = uclint(*words, cwd=here)
    assert (done.returncode, done.stdout) == (2, b""), done.stderr
    assert re.search(rb"cannot be written as well|which are read", done.stderr)
    assert contents(here) == was


@pytest.mark.parametrize(
    "words",
    [
        ["check", "a.ndjson", "--catalog", ".", "-o", "report.json"],
        ["check", "a.ndjson", "--plan", "shop", "-o", "shop/report.html"],
        ["convert", "shop", "--to", "avo", "-o", "avo.json"],
        ["checklist", ".", "--env", "dev", "--exclude", "*.yaml"],
    ],
    ids=" ".join,
)
def test_what_only_lies_near_can_be_written(words: list[str], tmp_path: Path) -> None:
    shutil.copytree(SAMPLES.parent / "plans", tmp_path, dirs_exist_ok=True)
    (tmp_path / "uclint-setup.toml").write_bytes((prepare(tmp_path / "x") / "uclint-setup.toml").read_bytes())
    shutil.rmtree(tmp_path / "x")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.json").write_bytes(PLANS.read_bytes())
    (tmp_path / "a.ndjson").write_bytes(GOOD)
    done = uclint(*words, cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--valid", "x", "--invalid", "x"], "two outputs would go to x"),
        (["--valid", "x", "--invalid", "./x"], "two outputs would go to ./x"),
        (["--valid", "old", "--rejects", "link"], "two outputs would go to link"),
        (["--valid", "old", "--rejects", "twin"], "two outputs would go to twin"),
        (["--valid", "x", "--violations", "via/x"], "two outputs would go to via/x"),
        (["-o", "x", "--write-baseline", "nothing"], "two outputs would go to nothing"),
        (["--write-profile", "x", "--write-baseline", "x"], "two outputs would go to x"),
        (["--valid", "-", "--invalid", "-"], "two outputs would go to standard output"),
        (["--valid", "-", "--invalid", "/dev/stdout"], "two outputs would go to /dev/stdout"),
    ],
)
def test_no_two_outputs_are_one_file(words: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "link").symlink_to("old")
    (tmp_path / "nothing").symlink_to("x")
    (tmp_path / "via").symlink_to(".")
    os.link(tmp_path / "old", tmp_path / "twin")
    was = contents(tmp_path)
    done = uclint(*CHECK, "-", *words, stdin=GOOD, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message.encode() in done.stderr
    assert contents(tmp_path) == was


def test_standard_output_and_a_file_are_not_one(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(GOOD)
    with (tmp_path / "out").open("ab") as stdout:
        words = [command(), *CHECK, "a.ndjson", "--valid", "out"]
        done = subprocess.run(words, check=False, stdout=stdout, stderr=-1, cwd=tmp_path, env=environment())
    assert done.returncode == 2
    assert b"two outputs would go to out" in done.stderr


# ------------------------------------------------------------------------------------------- against what really is so
