"""Plans and calls made to take long: each call is judged within its steps, and what exceeds them is TP210.

The bounds on time only end what would never end: they are many times what is needed on a slow machine.
"""

from __future__ import annotations

import json
import time
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.support.checking import check_stream
from validator import Limits, PlanError, PlanRule, Program, Report, TrackingPlan, render_json
from validator.json_schema import DIALECTS, Evaluator
from validator.json_schema.budget import CALL_STEPS, VALUE_STEPS, Budget, longest_searched
from validator.json_schema.evaluator import EXCEEDED
from validator.json_schema.regex_weight import weight_of
from validator.plan import read_plan
from validator.rules import RULES, content

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

DRAFT_7 = "http://json-schema.org/draft-07/schema"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"

# Processor seconds for one call.
WATCHDOG = 30

pytestmark = pytest.mark.no_cover


class Case(NamedTuple):
    """A schema of the property `value`, a value, and what is found: code and keyword of each finding."""

    schema: Any
    value: Any
    found: tuple[tuple[str, str | None], ...]
    draft: str = DRAFT_7
    more: Mapping[str, Any] = {}  # beside `properties` in the schema of the message


EXCEEDS: tuple[tuple[str, str | None], ...] = (("TP210", None),)


def many(count: int, make: Callable[[int], Any]) -> list[Any]:
    return [make(number) for number in range(count)]


def keys(count: int, value: Any = 1) -> dict[str, Any]:
    return {f"k{number}": value for number in range(count)}


def nested(levels: int, value: Any) -> Any:
    for _ in range(levels):
        value = {"a": value}
    return value


def twice(reference: str) -> dict[str, Any]:
    """A schema that applies another one twice to what is inside."""
    return {"properties": {"a": {"allOf": [{reference: "#n"}, {reference: "#n"}]}}}


class Digits:
    """An integer of many digits, which Python does not write."""


