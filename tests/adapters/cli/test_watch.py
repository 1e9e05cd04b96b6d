"""`uclint check --watch`: each change is checked and reported, and Ctrl-C ends it."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.checking import check_stream
from tests.support.command import GOOD, ROOT, SAMPLES, command, environment, uclint
from validator.model import Place, Severity
from validator.render.watch_text import MOST, render_short
from validator.report import Finding, judge_report

if TYPE_CHECKING:
    from pathlib import Path

    from validator.report import Report

USE_CASE = ("-u", "acquire-paid-subscriptions")
WRONG = GOOD.replace(b'"team"', b"7")


class Watching:
    """A watching process."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [command(), "check", "--watch", "--ignore", "UC101", "--ignore", "SP", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=directory,
            env=environment(),
            start_new_session=True,
        )
        self._late = threading.Timer(60, self._process.kill)
        self._late.daemon = True
        self._late.start()

    def next(self) -> str:
        """The next report."""
        assert self._process.stdout is not None
        lines: list[str] = []
        while line := self._process.stdout.readline().decode():
            if line == "\n":
                return "".join(lines)
            lines.append(line)
        raise AssertionError(self.ended(signal.SIGINT))

    def message(self) -> str:
        """The next line on standard error."""
        assert self._process.stderr is not None
        return self._process.stderr.readline().decode()

    def ended(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """The exit code and the rest of standard error, after a signal or because nobody reads any more."""
        if number:
            self._process.send_signal(number)
        elif self._process.stdout:
            self._process.stdout.close()
            self._process.stdout = None
        _, err = self._process.communicate(timeout=60)
        self._late.cancel()
        assert b"Traceback" not in err
        return self._process.returncode, err.decode()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    events = tmp_path / "events"
    events.mkdir()
    (events / "a.ndjson").write_bytes(GOOD)
    return tmp_path


def test_files_that_appear_grow_change_and_go(directory: Path) -> None:
    watching = Watching(directory, "events", *USE_CASE)
    assert re.match(r"\d\d:\d\d:\d\d  1 file\nPASS  no findings", watching.next())
    (directory / "events" / "b.ndjson").write_bytes(WRONG)
    appeared = watching.next()
    assert re.match(r"\S+  events/b.ndjson\n", appeared)
    assert re.search(r"TP202.*\n?.*1 of 2\n? .*\n.* at events/b.ndjson:1\n", appeared)
    with (directory / "events" / "b.ndjson").open("ab") as file:
        file.write(GOOD)
    assert "1 of 3" in re.sub(r"\s+", " ", watching.next())
    (directory / "events" / "a.ndjson").write_bytes(b"{\n")
    changed = watching.next()
    assert "error   IN501" in changed
    assert "1 of 2" in re.sub(r"\s+", " ", changed)
    assert "FAIL" in changed
    (directory / "events" / "a.ndjson").unlink()
    assert re.search(r"gone    IN501.*\n1 finding as before\nPASS  1 warning", watching.next())
    assert watching.ended(signal.SIGINT) == (0, "uclint: watching; Ctrl-C ends\n")


def test_the_exit_code_is_that_of_the_last_state(directory: Path) -> None:
    (directory / "events" / "a.ndjson").write_bytes(b"{\n")
    watching = Watching(directory, "events", *USE_CASE)
    watching.next()
    assert watching.ended(signal.SIGINT)[0] == 1


def test_a_plan_is_watched_too_and_may_be_broken_for_a_while(directory: Path) -> None:
    plan = directory / "plan.json"
    good = (SAMPLES / "plans" / "shop.json").read_bytes()
    plan.write_bytes(good)
    watching = Watching(directory, "events", "--plan", "plan.json", "-o", "-", "-o", "report.json")
    watching.next()
    plan.write_bytes(b"{")
    assert watching.message() == "uclint: watching; Ctrl-C ends\n"
    assert watching.message().startswith("uclint: plan.json:1:")
    plan.write_bytes(good.replace(b"Trial Started", b"Trial Begun"))
    assert '"Trial Started" (1 call) is not in Shop' in watching.next()
    assert json.loads((directory / "report.json").read_text())["findings"], "other reports are written too"
    assert watching.ended(signal.SIGINT)[0] == 0


def test_a_catalog_is_watched_too(directory: Path) -> None:
    catalog = directory / "plans"
    shutil.copytree(ROOT / "plans", catalog)
    watching = Watching(directory, "events", "--catalog", "plans", *USE_CASE)
    assert "PASS  no findings" in watching.next()
    trial = catalog / "events" / "trial-started.yaml"
    good = trial.read_bytes()
    trial.write_bytes(b"event: [\n")
    assert watching.message() == "uclint: watching; Ctrl-C ends\n"
    assert watching.message().startswith("uclint: plans/events/trial-started.yaml:")
    trial.write_bytes(good.replace(b"category", b"sort"))
    changed = watching.next()
    assert "plans/events/trial-started.yaml\n" in changed
    assert "warning UC102  Trial Started: sort" in changed
    assert watching.ended(signal.SIGINT)[0] == 0


def test_a_change_of_the_configuration_is_reported_once(directory: Path) -> None:
    config = directory / "uclint.toml"
    config.write_text('fail-on = "error"\n')
    watching = Watching(directory, "events", *USE_CASE)
    watching.next()
    assert watching.message() == "uclint: watching; Ctrl-C ends\n"
    config.write_text('fail-on = "never"\n')
    assert watching.message() == "uclint: uclint.toml has changed: restart to use it\n"
    config.write_text('fail-on = "warning"\n')
    (directory / "events" / "a.ndjson").write_bytes(b"{\n")
    assert "FAIL" in watching.next()
    assert watching.ended(signal.SIGINT) == (1, "")


def test_it_ends_when_nobody_reads(directory: Path) -> None:
    watching = Watching(directory, "events", *USE_CASE)
    watching.next()
    assert watching.ended()[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "needs files or directories"),
        (("-",), "needs files or directories"),
        (("events", "--write-baseline", "b", "--valid", "v"), "leave out --valid, --write-baseline"),
        (("events", "--plan", "absent.json"), "absent.json"),
    ],
)
def test_what_cannot_be_watched(directory: Path, arguments: tuple[str, ...], message: str) -> None:
    done = uclint("check", "--watch", *arguments, cwd=directory)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert done.stdout == b""


