"""What a baseline knows of each input: a part is compared with the same part, and growth is named where it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.command import uclint
from validator.report.baseline import MOST_BY_INPUT, Baseline

if TYPE_CHECKING:
    from pathlib import Path

CHECK = ("check", "-u", "acquire-paid-subscriptions", "--fail-on", "warning")


def call(number: int, category: object = "team", event: str = "Trial Started") -> bytes:
    properties = {"category": category}
    sent = {"type": "track", "event": event, "userId": "u", "messageId": f"m-{number}", "properties": properties}
    return json.dumps(sent).encode() + b"\n"


def calls(sound: int, wrong: int = 0, *, start: int = 0) -> bytes:
    return b"".join(call(start + n, "team" if n < sound else 3) for n in range(sound + wrong)) + SEEN


SEEN = call(10**6, event="Subscription Started")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files with a baseline: one of ten calls is wrong in `a`, five of fifty in `b`."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_bytes(calls(9, 1))
    (tmp_path / "in" / "b.ndjson").write_bytes(calls(45, 5, start=100))
    assert uclint(*CHECK, "in", "--write-baseline", "known.json", cwd=tmp_path).returncode == 0
    return tmp_path


def checked(folder: Path, *paths: str, code: int | None = None) -> tuple[dict[str, Any], str]:
    done = uclint(*CHECK, *(paths or ("in",)), "--baseline", "known.json", "--format", "json", cwd=folder)
    assert code is None or done.returncode == code, done.stdout.decode()
    report: dict[str, Any] = json.loads(done.stdout)
    return report, done.stderr.decode()


def of_category(report: dict[str, Any]) -> dict[str, Any]:
    (found,) = (f for f in report["findings"] if f["property"] == "category")
    return dict(found)


def kept(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "known.json").read_bytes())
    return found


def test_what_each_input_has_is_written_down(folder: Path) -> None:
    known = kept(folder)
    assert known["baseline_version"] == 2
    (wrong,) = known["findings"]
    assert (wrong["count"], wrong["of"], wrong["inputs"]) == (6, 60, {"in/a.ndjson": 1, "in/b.ndjson": 5})
    assert [one["events"] for one in known["inputs"]] == [
        {"Subscription Started": 1, "Trial Started": 10},
        {"Subscription Started": 1, "Trial Started": 50},
    ]
    (line,) = [
        line for line in (folder / "known.json").read_text().splitlines() if '"a.ndjson' in line or "in/a" in line
    ][:1]
    assert line.strip().startswith('{"path": "in/a.ndjson", "bytes": ')


def test_a_part_is_compared_with_the_same_part(folder: Path) -> None:
    report, warned = checked(folder, "in/a.ndjson", code=0)
    assert "so fixes were not judged" in warned
    assert of_category(report)["baseline"] == {"status": "known", "count": 1, "of": 10}
    (folder / "in" / "a.ndjson").write_bytes(calls(9, 2))
    report, _ = checked(folder, "in/a.ndjson", code=1)
    assert of_category(report)["baseline"] == {"status": "grown", "count": 1, "of": 10}


def test_an_event_that_other_inputs_have_is_not_missing(folder: Path) -> None:
    (folder / "in" / "a.ndjson").write_bytes(call(1))
    report, _ = checked(folder, "in/a.ndjson", code=0)
    (missing,) = (f for f in report["findings"] if f["code"] == "UC101")
    assert missing["baseline"] == {"status": "known", "count": None, "of": None}
    (folder / "in" / "b.ndjson").unlink()
    report, _ = checked(folder, code=1)
    (missing,) = (f for f in report["findings"] if f["code"] == "UC101")
    assert missing["baseline"]["status"] == "new"


def test_growth_is_named_where_it_is(folder: Path) -> None:
    (folder / "in" / "b.ndjson").write_bytes(calls(45, 6, start=100))
    report, _ = checked(folder, code=1)
    found = of_category(report)
    assert (found["count"], found["baseline"]) == (7, {"status": "grown", "count": 6, "of": 60})
    assert {place["path"] for place in found["places"]} == {"in/b.ndjson"}
    assert [place["line"] for place in found["places"]] == [46, 47, 48, 49, 50]


def test_growth_in_a_new_file_is_named_there_and_sound_ones_hide_none(folder: Path) -> None:
    (folder / "in" / "new.ndjson").write_bytes(calls(0, 3, start=200))
    found = of_category(checked(folder, code=1)[0])
    assert {place["path"] for place in found["places"]} == {"in/new.ndjson"}
    (folder / "in" / "new.ndjson").write_bytes(calls(900, start=200))
    assert of_category(checked(folder, code=0)[0])["baseline"]["status"] == "known"
    (folder / "in" / "a.ndjson").write_bytes(calls(9, 2))
    found = of_category(checked(folder, code=1)[0])
    assert found["baseline"]["status"] == "grown"
    assert {place["path"] for place in found["places"]} <= {"in/a.ndjson", "in/new.ndjson"}


def test_taking_calls_out_makes_nothing_grow(folder: Path) -> None:
    (folder / "in" / "a.ndjson").write_bytes(calls(6, 1))
    checked(folder, code=0)
    (folder / "in" / "b.ndjson").unlink()
    checked(folder, code=0)


def test_in_much_less_than_there_was_the_share_alone_tells(folder: Path) -> None:
    """An archive of another day under the same name, for example."""
    (folder / "in" / "a.ndjson").write_bytes(calls(1, 1))
    (folder / "in" / "b.ndjson").write_bytes(calls(10, 4, start=100))
    assert of_category(checked(folder, code=1)[0])["baseline"]["status"] == "grown"


def test_a_renamed_file_is_the_same(folder: Path) -> None:
    (folder / "in" / "b.ndjson").rename(folder / "in" / "c.ndjson")
    report, warned = checked(folder, code=0)
    assert (report["baseline"]["known"], report["baseline"]["unread"], warned) == (1, [], "")
    report, _ = checked(folder, "in/c.ndjson", code=0)
    assert of_category(report)["baseline"] == {"status": "known", "count": 5, "of": 50}


def test_a_part_written_again_replaces_that_part(folder: Path) -> None:
    (folder / "in" / "a.ndjson").write_bytes(calls(20))
    uclint(*CHECK, "in/a.ndjson", "--write-baseline", "known.json", cwd=folder)
    (wrong,) = kept(folder)["findings"]
    assert (wrong["count"], wrong["of"], wrong["inputs"]) == (5, 70, {"in/b.ndjson": 5})
    part = kept(folder)
    (folder / "known.json").unlink()
    uclint(*CHECK, "in", "--write-baseline", "known.json", cwd=folder)
    assert kept(folder) == part


def test_what_cannot_be_read_twice_is_known_in_sum(folder: Path) -> None:
    uclint(*CHECK, "in", "-", "--write-baseline", "sum.json", stdin=calls(1), cwd=folder)
    known = json.loads((folder / "sum.json").read_bytes())
    assert known["inputs"] == [{"path": "in/a.ndjson"}, {"path": "in/b.ndjson"}]
    assert "inputs" not in known["findings"][0]
    done = uclint(*CHECK, "in/a.ndjson", "--baseline", "sum.json", cwd=folder)
    assert b"so growth and fixes were not judged" in done.stderr


def test_of_many_inputs_only_the_sum_is_known(folder: Path) -> None:
    for number in range(MOST_BY_INPUT - 1):
        (folder / "in" / f"{number}.ndjson").write_bytes(SEEN)
    uclint(*CHECK, "in", "--write-baseline", "sum.json", cwd=folder)
    assert {"path": "in/a.ndjson"} in json.loads((folder / "sum.json").read_bytes())["inputs"]


def test_version_1_is_read_and_compared_in_sum(folder: Path) -> None:
    known = kept(folder)
    known["baseline_version"] = 1
    known["inputs"] = [one["path"] for one in known["inputs"]]
    for finding in known["findings"]:
        del finding["inputs"]
    (folder / "known.json").write_text(json.dumps(known))
    report, _ = checked(folder, code=0)
    assert report["baseline"]["known"] == 1
    assert "growth and fixes were not judged" in checked(folder, "in/a.ndjson", code=0)[1]
    (folder / "in" / "b.ndjson").write_bytes(calls(45, 6, start=100))
    assert of_category(checked(folder, code=1)[0])["places"][0]["path"] == "in/a.ndjson"
    uclint(*CHECK, "in", "--write-baseline", "known.json", cwd=folder)
    assert kept(folder)["baseline_version"] == 2
    assert kept(folder)["inputs"][0]["sha256"]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4))
def test_the_file_says_the_same(inputs: list[tuple[int, int]]) -> None:
    counts = {f"{n}.ndjson": count for n, (count, _) in enumerate(inputs)}
    text = json.dumps(
        {
            "baseline_version": 2,
            "inputs": [
                {"path": path, "bytes": 1, "sha256": "0", "lines": 9, "calls": 9, "events": {"E": 9}} for path in counts
            ],
            "findings": [{"code": "TP202", "event": "E", "count": sum(counts.values()), "of": 9, "inputs": counts}],
        }
    )
    baseline = Baseline.parse(text.encode(), "b")
    assert Baseline.parse(baseline.to_text().encode(), "b") == baseline
