"""A repository that is set up from docs/ci.md alone: the hooks, the action and the template do what the page says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.adapters.test_pytest_plugin import outcomes, run
from tests.support.command import ROOT, SAMPLES, command, environment
from tests.support.pages import Page

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
FLAWED = "samples/acquire-paid-subscriptions.flawed.ndjson"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


ACTION = read(ROOT / "action.yml")
TEMPLATE = read(ROOT / "templates" / "uclint.gitlab-ci.yml")["uclint"]
HOOKS = {hook["id"]: hook for hook in read(ROOT / ".pre-commit-hooks.yaml")}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the page makes."""
    directory = tmp_path_factory.mktemp("set-up") / "repository"
    directory.mkdir()
    Page(directory).fresh(PAGE)
    return directory


class Job:
    """The shell of a pipeline: `uclint` is where the step before has put it."""

    def __init__(self, directory: Path, folder: Path) -> None:
        self.directory = directory
        self.folder = folder
        programs = folder / "uclint" / "bin"
        programs.mkdir(parents=True)
        (programs / "uclint").symlink_to(command())
        self.path = f"{programs}{os.pathsep}{os.environ['PATH']}"

    def run(self, shell: list[str], script: str, variables: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [*shell, script],
            check=False,
            capture_output=True,
            cwd=self.directory,
            env=environment({"PATH": self.path} | variables),
            timeout=120,
        )
        assert b"Traceback" not in done.stdout + done.stderr
        return done

    def action(self, step: int, given: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
        """Runs a step of the action as GitHub does."""
        assert set(given) <= set(ACTION["inputs"])
        inputs = {name: str(entry["default"]) for name, entry in ACTION["inputs"].items()} | given
        values = {f"inputs.{name}": value for name, value in inputs.items()} | {"github.action_path": str(ROOT)}
        found = ACTION["runs"]["steps"][step]
        assert "${{" not in found["run"], "a value would be read by the shell"
        variables = {
            name: re.sub(r"\$\{\{ (\S+) \}\}", lambda match: values[match[1]], text)
            for name, text in found["env"].items()
        }
        files = {"GITHUB_OUTPUT": str(self.folder / "output"), "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
        return self.run(shell, found["run"], variables | files | {"RUNNER_TEMP": str(self.folder)})

    def gitlab(self, given: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
        """Runs the script of the template as GitLab does where there is no bash."""
        assert set(given) <= set(TEMPLATE["variables"])
        (script,) = TEMPLATE["script"]
        return self.run(["sh", "-ec"], script, TEMPLATE["variables"] | given)

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in (self.folder / "output").read_text().splitlines())


@pytest.fixture
def job(repository: Path, tmp_path: Path) -> Job:
    return Job(repository, tmp_path)


def test_the_page_names_hooks_that_there_are(repository: Path) -> None:
    (entry,) = read(repository / ".pre-commit-config.yaml")["repos"]
    assert [hook["id"] for hook in entry["hooks"]] == list(HOOKS)
    assert all(f"`{name}` | `{hook['entry'].removesuffix(' --quiet')}`" in PAGE for name, hook in HOOKS.items())


@pytest.mark.parametrize(
    ("hook", "taken", "left"),
    [
        (
            "uclint-plan-lint",
            ["plans/a.json", "x/tracking-plan/a/b.yaml", "plan/a.yml", "shop.plan.csv"],
            ["plans.json", "explans/a.json", "plans/README.md", "package.json"],
        ),
    ],
)
def test_the_hooks_take_their_files(hook: str, taken: list[str], left: list[str]) -> None:
    files = HOOKS[hook]["files"]
    assert [name for name in taken + left if re.search(files, name)] == taken


@pytest.mark.parametrize(
    ("hook", "file", "code"),
    [
        ("uclint-check", "acquire-paid-subscriptions.good.ndjson", 0),
        ("uclint-check", "acquire-paid-subscriptions.flawed.ndjson", 1),
        ("uclint-plan-lint", "plans/shop.json", 0),
    ],
)
def test_the_hooks_run(hook: str, file: str, code: int, job: Job, tmp_path: Path) -> None:
    job.directory = tmp_path  # where there is no baseline
    assert job.run(["bash", "-c"], f"{HOOKS[hook]['entry']} '{SAMPLES / file}'", {}).returncode == code


def test_the_workflow_of_the_page(job: Job) -> None:
    steps = read(job.directory / ".github" / "workflows" / "events.yml")["jobs"]["uclint"]["steps"]
    given = next(step["with"] for step in steps if step["uses"].startswith("uclint/"))
    done = job.action(1, given)
    assert done.returncode == 0, done.stderr
    assert b"::notice title=uclint%3A PASS::no new findings" in done.stdout
    assert job.outputs() == {"exit-code": "0", "sarif": "./uclint.sarif"}
    assert json.loads((job.directory / "uclint.sarif").read_text())["version"] == "2.1.0"
    assert "uclint: PASS" in (job.folder / "summary.md").read_text()


def test_the_action_fails_as_the_check_does(job: Job) -> None:
    odd = "x'; touch broken; $(touch broken).ndjson"
    (job.directory / odd).write_bytes(b"{\n")
    given = {
        "paths": f"{FLAWED}\n\n{odd}\n", "use-cases": "personalize-winback\n", "plans": "samples/plans/shop.json",
        "fail-on": "error", "sarif": "", "args": "--ignore\nTP2\n--no-config",
    }  # fmt: skip
    done = job.action(1, given)
    assert done.returncode == 1, done.stderr
    assert b"::error file=" in done.stdout
    assert b"TP203" not in done.stdout
    assert b"2 lines are not JSON" in done.stdout
    assert job.outputs() == {"exit-code": "1"}
    assert not (job.directory / "broken").exists()


def test_the_action_annotates_whatever_else_it_is_asked_to_write(job: Job) -> None:
    given = {"paths": FLAWED, "sarif": "", "args": "-o\nreport.json\n--no-config"}
    done = job.action(1, given)
    assert b"::warning file=" in done.stdout
    assert json.loads((job.directory / "report.json").read_text())["report_version"] == 2


def test_the_action_without_events_fails(job: Job) -> None:
    done = job.action(1, {"args": "--no-config", "sarif": str(job.folder / "report.sarif")})
    assert done.returncode == 3
    assert job.outputs() == {"exit-code": "3", "sarif": str(job.folder / "report.sarif")}


def test_the_action_installs_the_version_it_is_asked_for(tmp_path: Path) -> None:
    """pip is asked for it: without an index it says what it cannot find."""
    job = Job(tmp_path, tmp_path)
    script = ACTION["runs"]["steps"][0]["run"]
    done = job.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"],
        script,
        {"PYTHON": sys.executable, "VERSION": "9.9", "ACTION": str(ROOT), "RUNNER_TEMP": str(tmp_path / "t"),
         "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""},
    )  # fmt: skip
    assert done.returncode == 1
    assert b"uclint==9.9" in done.stderr


def test_the_pipeline_of_the_page(job: Job) -> None:
    given = read(job.directory / ".gitlab-ci.yml")["uclint"]["variables"]
    done = job.gitlab(given)
    assert done.returncode == 0, done.stderr
    assert b"PASS  no new findings" in done.stdout
    reports = TEMPLATE["artifacts"]["reports"]
    assert isinstance(json.loads((job.directory / reports["codequality"]).read_text()), list)
    assert ElementTree.parse(job.directory / reports["junit"]).getroot().tag == "testsuites"  # noqa: S314 - our own
    assert set(TEMPLATE["artifacts"]["paths"]) == set(reports.values())


def test_the_pipeline_fails_as_the_check_does(job: Job) -> None:
    given = {
        "UCLINT_PATHS": f"{FLAWED}\n", "UCLINT_PLANS": "samples/plans/shop.json", "UCLINT_FAIL_ON": "error",
        "UCLINT_ARGS": "--no-config\n--ignore\nTP2", "UCLINT_USE_CASES": "personalize-winback",
    }  # fmt: skip
    done = job.gitlab(given)
    assert done.returncode == 1, done.stderr
    issues = json.loads((job.directory / "gl-code-quality-report.json").read_text())
    assert "IN501" in {issue["check_name"].partition(" ")[0] for issue in issues}


def test_every_input_and_variable_is_described() -> None:
    assert [name for name in [*ACTION["inputs"], *TEMPLATE["variables"]] if f"`{name}`" not in PAGE] == []


def test_the_tests_of_the_page(repository: Path) -> None:
    code, out = run(repository, "-v")
    ended = outcomes(out)
    assert {name: how for name, how in ended.items() if name.startswith("test_events.py")} == {
        f"test_events.py::test_{name}": "PASSED" for name in ("trial", "plan", "mistake")
    }, out
    assert ended["samples/acquire-paid-subscriptions.good.ndjson::uclint"] == "PASSED"
    assert ended[f"{FLAWED}::uclint"] == "FAILED"
    assert code == 1