def report(*lines: bytes) -> Report:
    return check_stream(b"".join(lines), name="events.ndjson")


def short(now: Report, before: Report | None = None) -> str:
    return render_short(now, judge_report(now), before=before)


def test_only_what_has_changed_is_reported() -> None:
    one, two = report(WRONG), report(WRONG, b"{\n")
    assert "TP202" in short(one)
    assert "TP202" not in short(one, before=one)
    reported = re.sub(r"\s+", " ", short(two, before=one))
    assert "IN501" in reported
    assert f"{len(one.findings)} findings as before" in reported
    assert "gone IN501" in short(one, before=two).replace("    ", " ")
    assert set(re.findall(r"[A-Z]{2}\d{3}", short(two))) == {finding.code for finding in two.findings}


def test_many_findings_are_counted() -> None:
    now = report(*(WRONG.replace(b"Trial Started", b"Trial Started %d" % n) for n in range(9)))
    assert len(now.findings) > MOST
    assert f"... and {len(now.findings) - MOST} further finding" in short(now)


def test_names_from_events_stay_inert() -> None:
    bad = Finding(
        "NM401", "near", Severity.WARNING, (), (), "x\x1b[31m", None, None, None, "x\x1b[31m\n::error::", 1,
        (Place(0, 1, 0, -1, None),),
    )  # fmt: skip
    import msgspec  # noqa: PLC0415

    base = report(GOOD)
    reported = short(msgspec.structs.replace(base, findings=(bad,)))
    gone = short(base, before=msgspec.structs.replace(base, findings=(bad,)))
    for text in (reported, gone):
        assert "\x1b" not in text
        assert not re.search(r"^\s*::", text, re.MULTILINE)
