"""What is read is never written over, and nothing is written twice or read as events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.command import GOOD, SAMPLES, uclint

if TYPE_CHECKING:
    from pathlib import Path

CHECK = ("check", "-u", "acquire-paid-subscriptions", "--no-config")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["calls.ndjson", "-o", "calls.ndjson"], b"calls.ndjson is read and cannot be written as well"),
        (["calls.ndjson", "-o", "./calls.ndjson"], b"is read and cannot be written as well"),
        (["calls.ndjson", "-o", "link.ndjson"], b"link.ndjson is read and cannot be written as well"),
        (["calls.ndjson", "--write-baseline", "calls.ndjson"], b"is read and cannot be written as well"),
        (
            ["calls.ndjson", "--plan", "plan.json", "-o", "plan.json"],
            b"plan.json is read and cannot be written as well",
        ),
        (["calls.ndjson", "--baseline", "known.json", "-o", "known.json"], b"known.json is read and cannot"),
        (["calls.ndjson", "--write-baseline", "new.json", "-o", "./new.json"], b"two outputs would go to new.json"),
        (["calls.ndjson", "--write-baseline", "-"], b"two outputs would go to standard output"),
        (["calls.ndjson", "--valid", "new", "--write-baseline", "new"], b"two outputs would go to new"),
    ],
)
def test_nothing_is_written_over(arguments: list[str], message: bytes, tmp_path: Path) -> None:
    (tmp_path / "calls.ndjson").write_bytes(GOOD)
    (tmp_path / "link.ndjson").symlink_to("calls.ndjson")
    (tmp_path / "plan.json").write_bytes((SAMPLES / "plans" / "shop.json").read_bytes())
    uclint(*CHECK, "calls.ndjson", "--write-baseline", "known.json", cwd=tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = uclint(*CHECK, *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_configuration_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "uclint.toml").write_text('use-cases = ["acquire-paid-subscriptions"]\n')
    done = uclint("check", "-", "-o", "uclint.toml", stdin=GOOD, cwd=tmp_path)
    assert done.returncode == 2
    assert b"uclint.toml is read and cannot be written as well" in done.stderr


def test_devices_take_several_outputs(tmp_path: Path) -> None:
    done = uclint(*CHECK, "-", "-o", "/dev/null", "--write-baseline", "/dev/null", stdin=GOOD, cwd=tmp_path)
    assert done.returncode in (0, 1)


def test_the_baseline_can_be_written_anew(tmp_path: Path) -> None:
    for _ in range(2):
        done = uclint(*CHECK, "-", "--baseline", "b.json", "--write-baseline", "b.json", stdin=GOOD, cwd=tmp_path)
        assert done.returncode == 0, done.stderr


def test_a_report_in_a_checked_folder_is_not_read_as_events_and_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "calls.ndjson").write_bytes(GOOD)
    assert uclint(*CHECK, "calls.ndjson", "-o", "report.json", cwd=tmp_path).returncode == 0
    was = (tmp_path / "report.json").read_bytes()
    done = uclint(*CHECK, ".", "--format", "json", cwd=tmp_path)
    assert [i["path"] for i in json.loads(done.stdout)["inputs"]] == ["calls.ndjson"]
    assert b"report.json was written by uclint, and is not read" in done.stderr
    assert uclint(*CHECK, ".", "-o", "report.json", cwd=tmp_path).returncode == 2
    assert (tmp_path / "report.json").read_bytes() == was
    done = uclint(*CHECK, ".", "-o", "report.json", "--exclude", "report.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_baseline_that_cannot_be_written_costs_no_report(tmp_path: Path) -> None:
    done = uclint(*CHECK, "-", "--write-baseline", "no/where.json", "-o", "report.json", stdin=GOOD, cwd=tmp_path)
    assert done.returncode == 2
    assert b"no/where.json" in done.stderr
    assert json.loads((tmp_path / "report.json").read_bytes())["calls"]["total"] == 1


@pytest.mark.parametrize("narrowed", [["--limit", "1"], ["--type", "identify"], ["--event", "X"]])
def test_a_baseline_of_some_calls_is_refused_and_nothing_is_fixed_by_them(narrowed: list[str], tmp_path: Path) -> None:
    """Even if nothing is left out: events that are never seen are not looked for, and would be new in the next run."""
    flawed = SAMPLES / "acquire-paid-subscriptions.flawed.ndjson"
    done = uclint(*CHECK, flawed, *narrowed, "--write-baseline", "b.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"--write-baseline and {narrowed[0]} do not go together".encode() in done.stderr
    assert not (tmp_path / "b.json").exists()
    uclint(*CHECK, flawed, "--write-baseline", "b.json", cwd=tmp_path)
    assert b"Fixed" not in uclint(*CHECK, flawed, *narrowed, "--baseline", "b.json", cwd=tmp_path).stdout


def test_a_baseline_with_a_code_of_no_rule_is_refused(tmp_path: Path) -> None:
    known = {"baseline_version": 1, "use_cases": [], "plans": [], "findings": [{"code": "ZZ9", "count": 1, "of": 1}]}
    (tmp_path / "b.json").write_text(json.dumps(known))
    done = uclint(*CHECK, "-", "--baseline", "b.json", stdin=GOOD, cwd=tmp_path)
    assert done.returncode == 2
    assert b"'ZZ9', which no rule has" in done.stderr


@pytest.mark.parametrize("field", ["batch", "batch.x", 'a"b', "a\\b", "a\nb", b"a\xff", b"context.a\xff"])
def test_fields_that_no_call_has_are_refused(field: str | bytes) -> None:
    done = uclint(*CHECK, "-", "--by", field, stdin=GOOD)
    assert done.returncode == 2
    assert b"broken down by" in done.stderr or b"is not a valid field" in done.stderr


@pytest.mark.parametrize("option", ["--min-coverage", "--baseline-tolerance", "--sample"])
@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_a_share_is_a_number(option: str, number: str) -> None:
    assert uclint(*CHECK, "-", option, number, stdin=GOOD).returncode == 2


def test_times_at_the_end_of_the_calendar_and_the_wrong_way_round() -> None:
    assert uclint(*CHECK, "-", "--until", "9999-12-31", stdin=GOOD).returncode == 0
    done = uclint(*CHECK, "-", "--since", "2024-03-02", "--until", "2024-03-01", stdin=GOOD)
    assert done.returncode == 2
    assert b"--since 2024-03-02 is after --until 2024-03-01" in done.stderr


def test_it_says_that_no_call_was_judged() -> None:
    assert b"no call was judged: 1 is left out" in uclint(*CHECK, "-", "--event", "Trial Startd", stdin=GOOD).stdout


def test_names_of_properties_are_told_apart_by_the_type_of_their_calls(tmp_path: Path) -> None:
    calls = b"".join(
        b'{"type":"%s","event":"E","userId":"u","messageId":"%d","properties":{"aB":1,"cD":2}}\n' % (kind, n)
        for n, kind in enumerate([b"track"] * 4)
    )
    select = ("--select", "NM407", "--fail-on", "warning")
    uclint(*CHECK, "-", *select, "--write-baseline", "b.json", stdin=calls, cwd=tmp_path)
    same = uclint(*CHECK, "-", *select, "--baseline", "b.json", stdin=calls, cwd=tmp_path)
    assert same.returncode == 0, same.stdout
    other = uclint(
        *CHECK, "-", *select, "--baseline", "b.json", stdin=calls + calls.replace(b"track", b"page"), cwd=tmp_path
    )
    assert other.returncode == 1, other.stdout
    more = calls.replace(b'"aB"', b'"eF":1,"gH":1,"aB"')
    assert uclint(*CHECK, "-", *select, "--baseline", "b.json", stdin=more, cwd=tmp_path).returncode == 1
