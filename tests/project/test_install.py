"""plans/ and schemas/ work the same from a checkout, an editable install, a wheel, and a wheel from the sdist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT, environment

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


# With several workers, one runs these all: what they build and install is made once.
together = pytest.mark.xdist_group("install")


class Kinds:
    """Builds and installs a copy of the project, each thing once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.copy = folder / "checkout"
        for name in TAKEN:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self.copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in ROOT.iterdir():
            if path.is_file() and path.suffix in ("", ".md", ".toml", ".py"):
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
        return [str(self.tools() / "uclint")]

    def wheel(self) -> list[str]:
        return self.installed("wheel", self.built(self.copy, "wheel", "from-checkout"))

    def wheel_from_sdist(self) -> list[str]:
        sdist = self.built(self.copy, "sdist", "sdist")
        with tarfile.open(sdist) as archive:
            archive.extractall(self.folder / "unpacked", filter="data")
        (unpacked,) = (self.folder / "unpacked").iterdir()
        return self.installed("from-sdist", self.built(unpacked, "wheel", "from-sdist"))

    def tools(self) -> Path:
        """The programs of a fresh environment, with an editable install as a newcomer makes it, and what builds."""
        programs = self.folder / "environment-editable" / "bin"
        if not programs.exists():
            self.run([sys.executable, "-m", "venv", str(programs.parent)])
            self.install(programs, "-e", str(self.copy), "hatchling>=1.26")
        return programs

    def install(self, programs: Path, *what: str) -> None:
        pip = [str(self.folder / "environment-editable" / "bin" / "python"), "-m", "pip"]
        arguments = ["--python", str(programs / "python"), "install", "-q", "--disable-pip-version-check", *what]
        done = subprocess.run([*pip, *arguments], check=False, capture_output=True, text=True, env=clean(), timeout=600)
        if done.returncode and ("No matching distribution" in done.stderr or "onnection" in done.stderr):
            pytest.skip(f"no package index is reachable: {done.stderr.strip().splitlines()[-1]}")
        assert done.returncode == 0, done.stderr

    def built(self, source: Path, target: str, name: str) -> Path:
        out = self.folder / f"dist-{target}-{name}"
        if not out.exists():
            self.run([str(self.tools() / "hatchling"), "build", "-t", target, "-d", str(out)], cwd=source)
        (made,) = out.iterdir()
        return made

    def installed(self, name: str, wheel: Path) -> list[str]:
        """The command of an environment with the wheel; what it depends on is lent by the editable install's."""
        programs = self.folder / f"environment-{name}" / "bin"
        self.run([sys.executable, "-m", "venv", "--without-pip", str(programs.parent)])
        self.install(programs, "--no-deps", str(wheel))
        (lent,) = self.tools().parent.glob("lib/python*/site-packages")
        (own,) = programs.parent.glob("lib/python*/site-packages")
        # Later on the path than the wheel; the editable install's own link to the checkout is not followed from there.
        (own / "lent.pth").write_text(f"{lent}\n")
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


@together
@pytest.mark.slow
def test_a_checkout_finds_its_plans(expected: list[bytes]) -> None:
    assert expected[0].startswith(b"Optimize advertising")
    assert b"personalize-winback" in expected[0]


@together
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


@together
@pytest.mark.slow
def test_wheel_and_sdist_hold_what_they_should(kinds: Kinds) -> None:
    with tarfile.open(kinds.built(kinds.copy, "sdist", "sdist")) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    for name in (
        "plans/goals",
        "schemas/plan.schema.json",
        "samples/generate.py",
        "tests/project/test_install.py",
        "LICENSE",
    ):
        assert any(path.startswith(name) for path in inside), name
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    with zipfile.ZipFile(kinds.built(kinds.copy, "wheel", "from-checkout")) as wheel:
        (metadata,) = (wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/METADATA"))
        (entries,) = (wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/entry_points.txt"))
        assert {"validator/py.typed", "validator/render/page.css", "validator/render/page.js"} <= {*wheel.namelist()}
    wanted = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert len(wanted) == len(project["dependencies"])
    assert "uclint = validator.adapters.cli:main" in entries


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
