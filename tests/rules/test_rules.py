"""The lint rules: all are documented, and their examples hold."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from tests.support.checking import check_paths
from tests.support.command import uclint
from validator.catalog import Catalog
from validator.config import data_directory
from validator.engine.compile.program import Program
from validator.errors import PlanError, UsageError
from validator.model import Severity
from validator.plan import PlanRule, TrackingPlan, read_plan
from validator.render.json import to_json
from validator.render.rules import rule_text
from validator.report.rule_policy import Policy
from validator.rules import (
    RULES,
    USE_CASE_OF_EXAMPLES,
    Rule,
    content,
    find,
    inputs,
    names,
    plan_files,
    privacy,
    segment_spec,
    tracking_plan,
    use_cases,
)
from validator.rules.model import notation
from validator.service.plan_lint import lint_plan
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from types import ModuleType

FAMILIES = {
    "UC1": use_cases,
    "TP2": tracking_plan,
    "SP3": segment_spec,
    "NM4": names,
    "IN5": inputs,
    "PL6": plan_files,
    "PV7": privacy,
}
PLANS = data_directory("plans")
PLAN = Path(__file__).resolve().parents[2] / "samples" / "plans" / "shop.json"
REPORT = jsonschema.Draft202012Validator(
    json.loads((data_directory("schemas") / "report.schema.json").read_text("utf-8"))
)

# Rules whose examples the command cannot be given as a file under a bundled use case, and why.
SPECIAL = {
    "UC103": "it needs a setup of an environment; tests/setup/test_source_findings.py has one",
    "UC104": "it needs a setup of an environment; tests/setup/test_source_findings.py has one",
    "TP210": "it takes a plan that is made for it; tests/json_schema/test_step_limits.py has some",
    "IN507": "the file is wrong and not its content: checked with a link to itself, which not even root can read",
    "IN508": "no line is known that kills; the tests of workers make one",
    "IN509": "the file changes while it is read; the tests of reading make one change",
    "PL609": "only a tracking plan has JSON Schema; plan files under plans/ compile to what can be checked",
}
LINT = {code for code in RULES if code.startswith(("SP", "NM", "PV"))}
READ_AS_MEANT = {"PL614", "PL615", "PL616", "PL617", "PL618", "PL619"}
TRACKING_PLANS = [code for code in RULES if "PL610" <= code <= "PL620"]
ODD = {"PL631", "PL632", "PL634", "PL635", "PL640", "PL641", "PL642", "PL644"}
LINTED = [code for code in RULES if code.startswith("PL") and code > "PL630"]


def rules(*families: str) -> list[Any]:
    return [pytest.param(r, id=c) for c, r in RULES.items() if c.startswith(families) and c not in SPECIAL]


def report_with(rule: Rule, path: Path) -> dict[str, Any]:
    """The report on one file with a rule that is on, or on where it is selected."""
    if rule.on:
        return report_of(path, plan=rule.code.startswith("TP"))
    use_cases = Catalog.load().find(USE_CASE_OF_EXAMPLES)
    return to_json(check_paths([str(path)], use_cases, policy=Policy.of(["ALL", rule.code])))


def report_of(path: Path, *, plan: bool = False) -> dict[str, Any]:
    """The report of the command on one file, against the use case of the examples and the sample plan."""
    arguments = ["check", str(path), "--format", "json", "--fail-on", "never", "-u", USE_CASE_OF_EXAMPLES]
    arguments += ["--plan", str(PLAN)] if plan else []
    done = uclint(*arguments)
    assert done.returncode in (0, 3), done.stderr.decode()
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def load_plans(directory: Path, example: bytes | str) -> tuple[str, ...]:
    """The codes of what is wrong with the bundled plans and one more file."""
    shutil.copytree(PLANS, directory)
    data = content(example)
    folder = "goals" if data.startswith(b"goal:") else "events"
    (directory / folder / "example.yaml").write_bytes(data)
    try:
        Catalog.load(directory)
    except PlanError as error:
        return tuple(d.code for d in error.diagnostics)
    return ()


def codes_of(path: Path, *, unusable: bool) -> set[str]:
    """The codes of what is wrong with a tracking plan that can, or cannot, be used."""
    if not unusable:
        return {d.code for d in read_plan(path).diagnostics}
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    return {d.code for d in caught.value.diagnostics}


def test_rules_are_listed_by_family_and_code_with_no_code_or_name_twice() -> None:
    listed = [rule for family in FAMILIES.values() for rule in family.RULES]
    assert list(RULES.items()) == [(rule.code, rule) for rule in listed]
    assert len({rule.name for rule in listed}) == len(listed)


@pytest.mark.parametrize(("prefix", "family"), FAMILIES.items())
def test_a_family_holds_its_codes_in_order(prefix: str, family: ModuleType) -> None:
    codes = [rule.code for rule in family.RULES]
    assert codes == sorted(codes)
    assert all(re.fullmatch(prefix + "[0-9]{2}", code) for code in codes)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_is_documented(rule: Rule) -> None:
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert isinstance(rule.severity, Severity)
    for text in (rule.summary, rule.why, rule.fix):
        assert text == text.strip()
        assert text.isprintable()
        assert "  " not in text
        assert text[-1] in ".)"
    assert len(rule.summary) <= 120
    assert content(rule.bad) != content(rule.good)
    assert content(rule.bad).endswith(b"\n")
    assert content(rule.good).endswith(b"\n")


def test_a_rule_cannot_change() -> None:
    with pytest.raises(AttributeError):
        RULES["UC101"].name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        RULES["UC101"] = RULES["UC102"]  # type: ignore[index]


@pytest.mark.parametrize("code", Code)
def test_every_code_of_the_plan_reader_is_a_rule_of_that_name(code: Code) -> None:
    assert RULES[code].name == code.name.lower().replace("_", "-")


def test_only_what_breaks_no_promise_is_a_warning() -> None:
    warnings = {code for code, rule in RULES.items() if rule.severity is Severity.WARNING}
    assert warnings == {"UC101", "UC102", "UC103", "UC104"} | READ_AS_MEANT | ODD | LINT


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_found_by_code_and_name_in_any_case(rule: Rule) -> None:
    for text in (rule.code, rule.code.lower(), rule.name, rule.name.upper(), f" {rule.name}\n"):
        assert find(text) is rule


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("UC1O2", "did you mean UC102 (recommended-property-missing)"),
        ("not-utf8", "did you mean IN502 (not-utf-8)"),
        ("duplicate-keys", "did you mean PL601 (duplicate-key)"),
        ("", "`uclint rule` lists the rules"),
        ("-" * 10_000, "`uclint rule` lists the rules"),
    ],
)
def test_an_unknown_rule_names_the_nearest(text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(text)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 500


def test_repetition_is_the_only_notation_of_examples() -> None:
    assert content("a<x*3>b<[*2>1<]*2>\n") == b"axxxb[[1]]\n"
    assert content("<x> <xy*3> é\n") == "<x> <xy*3> é\n".encode()
    assert content(b"<x*3>") == b"<x*3>"


def test_advice_does_not_speak_of_an_example_that_a_report_does_not_show() -> None:
    assert [rule.code for rule in RULES.values() if "in the example," in rule.fix.lower()] == []


def test_the_notation_of_an_example_is_explained_beside_it() -> None:
    text = rule_text(RULES["IN505"])
    assert "\nBad (`<[*127>` stands for 127 times `[`):\n" in text
    assert "<[*127>" in text.partition("Bad (")[2].partition("\n")[2]
    assert notation(RULES["IN501"].bad) == notation(b"<[*127>") == ""


def test_special_rules_exist_and_say_why() -> None:
    assert set(SPECIAL) <= set(RULES)


@pytest.mark.parametrize("rule", rules("UC", "TP", "SP", "NM", "IN", "PV"))
def test_examples_of_events_and_inputs_hold(rule: Rule, tmp_path: Path) -> None:
    for kind, example in (("bad", rule.bad), ("good", rule.good)):
        path = tmp_path / f"{kind}.json"
        path.write_bytes(content(example))
        report = report_with(rule, path)
        REPORT.validate(report)
        found = {finding["code"]: finding["rule"] for finding in report["findings"]}
        assert (rule.code in found) == (kind == "bad"), found
        assert found.get(rule.code, rule.name) == rule.name


@pytest.mark.parametrize("rule", rules("UC", "TP", "SP", "NM", "IN", "PV"))
def test_good_examples_of_events_and_inputs_break_no_other_rule(rule: Rule, tmp_path: Path) -> None:
    path = tmp_path / "good.json"
    path.write_bytes(content(rule.good))
    others = {finding["code"] for finding in report_with(rule, path)["findings"]}
    assert others <= {"UC101", "UC102"}, (
        "a few lines cannot have everything that is recommended, but no more is missing"
    )


@pytest.mark.parametrize("rule", [RULES[code] for code in TRACKING_PLANS], ids=TRACKING_PLANS)
def test_examples_of_tracking_plans_hold(rule: Rule, tmp_path: Path) -> None:
    for example, expected in ((rule.bad, {rule.code}), (rule.good, set())):
        path = tmp_path / "plan.json"
        path.write_bytes(content(example))
        assert codes_of(path, unusable=rule.severity is Severity.ERROR and bool(expected)) == expected


@pytest.mark.parametrize("rule", [r for r in rules("PL") if r.id not in {*TRACKING_PLANS, *LINTED}])
def test_examples_of_plan_files_hold(rule: Rule, tmp_path: Path) -> None:
    assert load_plans(tmp_path / "bad", rule.bad) == (rule.code,)
    assert load_plans(tmp_path / "good", rule.good) == ()


@pytest.mark.parametrize("rule", [RULES[code] for code in LINTED], ids=LINTED)
def test_examples_of_what_lint_finds_hold(rule: Rule, tmp_path: Path) -> None:
    for example, expected in ((rule.bad, {rule.code}), (rule.good, set())):
        path = tmp_path / "plan.json"
        path.write_bytes(content(example))
        found = lint_plan(read_plan(path))
        assert {linted.diagnostic.code for linted in found} == expected
        assert all(linted.diagnostic.line and linted.severity is rule.severity for linted in found)


def test_an_input_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "calls.ndjson"
    path.symlink_to(path)
    report = report_of(path)
    REPORT.validate(report)
    assert report["partial"]
    assert "IN507" in {finding["code"] for finding in report["findings"]}


def test_examples_of_what_cannot_be_checked_hold() -> None:
    rule = RULES["PL609"]
    with pytest.raises(PlanError) as caught:
        program_of_yaml(rule.bad)
    assert [d.code for d in caught.value.diagnostics] == [rule.code]
    program_of_yaml(rule.good)


def program_of(key: str, schema: dict[str, Any]) -> Program:
    return Program([TrackingPlan("plan", "Plan", (PlanRule("TRACK", key, schema),))])


def program_of_yaml(example: bytes | str) -> Program:
    rule = yaml.safe_load(content(example))
    assert rule["type"] == "TRACK"
    return program_of(rule["key"], rule["jsonSchema"])


def test_the_beginning_of_a_code_lists_its_rules() -> None:
    text = uclint("rule", "sp31").stdout.decode()
    assert re.findall(r"^[A-Z]{2}[0-9]{3}", text, re.MULTILINE) == [code for code in RULES if code.startswith("SP31")]
    assert uclint("rule", "UC10").stdout != uclint("rule", "UC101").stdout
    assert uclint("rule", "ZZ").returncode == 2
