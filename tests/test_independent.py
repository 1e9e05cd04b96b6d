"""The installed uclint against the independent count, on generated streams.

By hand, for many calls: python -m tests.test_independent --calls 1000000 --seed 7
"""

from __future__ import annotations

import argparse
import base64
import copy
import importlib
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# By name, so that this runs and type-checks alike whether or not the folders are packages.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
independent = importlib.import_module("tests.independent")

SHARED = Path(__file__).resolve().parents[2] / "shared"
REFERENCE = SHARED / "reference"
CASES = SHARED / "semantics" / "cases.yaml"
CODES = ("UC101", "UC102", "TP202", "NM401")
SELECTIONS: list[list[str]] = [
    [],
    ["nurture-with-content"],
    ["suppress-with-purchase", "personalize-first-conversion/accelerate-onboarding"],
]

pytestmark = [
    pytest.mark.no_cover,
    pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference tables (../shared/reference) are absent"),
]


# ---------------------------------------------------------------------------------- a report against a count


def numbers(where: str, got: dict[str, Any], want: dict[str, Any]) -> Iterator[str]:
    for key in sorted(set(got) | set(want)):
        if got.get(key) != want.get(key):
            yield f"{where}.{key} is {got.get(key)}, not {want.get(key)}"


def index(where: str, rows: list[dict[str, Any]], *keys: str) -> dict[str, dict[str, Any]]:
    """The rows by name. A row that stands twice gets a name of its own, so it comes out as a difference."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = "/".join(row[key] for key in keys)
        found[f"{name} (again, in {where})" if name in found else name] = row
    return found


def names(where: str, got: dict[str, Any], want: dict[str, Any]) -> Iterator[str]:
    yield from (f"{where}: {name} is not in the report" for name in sorted(set(want) - set(got)))
    yield from (f"{where}: {name} is only in the report" for name in sorted(set(got) - set(want)))


def use_case_differences(key: str, got: dict[str, Any], want: dict[str, Any]) -> Iterator[str]:
    if abs(got["coverage"] - want["coverage"]) > 1e-12:
        yield f"coverage of {key} is {got['coverage']}, not {want['coverage']}"
    if sorted(got["missing_events"]) != sorted(want["missing_events"]):
        yield f"missing events of {key} are {got['missing_events']}, not {want['missing_events']}"
    events = index(key, got["events"], "event")
    yield from names(key, events, want["events"])
    for event in events.keys() & want["events"].keys():
        where, expected = f"{key}: {event}", want["events"][event]
        if events[event]["calls"] != expected["calls"]:
            yield f"{where} has {events[event]['calls']} calls, not {expected['calls']}"
        props = index(where, events[event]["properties"], "property")
        yield from names(where, props, expected["properties"])
        for prop in props.keys() & expected["properties"].keys():
            counts = {k: v for k, v in props[prop].items() if k in ("present", "missing", "invalid")}
            yield from numbers(f"{where}.{prop}", counts, expected["properties"][prop])


def finding_differences(report: dict[str, Any], want: dict[tuple[str, str, str | None], Any]) -> Iterator[str]:
    sums: dict[tuple[str, str, str | None], int] = {}
    severities: dict[tuple[str, str, str | None], set[str]] = {}
    for finding in report["findings"]:
        if finding["code"] in CODES:
            key = (finding["code"], finding["event"], finding.get("property"))
            sums[key] = sums.get(key, 0) + finding["count"]
            severities.setdefault(key, set()).add(finding["severity"])
    for key in sorted(set(sums) | set(want), key=repr):
        if key not in sums:
            yield f"no finding {key} (count {want[key]['count']})"
        elif key not in want:
            yield f"an unwanted finding {key} (count {sums[key]})"
        else:
            if sums[key] != want[key]["count"]:
                yield f"finding {key} counts {sums[key]}, not {want[key]['count']}"
            stated = want[key]["severity"]
            if severities[key] != {stated} if stated else "error" in severities[key]:
                yield f"finding {key} is {sorted(severities[key])}, not {stated or 'below error'}"


def compare(report: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Every way the report differs from the count; an empty list is agreement."""
    differences = list(numbers("lines", report["lines"], expected["lines"]))
    got, want = dict(report["calls"]), dict(expected["calls"])
    types, expected_types = got.pop("by_type"), want.pop("by_type")
    differences += numbers("calls", got, want)
    differences += numbers("by_type", {**dict.fromkeys(expected_types, 0), **types}, expected_types)
    use_cases = index("use_cases", report["use_cases"], "goal", "use_case")
    differences += names("use cases", use_cases, expected["use_cases"])
    for key in sorted(use_cases.keys() & expected["use_cases"].keys()):
        differences += use_case_differences(key, use_cases[key], expected["use_cases"][key])
    differences += finding_differences(report, expected["findings"])
    return differences


