"""The installed uclint against the independent count, on generated streams.

By hand, for many calls: python -m tests.service.test_independent --calls 1000000 --seed 7
"""

from __future__ import annotations

import argparse
import base64
import copy
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from samples.generate import lines
from tests.service.test_independent_count import encode
from tests.support import independent
from tests.support.compare_reports import REFERENCE, SHARED, compare
from tests.support.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


CASES = SHARED / "semantics" / "cases.yaml"
SELECTIONS: list[list[str]] = [
    [],
    ["nurture-with-content"],
    ["suppress-with-purchase", "personalize-first-conversion/accelerate-onboarding"],
]

pytestmark = [
    pytest.mark.no_cover,
    pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference tables (../shared/reference) are absent"),
]


# ---------------------------------------------------------------------------------- the installed command


def generated(seed: int, flaws: float, hard: bool) -> Iterator[bytes]:
    return lines(seed=seed, flaws=flaws, hard=hard)


def command() -> str:
    beside = Path(sys.executable).with_name("uclint")
    found = str(beside) if beside.exists() else shutil.which("uclint")
    if found is None:
        raise RuntimeError("no uclint command beside this Python, nor on PATH: install the project first")
    return found


def check(path: Path, use_cases: Sequence[str]) -> dict[str, Any]:
    selected = [argument for name in use_cases for argument in ("-u", name)]
    arguments = [command(), "check", str(path), "--format", "json", "--fail-on", "never", *selected]
    run = subprocess.run(arguments, capture_output=True, check=False)
    message = run.stderr.decode("utf-8", "replace")
    if run.returncode or "Traceback" in message:
        raise AssertionError(f"exit {run.returncode}: {message[-2000:]}")
    report: dict[str, Any] = json.loads(run.stdout)
    return report


@pytest.mark.parametrize("use_cases", SELECTIONS, ids=["all", "one", "two"])
@pytest.mark.parametrize("hard", [False, True], ids=["plain", "hard"])
@pytest.mark.parametrize("seed", range(1, 1 + examples(3)))
def test_the_report_equals_the_independent_count(tmp_path: Path, seed: int, hard: bool, use_cases: list[str]) -> None:
    lines = list(itertools.islice(generated(seed, 0.3, hard), 3000))
    assert lines
    path = tmp_path / "calls.ndjson"
    path.write_bytes(b"".join(lines))
    assert compare(check(path, use_cases), independent.count(lines, REFERENCE, use_cases)) == []


# Whole lines, as text: every value at every place a recommended property may stand, and every oddity of a line.
VALUES = ("null", "true", "3", "3.0", "3.5", "1e400", "9" * 5000, '"x"', '"\\ud800"', "[]", "[{}]", "[{},1]", "{}")
ODD_LINES = [
    b"",
    b" \t\r",
    b"\xef\xbb\xbf{}",
    b"\x0b",
    b"\xff",
    b'{"x":"\xc3("}',
    b"{}{}",
    b"NaN",
    b'{"x":[Infinity]}',
    b'{"x":01}',
    b'{"x":"\x01"}',
    b'{"type":"track","event":"Trial Started"',
    b'"track"',
    b'{"x":"' + b"y" * ((1 << 20) - 8) + b'"}',
    b'{"x":"' + b"y" * ((1 << 20) - 7) + b'"}',
    b" " * ((1 << 20) + 1),
    b'{"x":' + b"[" * 127 + b"]" * 127 + b"}",
    b'{"x":' + b"[" * 128 + b"]" * 128 + b"}",
    b'{"type":"track","event":"Trial Started","properties":{"category":"' + b"[" * 200 + b'\\""}}',
    b'{"batch":null,"type":"alias"}',
    b'{"batch":[],"batch":7}',
    b'{"batch":[]}',
    b'{"batch":[{"batch":[{"type":"track"}],"type":"group"},[{}],null,{"type":"PaGe","name":"x"}],"type":"track"}',
    *(
        b'{"type":%b}' % kind
        for kind in (b"null", b"7", b'""', b'"\\u0074rack"', b'"TRAC\xe2\x84\xaa"', b'" page"', b"[]")
    ),
    *(
        b'{"type":"track","event":%b}' % name
        for name in (b"null", b"7", b'""', b'["Trial Started"]', b'"Trial Started"')
    ),
    *(
        b'{"type":"track","event":"%b","properties":{}}' % name
        for name in (b"trial started", b"Trial Start", b"Trial Strated", b"Trials Started", b"trial\\u0000started")
    ),
    b'{"type":"track","event":"Trial Started","properties":{"category":"x"},"properties":null}',
    b'{"type":"track","event":"Trial Started","properties":{"category":"x","category":7}}',
    b'{"type":"track","event":"Subscription Started","properties":[]}',
    b'{"type":"page","event":"Trial Started","properties":{"category":"x"}}',
]


