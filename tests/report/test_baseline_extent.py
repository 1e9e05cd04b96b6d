"""Baselines and what they were written from: a part of it fixes nothing, and nothing that is known gets lost."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import SAMPLES, uclint

if TYPE_CHECKING:
    from pathlib import Path

CHECK = ("check", "-u", "acquire-paid-subscriptions", "--fail-on", "warning")
FLAWED = (SAMPLES / "acquire-paid-subscriptions.flawed.ndjson").read_bytes()
SOUND = (SAMPLES / "acquire-paid-subscriptions.good.ndjson").read_bytes()


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """A folder with a baseline of two files, one of which has all that is wrong."""
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "flawed.ndjson").write_bytes(FLAWED)
    (tmp_path / "events" / "sound.ndjson").write_bytes(SOUND)
    assert uclint(*CHECK, "events", "--write-baseline", "ci/b.json", cwd=tmp_path).returncode == 2
    (tmp_path / "ci").mkdir()
    assert uclint(*CHECK, "events", "--write-baseline", "ci/b.json", cwd=tmp_path).returncode == 0
    return tmp_path


def findings_of(folder: Path) -> list[Any]:
    found: list[Any] = json.loads((folder / "ci" / "b.json").read_bytes())["findings"]
    return found


def about(finding: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(value for key, value in finding.items() if key not in ("count", "of", "inputs"))


def test_the_inputs_are_named_from_where_the_file_is(known: Path) -> None:
    named = json.loads((known / "ci" / "b.json").read_bytes())["inputs"]
    assert [one["path"] for one in named] == ["../events/flawed.ndjson", "../events/sound.ndjson"]
    assert named[0]["sha256"] == hashlib.sha256(FLAWED).hexdigest()
    assert (named[0]["bytes"], named[0]["lines"], named[0]["calls"]) == (len(FLAWED), 60, 58)
    assert named[0]["events"] == {"Trial Started": 37}


@pytest.mark.parametrize("read", ["flawed", "sound"])
def test_a_part_of_the_inputs_has_grown_or_fixed_nothing(read: str, known: Path) -> None:
    other = "sound" if read == "flawed" else "flawed"
    done = uclint(*CHECK, f"events/{read}.ndjson", "--baseline", "ci/b.json", "-o", "r.json", cwd=known)
    assert done.returncode == 0
    message = f"ci/b.json was written from ../events/{other}.ndjson too, not read now, so fixes were not judged"
    assert message.encode() in done.stderr
    baseline = json.loads((known / "r.json").read_bytes())["baseline"]
    assert (baseline["new"], baseline["grown"], baseline["fixed"]) == (0, 0, [])
    assert baseline["unread"] == [f"../events/{other}.ndjson"]


def test_other_inputs_are_compared_by_their_shares_and_have_fixed_nothing(known: Path) -> None:
    (known / "next.ndjson").write_bytes(FLAWED + FLAWED)
    done = uclint(*CHECK, "next.ndjson", "--baseline", "ci/b.json", "--format", "json", cwd=known)
    assert b"and 1 more too, not read now, so fixes were not judged" in done.stderr
    assert json.loads(done.stdout)["baseline"]["grown"] > 0
    for name in ("flawed", "sound"):
        (known / "events" / f"{name}.ndjson").unlink()
    (known / "next.ndjson").write_bytes(SOUND)
    done = uclint(*CHECK, "next.ndjson", "--baseline", "ci/b.json", "--format", "json", cwd=known)
    assert not done.stderr
    assert json.loads(done.stdout)["baseline"]["fixed"]


@pytest.mark.parametrize(
    "less",
    [
        ["events", "--select", "TP"],
        ["events", "--ignore", "UC,IN"],
        ["events", "-u", "mitigate-cart-abandonment"],
        ["events/flawed.ndjson"],
        ["events/sound.ndjson"],
    ],
    ids=" ".join,
)
def test_a_baseline_that_is_written_again_loses_nothing_that_was_not_looked_for(less: list[str], known: Path) -> None:
    before = findings_of(known)
    check = CHECK if "-u" not in less else ("check", "--fail-on", "warning")
    done = uclint(*check, *less, "--write-baseline", "ci/b.json", cwd=known)
    assert done.returncode == 0
    assert b"that this run did not look for" in done.stderr or less == ["events/flawed.ndjson"]
    assert {*map(about, findings_of(known))} >= {*map(about, before)}
    assert uclint(*CHECK, "events", "--baseline", "ci/b.json", cwd=known).returncode == 0


def test_a_baseline_that_is_written_again_loses_what_is_fixed(known: Path) -> None:
    (known / "events" / "flawed.ndjson").unlink()
    done = uclint(*CHECK, "events", "--write-baseline", "ci/b.json", cwd=known)
    assert not done.stderr
    assert findings_of(known) == []


def test_what_is_no_baseline_is_written_anew(known: Path) -> None:
    before = findings_of(known)
    (known / "ci" / "b.json").write_bytes(b"{}")
    assert uclint(*CHECK, "events", "--write-baseline", "ci/b.json", cwd=known).returncode == 0
    assert findings_of(known) == before


def test_a_baseline_in_a_linked_folder_knows_its_inputs(known: Path) -> None:
    (known / "deep" / "er").mkdir(parents=True)
    (known / "link").symlink_to("deep/er")
    uclint(*CHECK, "events", "--write-baseline", "link/b.json", cwd=known)
    done = uclint(*CHECK, "events/sound.ndjson", "--baseline", "link/b.json", "--format", "json", cwd=known)
    assert b"link/b.json was written from ../../events/flawed.ndjson too, not read now" in done.stderr
    assert json.loads(done.stdout)["baseline"]["fixed"] == []


def test_what_is_no_file_is_no_input(known: Path) -> None:
    uclint(*CHECK, "-", "--write-baseline", "new.json", stdin=FLAWED, cwd=known)
    assert json.loads((known / "new.json").read_bytes())["inputs"] == []


@pytest.mark.parametrize("name", ["x" * 300, "sound.ndjson/x", "\0"])
def test_inputs_that_cannot_be_looked_at_cost_no_report(name: str, known: Path) -> None:
    path = known / "ci" / "b.json"
    path.write_text(
        json.dumps(
            json.loads(path.read_text("utf-8")) | {"inputs": [{"path": name}, {"path": "../events/sound.ndjson"}]}
        )
    )
    done = uclint(*CHECK, "events/sound.ndjson", "--baseline", "ci/b.json", cwd=known)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Fixed" in done.stdout


def test_names_that_are_no_unicode_are_known(tmp_path: Path) -> None:
    call = rb'{"type":"track","event":"\ud800","userId":"u","properties":{"\ud801":1}}' + b"\n"
    check = ("check", "--plan", SAMPLES / "plans" / "shop.json", "--fail-on", "warning", "-")
    assert uclint(*check, "--write-baseline", "b.json", stdin=call, cwd=tmp_path).returncode == 0
    assert uclint(*check, "--baseline", "b.json", stdin=call, cwd=tmp_path).returncode == 0


def test_a_baseline_grows_with_each_input_it_is_written_from(tmp_path: Path) -> None:
    sound, wrong = (json.dumps({"type": "track", "event": "Trial Started", "userId": "u", "messageId": str(n),
                                "properties": {"category": category}}).encode() + b"\n"
                    for n, category in enumerate(["team", 3]))  # fmt: skip
    (tmp_path / "a.ndjson").write_bytes(sound * 99 + wrong)
    (tmp_path / "b.ndjson").write_bytes(sound * 50 + wrong * 50)
    check = (*CHECK, "--select", "TP")
    for name in "ab":
        assert uclint(*check, f"{name}.ndjson", "--write-baseline", "known.json", cwd=tmp_path).returncode == 0
    done = uclint(*check, "a.ndjson", "b.ndjson", "--baseline", "known.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_is_kept_in_the_folder_that_is_read_has_to_be_excluded(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "a.ndjson").write_bytes(FLAWED)
    for _ in range(2):
        kept = ("--write-baseline", "events/known", "--write-profile", "events/kept")
        assert uclint(*CHECK, "events", *kept, "--exclude", "known", cwd=tmp_path).returncode == 2
        done = uclint(*CHECK, "events", *kept, "--exclude", "k*", "--format", "json", cwd=tmp_path)
        assert (done.returncode, len(json.loads(done.stdout)["inputs"])) == (0, 1)
    done = uclint(*CHECK, "events", "--baseline", "events/known", "--format", "json", cwd=tmp_path)
    assert len(json.loads(done.stdout)["inputs"]) == 2  # what else is there may be anything


def test_of_its_own_files_in_the_folder_a_run_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(FLAWED)
    uclint(*CHECK, "a.ndjson", "--write-baseline", "b.json", cwd=tmp_path)
    for _ in range(2):
        done = uclint(*CHECK, ".", "--baseline", "b.json", "-o", "r.json", "--exclude", "r.json", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, b"")
    done = uclint(*CHECK, ".", "--fail-on", "never", cwd=tmp_path)
    assert done.stderr.count(b"was written by uclint, and is not read") == 2


def test_each_output_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(FLAWED)
    done = uclint(*CHECK, "a.ndjson", "--write-baseline", "no/b", "--write-profile", "p.json", cwd=tmp_path)
    assert done.returncode == 2
    assert b"no/b" in done.stderr
    assert (tmp_path / "p.json").exists()
    done = uclint(*CHECK, "a.ndjson", "--write-baseline", "no/b", "--write-profile", "no/p", cwd=tmp_path)
    assert b"no/b" in done.stderr
    assert b"no/p" in done.stderr
    assert b"FAIL" in done.stdout
