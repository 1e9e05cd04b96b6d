"""Programs beside Python: where they are, which version, and how much time and memory a run takes."""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent

# Seconds between looks at the memory of a running program.
LOOK = 0.02


class Need(NamedTuple):
    """Something a contestant cannot do without.

    Attributes:
        kind: `python` (a distribution whose module has the same name but for dashes), `program`, `npm` or `sourcemeta`.
        name: What it is called there.
        install: The command that installs it.
    """

    kind: str
    name: str
    install: str


def version_of(need: Need) -> str | None:
    """The version that is installed; None if none is."""
    if need.kind == "python":
        if find_spec(need.name.replace("-", "_")) is None:
            return None
        return metadata.version(need.name)
    if need.kind == "npm":
        folder = node_module(need.name)
        return str(json.loads((folder / "package.json").read_bytes())["version"]) if folder else None
    if need.kind == "sourcemeta":
        return output_of([str(program), "version"]) if (program := sourcemeta()) else None
    return output_of([need.name, "--version"]) if shutil.which(need.name) else None


def node_module(name: str) -> Path | None:
    """The folder of an npm package: beside the project, above the working directory, or in NODE_PATH."""
    return next((folder / name for folder in _node_modules() if (folder / name / "package.json").is_file()), None)


def _node_modules() -> list[Path]:
    above = [HERE, *HERE.parents, Path.cwd(), *Path.cwd().parents]
    named = [Path(text) for text in os.environ.get("NODE_PATH", "").split(os.pathsep) if text]
    return [*named, *(folder / "node_modules" for folder in above)]


@cache
def sourcemeta() -> Path | None:
    """Sourcemeta's `jsonschema`; a Python program of the same name is not meant."""
    usual = [shutil.which(name) for name in ("sourcemeta-jsonschema", "jsonschema")]
    # The npm package starts the program through Node; what it starts is in its build folder.
    build = f"@sourcemeta/jsonschema/build/**/jsonschema-{platform.system().lower()}-{platform.machine()}"
    packed = [found for folder in _node_modules() if folder.is_dir() for found in folder.glob(build)]
    candidates = [*packed, *(Path(p) for p in usual if p)]
    for candidate in candidates:
        if candidate.is_file() and "--fast" in (output_of([str(candidate), "help"]) or ""):
            return candidate
    return None


def output_of(command: list[str]) -> str | None:
    """What a short command prints; None if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


class Ran(NamedTuple):
    """A program that ended.

    Attributes:
        output: What it printed.
        seconds: From its start to its end.
        peak: The memory of its largest process, in MB.
    """

    output: str
    seconds: float
    peak: float


def run(command: list[str], output: Path | None, *, fine: tuple[int, ...] = (0,)) -> Ran:
    """Runs a program to its end.

    Args:
        command: The program and its arguments.
        output: Where its standard output goes; None to throw it away.
        fine: The exit codes that are no failure.
    """
    target = output or Path(os.devnull)
    start = time.perf_counter()
    with (
        target.open("wb") as sink,
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(command, stdout=sink, stderr=complaints) as process,
    ):
        peak = 0.0
        while True:
            try:
                process.wait(LOOK)
            except subprocess.TimeoutExpired:
                peak = max(peak, *(memory(pid) for pid in tree(process.pid)))
            else:
                break
        seconds = time.perf_counter() - start
        complaints.seek(0)
        words = complaints.read().decode(errors="replace")
    if process.returncode not in fine:
        raise RuntimeError(f"{command[0]} ended with exit code {process.returncode}:\n{words[-2000:]}")
    return Ran(target.read_text(encoding="utf-8") if output else "", seconds, peak)


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        below = []
    return [pid, *(p for child in below for p in tree(int(child)))]


def memory(pid: int | str) -> float:
    """The most memory (RSS) a running process had so far in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)


def own_memory() -> float:
    """The most memory that this process, or the largest of those it started, had, in MB."""
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit
    return max(memory("self") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, children)
