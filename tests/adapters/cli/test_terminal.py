"""What reaches a terminal: never wider than it, coloured only where wanted, and no event can act on it."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.command import SAMPLES, command, environment, uclint, widths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CSI = b"\x1b["
HOSTILE = {
    "colour": "\x1b[31mTrial Started\x1b[0m",
    "title": "\x1b]0;pwned\x07Trial Started",
    "C1": "\x9b31mTrial Started",
    "C1 inside": "Trial\x9bStarted",
    "bidi": "Trial\u202eStarted",
    "isolate": "Trial\u2066Started",
    "lines": "Trial\r\nStarted",
    "line separator": "Trial\u2028Started",
    "backspace": "Trial Started\x08",
    "zero width": "Trial\u200bStarted",
    "no-break space": "Trial\u00a0Started",
    "null": "Trial\x00Started",
    "delete": "Trial Started\x7f",
    "lone surrogate": "Trial \ud800Started",
    "tag": "Trial Started\U000e0041",
    "private": "Trial Started\ue000",
}
LONG = "件名が長い" * 30
PLANS = {
    "events/paid.yaml": """\
event: 注文が完了しました長い名前の出来事です注文が完了しました長い名前の出来事です
about: 注文が完了しました。
properties:
  金額がとても長い名前で終わらない金額がとても長い名前で終わらない:
    type: number
    about: どれだけ支払われたか。
    spec: none
  x: {type: string, about: Anything., spec: none}
""",
    "goals/money.yaml": """\
goal: money
name: お金をもっと稼ぐための長い長い長い長い長い長い長い長い長い目標
about: 稼ぐこと。
order: 1
considerations: [家賃]
use_cases:
  - use_case: get-paid
    name: 支払いを受けるための長い長い長い長い長い長い長い長い長い名前
    about: 支払いを受ける。
    events: [注文が完了しました長い名前の出来事です注文が完了しました長い名前の出来事です]
    sources: [Website]
    destinations: [Analytics]
""",
}


def on_a_terminal(*arguments: str | Path, env: Mapping[str, str] | None = None) -> str:
    """What is printed on a terminal of 80 columns."""
    main, other = pty.openpty()
    with subprocess.Popen(
        [command(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=other,
        stderr=subprocess.STDOUT,
        env=environment({"TERM": "xterm-256color", **(env or {})}),
    ) as process:
        os.close(other)
        printed = b""
        while True:
            try:
                part = os.read(main, 1 << 16)
            except OSError:  # Linux says the end of a terminal so
                break
            if not part:
                break
            printed += part
    os.close(main)
    assert process.returncode in (0, 1)
    return printed.decode().replace("\r\n", "\n")


FLAWED = SAMPLES / "personalize-winback.flawed.ndjson"


@pytest.mark.parametrize(
    ("env", "options", "colored"),
    [
        ({}, [], True),
        ({"NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": ""}, [], True),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"TERM": "dumb"}, [], False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, [], True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, [], False),
        ({}, ["--color", "never"], False),
        ({}, ["--color", "auto"], True),
    ],
)
def test_colour_on_a_terminal(env: dict[str, str], options: list[str], colored: bool) -> None:
    assert ("\x1b[" in on_a_terminal("check", FLAWED, *options, env=env)) == colored


@pytest.mark.parametrize(
    ("env", "options", "colored"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
        ({}, ["--color", "always"], True),
    ],
)
def test_colour_elsewhere(env: dict[str, str], options: list[str], colored: bool) -> None:
    for arguments in (["check", str(FLAWED)], ["goals"], ["use-cases"], ["show", "personalize-winback"], ["rule"]):
        done = uclint(*arguments, *options, env=env)
        assert (CSI in done.stdout) == (colored and arguments != ["rule"])
        assert CSI not in done.stderr
    assert CSI not in uclint("check", FLAWED, "--format", "json", "--color", "always").stdout


def test_a_file_is_not_coloured_by_the_terminal(tmp_path: Path) -> None:
    on_a_terminal("check", FLAWED, "-o", tmp_path / "report.txt")
    assert CSI not in (tmp_path / "report.txt").read_bytes()


def test_a_dumb_terminal_gets_ascii() -> None:
    assert on_a_terminal("check", FLAWED, env={"TERM": "dumb"}).isascii()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "utf-16"])
def test_an_encoding_that_cannot_show_everything(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "calls.ndjson").write_text('{"type":"track","event":"Trial Stärted"}\n', encoding="utf-8")
    done = uclint("check", "calls.ndjson", cwd=tmp_path, env={"PYTHONIOENCODING": encoding})
    assert done.returncode == 0
    text = done.stdout.decode(encoding)
    assert ("Trial Stärted" if encoding == "utf-8" else r"Trial St\xe4rted") in text
    assert ("█" in text or "░" in text) == (encoding == "utf-8")


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Plans, events, properties and files with wide and endless names."""
    for name, text in PLANS.items():
        path = tmp_path / "plans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    event = PLANS["events/paid.yaml"].split("\n")[0].removeprefix("event: ")
    names = [event, event[:-1], event + "x", LONG, "x" * 500]
    calls = [{"type": "track", "event": n, "properties": {"x": 1}} for n in names]
    (tmp_path / f"{LONG[:60]}.ndjson").write_text("\n".join(map(json.dumps, calls)), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("columns", "encoding"), [(40, "utf-8"), (40, "ascii"), (80, "utf-8"), (200, "utf-8")])
def test_no_line_is_wider_than_the_terminal(wide: Path, columns: int, encoding: str) -> None:
    env = {"COLUMNS": str(columns), "PYTHONIOENCODING": encoding}
    own = ["--catalog", "plans"]
    runs: list[list[str | Path]] = [
        ["check", ".", *own],
        ["check", FLAWED],
        ["check", FLAWED, "-u", "personalize-winback"],
        ["check", FLAWED, "--goal", "personalize-first-conversion"],
        ["goals", *own],
        ["use-cases", *own],
        ["show", "get-paid", *own],
        ["goals"],
        ["use-cases"],
        ["show", "accelerate-onboarding"],
        ["rule"],
    ]
    for arguments in runs:
        done = uclint(*arguments, "--color", "always", cwd=wide, env=env)
        assert done.stdout
        wider = [line for width, line in widths(done.stdout.decode(encoding)) if width > min(columns, 100)]
        # A place is copied and clicked: it stays in one piece.
        assert [line for line in wider if not re.search(r"(ndjson|yaml):[0-9]", line)] == [], arguments
        assert not [line for line in done.stdout.decode(encoding).split("\n") if line != line.rstrip(" ")]


@pytest.mark.parametrize("columns", [20, 80])
def test_a_place_is_never_broken(columns: int, tmp_path: Path) -> None:
    path = tmp_path / "a folder with a name of its own" / f"{'x' * 90}.ndjson"
    path.parent.mkdir()
    path.write_bytes(b"[]\n" * 4)
    done = uclint("check", path, "-u", "personalize-winback", cwd=tmp_path, env={"COLUMNS": str(columns)})
    assert f"\n               at {path}:1".encode() in done.stdout
    assert b"\n                  :2 :3 :4\n" in done.stdout


@pytest.mark.parametrize("event", HOSTILE.values(), ids=HOSTILE)
def test_an_event_cannot_act_on_the_terminal(event: str, tmp_path: Path) -> None:
    call = {"type": "track", "event": event, "messageId": event, "writeKey": "SECRET", "properties": {event: event}}
    (tmp_path / "calls.ndjson").write_text(json.dumps(call) + "\n" + json.dumps({"type": event}) + "\n")
    done = uclint("check", "calls.ndjson", cwd=tmp_path)
    text = done.stdout.decode()
    bad = re.findall(r"[^\n\x20-\x7e█░·…]", text)
    assert bad == [], text
    report = uclint("check", "calls.ndjson", "--format", "json", cwd=tmp_path).stdout
    assert re.fullmatch(rb"[\n\x20-\x7e]+", report)
    assert b"SECRET" not in done.stdout + report
    seen = [f for f in json.loads(report)["findings"] if f["code"] == "NM401"]
    assert all(f["event"] == event for f in seen)


def test_a_value_or_a_write_key_is_never_printed(tmp_path: Path) -> None:
    names = ("category", "plan", "email", "writeKey", "userId", "anonymousId", "type")
    call = {"type": "track", "event": "Trial Started", "writeKey": "SECRET", "userId": "SECRET"}
    properties = [dict.fromkeys(names, value) for value in ("SECRET", ["SECRET"], {"SECRET": "SECRET"}, None)]
    lines = [json.dumps({**call, "properties": p, "context": p}) for p in properties]
    body = json.dumps({"batch": [json.loads(line) for line in lines], "writeKey": "SECRET"})
    (tmp_path / "calls.ndjson").write_text("\n".join([*lines, body, '"SECRET"', '{"x":SECRET}', "SECRET"]))
    for form in ("text", "json"):
        done = uclint("check", "calls.ndjson", "--format", form, cwd=tmp_path)
        assert b"SECRET" not in done.stdout + done.stderr
