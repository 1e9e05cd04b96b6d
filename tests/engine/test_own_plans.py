"""Plans of one's own: which rule a call comes to, what is reported of it, and what the plan does not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.support.checking import check_stream
from tests.support.command import uclint
from validator import Catalog, PlanError, PlanRule, Policy, Report, Severity, TrackingPlan
from validator.engine.compile.selection import Selection
from validator.render.json import to_json
from validator.report import fingerprints

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.usefixtures("either_way")

# Of the rules that no plan is needed for, only those about call types and near misses.
POLICY = Policy.of(select=["ALL", "SP301", "SP302", "NM401"], ignore=["SP", "NM"])
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "own_plans.yaml").read_text("utf-8"))
UNPLANNED = {"ignore": None, "warn": Severity.WARNING, "error": Severity.ERROR}


def plan_of(rules: Sequence[dict[str, Any]]) -> TrackingPlan:
    made = (PlanRule(r["type"], r.get("key"), r["schema"], r.get("version", 1)) for r in rules)
    return TrackingPlan("plan", "Plan", tuple(made))


def report_of(case: dict[str, Any]) -> Report:
    data = "".join(line + "\n" for line in case["calls"]).encode()
    unplanned = UNPLANNED[case.get("unplanned", "warn")]
    return check_stream(data, plans=[plan_of(case["plan"])], unplanned=unplanned, policy=POLICY)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES])
def test_case(case: dict[str, Any]) -> None:
    report = report_of(case)
    found = [[f.code, f.event, f.property, f.instance_location, f.keyword, f.count] for f in report.findings]
    assert sorted(found, key=str) == sorted(case["found"], key=str)
    (plan,) = report.plans
    assert [plan.valid, plan.invalid, plan.unplanned] == case["plan_calls"]
    assert sum(case["plan_calls"]) == report.calls == len(case["calls"])
    assert report.use_cases == ()


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES])
def test_two_plans_say_what_each_says_alone(case: dict[str, Any]) -> None:
    data = "".join(line + "\n" for line in case["calls"]).encode()
    other = TrackingPlan("other", "Other", (PlanRule("TRACK", "Order Shipped", {}), PlanRule("PAGE", "Home", {})))
    unplanned = UNPLANNED[case.get("unplanned", "warn")]
    both = check_stream(data, plans=[other, plan_of(case["plan"])], unplanned=unplanned, policy=POLICY)
    alone = report_of(case)
    assert both.plans[1] == alone.plans[0]
    assert identities(both) == identities(alone)


def identities(report: Report) -> set[tuple[object, ...]]:
    """What tells the findings of the first plan of the case apart, with their counts."""
    mine = (f for f in report.findings if "plan" in f.plans)
    return {(f.code, f.event, f.property, f.instance_location, f.keyword, f.count) for f in mine}


def wants(plan: str, event: str = "Order Completed", **properties: Any) -> TrackingPlan:
    schema = {"properties": {"properties": {"properties": properties}}}
    return TrackingPlan(plan, plan, (PlanRule("TRACK", event, schema),))


def findings_of(report: Report, *codes: str) -> list[tuple[str, str | None, int, str]]:
    return [(f.severity.value, f.property, f.count, f.message) for f in report.findings if f.code in codes]


def calls_with(*values: Any, key: str, event: str = "Order Completed", **more: Any) -> bytes:
    calls = ({"type": "track", "event": event, "properties": {key: value}, **more} for value in values)
    return "".join(json.dumps(call) + "\n" for call in calls).encode()


def test_plans_that_disagree_are_one_finding_that_says_who_wants_what() -> None:
    plans = [wants("a", tax={"type": "number"}), wants("b", tax={"type": "string"}), wants("c", tax={"type": "string"})]
    report = check_stream(calls_with(1, "1", None, "2", key="tax"), plans=plans, policy=POLICY)
    assert findings_of(report, "TP202") == [
        (
            *("error", "tax", 4),
            "Order Completed: tax should be a number (a) and text (b, c): 4 of 4 calls break one.",
        )
    ]
    plans = [wants("x", level={"enum": ["free"]}), wants("y", level={"enum": ["free", "paid"]})]
    report = check_stream(calls_with("paid", "free", key="level"), plans=plans, policy=POLICY)
    assert findings_of(report, "TP205") == [
        ("error", "level", 1, 'Order Completed: level should be "free", and is not in 1 of 2 calls.')
    ]
    report = check_stream(calls_with("paid", "trial", key="level"), plans=plans, policy=POLICY)
    assert findings_of(report, "TP205") == [
        (
            *("error", "level", 2),
            'Order Completed: level should be "free" (x) and one of "free", "paid" (y): 2 of 2 calls break one.',
        )
    ]


def test_what_a_use_case_warns_of_and_a_plan_forbids_is_one_finding_of_both() -> None:
    """It is as bad as the worse of the two, in breakdowns too, and has the fingerprint that it has without the plan."""
    use_case = Catalog.load().find("acquire-paid-subscriptions")
    plan = wants("a", "Trial Started", category={"type": ["string", "null"]})
    calls = calls_with(1, None, None, key="category", event="Trial Started", device="phone")
    calls += calls_with("x", None, key="category", event="Trial Started", device="tablet")
    focus = Selection(by=("device",))
    report = check_stream(calls, use_case, plans=[plan], policy=POLICY, selection=focus)
    (both,) = (f for f in report.findings if f.code == "TP202")
    assert (both.severity, both.count, both.plans, both.use_cases) == (Severity.ERROR, 4, ("a",), (use_case[0].id,))
    assert both.message == (
        "Trial Started: category should be null or text (a) and text (personalize-first-conversion/"
        "acquire-paid-subscriptions): 4 of 5 calls break one; an error for a."
    )
    groups = {
        group.value: [(f.severity, f.count) for f in group.findings if f.code == "TP202"]
        for group in report.breakdowns[0].groups
    }
    assert groups == {"phone": [(Severity.ERROR, 3)], "tablet": [(Severity.ERROR, 1)]}
    alone = check_stream(calls, use_case, policy=POLICY)
    (warned,) = (f for f in alone.findings if f.code == "TP202")
    assert warned.severity is Severity.WARNING
    assert fingerprints([both]) == fingerprints([warned])


def test_a_property_that_is_nearly_there_is_asked_for() -> None:
    schema = {"properties": {"properties": {"properties": {"order_id": {}}, "required": ["order_id"]}}}
    plan = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "E", schema),))
    data = b'{"type":"track","event":"E","properties":{"orderId":"A-1"}}\n' * 3
    report = check_stream(data, plans=[plan], unplanned=None, policy=POLICY)
    (finding,) = report.findings
    assert finding.message == (
        "E: order_id is required, and missing in 3 of 3 calls; did you mean `orderId`, which is there?"
    )


def test_the_nearest_alternative_is_named() -> None:
    branches = [
        {"type": "object", "properties": {"kind": {"const": "card"}}, "required": ["kind", "number"]},
        {"type": "string"},
    ]
    schema = {"properties": {"properties": {"properties": {"payment": {"anyOf": branches}}}}}
    plan = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "E", schema),))
    data = b'{"type":"track","event":"E","properties":{"payment":{"kind":"card"}}}\n'
    (finding,) = check_stream(data, plans=[plan], policy=POLICY).findings
    assert finding.code == "TP209"
    assert finding.message == (
        "E: payment fits none of the alternatives in 1 of 1 call; the closest alternative wants number to be there."
    )


def test_values_of_calls_stay_out_of_messages() -> None:
    secret = "s3cr3t"  # noqa: S105 - a value of a call
    schema: dict[str, Any] = {"properties": {"properties": {"properties": {}, "additionalProperties": False}}}
    checks: tuple[dict[str, Any], ...] = (
        {"enum": ["a"]},
        {"pattern": "^a$"},
        {"maxLength": 2},
        {"const": 1},
        {"type": "number"},
        {"not": {}},
    )
    asked = schema["properties"]["properties"]["properties"]
    for number, check in enumerate(checks):
        asked |= {f"p{number}": check, f"list{number}": {"items": {"anyOf": [check, {"type": "null"}]}}}
    plan = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "E", schema),))
    values = {f"p{n}": secret for n in range(len(checks))} | {f"list{n}": [secret] for n in range(len(checks))}
    data = json.dumps({"type": "track", "event": "E", "properties": values}).encode()
    report = check_stream(data, plans=[plan], policy=POLICY)
    assert len(report.findings) == 2 * len(checks)
    assert secret not in json.dumps(to_json(report))


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"properties": {"properties": {"properties": {"a": {"pattern": "^(?=a)"}}}}}, "the pattern `^(?=a)`"),
        ({"properties": {"properties": {"properties": {"a": {"items": {"pattern": r"(a)\1"}}}}}}, "the pattern"),
        ({"properties": {"properties": {"$ref": "https://example.org/other.json"}}}, "the reference `https://example"),
        ({"properties": {"properties": {"$ref": "#/definitions/none"}}}, "the reference `#/definitions/none`"),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/a"}}}, "a circular reference"),
        ({"properties": {"properties": {"required": "order_id"}}}, "a schema that is none"),
        ({"properties": {"properties": {"properties": {"a": {"type": "text"}}}}}, "a schema that is none"),
        (
            {
                "$ref": "#/definitions/d0",
                "definitions": {f"d{n}": {"allOf": [{"$ref": f"#/definitions/d{n + 1}"}] * 2} for n in range(40)}
                | {"d40": {}},
            },
            "more schemas for one value",
        ),
    ],
)
def test_a_rule_that_cannot_be_checked_is_refused_by_name(schema: dict[str, Any], says: str) -> None:
    plan = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Order Completed", schema),))
    with pytest.raises(PlanError) as caught:
        check_stream(b"{}", plans=[plan])
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "PL609"
    assert says in diagnostic.message
    assert "Order Completed" in diagnostic.message


def test_a_schema_that_branches_as_deep_as_a_call_is_judged_in_time() -> None:
    """Each level applies the same schema twice: judged anew each time, this would take 2**100 steps."""
    again = {"properties": {"a": {"$ref": "#/definitions/node"}}}
    node = {"allOf": [again, again]}
    schema = {"properties": {"properties": {"$ref": "#/definitions/node"}}, "definitions": {"node": node}}
    plan = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "E", schema),))
    value = '{"a":' * 100 + "1" + "}" * 100
    report = check_stream(f'{{"type":"track","event":"E","properties":{value}}}'.encode(), plans=[plan])
    assert report.plans[0].valid == 1


@pytest.mark.parametrize("frames", range(12))
def test_it_does_not_matter_how_deep_in_a_program_it_is_asked_for(frames: int) -> None:
    """So the interpreter's limit of recursion is met by another step of the evaluation each time."""
    if frames:
        test_it_does_not_matter_how_deep_in_a_program_it_is_asked_for(frames - 1)
    else:
        test_a_schema_that_branches_as_deep_as_a_call_is_judged_in_time()


def test_a_plan_that_is_wrong_names_file_line_and_column(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    payload = '{"properties": {"a": {"type": "string",\n "pattern": "(?<=a)b"}}}'
    rule = '{"type": "TRACK", "key": "E", "version": 1, "jsonSchema": {"properties": {"properties": ' + payload + "}}}"
    plan.write_text('{"name": "Mine",\n"rules": [' + rule + "]}")
    done = uclint("check", "-", "--plan", plan)
    assert done.returncode == 2
    assert f"{plan}:3:2: PL609".encode() in done.stderr, done.stderr


def test_what_is_odd_about_a_plan_is_reported_in_lines(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    schema = {"properties": {"properties": {"properties": {"a": {"type": "any"}}}}}
    plan.write_text(json.dumps({"name": "x", "rules": [{"type": "TRACK", "key": "E", "jsonSchema": schema}]}))
    done = uclint("check", "-", "--plan", plan, stdin=b'{"type":"track","event":"E","userId":"u"}\n')
    assert b"uclint plan lint" in done.stdout
    listed = uclint("plan", "lint", plan).stdout
    assert b"PL614" in listed
    assert b"help: " in listed
    assert b"\\n" not in listed