def members(*keys: str) -> Iterator[str]:
    """Members of an object: each key absent, null, of the wrong type and of the right one, in every combination."""
    for values in itertools.product(("", "null", "7", '"x"'), repeat=len(keys)):
        yield ",".join(f'"{key}":{value}' for key, value in zip(keys, values, strict=True) if value)


def native_calls(kind: str, outer: str, inner: Sequence[str]) -> Iterator[str]:
    for top in members(outer):
        for properties in ("", "null", "[]", '"x"', *(f"{{{within}}}" for within in members(*inner))):
            parts = [f'"type":"{kind}"', top, f'"properties":{properties}' if properties else ""]
            yield "{" + ",".join(part for part in parts if part) + "}"


def edges() -> list[bytes]:
    texts = [
        f'{{"type":"track","event":"{event}","properties":{{"{prop}":{value}}}}}'
        for event, prop in independent.property_types(REFERENCE)
        for value in VALUES
    ]
    texts += native_calls("page", "name", ("name", "page_name"))
    texts += native_calls("page", "category", ("category", "page_category"))
    texts += native_calls("screen", "name", ("name", "title", "screen_title"))
    texts += native_calls("Screen", "category", ("category", "screen_type", "screen_id"))
    texts += native_calls("track", "name", ("name", "page_name"))
    texts += [
        line.replace('"type"', '"event":"Page Viewed","type"') for line in native_calls("track", "name", ("name",))
    ]
    lines = [text.encode() + b"\n" for text in texts] + [line + b"\n" for line in ODD_LINES]
    return [b"\xef\xbb\xbf" + lines[0], *lines[1:], b'{"type":"group"}']  # no LF at the end


@pytest.mark.parametrize("use_cases", SELECTIONS, ids=["all", "one", "two"])
def test_the_report_of_every_edge_equals_the_independent_count(tmp_path: Path, use_cases: list[str]) -> None:
    path = tmp_path / "edges.ndjson"
    path.write_bytes(b"".join(edges()))
    assert compare(check(path, use_cases), independent.count(edges(), REFERENCE, use_cases)) == []


def test_the_edges_reach_every_line_class_and_verdict() -> None:
    got = independent.count(edges(), REFERENCE)
    assert all(got["lines"].values())
    reached = {
        verdict
        for use_case in got["use_cases"].values()
        for event in use_case["events"].values()
        for prop in event["properties"].values()
        for verdict, n in prop.items()
        if n
    }
    assert reached == {"present", "missing", "invalid"}
    assert {code for code, _, _ in got["findings"]} == {"UC101", "UC102", "TP202", "NM401"}


# --------------------------------------------------------------------- the count against the normative cases


def content(blob: Any) -> bytes:
    return base64.b64decode(blob["base64"]) if isinstance(blob, dict) else blob.encode()


def option(case: dict[str, Any], name: str) -> list[str]:
    return [value for flag, value in itertools.pairwise(case["args"]) if flag == name]


def physical_lines(stream: bytes) -> list[bytes]:
    *ended, rest = stream.split(b"\n")
    return [line + b"\n" for line in ended] + [rest]


def stream(case: dict[str, Any]) -> bytes:
    (blob,) = [*case.get("files", {}).values(), *([case["stdin"]] if "stdin" in case else [])] or [""]
    return content(blob)


def applicable() -> list[dict[str, Any]]:
    """The cases that say more than an exit code, on one NDJSON input that is not compressed."""
    if not CASES.is_file():
        return []
    cases = yaml.safe_load(CASES.read_text("utf-8"))
    message = [case for case in cases if set(case) - {"name", "files", "stdin", "args", "exit"}]
    return [case for case in message if not stream(case).startswith((b"\x1f\x8b", b"[", b"{\n"))]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in applicable()])
def test_the_count_agrees_with_the_normative_case(case: dict[str, Any]) -> None:
    got = independent.count(physical_lines(stream(case)), REFERENCE, option(case, "-u"))
    events = {event: seen for use_case in got["use_cases"].values() for event, seen in use_case["events"].items()}
    for part in ("lines", "calls"):
        assert {key: got[part][key] for key in case.get(part, {})} == case.get(part, {})
    assert {key: got["calls"]["by_type"][key] for key in case.get("by_type", {})} == case.get("by_type", {})
    assert {event: events[event]["calls"] for event in case.get("seen", {})} == case.get("seen", {})
    for name, verdicts in case.get("prop", {}).items():
        event, prop = name.rsplit(".", 1)
        assert list(events[event]["properties"][prop].values()) == verdicts, name
    for key, coverage in case.get("coverage", {}).items():
        assert got["use_cases"][key]["coverage"] == pytest.approx(coverage, abs=1e-12)
    for key, missing in case.get("missing", {}).items():
        assert sorted(got["use_cases"][key]["missing_events"]) == sorted(missing)
    if "only" in case:
        assert sorted(got["use_cases"]) == sorted(case["only"])
    assert len(got["use_cases"]) == case.get("use_cases", len(got["use_cases"]))
    found = [
        {"code": code, "event": event, "property": prop, **finding}
        for (code, event, prop), finding in got["findings"].items()
    ]
    for wanted in case.get("findings", []):
        assert any(wanted.items() <= finding.items() for finding in found), wanted
    assert not {finding["code"] for finding in found} & set(case.get("absent", []))
    # Whatever the case names, errors and nothing else make it fail (the other families add none to these inputs).
    if case["exit"] in (0, 1) and not option(case, "--fail-on") and "--min-coverage" not in case["args"]:
        failing = got["lines"]["malformed"] or any(finding["severity"] == "error" for finding in found)
        assert case["exit"] == bool(failing)


