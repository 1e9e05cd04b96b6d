"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT, SAMPLES, environment

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = "validator.adapters.pytest_plugin"
ENTRY_POINTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["pytest11"]

SENT = {"type": "track", "event": "Trial Started", "userId": "u", "messageId": "m", "properties": {"category": "team"}}


def run(directory: Path, *arguments: str, plugin: bool = True) -> tuple[int, str]:
    """Runs pytest there; the plugin is named, so that it does not matter how uclint is installed."""
    named = ["-p", "no:uclint", *(["-p", PLUGIN] if plugin else [])]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *named, "-p", "no:cacheprovider", "-p", "no:xdist", *arguments],
        check=False,
        capture_output=True,
        cwd=directory,
        env=environment({"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}),
        timeout=120,
    )
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def outcomes(text: str) -> dict[str, str]:
    """Test -> how it ended, from the verbose output."""
    return dict(re.findall(r"^(\S+?::\S+) (PASSED|FAILED|ERROR)", text, re.MULTILINE))


def test_it_is_announced_to_pytest() -> None:
    assert {"uclint": PLUGIN} == ENTRY_POINTS
    assert hasattr(importlib.import_module(PLUGIN), "pytest_addoption")


def test_unused_it_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import sys\n"
        "def pytest_unconfigure():\n"
        "    loaded = sorted(name for name in sys.modules if name.split('.')[0] in ('validator', 'msgspec', 'click'))\n"
        "    print('\\nLOADED', loaded)\n"
    )
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    shutil.copy(SAMPLES / "acquire-paid-subscriptions.flawed.ndjson", tmp_path)
    code, out = run(tmp_path)
    assert code == 0, out
    assert "1 passed" in out
    assert f"LOADED {['validator', 'validator._version', 'validator.adapters', PLUGIN]}" in out


FIXTURE = f"""
import datetime
import pathlib

import pytest

SENT = {SENT!r}
PLANS = ["plans/shop.json"]


def changed(**properties):
    return SENT | {{"properties": properties}}


def test_good(uclint):
    report = uclint.check([SENT, SENT], use_cases=["acquire-paid-subscriptions"])
    assert report.calls == 2


def test_valid(uclint):
    uclint.assert_valid(SENT, use_cases=(name for name in ["acquire-paid-subscriptions"]))


def test_values_that_json_lacks(uclint):
    when = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
    uclint.assert_valid(SENT | {{"timestamp": when}}, use_cases=["acquire-paid-subscriptions"])


def test_a_plan_alone(uclint):
    with pytest.raises(AssertionError, match="TP201 .*order_id"):
        uclint.check([SENT, SENT | {{"event": "Order Completed"}}], plans=map(pathlib.Path, PLANS))


def test_a_plan_that_was_read(uclint):
    from validator import read_plan
    with pytest.raises(AssertionError, match="TP201 .*order_id"):
        uclint.assert_valid(SENT | {{"event": "Order Completed"}}, plans=[read_plan(PLANS[0])])


def test_everything_without_choice(uclint):
    assert len(uclint.check(SENT).use_cases) == 25


def test_no_calls(uclint):
    with pytest.raises(AssertionError, match="nothing was read"):
        uclint.check([])


def test_texts(uclint):
    for call in (lambda: uclint.check("{{}}"), lambda: uclint.check(SENT, use_cases="x"), lambda: uclint.check(["x"])):
        with pytest.raises(TypeError):
            call()


def test_what_json_cannot_hold(uclint):
    for value in (object(), float("nan")):
        with pytest.raises(TypeError, match="call 2 cannot be written as JSON"):
            uclint.check([SENT, changed(category=value)])


def test_unknown_use_case(uclint):
    from validator import UsageError
    with pytest.raises(UsageError, match="acquire-paid-subscriptions"):
        uclint.check(SENT, use_cases=["acquire-paid-subscription"])


def test_arguments_that_do_not_fit(uclint):
    from validator import UsageError
    for name, value, reason in [
        ("fail_on", "bogus", "'bogus'; it can be warning, error, never"),
        ("fail_on", "", "''; it can be"),
        ("fail_on", ["error"], r"\\['error'\\]; it can be"),
        ("min_coverage", 5, "5; it must be a number from 0 to 1, such as 0.9"),
        ("min_coverage", float("nan"), "nan; it must be"),
        ("min_coverage", "0.5", "'0.5'; it must be"),
        ("min_coverage", True, "True; it must be"),
    ]:
        with pytest.raises(UsageError, match=f"^{{name}} is {{reason}}"):
            uclint.check(SENT, use_cases=["acquire-paid-subscriptions"], **{{name: value}})


def test_coverage_of_nothing(uclint):
    from validator import UsageError
    for plans in (None, PLANS):
        with pytest.raises(UsageError, match="^min_coverage needs use cases: give use_cases, or set"):
            uclint.check(SENT, plans=plans, min_coverage=0)


def test_coverage(uclint):
    with pytest.raises(AssertionError, match="covered 50.0%, below 90.0%"):
        uclint.check(SENT, use_cases=["acquire-paid-subscriptions"], min_coverage=0.9)


def test_fails(uclint):
    uclint.check([SENT, changed(category=7), changed()], use_cases=["acquire-paid-subscriptions"], fail_on="warning")


def test_a_level_that_is_none(uclint):
    uclint.check(SENT, fail_on="bogus")


def test_invalid(uclint):
    uclint.assert_valid([SENT, changed()], use_cases=["acquire-paid-subscriptions"])
"""


