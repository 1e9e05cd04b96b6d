"""Breakdowns by what is no field of a call: where it was read from."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import SAMPLES, uclint
from validator import CheckRequest, FileRange, build_report, compile_program, merge, profile
from validator.engine.compile.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path

FLAWED = (SAMPLES / "acquire-paid-subscriptions.flawed.ndjson").read_bytes()
SOUND = (SAMPLES / "acquire-paid-subscriptions.good.ndjson").read_bytes()
BY = ("--by", "@file", "--by", "@folder", "--by", "@day", "--by", "day")


def values(report: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        by["field"]: {group["value"]: group["calls"]["total"] for group in by["values"]} for by in report["breakdowns"]
    }


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for name, data in (
        ("web/2024/a.ndjson", FLAWED * 400),  # large enough to be read in ranges
        ("web/2024/b.ndjson", SOUND),
        ("ios/c.ndjson.gz", gzip.compress(FLAWED)),
        ("top.json", b"[" + b",".join(SOUND.splitlines()) + b"]"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_calls_by_file_folder_and_day(archive: Path) -> None:
    reports = []
    for jobs in ("1", "2"):
        options = (*BY, "-u", "acquire-paid-subscriptions", "-j", jobs, "--fail-on", "never", "--format", "json")
        done = uclint("check", "web", "ios", "top.json", "-", *options, stdin=SOUND, cwd=archive)
        reports.append(json.loads(done.stdout))
    assert reports[0] == reports[1]
    found = values(reports[0])
    assert found["@file"] == {
        "web/2024/a.ndjson": 58 * 400, "web/2024/b.ndjson": 40, "ios/c.ndjson.gz": 58, "top.json": 40, "-": 40
    }  # fmt: skip
    assert found["@folder"] == {"web/2024": 58 * 400 + 40, "ios": 58, ".": 80}
    assert found["@day"] == found["day"]
    for by in reports[0]["breakdowns"]:
        assert sum(group["calls"]["invalid"] for group in by["values"]) == reports[0]["calls"]["invalid"]


def test_profiles_keep_them(archive: Path) -> None:
    check = ("check", *BY, "-u", "acquire-paid-subscriptions", "--fail-on", "never", "--format", "json")
    once = json.loads(uclint(*check, "web", "ios", cwd=archive).stdout)
    for folder in ("web", "ios"):
        uclint(*check, folder, "--write-profile", f"{folder}.json", cwd=archive)
    added = json.loads(uclint(*check, "--profile", "web.json", "--profile", "ios.json", cwd=archive).stdout)
    assert added == once


def test_ranges_of_a_file_are_one_input(archive: Path) -> None:
    request = CheckRequest(use_cases=["acquire-paid-subscriptions"], selection=Selection(by=("@file", "@folder")))
    program = compile_program(request)
    path = str(archive / "web" / "2024" / "b.ndjson")
    whole = build_report(profile(path, program), program, request)
    parts = [profile(FileRange(path, start, start + 5_000), program) for start in range(0, len(SOUND), 5_000)]
    assert build_report(merge(parts, program), program, request).breakdowns == whole.breakdowns
    (group,) = whole.breakdowns[0].groups
    assert (group.value, group.calls) == (path, 40)