# ------------------------------------------------------------------------------------ the comparison itself


def as_report(expected: dict[str, Any]) -> dict[str, Any]:
    """The report that says exactly this."""
    return {
        "lines": dict(expected["lines"]),
        "calls": copy.deepcopy(expected["calls"]),
        "use_cases": [
            {
                "goal": key.split("/")[0],
                "use_case": key.split("/")[1],
                "coverage": use_case["coverage"] + 1e-14,
                "missing_events": list(use_case["missing_events"]),
                "events": [
                    {
                        "event": event,
                        "calls": seen["calls"],
                        "properties": [{"property": prop, **n} for prop, n in seen["properties"].items()],
                    }
                    for event, seen in use_case["events"].items()
                ],
            }
            for key, use_case in expected["use_cases"].items()
        ],
        "findings": [
            {"code": code, "event": event, "property": prop, "count": n["count"], "severity": n["severity"] or "info"}
            for (code, event, prop), n in expected["findings"].items()
        ],
    }


def expected_of_a_few_calls() -> dict[str, Any]:
    calls = [
        {"type": "track", "event": "Order Completed", "properties": {"total": "9", "tax": 1}},
        {"type": "track", "event": "order completed"},
        {"type": "page", "name": "Home"},
    ]
    expected: dict[str, Any] = independent.count(encode(*calls), REFERENCE)
    return expected


def test_compare_finds_nothing_in_an_equal_report() -> None:
    expected = expected_of_a_few_calls()
    report = as_report(expected)
    assert compare(report, expected) == []
    report["calls"]["by_type"] = {"track": 2, "page": 1}  # a type not seen may be left out
    report["findings"].append({"code": "SP301", "event": None, "count": 3, "severity": "warning"})
    assert compare(report, expected) == []


def leaves(value: Any) -> Iterator[tuple[Any, Any]]:
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        if isinstance(inner, dict | list):
            yield from leaves(inner)
        else:
            yield value, key


def test_compare_finds_every_number_that_is_off() -> None:
    expected = expected_of_a_few_calls()
    report = as_report(expected)
    changed = 0
    for holder, key in leaves(report):
        before = holder[key]
        if isinstance(before, int | float):
            holder[key] = before + (1 if isinstance(before, int) else 1e-9)
        elif key == "severity":
            holder[key] = "error" if before != "error" else "warning"
        else:
            holder[key] = "something else"
        assert compare(report, expected), (key, before)
        holder[key] = before
        changed += 1
    assert changed > 200
    assert compare(report, expected) == []


def test_compare_finds_what_is_left_out_or_there_twice() -> None:
    expected = expected_of_a_few_calls()
    for part in ("use_cases", "findings"):
        for at in range(len(as_report(expected)[part])):
            fewer, twice = as_report(expected), as_report(expected)
            del fewer[part][at]
            assert compare(fewer, expected)
            if twice[part][at].get("count") != 0:
                twice[part].append(twice[part][at])
                assert compare(twice, expected)


# ---------------------------------------------------------------------------------------------- by hand


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares uclint's report with the independent count.")
    parser.add_argument("--calls", type=int, default=100_000, help="how many calls, at least")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--flaws", type=float, default=0.3)
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("-u", dest="use_cases", action="append", default=[], help="a use case; may be repeated")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "calls.ndjson")
        counter = independent.Counter(REFERENCE, asked.use_cases)
        with path.open("wb") as file:
            for line in generated(asked.seed, asked.flaws, asked.hard):
                file.write(line)
                counter.add(line)
                if counter.calls >= asked.calls:
                    break
        differences = compare(check(path, asked.use_cases), counter.result())
    verdict = "equal" if not differences else "\n".join(["differences:", *differences])
    sys.stdout.write(f"{counter.calls} calls on {sum(counter.lines.values())} lines: {verdict}\n")
    return int(bool(differences) or counter.calls < asked.calls)


if __name__ == "__main__":
    sys.exit(main())