CASES: dict[str, Callable[[], Case]] = {
    # What only looked costly.
    "an enumeration of 20,000 objects": lambda: Case(
        {"enum": many(20_000, lambda n: {"a": n})}, {"a": -1}, (("TP205", "enum"),)
    ),
    "20,000 elements looked up in it": lambda: Case(
        {"items": {"enum": many(20_000, lambda n: {"a": n})}}, many(20_000, lambda n: {"a": float(n)}), ()
    ),
    "an array that is compared with a long one": lambda: Case(
        {"const": [0] * 100_000}, [*[0] * 99_999, 1], (("TP205", "const"),)
    ),
    "a long array without repetitions": lambda: Case({"uniqueItems": True}, many(100_000, lambda n: n), ()),
    "arrays whose hashes could be made to collide": lambda: Case(
        {"uniqueItems": True}, many(20_000, lambda n: [n * (2**61 - 1)]), ()
    ),
    "references that double with each level": lambda: Case(
        {"$ref": "#/definitions/n"},
        nested(60, 1),
        (),
        more={
            "definitions": {
                "n": {"properties": {"a": {"allOf": [{"$ref": "#/definitions/n"}, {"$ref": "#/definitions/n"}]}}}
            }
        },
    ),
    "a plain pattern in a long text": lambda: Case({"pattern": "^x+$"}, "x" * 900_000, ()),
    "a format of a long text": lambda: Case({"format": "uri"}, "a:" + "/" * 400_000, ()),
    # What is.
    "comparing a large object again and again": lambda: Case(
        {"allOf": many(200, lambda n: {"enum": [{"k": n}]})}, {"k": [0] * 100_000}, EXCEEDS
    ),
    "one array compared with many of its length": lambda: Case(
        {"allOf": many(8, lambda n: {"const": [n] * 50_000})}, [0] * 50_000, EXCEEDS
    ),
    "uniqueItems again and again": lambda: Case(
        {"allOf": many(200, lambda n: {"uniqueItems": True, "minItems": n})}, many(100_000, lambda n: n), EXCEEDS
    ),
    "20,000 schemas that all fail": lambda: Case({"allOf": [{"type": "string"}] * 20_000}, 1, EXCEEDS),
    "more schemas than there are steps": lambda: Case({"allOf": [True] * 100_000}, 1, EXCEEDS),
    "many patterns for many names": lambda: Case(
        {"patternProperties": {f"^x{n}": {} for n in range(200)}}, keys(20_000), EXCEEDS
    ),
    "many patterns beside additionalProperties": lambda: Case(
        {"patternProperties": {f"^x{n}": {} for n in range(90)}, "additionalProperties": False}, keys(20_000), EXCEEDS
    ),
    "contains again and again": lambda: Case(
        {"allOf": many(20, lambda n: {"contains": {"const": -1 - n}})}, [0] * 20_000, EXCEEDS
    ),
    "propertyNames again and again": lambda: Case(
        {"allOf": many(20, lambda n: {"propertyNames": {"maxLength": 9 + n}})}, keys(20_000), EXCEEDS
    ),
    "alternatives of many elements": lambda: Case(
        {"items": {"anyOf": many(300, lambda n: {"const": n})}}, [-1] * 100_000, EXCEEDS
    ),
    "names that are required of many elements": lambda: Case(
        {"items": {"required": many(2_000, str)}}, [{}] * 20_000, EXCEEDS
    ),
    "properties of many elements": lambda: Case(
        {"items": {"properties": keys(20_000, {})}}, [{}] * 100_000, EXCEEDS
    ),
    "dependencies of many elements": lambda: Case(
        {"items": {"dependencies": keys(20_000, ["b"])}}, [{}] * 100_000, EXCEEDS
    ),
    "what many elements depend on": lambda: Case(
        {"items": {"dependencies": {"a": many(20_000, str)}}}, [{"a": 1}] * 1_000, EXCEEDS
    ),
    "names that many elements require, since 2019": lambda: Case(
        {"items": {"dependentRequired": {"a": many(20_000, str)}}}, [{"a": 1}] * 1_000, EXCEEDS, DRAFT_2019
    ),
    "schemas that many elements depend on": lambda: Case(
        {"items": {"dependentSchemas": keys(20_000, {})}}, [{}] * 100_000, EXCEEDS, DRAFT_2019
    ),
    "dynamic references that double with each level": lambda: Case(
        {"$dynamicRef": "#n"},
        nested(60, 1),
        EXCEEDS,
        DRAFT_2020,
        {"$defs": {"n": {"$dynamicAnchor": "n", **twice("$dynamicRef")}}},
    ),
    "what a reference found, again and again": lambda: Case(
        {"allOf": [{"$ref": "#/definitions/n"}] * 4_000},
        [{}] * 5_000,
        EXCEEDS,
        more={"definitions": {"n": {"items": {"type": "string"}}}},
    ),
    "what a reference has looked at, again and again": lambda: Case(
        {"allOf": [{"$ref": "#/$defs/n"}] * 4_000, "unevaluatedProperties": False},
        keys(20_000),
        EXCEEDS,
        DRAFT_2020,
        {"$defs": {"n": {"additionalProperties": True}}},
    ),
    "unevaluatedProperties again and again": lambda: Case(
        {"allOf": many(300, lambda n: {"unevaluatedProperties": True, "minProperties": n})},
        keys(20_000),
        EXCEEDS,
        DRAFT_2019,
    ),
    "unevaluatedItems again and again": lambda: Case(
        {"allOf": many(300, lambda n: {"unevaluatedItems": True, "minItems": n})}, [0] * 20_000, EXCEEDS, DRAFT_2019
    ),
    "many patterns in a long text": lambda: Case(
        {"allOf": many(100, lambda n: {"pattern": f"zz{n}$"})}, "x" * 900_000, EXCEEDS
    ),
    "a pattern that is at thousands of its places at once": lambda: Case(
        {"pattern": "1[01]{2000}[^01]"}, "01101" * 180_000, EXCEEDS
    ),
    "the same below anyOf": lambda: Case(
        {"anyOf": [{"pattern": "1[01]{2000}[^01]"}, {"type": "null"}]}, "01101" * 180_000, EXCEEDS
    ),
    "the same of names": lambda: Case(
        {"patternProperties": {"1[01]{2000}[^01]": {}}}, {"01101" * 180_000: 1}, EXCEEDS
    ),
    "formats of many long texts": lambda: Case(
        {"items": {"format": "uri"}}, ["http://" + "a" * 10_000] * 80 + ["http://" + "a" * 10_000 + "^"] * 20, EXCEEDS
    ),
    "a regular expression that is costly to compile": lambda: Case(
        {"format": "regex"}, "(?:" * 90 + "a" * 9_000 + ")" * 90, EXCEEDS
    ),
    "division of integers of very many digits": lambda: Case(
        {"allOf": many(200, lambda n: {"multipleOf": n + 3})}, Digits, EXCEEDS
    ),
}  # fmt: skip


