"""`uclint explain` shows what one call breaks; `uclint compile --explain` how plan rules are judged."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.support.anyplan import VALIDATORS
from tests.support.command import SAMPLES, uclint
from tests.support.plain_lines import Dribble
from validator import Program
from validator.catalog import Catalog
from validator.engine.compile.lower import lower
from validator.engine.compile.value_checks import SCHEMA
from validator.errors import UsageError
from validator.input.stream import Stream
from validator.model import Severity
from validator.plan import PlanRule, TrackingPlan
from validator.render.explanation import explanation_json
from validator.report.rule_evaluation import Way, rule_paths
from validator.service.compile_use_case import compile_use_case
from validator.service.explain import explain
from validator.service.find_call import Target, read_target

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAN = SAMPLES / "plans" / "shop.json"
FLAWED = "acquire-paid-subscriptions.flawed.ndjson"
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "explain.yaml").read_text("utf-8"))


def explained(*arguments: str | Path, stdin: bytes = b"", cwd: Path = SAMPLES) -> tuple[int, dict[str, Any]]:
    done = uclint("explain", *arguments, "--format", "json", stdin=stdin, cwd=cwd)
    assert done.stderr == b""
    found: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, found


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("a.ndjson", Target("a.ndjson", None, None)),
        ("-", Target("-", None, None)),
        ("-:3", Target("-", 3, None)),
        ("a b.gz:12", Target("a b.gz", 12, None)),
        ("C:/x:1[0]", Target("C:/x", 1, 0)),
        ("a:0", Target("a:0", None, None)),
        ("a[1]", Target("a[1]", None, None)),
    ],
)
def test_a_call_is_named_as_reports_do(text: str, target: Target) -> None:
    assert read_target(text) == target


def test_nothing_names_no_call() -> None:
    with pytest.raises(UsageError, match="FILE:LINE"):
        read_target("")


def explained_here(data: bytes, schema: Any) -> tuple[int, dict[str, Any]]:
    """The same without a process of its own: the first line, and one rule."""
    plan = TrackingPlan("shop", "Shop", (PlanRule("TRACK", "Paid", schema),))
    program = Program([plan], own=["shop"], unplanned=Severity.WARNING)
    found = explain(Target("-", 1, None), program, open_input=lambda path: Stream(path, Dribble(data, [1 << 20])))
    shown: dict[str, Any] = json.loads(explanation_json(found))
    return 1 if found.errors else 0, shown


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_violations_say_how_to_mend_them(case: dict[str, Any]) -> None:
    call = {"type": "track", "event": "Paid", **case["call"]}
    code, found = explained_here(json.dumps(call).encode(), {"type": "object", "properties": case["schema"]})
    pairs = zip(found["violations"], case["reported"], strict=True)
    reported = [{key: violation[key] for key in wanted} for violation, wanted in pairs]
    assert reported == case["reported"]
    errors = sum(violation["severity"] == Severity.ERROR for violation in found["violations"])
    assert (code, found["valid"]) == ((1, False) if errors else (0, True))


def test_each_line_of_a_sample_is_judged_as_the_report_says(tmp_path: Path) -> None:
    uclint("check", "-q", FLAWED, "--plan", PLAN, "--violations", tmp_path / "all.jsonl", cwd=SAMPLES)
    written = [json.loads(line) for line in (tmp_path / "all.jsonl").read_bytes().splitlines()]
    assert len(written) > 20
    for line in (1, 2, 4, 17, 30):
        _, found = explained(f"{FLAWED}:{line}", "--plan", PLAN)
        same = ("code", "severity", "event", "property", "instance_location", "keyword", "schema_location", "message")
        wanted = [{key: record[key] for key in same} for record in written if record["line"] == line]
        assert [{key: violation[key] for key in same} for violation in found["violations"]] == wanted


def test_a_violation_tells_where_the_plan_says_so() -> None:
    _, found = explained(f"{FLAWED}:4", "--plan", PLAN)
    (violation,) = [v for v in found["violations"] if v["severity"] == "error"]
    (source,) = violation["sources"]
    path, line, _ = source.rsplit(":", 2)
    assert '"type": "string"' in Path(path).read_text("utf-8").splitlines()[int(line) - 1]


def test_calls_in_batches_arrays_and_compressed_files(tmp_path: Path) -> None:
    body = json.loads((SAMPLES / "batch-body.json").read_bytes())
    for index, member in enumerate(body["batch"]):
        _, found = explained(f"batch-body.json:1[{index}]")
        assert (found["index"], found["message_id"]) == (index, member["messageId"])
    array = json.loads((SAMPLES / "array.json").read_bytes())
    text = (SAMPLES / "array.json").read_text("utf-8")
    for index in (0, len(array) - 1):
        line = text[: text.index(array[index]["messageId"])].count("\n") + 1
        _, found = explained(f"array.json:{line}")
        assert (found["index"], found["message_id"]) == (index, array[index]["messageId"])
    one_line = json.dumps(array).encode()
    _, found = explained("-:1[2]", stdin=one_line)
    assert (found["index"], found["message_id"]) == (2, array[2]["messageId"])
    (tmp_path / "calls.gz").write_bytes(gzip.compress((SAMPLES / FLAWED).read_bytes()))
    _, packed = explained("calls.gz:20", cwd=tmp_path)
    assert packed == explained(f"{FLAWED}:20")[1] | {"path": "calls.gz"}


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["nothing.ndjson:3"], b"", b"nothing.ndjson: No such file or directory"),
        ([".:3"], b"", b".: Is a directory"),
        ([f"{FLAWED}:99"], b"", b"has no call on line 99"),
        ([FLAWED], b"", b"several calls found; pick one, such as " + FLAWED.encode() + b":1"),
        (["array.json"], b"", b"several calls found; pick one, such as array.json:2[0]"),
        (["array.json:2[7]"], b"", b"array.json has no call on line 2 at [7]"),
        (["batch-body.json:1"], b"", b"line 1 is a batch of 4 calls; pick one, such as batch-body.json:1[0]"),
        (["batch-body.json:1[4]"], b"", b"line 1 is a batch of 4 calls: there is no [4]"),
        ([f"{FLAWED}:1[0]"], b"", b"line 1 is a single call, not a batch: leave out [0]"),
        (["-"], b"", b"- has no call"),
        (["-"], b"{}\n{}\n", b"several calls found; pick one, such as -:1"),
        (["-", "-u", "nothing"], b"{}", b"unknown use case"),
        (["-", "--plan", "nothing.json"], b"{}", b"nothing.json"),
    ],
)
def test_a_call_that_is_not_there(arguments: list[str], stdin: bytes, message: bytes) -> None:
    done = uclint("explain", *arguments, stdin=stdin, cwd=SAMPLES)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr


@pytest.mark.parametrize(
    ("stdin", "line_class", "code"),
    [
        (b'{"type":"track"', "malformed", "IN501"),
        (b'{"a":"\xff"}', "malformed", "IN502"),
        (b"[1]\n[2]\n", "not_object", "IN503"),
        (b'{"batch":[7]}', "not_object", "IN503"),
        (b'{"a":' + b"[" * 200 + b"]" * 200 + b"}", "too_deep", "IN505"),
        (b'{"a":"' + b"x" * (1 << 20) + b'"}', "too_long", "IN504"),
        (b" \n{}\n", "blank", None),
    ],
)
def test_what_is_no_call_is_explained_too(stdin: bytes, line_class: str, code: str | None) -> None:
    code_found, found = explained_here(stdin, {})
    assert (code_found, found["class"], found["fault"]["code"]) == (1, line_class, code)
    assert found["valid"] is False


def test_values_stay_out_unless_asked_for() -> None:
    call = b'{"type":"track","event":"Trial Started","properties":{"category":{"x":"ada@example.com"}}}'
    for form in ("text", "json"):
        hidden = uclint("explain", "-", "-u", "acquire-paid-subscriptions", "--format", form, stdin=call)
        assert b"ada" not in hidden.stdout
        shown = uclint(
            "explain", "-", "-u", "acquire-paid-subscriptions", "--format", form, "--show-values", stdin=call
        )
        assert b"ada@example.com" in shown.stdout


def test_the_configuration_is_in_force(tmp_path: Path) -> None:
    (tmp_path / "uclint.toml").write_text('plans = ["shop.json"]\n[rules.severity]\nTP202 = "warning"\n')
    (tmp_path / "shop.json").write_bytes(PLAN.read_bytes())
    call = b'{"type":"track","event":"Trial Started","properties":{"category":7}}'
    code, found = explained("-", stdin=call, cwd=tmp_path)
    assert (code, found["valid"]) == (0, True)
    assert [(v["code"], v["severity"]) for v in found["violations"]] == [("TP202", "warning")]
    assert [(rule["errors"], rule["warnings"]) for rule in found["rules"]] == [(0, 1)]
    assert explained("-", "--no-config", "--plan", "shop.json", stdin=call, cwd=tmp_path)[0] == 1
    done = uclint("check", "-", "--violations", "-", "--valid", "v", "-o", "report.txt", stdin=call, cwd=tmp_path)
    assert done.returncode == 0
    assert [json.loads(line)["severity"] for line in done.stdout.splitlines()] == ["warning"]
    assert (tmp_path / "v").read_bytes() == call


def test_an_event_cannot_act_on_the_terminal() -> None:
    call = b'{"type":"track\\u001b[2J","event":"\\u009b31m","messageId":"\\u202e"}'
    done = uclint("explain", "-", stdin=call)
    assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout.decode())


# ------------------------------------------------------------------------------------------------ the ways of rules


def ways(schema: Any) -> Way:
    (path,) = rule_paths(TrackingPlan("p", "P", (PlanRule("TRACK", "Paid", schema),)))
    return path.way


@pytest.mark.parametrize(
    ("schema", "way"),
    [
        ({"type": "string"}, Way.TYPES),
        ({}, Way.TYPES),
        ({"type": "integer"}, Way.QUICK),
        ({"enum": ["a"]}, Way.QUICK),
        ({"pattern": "^a"}, Way.QUICK),
        ({"type": "array", "items": {"type": "string"}}, Way.QUICK),
        ({"anyOf": [{"type": "string"}, {"minimum": 3}]}, Way.SCHEMA),
        ({"items": {"required": ["sku"]}}, Way.SCHEMA),
    ],
)
def test_the_way_of_a_rule(schema: Any, way: Way) -> None:
    assert ways({"properties": {"properties": {"properties": {"a": schema}}}}) is way


def test_a_rule_is_slow_only_where_the_engine_has_a_slow_check() -> None:
    schemas: Iterable[Any] = [rule.schema for u in Catalog.load().use_cases for rule in compile_use_case(u).rules]
    more = [{"$schema": draft, "properties": {"context": {"minProperties": 1}}} for draft in VALIDATORS]
    for schema in [*schemas, *more, {"not": {}}, {"properties": {"properties": {"minProperties": 2}}}]:
        lowered = lower(PlanRule("TRACK", "Paid", schema))
        tests = [test for expected in lowered.expectations for _, test in expected.places]
        checks = [*lowered.checks, *(check for test in tests for check in test.checks)]
        slow = any(check.keyword == SCHEMA for check in checks)
        assert ways(schema) is (Way.SCHEMA if slow else Way.QUICK if checks else Way.TYPES)


def test_compile_explains() -> None:
    one = uclint("compile", "--explain", "acquire-paid-subscriptions")
    assert one.stdout.startswith(b"Acquire paid subscriptions: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--explain"], b"name a use case (uclint use-cases lists them)"),
        (["acquire-paid-subscriptions", "--explain", "--plan", "x.json"], b"--explain needs one use case"),
        (["acquire-paid-subscriptions", "--explain", "Trial Started", "--plan", "x.json"], b"--explain needs one use"),
        (["--explain", "--all", "dir"], b"--explain needs one use case"),
        (["--plan", "x.json"], b"--plan goes with --explain"),
        (["--explain", "--plan", "nothing.json"], b"nothing.json"),
    ],
)
def test_what_compile_cannot_explain(arguments: list[str], message: bytes, tmp_path: Path) -> None:
    done = uclint("compile", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr
