"""plans/ and schemas/ work the same from a checkout, an editable install, a wheel, and a wheel from the sdist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.command import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKEN = ("validator", "plans", "schemas", "samples", "bench", "docs", "tests")
SAMPLE = "personalize-winback.flawed.ndjson"
RUNS = (
    ("use-cases",),
    ("use-cases", "--format", "json"),
    ("show", "personalize-winback"),
    ("compile", "personalize-winback"),
    ("check", SAMPLE, "-u", "personalize-winback"),
    ("check", SAMPLE, "--format", "json"),
    ("--version",),
)


class Kinds:
    """Builds and installs a copy of the project, each thing once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.copy = folder / "checkout"
        for name in TAKEN:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self.copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in ROOT.iterdir():
            if path.is_file() and path.suffix in ("", ".md", ".toml"):
                shutil.copy(path, self.copy)
        self.work = folder / "work"
        self.work.mkdir()
        shutil.copy(ROOT / "samples" / SAMPLE, self.work)

    def checkout(self) -> list[str]:
        # The project of the working directory, whatever is installed.
        code = f"import sys; sys.path.insert(0, {str(self.copy)!r}); sys.argv[0] = 'uclint'\n"
        code += "from validator.adapters.cli import main; main()"
        return [sys.executable, "-c", code]

    def editable(self) -> list[str]:
        return self.installed("editable", "-e", str(self.copy))

    def wheel(self) -> list[str]:
        return self.installed("wheel", str(self.built(self.copy, "wheel", "from-checkout")))

    def wheel_from_sdist(self) -> list[str]:
        sdist = self.built(self.copy, "sdist", "sdist")
        with tarfile.open(sdist) as archive:
            archive.extractall(self.folder / "unpacked", filter="data")
        (unpacked,) = (self.folder / "unpacked").iterdir()
        return self.installed("from-sdist", str(self.built(unpacked, "wheel", "from-sdist")))

    def environment(self, name: str, *packages: str) -> Path:
        """The programs of a fresh environment with these packages."""
        programs = self.folder / f"environment-{name}" / "bin"
        if not programs.exists():
            self.run([sys.executable, "-m", "venv", str(programs.parent)])
            self.install(programs, *packages)
        return programs

    def install(self, programs: Path, *packages: str) -> None:
        arguments = [str(programs / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages]
        done = subprocess.run(arguments, check=False, capture_output=True, text=True, env=clean(), timeout=600)
        if done.returncode and ("No matching distribution" in done.stderr or "onnection" in done.stderr):
            pytest.skip(f"no package index is reachable: {done.stderr.strip().splitlines()[-1]}")
        assert done.returncode == 0, done.stderr

    def built(self, source: Path, target: str, name: str) -> Path:
        programs = self.environment("build", "hatchling>=1.26")
        out = self.folder / f"dist-{target}-{name}"
        self.run([str(programs / "hatchling"), "build", "-t", target, "-d", str(out)], cwd=source)
        (made,) = out.iterdir()
        return made

    def installed(self, name: str, *what: str) -> list[str]:
        programs = self.environment(name, *what)
        return [str(programs / "uclint")]

    def run(self, arguments: list[str], cwd: Path | None = None) -> bytes:
        done = subprocess.run(arguments, check=False, capture_output=True, cwd=cwd, env=clean(), timeout=600)
        assert done.returncode in (0, 1), done.stderr.decode()
        assert done.stderr == b"" or "hatchling" in arguments[0], done.stderr.decode()
        return done.stdout


def clean() -> dict[str, str]:
    """Nothing of this environment but where packages come from."""
    left_out = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")
    return {k: v for k, v in environment(measured=False).items() if k not in left_out}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kinds]:
    folder = tmp_path_factory.mktemp("install")
    yield Kinds(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def expected(kinds: Kinds) -> list[bytes]:
    return [kinds.run([*kinds.checkout(), *arguments], cwd=kinds.work) for arguments in RUNS]


@pytest.mark.slow
def test_a_checkout_finds_its_plans(expected: list[bytes]) -> None:
    assert expected[0].startswith(b"Optimize advertising")
    assert b"personalize-winback" in expected[0]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["editable", "wheel", "wheel_from_sdist"])
def test_an_installation_says_the_same(kind: str, kinds: Kinds, expected: list[bytes]) -> None:
    command = getattr(kinds, kind)()
    assert [kinds.run([*command, *arguments], cwd=kinds.work) for arguments in RUNS] == expected
    where = "import validator.config as c; print(c.data_directory('plans'))"
    plans = Path(kinds.run([str(Path(command[0]).parent / "python"), "-c", where], cwd=kinds.work).decode().strip())
    assert plans.is_relative_to(kinds.copy if kind == "editable" else Path(command[0]).parents[1])
    packed = sorted(p.relative_to(plans) for p in plans.rglob("*.yaml"))
    assert packed == sorted(p.relative_to(ROOT / "plans") for p in (ROOT / "plans").rglob("*.yaml"))


@pytest.mark.slow
def test_wheel_and_sdist_hold_what_they_should(kinds: Kinds) -> None:
    sdist = kinds.folder / "dist-sdist-sdist"
    if not sdist.exists():
        kinds.wheel_from_sdist()
    with tarfile.open(next(sdist.iterdir())) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    for name in ("plans/goals", "schemas/plan.schema.json", "samples/generate.py", "tests/test_install.py", "LICENSE"):
        assert any(path.startswith(name) for path in inside), name


def test_the_lock_file_is_in_step() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (locked,) = (p for p in tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"] if p["name"] == "uclint")
    extras = project["optional-dependencies"]
    assert locked["metadata"]["provides-extras"] == sorted(extras), "run: uv lock"
    wanted = [*project["dependencies"], *(line for lines in extras.values() for line in lines)]
    # Marker and extra are compared by the number of entries only: their spelling is uv's own.
    assert sorted((r["name"], r["specifier"]) for r in locked["metadata"]["requires-dist"]) == sorted(
        (re.split(r"[\[>]", line)[0].replace(".", "-").lower(), re.search(r">=[\d.]+", line)[0])  # type: ignore[index]
        for line in wanted
    ), "run: uv lock"