# ---------------------------------------------------------------------------------- the installed command


def generated(seed: int, flaws: float, hard: bool) -> Iterator[bytes]:
    lines: Callable[..., Iterator[bytes]] = importlib.import_module("samples.generate").lines
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
    said = run.stderr.decode("utf-8", "replace")
    if run.returncode or "Traceback" in said:
        raise AssertionError(f"exit {run.returncode}: {said[-2000:]}")
    report: dict[str, Any] = json.loads(run.stdout)
    return report


@pytest.mark.parametrize("use_cases", SELECTIONS, ids=["all", "one", "two"])
@pytest.mark.parametrize("hard", [False, True], ids=["plain", "hard"])
@pytest.mark.parametrize("seed", [1, 2, 3])
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
    said = [case for case in cases if set(case) - {"name", "files", "stdin", "args", "exit"}]
    return [case for case in said if not stream(case).startswith((b"\x1f\x8b", b"[", b"{\n"))]


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


# -------------------------------------------------------------------------------------- the count on its own


def encode(*calls: object) -> list[bytes]:
    return [json.dumps(call).encode() + b"\n" for call in calls]


def classes(*lines: bytes) -> dict[str, int]:
    found: dict[str, int] = independent.count(lines, REFERENCE)["lines"]
    return {key: n for key, n in found.items() if n and key != "total"}


def test_the_tables_are_whole() -> None:
    use_cases = independent.select(REFERENCE)
    recommended = {(event, p) for events in use_cases.values() for event, props in events.items() for p in props}
    assert len(use_cases) == 25
    assert recommended == set(independent.property_types(REFERENCE))
    assert len(independent.select(REFERENCE, ["mitigate-cart-abandonment"])) == 2
    with pytest.raises(ValueError, match="no use case"):
        independent.select(REFERENCE, ["personalise-winback"])


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b'{"a":"' + b"x" * ((1 << 20) - 8) + b'"}', "call"),
        (b'{"a":"' + b"x" * ((1 << 20) - 7) + b'"}', "too_long"),
        (b" " * (1 << 20) + b"\n", "blank"),
        (b" " * ((1 << 20) + 1) + b"\n", "too_long"),
        (b'{"a":' + b"[" * 127 + b"]" * 127 + b"}\n", "call"),
        (b'{"a":' + b"[" * 128 + b"]" * 128 + b"}\n", "too_deep"),
        (b'{"a":' + b"[]," * 200 + b"[]}\n", "malformed"),
        (b'{"a":[' + b"[]," * 200 + b"[]]}\n", "call"),
        (b'{"a":"' + b"[" * 200 + b'\\"' + b"{" * 200 + b'"}\n', "call"),
        (b'{"a":"' + b"[" * 200 + b"\n", "malformed"),
        (b"\xff" + b"[" * 200 + b"\n", "malformed"),
        (b'{"a":' + b"9" * 5000 + b"}\n", "call"),
        (b'{"a":"\\ud800"}\n', "call"),
        (b'{"a":-Infinity}\n', "malformed"),
        (b'{"a":"\t"}\n', "malformed"),
        (b"\xc2\xa0\n", "malformed"),
        (b"\x0b\n", "malformed"),
        (b"\xef\xbb\xbf{}\n", "call"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}\n", "malformed"),
        (b'{"batch":{}}\n', "call"),
        (b'{"batch":[1],"batch":null}\n', "call"),
        (b'{"batch":[]}', "batch"),
    ],
)
def test_a_line_has_one_class(line: bytes, kind: str) -> None:
    assert classes(line) == {kind: 1}


