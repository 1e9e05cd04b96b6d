"""Which reports a command line asks for, and that all of them are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from tests.support.command import SAMPLES, uclint
from validator.adapters.cli.check import command
from validator.errors import UsageError

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "targets.yaml").read_text("utf-8"))
SAMPLE = SAMPLES / "acquire-paid-subscriptions.flawed.ndjson"
USE_CASE = ("-u", "acquire-paid-subscriptions")


@pytest.mark.parametrize("case", CASES, ids=[" ".join(c["args"]) or "nothing" for c in CASES])
def test_case(case: dict[str, Any]) -> None:
    if "complaint" in case:
        with pytest.raises((click.UsageError, UsageError)) as complaint:
            command.make_context("check", list(case["args"]))
        text = (
            complaint.value.format_message() if isinstance(complaint.value, click.UsageError) else str(complaint.value)
        )
        assert case["complaint"] in text
        return
    context = command.make_context("check", list(case["args"]))
    assert [list(target) for target in context.params["reports"]] == case["reports"]


def test_several_reports_of_one_run(tmp_path: Path) -> None:
    arguments = ["--format", "text", "--format", "sarif", "-o", "r.sarif", "--format", "html", "-o", "r.html"]
    done = uclint("check", SAMPLE, *USE_CASE, *arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout == uclint("check", SAMPLE, *USE_CASE, cwd=tmp_path).stdout
    assert json.loads((tmp_path / "r.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert (tmp_path / "r.html").read_text("utf-8").startswith("<!doctype html>")
    assert {p.name for p in tmp_path.iterdir()} == {"r.sarif", "r.html"}


def test_two_reports_for_one_place_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    done = uclint("check", "-", "--format", "json", "--format", "text", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"put -o FILE after --format text" in done.stderr


def test_a_report_that_cannot_be_written_keeps_none_from_it(tmp_path: Path) -> None:
    done = uclint("check", SAMPLE, "-o", "no/where.json", "-o", "r.json", cwd=tmp_path)
    assert done.returncode == 2
    assert b"cannot write no/where.json" in done.stderr
    assert json.loads((tmp_path / "r.json").read_bytes())["report_version"] == 2


def test_github_gets_a_job_summary_too(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    environment = {"GITHUB_STEP_SUMMARY": str(summary)}
    done = uclint("check", SAMPLE, *USE_CASE, "--format", "github", cwd=tmp_path, env=environment)
    assert done.returncode == 1
    assert done.stdout.startswith(b"::error ")
    markdown = uclint("check", SAMPLE, *USE_CASE, "--format", "markdown", cwd=tmp_path, env=environment).stdout
    assert summary.read_bytes() == b"before\n" + markdown
    nowhere = uclint("check", SAMPLE, "--format", "github", env={"GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert nowhere.returncode == 2
    assert b"cannot write the job summary" in nowhere.stderr
    assert nowhere.stdout.startswith(b"::error ")


def test_github_without_a_runner_writes_no_summary(tmp_path: Path) -> None:
    done = uclint("check", SAMPLE, "--format", "github", cwd=tmp_path, env={"GITHUB_STEP_SUMMARY": ""})
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []
