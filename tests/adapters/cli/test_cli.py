"""The command, from the outside: cases are data under `commands/`; what they can say stands at the top of the first.

`UCLINT_REFRESH=1 pytest tests/adapters/cli/test_cli.py` writes the golden outputs anew.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.support.command import GOLDEN, GOOD, content, environment, installed, same_as_golden, uclint
from validator.adapters.cli.app import COMMANDS
from validator.config import data_directory

REPORT = jsonschema.Draft202012Validator(
    json.loads((data_directory("schemas") / "report.schema.json").read_text("utf-8"))
)
FILES = sorted((Path(__file__).parent / "commands").glob("*.yaml"))
CASES: dict[str, dict[str, Any]] = {
    f"{path.stem}: {case['name']}": case for path in FILES for case in yaml.safe_load(path.read_text("utf-8"))
}
WORDS = {
    "name", "args", "files", "stdin", "env", "exit", "out", "not_out", "err", "lines", "use_cases", "golden", "json"
}  # fmt: skip


def lay_out(directory: Path, files: dict[str, Any]) -> None:
    for name, spec in files.items():
        path = directory / name
        if name.endswith("/"):
            path.mkdir(parents=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(spec))


def run(case: dict[str, Any], directory: Path, *more: str) -> tuple[int, str, str]:
    done = uclint(
        *case["args"], *more, cwd=directory, stdin=content(case.get("stdin", "")), env=case.get("env")
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    assert set(case) <= WORDS
    lay_out(tmp_path, case.get("files", {}))
    code, out, err = run(case, tmp_path)
    assert code == case["exit"], out + err
    unwrapped = re.sub(r"\n +", " ", out)
    for text in case.get("out", ()):
        assert text in out or text in unwrapped
    for text in case.get("not_out", ()):
        assert text not in out
    for text in case.get("err", ()):
        assert text in err
    assert bool(err) == bool(case.get("err")), err
    assert not [c for c in out + err if c < " " and c != "\n"], "a control character reached the terminal"
    if case.get("json"):
        json.loads(out)
        assert out.isascii()
    if "golden" in case:
        same_as_golden(case["golden"], out)
    if case["args"] and case["args"][0] == "check" and out and "Usage:" not in out:
        the_json_report_says_the_same(case, tmp_path)


def the_json_report_says_the_same(case: dict[str, Any], directory: Path) -> None:
    code, out, _ = run(case | {"args": without_format(case["args"])}, directory, "--format", "json")
    assert code == case["exit"]
    assert out.isascii()
    report = json.loads(out)
    REPORT.validate(report)
    adds_up(report)
    for name, count in case.get("lines", {}).items():
        assert report["lines"][name] == count, (name, report["lines"])
    if "use_cases" in case:
        assert [f"{u['goal']}/{u['use_case']}" for u in report["use_cases"]] == case["use_cases"]


def without_format(args: list[str]) -> list[str]:
    if "--format" not in args:
        return args
    at = args.index("--format")
    return args[:at] + args[at + 2 :]


def adds_up(report: dict[str, Any]) -> None:
    lines = dict(report["lines"])
    assert lines.pop("total") == sum(lines.values()) == sum(i["lines"] for i in report["inputs"])
    calls = report["calls"]
    assert calls["total"] == calls["valid"] + calls["invalid"] == sum(calls["by_type"].values())
    for event in (e for u in report["use_cases"] for e in u["events"]):
        assert all(p["present"] + p["missing"] + p["invalid"] == event["calls"] for p in event["properties"])


def test_no_golden_output_is_left_over() -> None:
    named = {case["golden"] for case in CASES.values() if "golden" in case}
    assert {path.name for path in GOLDEN.iterdir()} == named


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_refuses_what_it_does_not_know(name: str) -> None:
    for option in ("-h", "--help"):
        done = uclint(name, option)
        assert done.returncode == 0
        assert done.stdout.startswith(f"Usage: uclint {name}".encode())
    assert uclint(name, "--frobnicate").returncode == 2


def test_every_command_is_in_the_help() -> None:
    listed = uclint("--help").stdout.decode().partition("Check calls:\n")[2].splitlines()
    assert [line.split()[0] for line in listed if line.startswith("  ")] == list(COMMANDS)


def test_every_option_of_check_has_a_heading() -> None:
    assert "Other options" not in uclint("check", "--help").stdout.decode()


def test_the_module_is_the_command(tmp_path: Path) -> None:
    (tmp_path / "calls.ndjson").write_bytes(GOOD)
    arguments = ["check", "calls.ndjson"]
    module = [sys.executable, "-m", "validator", *arguments]
    done = subprocess.run(module, capture_output=True, check=False, cwd=tmp_path, env=environment(), timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == uclint(*arguments, cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (["--version"], {}),
        (["check", "--help"], {"COLUMNS": "60"}),
        (["chekc"], {}),
        (["check", "calls.ndjson"], {"FORCE_COLOR": "1"}),
        (["check", "--format", "json", "-"], {}),
        (["check", "absent", "calls.ndjson"], {}),
        (["explain", "-"], {}),
        ([], {"_UCLINT_COMPLETE": "bash_complete", "COMP_WORDS": "uclint c", "COMP_CWORD": "1"}),
    ],
)
def test_a_fork_does_what_the_installed_command_does(arguments: list[str], env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "calls.ndjson").write_bytes(GOOD + b"{\n")
    forked, fresh = (run(*arguments, cwd=tmp_path, stdin=GOOD, env=env) for run in (uclint, installed))
    assert (forked.returncode, forked.stdout, forked.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)
    assert fresh.stdout or fresh.stderr


def test_a_file_name_that_is_not_utf_8(tmp_path: Path) -> None:
    name = b"caf\xe9\n\x1b[31m.ndjson"
    try:
        Path(tmp_path, name.decode("utf-8", "surrogateescape")).write_bytes(b"{}\n")
    except OSError:
        pytest.skip("this file system takes no such names")
    done = uclint("check", name, cwd=tmp_path)
    assert done.returncode == 0
    assert rb"caf\udce9\n\x1b[31m.ndjson:1" in done.stdout
    report = uclint("check", name, "--format", "json", cwd=tmp_path)
    assert report.stdout.isascii()
    assert json.loads(report.stdout)["inputs"][0]["path"].encode("utf-8", "surrogateescape") == name
    missing = uclint("check", b"\xff\x1b[31m", cwd=tmp_path)
    assert missing.returncode == 2
    assert rb"\udcff\x1b[31m: no such file or directory" in missing.stderr


def test_compile_all_is_what_the_repository_keeps(tmp_path: Path) -> None:
    assert uclint("compile", "--all", "made", cwd=tmp_path).returncode == 0
    kept = data_directory("schemas") / "tracking-plans"
    made = {p.relative_to(tmp_path / "made"): p.read_bytes() for p in tmp_path.rglob("*.json")}
    assert made == {p.relative_to(kept): p.read_bytes() for p in kept.rglob("*.json")}
    assert len(made) == 25


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(shell: str, tmp_path: Path) -> None:
    done = uclint("completion", shell)
    assert done.returncode == 0
    assert b"_UCLINT_COMPLETE" in done.stdout
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_bytes(done.stdout)
    checked = subprocess.run([found, "-n", str(script)], check=False, capture_output=True, timeout=60)
    assert (checked.returncode, checked.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("uclint ", "goals"),
        ("uclint check -u personalize-w", "personalize-winback"),
        ("uclint check -u optimize-advertising/mitigate-c", "optimize-advertising/mitigate-cart-abandonment"),
        ("uclint use-cases --goal opt", "optimize-advertising"),
        ("uclint rule uc", "UC101"),
    ],
)
def test_completion(words: str, expected: str) -> None:
    env = {"_UCLINT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = uclint(env=env)
    assert f"plain,{expected}" in done.stdout.decode().splitlines()
