"""`--max-errors` ends the reading at exactly the same error, however and by however many it is read."""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import validator.workers.chunks as chunks_module
import validator.workers.error_limit as limit_module
import validator.workers.input_tasks as tasks_module
import validator.workers.parallel as parallel_module
from tests.support.checking import check_paths
from tests.support.command import uclint
from tests.support.examples import examples
from validator import MaxErrors, PlanRule, Selection, TrackingPlan, UsageError
from validator.input.batch_members import BatchText
from validator.render.json import to_json

if TYPE_CHECKING:
    from pathlib import Path

    from validator import Report

# Who runs the tests may have threads of its own.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

LEAST = 25
RULE = {"properties": {"properties": {"properties": {"n": {"type": "number"}}, "required": ["n"]}}}
PLAN = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Bought", RULE),))


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small inputs are split like big ones, and a share counts soon."""
    monkeypatch.setattr(chunks_module, "RANGE", 3_000)
    monkeypatch.setattr(chunks_module, "SEGMENT", 2_500)
    monkeypatch.setattr(tasks_module, "SMALL", 600)
    monkeypatch.setattr(tasks_module, "BATCH", 1_500)
    monkeypatch.setattr(tasks_module, "FIRST", 700)
    monkeypatch.setattr(limit_module, "LEAST_CALLS", LEAST)
    monkeypatch.setattr(parallel_module, "alone", lambda: True)


# ------------------------------------------------------------------------------------- a plain second opinion


class Cut(NamedTuple):
    """Where the reading has to end.

    Attributes:
        lines: The lines that count, the last one as far as it does.
        errors: How many errors are in them.
    """

    lines: list[bytes]
    errors: int


def units(line: bytes) -> list[tuple[bool, bool]]:
    """What counts in a line: whether each is an error, and whether a call."""
    if not line.strip():
        return []
    try:
        value = json.loads(line)
    except ValueError:
        return [(True, False)]
    if not isinstance(value, dict):
        return [(True, False)]
    batch = value.get("batch")
    members = batch if isinstance(batch, list) else [value]
    return [(not isinstance(m, dict) or is_invalid(m), isinstance(m, dict)) for m in members]


def is_invalid(call: dict[str, Any]) -> bool:
    if call.get("type") != "track" or call.get("event") != "Bought":
        return False
    properties = call.get("properties")
    number = properties.get("n") if isinstance(properties, dict) else None
    fits = isinstance(number, (int, float)) and not isinstance(number, bool)
    return "properties" in call and not (fits if isinstance(properties, dict) else True)


def cut(lines: list[bytes], most: MaxErrors) -> Cut | None:
    errors = calls = total = 0
    for number, line in enumerate(lines):
        for at, (bad, call) in enumerate(units(line)):
            errors, calls, total = errors + bad, calls + call, total + 1
            enough = errors >= most.errors if most.of is None else calls >= LEAST and errors / total >= share(most)
            if enough:
                value = json.loads(line) if len(units(line)) > 1 else None
                last = line if value is None else json.dumps(value | {"batch": value["batch"][: at + 1]}).encode()
                return Cut([*lines[:number], last], errors)
    return None


def share(most: MaxErrors) -> float:
    assert most.of is not None
    return most.errors / most.of


def stream(seed: int, size: int, bad: float) -> list[bytes]:
    dice, serial = random.Random(seed), count()

    def call() -> dict[str, Any]:
        name = dice.choice(["Bought", "Bought", "Seen"])
        number: Any = dice.choice(["x", None, True]) if dice.random() < bad else dice.choice([1, 2.5])
        more = {} if dice.random() < bad / 3 else {"n": number}
        return {
            "messageId": f"m{next(serial)}",
            "type": dice.choice(["track", "track", "page"]),
            "event": name,
            "properties": more,
        }

    def line() -> bytes:
        if dice.random() < bad:
            return dice.choice([b"x", b"[1]", b"{}{}", b'{"a":', b"3"])
        if dice.random() < 0.15:
            members = [call() if dice.random() > bad else 7 for _ in range(dice.randrange(12))]
            return json.dumps({"context": {"a": ["]", "}"]}, "batch": members, "sent": "é"}).encode()
        return dice.choice([b"", b" "]) if dice.random() < 0.05 else json.dumps(call()).encode()

    return [json.dumps(call()).encode(), *(line() for _ in range(size))]


def report(paths: list[Path], jobs: int, most: MaxErrors | None, **options: Any) -> Report:
    names = [str(path) for path in paths]
    return check_paths(names, plans=[PLAN], jobs=jobs, max_errors=most, unplanned=None, **options)


def document(found: Report) -> dict[str, Any]:
    whole = to_json(found)
    del whole["inputs"], whole["partial"]
    for finding in whole["findings"]:
        for place in finding["places"]:
            del place["path"]
    return whole


def errors_in(found: Report) -> int:
    lines = {c.value: n for c, n in found.lines.items()}
    bad = sum(lines.get(name, 0) for name in ("malformed", "not_object", "too_long", "too_deep"))
    not_objects = sum(f.count for f in found.findings if f.code == "IN503") - lines.get("not_object", 0)
    return bad + not_objects + found.invalid


MOST = st.one_of(
    st.integers(1, 60).map(MaxErrors),
    st.integers(1, 1000).map(lambda n: MaxErrors(n, 1000)),
)


# ------------------------------------------------------------------------------------------ exactly there


@settings(max_examples=examples(60), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(1, 10_000),
    size=st.integers(1, 150),
    bad=st.sampled_from([0.0, 0.02, 0.1, 0.5]),
    most=MOST,
    jobs=st.integers(1, 3),
    packing=st.sampled_from(["plain", "gzip", "files"]),
    ending=st.sampled_from([b"\n", b""]),
)
@pytest.mark.no_cover
def test_the_reading_ends_there(
    tmp_path: Path, seed: int, size: int, bad: float, most: MaxErrors, jobs: int, packing: str, ending: bytes
) -> None:
    lines = stream(seed, size, bad)
    paths = written(tmp_path, lines, packing, ending)
    expected = cut(lines, most)
    alone = tmp_path / "alone"
    alone.write_bytes(b"\n".join(expected.lines if expected else lines) + ending)
    warnings: list[str] = []
    found = report(paths, jobs, most, warn=warnings.append)
    whole = report([alone], 1, None)
    if packing == "files":
        assert found.lines == whole.lines
        assert (found.valid, found.invalid, found.calls) == (whole.valid, whole.invalid, whole.calls)
        counts = [[(f.code, f.count, f.message) for f in r.findings] for r in (found, whole)]
        assert counts[0] == counts[1]
    else:
        assert document(found) == document(whole)
    assert found.partial == (expected is not None)
    assert sum("--max-errors" in text for text in warnings) == (expected is not None)
    assert sum(i.lines for i in found.inputs) == sum(found.lines.values())
    if expected:
        assert errors_in(found) == expected.errors
        if most.of is None:
            assert errors_in(found) == most.errors
        assert [i.complete for i in found.inputs] == sorted((i.complete for i in found.inputs), reverse=True)


def written(folder: Path, lines: list[bytes], packing: str, ending: bytes) -> list[Path]:
    """The lines as one input, or as several of any sizes."""
    data = b"\n".join(lines) + ending
    if packing != "files":
        path = folder / packing
        path.write_bytes(gzip.compress(data) if packing == "gzip" else data)
        return [path]
    dice, parts = random.Random(len(data)), list[list[bytes]]()
    for line in lines:
        # What begins with a sound call is lines, whatever comes then.
        if not parts or (line.startswith(b'{"m') and len(parts[-1]) >= dice.choice([1, 2, 5, 40])):
            parts.append([])
        parts[-1].append(line)
    paths = [folder / f"part-{number:03}" for number in range(len(parts))]
    for path, part in zip(paths, parts, strict=True):
        path.write_bytes(b"\n".join(part) + b"\n")
    return paths


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("form", ["array", "pretty"])
@pytest.mark.parametrize("most", ["1", "17", "40", "30%", "9.5%", "5000"])
def test_documents_end_there_too(tmp_path: Path, jobs: int, form: str, most: str) -> None:
    lines = [line for line in stream(5, 140, 0.1) if line.startswith((b'{"m', b'{"c', b"3", b"[1]"))]
    path, alone = tmp_path / "documents", tmp_path / "alone"
    expected = cut(lines, MaxErrors.parse(most))
    for target, chosen in ((path, lines), (alone, expected.lines if expected else lines)):
        objects = [line.replace(b", ", b",\n ") for line in chosen]
        target.write_bytes(b"[" + b",".join(chosen) + b"]" if form == "array" else b"\n".join(objects))
    sound = tmp_path / "sound"
    sound.write_bytes(b"[{}, {}]")
    found, whole = report([path, sound], jobs, MaxErrors.parse(most)), report([alone], 1, None)
    if expected:
        assert (found.lines, found.calls, found.invalid) == (whole.lines, whole.calls, whole.invalid)
        assert [i.complete for i in found.inputs] == [False, False]
    else:
        assert not found.partial


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("form", ["array", "lines"])
def test_standard_input_is_read_once(jobs: int, form: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    call = b'{"type":"track","event":"Bought","properties":{"n":%s}}'
    calls = [call % (b'"x"' if n % 10 == 9 else b"1") for n in range(400)]
    path = tmp_path / "input"
    path.write_bytes(b"[" + b",".join(calls) + b"]" if form == "array" else b"\n".join(calls))
    with path.open("rb") as file:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(file))
        found = check_paths(["-"], plans=[PLAN], jobs=jobs, max_errors=MaxErrors(7))
    assert (found.calls, found.invalid, found.partial) == (70, 7, True)


@pytest.mark.parametrize("jobs", [1, 2])
def test_only_calls_that_are_judged_are_errors(tmp_path: Path, jobs: int) -> None:
    call = b'{"type":"track","event":"Bought","userId":"%d","properties":{}}\n'
    path = tmp_path / "calls"
    path.write_bytes(b"".join(call % n + b'{"type":"page","properties":3}\n' for n in range(200)))
    found = report([path], jobs, MaxErrors(30), selection=Selection(types=frozenset(["track"])))
    assert (found.invalid, sum(found.lines.values())) == (30, 59)
    with pytest.raises(UsageError, match="do not go together"):
        report([path], jobs, MaxErrors(30), selection=Selection(limit=5))


def test_what_comes_after_the_end_is_not_told(tmp_path: Path) -> None:
    first, broken = tmp_path / "a", tmp_path / "b.gz"
    first.write_bytes(b"x\n" * 400)
    broken.write_bytes(gzip.compress(b"{}\n" * 5_000)[:-20])
    for jobs in (1, 2):
        warnings: list[str] = []
        found = report([first, broken, tmp_path / "nothing-there"], jobs, MaxErrors(350), warn=warnings.append)
        assert [f.code for f in found.findings] == ["IN501"]
        assert [(i.lines, i.complete) for i in found.inputs] == [(350, False), (0, False), (0, False)]
        assert len(warnings) == 1


@pytest.mark.parametrize("line", [b"x" * 3_000, b"[" * 200 + b"]" * 200, b"\xff", b"7"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_every_bad_line_counts(tmp_path: Path, line: bytes, jobs: int) -> None:
    from validator import Limits  # noqa: PLC0415

    path = tmp_path / "lines"
    path.write_bytes(b"".join(line + b"\n{}\n\n" for _ in range(9)))
    found = report([path], jobs, MaxErrors(4), limits=Limits(line=2_000))
    assert (sum(found.lines.values()), errors_in(found)) == (10, 4)


# ------------------------------------------------------------------------------------------ batches


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ('{"batch":[]}', []),
        ('{"batch":[1]}\n', ["1"]),
        (' { "a" : {"batch":[7]} , "batch" : [ {"b":"]"} , [2, 3] , "\\u00e4,\\"" , 9e9 ] , "c":0 } ', None),
        ('{"batch":[1],"batch":[2,3]}', ["2", "3"]),
        ('{"b\\u0061tch":[{}, {}]}', ["{}", "{}"]),
        ('{"batch":[' + "9" * 6_000 + ',"é"]}', ["9" * 6_000, '"é"']),
    ],
)
def test_members_are_found_in_the_text(text: str, members: list[str] | None) -> None:
    found = BatchText.of(text.encode())
    assert found
    spans = spans_of(found)
    reported = [text.encode()[start:end].decode() for start, end in spans]
    expected = members if members is not None else ['{"b":"]"}', "[2, 3]", '"\\u00e4,\\""', "9e9"]
    assert reported == expected
    for start in range(len(reported)):
        for end in range(start + 1, len(reported) + 1):
            again = BatchText.of(found.only(spans[start][0], spans[end - 1][1]))
            assert again
            assert [again.text[a:b].decode() for a, b in spans_of(again)] == reported[start:end]


def spans_of(batch: BatchText) -> list[tuple[int, int]]:
    return [span for group in batch.groups() for span in batch.members(group)]


# ------------------------------------------------------------------------------------------ the command


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", (1, None)),
        ("100", (100, None)),
        ("5%", (5, 100)),
        ("0.5%", (5, 1_000)),
        ("100%", (100, 100)),
        ("12.50%", (1250, 10_000)),
    ],
)
def test_what_may_be_given(text: str, found: tuple[int, int | None]) -> None:
    assert MaxErrors.parse(text) == found


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "0%", "101%", "1.5", "5 %%", "%", "5%x", ".5%", "1.%", "1e3", "٣", "9" * 16, "nan", "x"]
)
def test_what_may_not(text: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        MaxErrors.parse(text)


def test_the_command_ends_with_3_and_keeps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "calls.ndjson"
    path.write_bytes(b'{"type":"track","event":"Trial Started","userId":"u"}\nx\n' * 50)
    options = ["-u", "acquire-paid-subscriptions", "--format", "json"]
    done = uclint(
        "check",
        path,
        *options,
        "--max-errors",
        "7",
        *("--write-baseline", "baseline.json", "--write-profile", "profile.json"),
        cwd=tmp_path,
    )
    reported = json.loads(done.stdout)
    assert (done.returncode, reported["partial"], reported["lines"]["malformed"], reported["lines"]["total"]) == (
        3,
        True,
        7,
        14,
    )
    assert not {p.name for p in tmp_path.iterdir()} - {"calls.ndjson"}
    warnings = done.stderr.decode()
    assert "stopped after 14 lines: 7 of 14 calls and bad lines are errors (--max-errors)" in warnings
    assert "baseline.json is not written" in warnings
    assert "profile.json is not written" in warnings
    (tmp_path / "uclint.toml").write_text("max-errors = 3\n")
    assert json.loads(uclint("check", path, *options, cwd=tmp_path).stdout)["lines"]["malformed"] == 3
    (tmp_path / "uclint.toml").write_text("max-errors = '2%'\n")
    assert json.loads(uclint("check", path, *options, cwd=tmp_path).stdout)["lines"]["malformed"] == 50
    (tmp_path / "uclint.toml").write_text("max-errors = 0\n")
    done = uclint("check", path, cwd=tmp_path)
    assert (done.returncode, done.stderr.decode().strip()) == (
        2,
        'uclint: uclint.toml:1:1: `max-errors` must be a whole number from 1, or a share such as "5%"',
    )
    done = uclint("check", path, "--no-config", "--max-errors", "5%5", cwd=tmp_path)
    assert done.returncode == 2
    assert b"neither a number of errors from 1, such as 100, nor a share such as 5%" in done.stderr


def test_sorted_lines_end_there(tmp_path: Path) -> None:
    path = tmp_path / "calls.ndjson"
    path.write_bytes(b'{"type":"page","name":"p"}\nx\n\n' * 500)
    names = ["valid", "rejects", "invalid"]
    files = [word for name in names for word in (f"--{name}", tmp_path / name)]
    done = uclint("check", path, "-u", "acquire-paid-subscriptions", "--max-errors", "123", *files)
    assert done.returncode == 3
    written = [(tmp_path / name).read_bytes() for name in names]
    assert written == [b'{"type":"page","name":"p"}\n' * 123, b"x\n\n" * 122 + b"x\n", b""]
