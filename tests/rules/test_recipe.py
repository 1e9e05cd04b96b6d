"""A rule is added as CONTRIBUTING says: in its family, in what finds it, and as cases; in a copy of the project."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

# Where each block of the recipe goes: before this line of the file that the block is about.
PLACES = {
    "validator/rules/segment_values.py": ")\n",
    "validator/engine/lint/call_tests.py": '    "SP316": (("traits",),),\n',
    "tests/engine/lint/cases/lint.yaml": "  # Ids\n",
}
TEST = "        yield from self._tests_of_traits(kind)\n"


def recipe() -> dict[str, str]:
    """The blocks of the recipe in CONTRIBUTING.md, by file."""
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = page.partition("**A rule.**")[2].partition("**A check that needs the value.**")[0]
    return dict(re.findall(r"^In `([^`]+)`:\n\n```\w+\n(.*?)```$", section, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    leave = shutil.ignore_patterns("__pycache__", "_data")
    for name in ("validator", "tests", "plans", "schemas", "samples"):
        shutil.copytree(ROOT / name, root / name, ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", root)
    blocks = recipe()
    assert blocks.keys() == PLACES.keys()
    for name, block in blocks.items():
        text = (root / name).read_text("utf-8")
        fields, test = block.split("...\n") if "...\n" in block else (block, "")
        before, mark, after = text.rpartition(PLACES[name])
        assert mark, name
        text = (before + fields + mark + after).replace(TEST, test + TEST, 1)
        (root / name).write_text(text, "utf-8")
    return root


def run(copy: Path, *arguments: str) -> str:
    """What Python prints there, of the copy and not of what is installed."""
    done = subprocess.run([sys.executable, *arguments], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_the_rule_is_everywhere(copy: Path) -> None:
    calls = copy / "calls.ndjson"
    calls.write_text('{"type":"track","event":"Trial Started","userId":"jane doe"}\n' * 2, "utf-8")
    check = ("-m", "validator", "check", "calls.ndjson", "--select", "SP318", "-u", "acquire-paid-subscriptions")
    (found,) = [
        finding
        for finding in json.loads(run(copy, *check, "--format", "json"))["findings"]
        if finding["code"] == "SP318"
    ]
    assert found["message"] == "2 calls have a userId with a space in it."
    assert (found["rule"], found["count"], len(found["places"])) == ("user-id-with-space", 2, 2)
    driver = json.loads(run(copy, *check, "--format", "sarif"))["runs"][0]["tool"]["driver"]
    assert "SP318" in [rule["id"] for rule in driver["rules"]]
    assert "SP318 user-id-with-space (warning, off by default)" in run(copy, "-m", "validator", "rule", "SP318")
    page = run(copy, "-c", "from tests.support.pages import rules_page; print(rules_page())")
    assert "user-id-with-space" in page


def test_its_cases_and_examples_hold(copy: Path) -> None:
    tests = ("tests/engine/lint/test_lint.py", "tests/rules/test_rules.py")
    chosen = "what_is_found_in_one_call or all_calls_of_the_cases or SP318"
    message = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, "-k", chosen)
    assert " passed" in message
    assert "failed" not in message, message
