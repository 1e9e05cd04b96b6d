"""What a command imports: each module takes time, and most runs are short."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT, command, environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Slow to import, and needed for some plans, inputs or formats only.
HEAVY = {
    "argparse",
    "csv",
    "dataclasses",
    "difflib",
    "glob",
    "importlib.metadata",
    "jsonschema",
    "jsonschema_rs",
    "multiprocessing",
    "rapidfuzz",
    "referencing",
    "rfc3986_validator",
    "shlex",
    "tomli_w",
    "tomllib",
    "yaml",
    "zlib_ng",
}
CALLS = b'{"type":"track","event":"Trial Start","userId":"u-1","properties":{"category":7}}\n' * 10

RUN = f"""
import sys
sys.argv = [{command()!r}, *sys.argv[1:]]
from validator.adapters.cli import main
try:
    main()
finally:
    print(sorted(sys.modules), file=sys.stderr)
"""


def imported(code: str, *arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> set[str]:
    """The modules that a program has imported at its end, besides those of an empty one."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=False,
        capture_output=True,
        env=environment(env, measured=False) | {"PYTHONPATH": str(ROOT)},
        cwd=cwd,
        timeout=60,
    )
    found = ast.literal_eval(done.stderr.decode().splitlines()[-1])
    assert isinstance(found, list)
    return set(found)


@pytest.fixture
def _calls(tmp_path: Path) -> None:
    (tmp_path / "calls.ndjson").write_bytes(CALLS)


@pytest.mark.usefixtures("_calls")
@pytest.mark.parametrize(("form", "most"), [("text", 315), ("json", 315)])
def test_check_imports_what_it_needs(form: str, most: int, tmp_path: Path) -> None:
    """Its bound is a little above what it imports today, so that more is noticed."""
    found = imported(RUN, "check", "calls.ndjson", "--format", form, cwd=tmp_path)
    assert found & HEAVY == set()
    assert not [name for name in found if name.startswith(("validator.setup", "validator.instrument"))]
    assert {f"validator.render.{other}" for other in ("html", "sarif", "markdown", "junit")} & found == set()
    others = found - imported("import sys; print(sorted(sys.modules), file=sys.stderr)", cwd=tmp_path)
    assert len(others) <= most, f"{len(others)} modules are imported"


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (["check", "--help"], {}),
        ([], {"_UCLINT_COMPLETE": "bash_complete", "COMP_WORDS": "uclint check --for", "COMP_CWORD": "2"}),
    ],
    ids=["help", "completion"],
)
def test_help_and_completion_import_no_engine(arguments: list[str], env: dict[str, str], tmp_path: Path) -> None:
    found = imported(RUN, *arguments, cwd=tmp_path, env=env)
    assert found & HEAVY <= {"shlex"}, "click splits the words with it"
    assert not [name for name in found if name.startswith(("validator.engine", "validator.json_schema"))]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_the_command_itself_imports_little(arguments: list[str], tmp_path: Path) -> None:
    found = imported(RUN, *arguments, cwd=tmp_path)
    assert found & (HEAVY | {"msgspec"}) == set()


def test_the_package_imports_little(tmp_path: Path) -> None:
    code = "import sys, validator; validator.__all__; print(sorted(sys.modules), file=sys.stderr)"
    assert imported(code, cwd=tmp_path) & (HEAVY | {"msgspec"}) == set()