def test_the_fixture_checks_captured_calls(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "plans", tmp_path / "plans")
    (tmp_path / "test_events.py").write_text(FIXTURE)
    code, out = run(tmp_path, "-v")
    assert code == 1, out
    failed = {name.partition("::")[2] for name, how in outcomes(out).items() if how != "PASSED"}
    assert failed == {"test_fails", "test_invalid", "test_a_level_that_is_none"}, out
    assert len(outcomes(out)) == FIXTURE.count("def test_")
    output = re.sub(r"(\nE)? +", " ", out)
    assert "TP202 Trial Started: category should be text, and is a whole number in 1 of 3 calls. at calls:2 " in output
    assert "UC101 Subscription Started is recommended" in output
    assert "UC102 Trial Started: category is recommended, and missing in 1 of 2 calls. at calls:2 FAIL" in output
    assert "pytest_checks.py" not in out, "the traceback ends in the test"


def samples(directory: Path) -> Path:
    for kind in ("good", "flawed"):
        folder = directory / kind
        folder.mkdir()
        shutil.copy(SAMPLES / f"acquire-paid-subscriptions.{kind}.ndjson", folder / "events.ndjson")
    return directory


def test_samples_are_tests_where_it_is_asked_for(tmp_path: Path) -> None:
    samples(tmp_path)
    (tmp_path / "uclint.toml").write_text('use-cases = ["acquire-paid-subscriptions"]\n')
    code, out = run(tmp_path, "--uclint", "-v")
    assert code == 1
    assert outcomes(out) == {"good/events.ndjson::uclint": "PASSED", "flawed/events.ndjson::uclint": "FAILED"}
    assert re.search(r"IN501 .*\n +at flawed/events.ndjson:43\n", out)
    assert "UC101" not in out, "that one sample has not all events is no fault of it"
    assert "Traceback" not in out


def test_ini_options_win_over_the_configuration(tmp_path: Path) -> None:
    samples(tmp_path)
    shutil.rmtree(tmp_path / "flawed")
    shutil.copytree(SAMPLES / "plans", tmp_path / "plans")
    (tmp_path / "uclint.toml").write_text('use-cases = ["acquire-paid-subscriptions"]\n')
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nuclint_samples = true\nuclint_plans = plans/shop.json\nuclint_fail_on = warning\n"
    )
    code, out = run(tmp_path, "-v")
    assert code == 1
    assert outcomes(out) == {"good/events.ndjson::uclint": "FAILED"}
    assert re.search(r"TP203 .*is not in Shop", out)


@pytest.mark.parametrize(
    ("file", "content", "output"),
    [
        ("uclint.toml", "use-case = []\n", "uclint.toml:1:1: unknown key"),
        ("uclint.toml", "plans = ['absent.json']\n", "uclint.toml:1:1: absent.json: no such file or directory"),
        ("pytest.ini", "[pytest]\nuclint_plans = absent.json\n", "absent.json: PL610 no such file or directory"),
        ("pytest.ini", "[pytest]\nuclint_fail_on = all\n", "it can be warning, error, never"),
    ],
)
def test_what_cannot_be_used_is_reported(tmp_path: Path, file: str, content: str, output: str) -> None:
    (tmp_path / "events.ndjson").write_text("{}\n")
    (tmp_path / file).write_text(content)
    code, out = run(tmp_path, "--uclint")
    assert code == 1
    assert output in out
    assert "Traceback" not in out
