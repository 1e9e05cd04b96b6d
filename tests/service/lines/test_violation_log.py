"""The violations of each call are those that the report counts, at the places that `jsonschema` names."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from tests.service.lines.test_split import Collected
from tests.support import anyplan
from tests.support.anyplan import VALIDATORS, Schemas
from tests.support.checking import program_of
from tests.support.command import SAMPLES
from tests.support.examples import examples
from tests.support.plain_lines import Dribble
from validator import Program, Severity
from validator.engine.engine import Engine
from validator.input.documents import Element
from validator.input.stream import Stream
from validator.model import Limits
from validator.plan import PlanRule, TrackingPlan, read_plan
from validator.report import assess
from validator.report.call_violations import CallReader, value_at
from validator.service.lines.split import LineSplitter
from validator.service.lines.violation_log import ViolationLog
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.scan.observer import ObservedLine
    from validator.report import Report

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "violations.yaml").read_text("utf-8"))
KEYS = ("code", "severity", "event", "property", "instance_location", "keyword", "schema_location")


def run(
    program: Program, data: bytes, form: str = "uclint", *, show_values: bool = False
) -> tuple[Report, list[dict[str, Any]]]:
    """The report on some lines, and what is written of each violation."""
    sink = Collected()
    sorter = LineSplitter({}, ViolationLog(program, sink, form, show_values=show_values))

    def open_input(path: str) -> Stream:
        return Stream(path, Dribble(data, [1 << 20]))

    profile = read_inputs(["calls.ndjson"], program, open_input=open_input, observer=sorter)
    return assess(profile, program, (), goals={}), [json.loads(line) for line in bytes(sink).splitlines()]


def counted(report: Report) -> Counter[tuple[Any, ...]]:
    """The calls with each violation, as the report counts them."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for finding in report.findings:
        if finding.code == "TP203" and finding.event in ("Page", "Screen"):
            continue  # of page and screen calls, the report tells the unplanned names of none
        if finding.code.startswith("TP") or finding.code == "UC102":
            key = [finding.severity.value if k == "severity" else getattr(finding, k) for k in KEYS]
            counts[comparable(key)] += finding.count
    return counts


def written(records: Sequence[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    """The same from what is written of each call, which counts once however often it breaks a rule in one place."""
    records = [r for r in records if r["code"] != "TP203" or r["type"].lower() == "track"]
    once = {(r["line"], r["index"], comparable([r[k] for k in KEYS])) for r in records}
    return Counter(key for _, _, key in once)


def comparable(key: Sequence[Any]) -> tuple[Any, ...]:
    """The report has no place in the schema for what a shape tells to be missing."""
    *_, keyword, where = key
    return tuple(value or None for value in [*key[:-1], None if keyword == "required" else where])


@pytest.mark.parametrize("sample", sorted(p.name for p in SAMPLES.glob("*") if p.suffix in (".ndjson", ".json")))
@pytest.mark.parametrize("plan", ["shop", None])
def test_the_report_counts_what_is_written(sample: str, plan: str | None) -> None:
    plans = [read_plan(SAMPLES / "plans" / "shop.json")] if plan else []
    program, request = program_of(plans=plans, unplanned=Severity.ERROR)
    assert bool(request.active) is not bool(plan)
    report, records = run(program, (SAMPLES / sample).read_bytes())
    assert written(records) == counted(report)
    invalid = {(r["line"], r["index"]) for r in records if r["severity"] == "error"}
    assert len(invalid) == report.invalid


@pytest.mark.parametrize("part", range(4))
def test_any_plan_is_counted_as_it_is_written(part: int) -> None:
    invalid = 0
    for seed in range(part * 15, (part + 1) * 15):
        random = Random(seed)
        schema = Schemas(random, random.choice(list(VALIDATORS))).message()
        plan = anyplan.plan_of(schema)
        program = Program([plan], own=[plan.id], unplanned=random.choice([None, Severity.WARNING, Severity.ERROR]))
        call = anyplan.call(random, schema)
        calls = [call, *(anyplan.changed(random, call) for _ in range(15)), {"type": "track", "event": "evnt"}]
        report, records = run(program, "".join(json.dumps(c) + "\n" for c in calls).encode())
        assert written(records) == counted(report), seed
        bad = {r["line"] for r in records if r["severity"] == "error"}
        assert len(bad) == report.invalid, seed
        invalid += len(bad)
    assert invalid > 50


class Kept:
    """An observer that keeps lines."""

    def __init__(self) -> None:
        self.kept: list[ObservedLine] = []

    def begin(self, path: str) -> None: ...

    def block(self, *_: Any) -> None: ...

    def blank(self, *_: Any) -> None: ...

    def line(self, line: ObservedLine, ending: bytes) -> None:  # noqa: ARG002 - the protocol
        self.kept.append(line)

    def passed_over(self, piece: bytes) -> None: ...


@pytest.mark.no_cover
def test_elements_are_reported_exactly_as_jsonschema_names_them() -> None:
    lists = 0
    for seed in range(examples(400)):
        random = Random(seed)
        draft = random.choice(list(VALIDATORS))
        schemas = Schemas(random, draft)
        schema = schemas.message()
        if "items" not in json.dumps(schema).lower() or "unevaluated" in json.dumps(schema):
            continue
        program = Program([anyplan.plan_of(schema)])
        validator = VALIDATORS[draft](anyplan.spelt_out(schema), format_checker=anyplan.CHECKER)
        near = anyplan.call(random, schema)
        for call in [near, *(anyplan.changed(random, near) for _ in range(10))]:
            observer = Kept()
            engine = Engine(program, Limits(), observer=observer)
            engine.elements([Element(0, 1, -1, json.dumps(call).encode())])
            ((_, _, judged),) = observer.kept[0].calls
            reader = CallReader(program)
            found = {
                (spot, violation.keyword)
                for violation in reader.violations(call, judged)
                if "*" in violation.instance_location
                for spot in reader.spots(violation, call, judged)
            }
            errors = [(tuple(error.absolute_path), str(error.validator)) for error in validator.iter_errors(call)]
            everything = {("".join(f"/{escaped(key)}" for key in path), keyword) for path, keyword in errors}
            inside = [(path, keyword) for path, keyword in errors if any(isinstance(key, int) for key in path)]
            wanted = {("".join(f"/{escaped(key)}" for key in path), keyword) for path, keyword in inside}
            # The star stands for keys that the plan does not name, too.
            reported = {(spot, (keyword or "").replace("false", "not")) for spot, keyword in found}
            assert wanted <= reported <= everything, seed
            lists += len(wanted)
    assert lists > examples(30)


def escaped(key: str | int) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_each_form_is_what_the_case_says(case: dict[str, Any]) -> None:
    rules = tuple(PlanRule(r["type"], r.get("key"), r["schema"]) for r in case["rules"])
    program = Program([TrackingPlan("shop", "The shop", rules)], own=["shop"], unplanned=Severity.WARNING)
    data = b"\n" + json.dumps(case["call"]).encode() + b"\n"
    for form, wanted in case["written"].items():
        _, records = run(program, data, form, show_values=case.get("show_values", False))
        shown = [{key: record[key] for key in want} for record, want in zip(records, wanted, strict=True)]
        assert shown == wanted, form


def test_no_value_is_written_unless_it_is_asked_for() -> None:
    private = "ada@example.com"
    call = {
        "type": "track",
        "event": "Paid",
        "properties": {"plan": private, "list": [{"a": private}], "date": private, "n": private, "x": private},
    }
    schema = {
        "properties": {
            "properties": {
                "properties": {
                    "plan": {"enum": ["a"]},
                    "list": {"items": {"properties": {"a": {"type": "number"}}}},
                    "date": {"format": "date"},
                    "n": {"anyOf": [{"type": "number"}, {"const": 3}]},
                },
                "additionalProperties": False,
                "maxProperties": 1,
            }
        }
    }
    program = Program([TrackingPlan("p", "P", (PlanRule("TRACK", "Paid", schema),))], own=["p"], unplanned=None)
    assert not jsonschema.Draft7Validator(schema).is_valid(call)
    for form in ("uclint", "segment", "rudderstack"):
        _, records = run(program, json.dumps(call).encode() + b"\n", form)
        assert len(records) == 6
        assert private not in json.dumps(records)
        _, records = run(program, json.dumps(call).encode() + b"\n", form, show_values=True)
        assert json.dumps(records).count(private) >= 4


@pytest.mark.parametrize(
    ("value", "is_time"),
    [
        ("2024-05-01T10:00:00Z", True),
        ("2024-05-01T10:00:00.123+02:00", True),
        ("2024-05-01", True),
        ("ada@example.com", False),
        ("1714557600", False),
        ("2024-13-01T10:00:00Z", False),
        ("", False),
        (1714557600, False),
        (None, False),
        ({"at": "2024-05-01T10:00:00Z"}, False),
    ],
)
def test_segments_form_repeats_no_timestamp_that_is_none(value: Any, is_time: bool) -> None:
    call = {"type": "track", "event": "Paid", "timestamp": value, "sentAt": value}
    schema = {"required": ["userId"]}
    program = Program([TrackingPlan("p", "P", (PlanRule("TRACK", "Paid", schema),))], own=["p"], unplanned=None)
    _, (record,) = run(program, json.dumps(call).encode() + b"\n", "segment")
    times = [record["timestamp"], record["properties"]["eventTimestamp"], record["properties"]["eventSentAt"]]
    assert times == [value if is_time else None] * 3


def test_values_are_found_by_their_pointers() -> None:
    call = {"a/b": {"~": [1, {"x": None}]}, "": 3}
    assert value_at(call, "/a~1b/~0/1/x") is None
    assert value_at(call, "/") == 3
    assert value_at(call, "") == call
    assert value_at(call, "/a~1b/~0/2") is value_at(call, "/nothing") is value_at(3, "/a")