@cache
def case_of(name: str) -> Case:
    return CASES[name]()


def plan_of(case: Case, name: str = "plan") -> TrackingPlan:
    payload = {"properties": {"value": case.schema}}
    schema = {"$schema": case.draft, **case.more, "properties": {"properties": payload}}
    return TrackingPlan(name, name, (PlanRule("TRACK", "E", schema),))


def line_of(value: Any) -> bytes:
    text = "9" * 900_000 if value is Digits else json.dumps(value, separators=(",", ":"))
    line = f'{{"type":"track","event":"E","properties":{{"value":{text}}}}}\n'
    assert len(line) < 1 << 20
    return line.encode()


def found(report: Report) -> tuple[tuple[str, str | None], ...]:
    return tuple((finding.code, finding.keyword) for finding in report.findings if finding.code.startswith("TP"))


@pytest.mark.parametrize("name", CASES)
def test_a_call_is_judged_within_its_steps(name: str) -> None:
    case = case_of(name)
    plan, line = plan_of(case), line_of(case.value)
    before = time.process_time()
    report = check_stream(b'{"type":"track","event":"E","properties":{}}\n' + line, plans=[plan])
    assert time.process_time() - before < WATCHDOG
    assert found(report) == case.found
    assert (report.valid, report.invalid) == (2 - len(case.found), len(case.found))
    for finding in report.findings:
        if finding.code == "TP210":
            assert (finding.count, finding.property, finding.instance_location) == (1, "value", "/properties/value")
            assert [place.line for place in finding.places] == [2]
            assert "takes too many steps to check against the plan, and was not checked" in finding.message


def test_2_000_calls_are_looked_up_in_an_enumeration_of_20_000_objects() -> None:
    case = case_of("an enumeration of 20,000 objects")
    lines = b"".join(line_of({"a": number * 20}) for number in range(2_000))
    before = time.process_time()
    report = check_stream(lines, plans=[plan_of(case)])
    assert time.process_time() - before < WATCHDOG
    assert (report.valid, report.invalid) == (1_000, 1_000)


DEEP = [20_000, 110]