def test_an_end_of_file_is_no_line() -> None:
    assert classes(b"\xef\xbb\xbf") == {}
    assert classes(b"{}\n", b"\xef\xbb\xbf{}\n") == {"call": 1, "malformed": 1}


@pytest.mark.parametrize(
    ("text", "deepest"),
    [("1", 0), ("{}", 1), ('{"a":[{}]}', 3), ('"[[["', 0), ('["\\"[[", {}]', 2), ('["[[', 1), ('["\\', 1)],
)
def test_depth_knows_strings(text: str, deepest: int) -> None:
    assert independent.depth(text) == deepest


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("string", ["", "x"], [None, 1, True, [], {}]),
        ("boolean", [True, False], [None, 0, 1, "true"]),
        ("number", [0, -1.5, 1e22, float("inf")], [None, True, "1"]),
        ("integer", [0, 3.0, 10**30, -0.0], [None, False, 3.5, "3", float("inf")]),
        ("array of object", [[], [{}]], [None, {}, [None], [{}, []], "x"]),
    ],
)
def test_types(kind: str, good: list[object], bad: list[object]) -> None:
    assert [value for value in good if not independent.fits(kind, value)] == []
    assert [value for value in bad if independent.fits(kind, value)] == []


@pytest.mark.parametrize(
    ("seen", "near"),
    [
        ("Order Completed", False),
        ("order_completed", True),
        ("ORDER.COMPLETED/", True),
        ("OrderComplete", True),
        ("Orders Completed", True),
        ("Order Conpleted", True),
        ("Order Compelted", True),
        ("Order Compelte", False),
        ("Ordr Complete", False),
        ("Order Started", False),
        ("S\u0131gned Up", True),
        ("Signed Up ", True),
        ("Signed In", False),
        ("", False),
        (" _-./", False),
    ],
)
def test_near_misses(seen: str, near: bool) -> None:
    assert independent.near_miss(seen, ["Order Completed", "Signed Up"]) is near


def test_a_short_name_has_no_edits() -> None:
    assert [independent.near_miss(seen, ["A-Buy"]) for seen in ("abuy", "abux")] == [True, False]


def test_properties_that_are_no_object_on_a_screen_call() -> None:
    calls = [
        {"type": "SCREEN", "name": "Cart", "properties": None},
        {"type": "screen", "category": 7, "properties": "x"},
        {"type": "screen"},
    ]
    got = independent.count(encode(*calls), REFERENCE, ["nurture-with-content"])
    assert (got["calls"]["valid"], got["calls"]["invalid"], got["calls"]["by_type"]["screen"]) == (1, 2, 3)
    assert {key: finding for key, finding in got["findings"].items() if key[1] == "Screen Viewed"} == {
        ("TP202", "Screen Viewed", None): {"count": 2, "severity": "error"},
        ("UC102", "Screen Viewed", "screen_id"): {"count": 1, "severity": "warning"},
        ("UC102", "Screen Viewed", "screen_title"): {"count": 2, "severity": "warning"},
        ("UC102", "Screen Viewed", "screen_type"): {"count": 2, "severity": "warning"},
        ("TP202", "Screen Viewed", "screen_type"): {"count": 1, "severity": "warning"},
    }


def test_a_call_is_judged_by_the_selected_use_cases_only() -> None:
    calls = encode({"type": "track", "event": "Order Completed", "properties": {"total": "9"}})
    assert independent.count(calls, REFERENCE, ["mitigate-high-value-churn"])["calls"]["invalid"] == 1
    assert independent.count(calls, REFERENCE, ["accelerate-signup"])["calls"]["invalid"] == 0


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
