"""`uclint check --sources`: what is set up for an environment and not seen (UC103, UC104), and the types that were."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.support.command import uclint
from validator.config import data_directory
from validator.rules import RULES, USE_CASE_OF_EXAMPLES, content
from validator.setup.state import FILE, Destination, Environment, Mark, Rollout, Setup, Source
from validator.setup.write_setup import write_setup

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((data_directory("schemas") / "report.schema.json").read_text("utf-8"))
)
ID = f"personalize-first-conversion/{USE_CASE_OF_EXAMPLES}"
BOTH = {"context": {"library": {"name": "analytics.js"}}, "integrations": {"Mixpanel": True}}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    ana = Mark(datetime.date(2026, 3, 2), "Ana")
    dev = Environment(
        {"web-dev": Source("web-dev", "Website", ana)},
        {"mix": Destination("mix", "Analytics", ("web-dev",), "Mixpanel", ana)},
    )
    setup = Setup((Rollout(ID, ana, ana),), dev)
    (tmp_path / FILE).write_text(write_setup(setup), encoding="utf-8")
    return tmp_path


def checked(directory: Path, calls: str | bytes, *more: str) -> dict[str, Any]:
    stdin = calls.encode() if isinstance(calls, str) else calls
    done = uclint("check", "-", "-u", ID, "--format", "json", *more, cwd=directory, stdin=stdin)
    assert done.returncode in (0, 1), done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    SCHEMA.validate(report)
    return report


def codes(report: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in report["findings"]} & {"UC103", "UC104"}


def call(**fields: Any) -> str:
    return json.dumps({"type": "track", "event": "Trial Started", "properties": {"category": "x"}, **fields}) + "\n"


def test_seen(shop: Path) -> None:
    report = checked(shop, call(**BOTH), "--sources", "dev")
    assert codes(report) == set()
    (use_case,) = report["use_cases"]
    assert use_case["sources"] == {"seen": ["Website"], "missing": ["Mobile", "Reverse ETL", "Advertising"]}
    assert use_case["destinations"]["seen"] == ["Analytics"]


def test_only_where_it_is_asked_for(shop: Path) -> None:
    report = checked(shop, call())
    assert codes(report) == set()
    assert report["use_cases"][0]["sources"] is report["use_cases"][0]["destinations"] is None


@pytest.mark.parametrize("code", ["UC103", "UC104"])
def test_the_examples_of_the_rules(code: str, shop: Path) -> None:
    rule = RULES[code]
    assert code in codes(checked(shop, content(rule.bad), "--sources", "dev"))
    assert code not in codes(checked(shop, content(rule.good), "--sources", "dev"))


def test_what_is_reported(shop: Path) -> None:
    report = checked(shop, call(context={"library": {"name": "analytics-swift"}}), "--sources", "dev")
    by_code = {f["code"]: f for f in report["findings"]}
    assert by_code["UC103"]["message"] == "No call comes from web-dev (Website), which is set up."
    assert by_code["UC104"]["message"] == "No call selects mix (Mixpanel), which is set up."
    assert by_code["UC104"]["use_cases"] == [ID]
    report = checked(shop, call(), "--sources", "dev")
    messages = [f["message"] for f in report["findings"] if f["code"] == "UC103"]
    assert "no call comes from a recommended source type: one of Website, Mobile" in messages[0]


def test_findings_keep_their_order_and_heed_the_policy(shop: Path) -> None:
    report = checked(shop, "{}\n{\n" + call(), "--sources", "dev")
    order = [(f["severity"], f["code"]) for f in report["findings"]]
    assert order == sorted(order)
    assert codes(checked(shop, call(), "--sources", "dev", "--ignore", "UC103")) == {"UC104"}
    failed = uclint(
        "check", "-", "-u", ID, "--sources", "dev", "--severity", "UC104=error", cwd=shop, stdin=call().encode()
    )
    assert failed.returncode == 1
    assert b"error   UC104" in failed.stdout


def test_what_is_vouched_for_is_not_looked_for(shop: Path) -> None:
    assert uclint("checklist", "--done", "mix", "--by", "Ana", cwd=shop).returncode == 0
    assert codes(checked(shop, call(), "--sources", "dev")) == {"UC103"}


def test_the_report_is_else_the_same(shop: Path) -> None:
    calls = "".join(call(messageId=str(n), **BOTH) for n in range(50)) + "[1]\n{\n"
    plain, full = checked(shop, calls), checked(shop, calls, "--sources", "dev")
    for use_case in full["use_cases"]:
        use_case["sources"] = use_case["destinations"] = None
    assert full == plain


def test_nothing_set_up(shop: Path, tmp_path: Path) -> None:
    done = uclint("check", "-", "--sources", "prod", cwd=shop)
    assert done.returncode == 2
    assert b"has no sources or destinations of prod" in done.stderr


def test_the_teams_own_names_count(shop: Path) -> None:
    (shop / "uclint.toml").write_text(
        '[names.events]\nTrialBegun = "Trial Started"\nPaid = "Subscription Started"\n', encoding="utf-8"
    )
    calls = call(event="TrialBegun", **BOTH) + call(event="Paid", **BOTH)
    done = uclint("checklist", "--env", "dev", "-", cwd=shop, stdin=calls.encode())
    assert done.returncode == 0, done.stdout + done.stderr
    assert b"verified in dev: 2 calls" in done.stdout
    done = uclint("recommend", "-", "--top", "1", cwd=shop, stdin=calls.encode())
    assert b"100% covered" in done.stdout