@pytest.mark.parametrize("levels", DEEP)
def test_a_chain_of_allof_is_refused_where_it_is_deep(levels: int, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    schema = '{"allOf":[' * levels + '{"type":"string"}' + "]}" * levels
    path.write_text('{"name":"x","rules":[{"type":"TRACK","key":"E","jsonSchema":%s}]}' % schema, "utf-8")  # noqa: UP031
    with pytest.raises(PlanError, match="deep"):
        Program([read_plan(path).plan])


# As many elements as a value may have: one step for the array, one for each of them.
FULL = VALUE_STEPS - 1


@pytest.mark.parametrize(("count", "keywords"), [(FULL, []), (FULL + 1, [EXCEEDED])])
def test_the_limit_is_exact(count: int, keywords: list[str]) -> None:
    evaluator = Evaluator({"items": {}}, DIALECTS[DRAFT_7])
    for _ in range(2):
        assert [breach.keyword for breach in evaluator.breaches([0] * count)] == keywords


def test_values_of_a_call_share_its_steps_and_calls_do_not() -> None:
    evaluator, budget = Evaluator({"items": {}}, DIALECTS[DRAFT_7]), Budget()
    full, several = [0] * FULL, CALL_STEPS // VALUE_STEPS
    for _ in range(2):
        budget.begin()
        found = [evaluator.breaches(full, budget) for _ in range(several + 2)]
        assert [[breach.keyword for breach in one] for one in found] == [[]] * several + [[EXCEEDED]] * 2
        assert [breach.keyword for breach in evaluator.breaches(1, budget)] == [EXCEEDED]
    assert not evaluator.breaches(full), "what is looked at apart has its own"


def _properties(count: int, schema: Any) -> TrackingPlan:
    payload = {"properties": {f"v{number}": schema for number in range(count)}}
    schema = {"properties": {"properties": payload}}
    return TrackingPlan("plan", "Plan", (PlanRule("TRACK", "E", schema),))


def test_a_call_with_many_costly_values_is_judged_within_its_steps() -> None:
    """Half of the steps of a value each: as many values as the call has steps for are fine, the others exceed them."""
    count = 12
    plan = _properties(count, {"items": {"minimum": 0}})
    value = json.dumps([0] * (VALUE_STEPS // 2), separators=(",", ":"))
    line = '{"type":"track","event":"E","properties":{%s}}\n'
    line %= ",".join(f'"v{number}":{value}' for number in range(count))
    report = check_stream(line.encode() * 2, plans=[plan], limits=Limits(line=1 << 24))
    fine = CALL_STEPS * 2 // VALUE_STEPS - 1
    assert {(finding.property, finding.count) for finding in report.findings if finding.code == "TP210"} == {
        (f"v{number}", 2) for number in range(fine, count)
    }


@pytest.mark.parametrize(
    "name", ["dynamic references that double with each level", "a pattern that is at thousands of its places at once"]
)
def test_every_run_says_the_same(name: str) -> None:
    case = case_of(name)
    line = line_of(case.value)
    first, second = (render_json(check_stream(line * 2, plans=[plan_of(case)])) for _ in range(2))
    assert first == second


def test_other_plans_do_not_change_what_one_finds() -> None:
    case = case_of("alternatives of many elements")
    fine = Case({"items": {"anyOf": [{"const": -1}]}}, None, ())
    line = line_of([-1] * 20_000)
    alone = check_stream(line, plans=[plan_of(fine, "fine")])
    both = check_stream(line, plans=[plan_of(case, "costly"), plan_of(fine, "fine")])
    assert found(alone) == ()
    assert [(f.code, f.plans) for f in both.findings if f.code.startswith("TP")] == [("TP210", ("costly",))]


def test_the_example_of_the_rule_holds() -> None:
    schema = {"properties": {"properties": {"properties": {"order_id": {"pattern": "^A-([0-9]{1,4}){1,100}$"}}}}}
    plan = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Order Completed", schema),))
    rule = RULES["TP210"]
    assert found(check_stream(content(rule.bad), plans=[plan])) == EXCEEDS
    assert found(check_stream(content(rule.good), plans=[plan])) == ()


WEIGHTS = {
    "": 1, "^$": 1, "abc": 3, "^[A-Z]+-[0-9]+$": 3, "a{3}": 3, "a{2,5}": 5, "a{2,}": 2, "(ab){10}": 20,
    "((a|b){10}c){10}": 210, r"\d{4}-\d{2}": 7, r"[a\]{9}]{2}": 2, r"\p{L}{3}": 3, r"\u{61}{3}": 3, "(?:ab)?c*": 3,
    "(?<year>[0-9]{4})": 4, "a{,3}": 5, r"\{3}": 3, "[]x]{4}": 4, "a{0}": 1, "(": 1, ")": 1,
    "(((((a{999}){999}){999}){999}){999})": 1 << 20,
}  # fmt: skip


@pytest.mark.parametrize(("pattern", "weight"), WEIGHTS.items())
def test_the_weight_of_a_pattern(pattern: str, weight: int) -> None:
    assert weight_of(pattern) == weight


def test_texts_are_searched_up_to_the_length_that_the_pattern_allows() -> None:
    pattern = "^(?:[01]{20}){20}[01]*$"
    longest = longest_searched(weight_of(pattern))
    assert longest is not None
    plan = plan_of(Case({"pattern": pattern}, None, ()))
    for text, expected in [
        ("0" * longest, ()),
        ("0" * (longest + 1), EXCEEDS),
        ("2" * longest, (("TP206", "pattern"),)),
        ("2" * (longest + 1), EXCEEDS),
    ]:
        assert found(check_stream(line_of(text), plans=[plan])) == expected


@pytest.mark.parametrize("pattern", ["x", "^https?://", "^[a-z]{3,30}$", r"^[0-9a-f]{8}(-[0-9a-f]{4}){4}$"])
def test_patterns_in_use_are_searched_for_in_any_line(pattern: str) -> None:
    assert (longest_searched(weight_of(pattern)) or 1 << 20) >= 500_000
