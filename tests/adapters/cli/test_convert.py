"""`uclint convert`, from the outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.command import uclint
from validator.plan.formats import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """\
uclint: 1
plan: Shop
events:
  - event: Order Completed
    description: Somebody paid.
    properties:
      order_id: {type: string, status: required, minLength: 1}
      coupon: {type: string, status: recommended}
  - event: Home
    type: page
    properties: {}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(PLAN, "utf-8")
    return path


def test_one_file_goes_to_standard_output_and_notes_beside_it(plan: Path) -> None:
    done = uclint("convert", plan, "--to", "segment-config")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert [event["name"] for event in document["rules"]["events"]] == ["Order Completed"]
    assert done.stderr.decode().splitlines() == [
        "note: the Config API has no place for it; left out: PAGE Home",
        "note: other tools treat recommended properties as required: Order Completed",
    ]


def test_several_files_need_a_folder(plan: Path, tmp_path: Path) -> None:
    done = uclint("convert", plan, "--to", "json-schema")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"name a folder with -o" in done.stderr
    done = uclint("convert", plan, "--to", "json-schema", "-o", tmp_path / "new" / "schemas")
    assert done.returncode == 0
    names = sorted(path.name for path in (tmp_path / "new" / "schemas").iterdir())
    assert names == ["home.json", "order_completed.json"]


def test_a_file_or_a_folder_takes_one_file(plan: Path, tmp_path: Path) -> None:
    for target, written in (
        (tmp_path / "x.csv", "x.csv"),
        (f"{tmp_path}/new/", "new/plan.csv"),
        (tmp_path, "plan.csv"),
    ):
        assert uclint("convert", plan, "--to", "protocols-csv", "-o", target).returncode == 0
        assert (tmp_path / written).read_text("utf-8").startswith("Version,Event Type,Event Name,")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_offered_and_read_again(form: str, plan: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = uclint("convert", plan, "--to", form, "-o", f"{folder}/")
    assert done.returncode == 0, done.stderr
    again = uclint("convert", folder, "--to", "uclint")
    assert again.returncode == 0, again.stderr
    assert b"uclint: 1" in again.stdout


def test_a_dropped_keyword_is_noted(plan: Path, tmp_path: Path) -> None:
    done = uclint("convert", plan, "--to", "protocols-csv", "-o", tmp_path / "x.csv")
    assert "note: minLength is left out: Order Completed" in done.stderr.decode()


def test_what_is_read_as_meant_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    schema = {"type": "object", "properties": {"properties": {"properties": {"x": {"type": "any"}}}}}
    path.write_text(json.dumps({"rules": [{"type": "TRACK", "key": "A", "jsonSchema": schema}]}), "utf-8")
    done = uclint("convert", path, "--to", "uclint")
    assert done.returncode == 0
    assert b"PL614" in done.stderr
    assert b"any" not in done.stdout


@pytest.mark.parametrize("arguments", [(), ("--to", "word"), ("--to", "segment", "-o", "/dev/null/x/")])
def test_what_cannot_be_done_ends_with_2(arguments: tuple[str, ...], plan: Path) -> None:
    done = uclint("convert", plan, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    done = uclint("convert", tmp_path / "none.json", "--to", "segment")
    assert done.returncode == 2
    assert b"none.json" in done.stderr


def test_names_from_a_plan_write_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    rules = [
        {"type": "TRACK", "key": key, "jsonSchema": {"title": key, "type": "object", "properties": {"properties": {}}}}
        for key in ("../../up", "/root", "a/b", "..", "con", "\u202eevil", "x" * 300)
    ]
    path.write_text(json.dumps({"name": "../..", "rules": rules}), "utf-8")
    for form in ("json-schema", "snowplow", "rudderstack-yaml"):
        folder = tmp_path / "deep" / "down" / form
        assert uclint("convert", path, "--to", form, "-o", folder).returncode == 0
        assert any(folder.rglob("*"))
    written = {p.relative_to(tmp_path).parts[0] for p in tmp_path.rglob("*")}
    assert written == {"plan.json", "deep"}
    assert {p.name for p in (tmp_path / "deep" / "down").iterdir()} == {"json-schema", "snowplow", "rudderstack-yaml"}
