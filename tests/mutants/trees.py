"""Copies of the project in which a module is changed and its tests are run: the project itself stays as it is."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LEFT_OUT = (".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", ".benchmarks", "*.egg-info", "dist", "build")

# A change can make a loop endless that appends to a list. The tests of the engine need less than a tenth of it.
_MEMORY = 4 << 30
_LIMITED_PYTEST = """
import resource, runpy
resource.setrlimit(resource.RLIMIT_DATA, ({0}, {0}))
runpy.run_module("pytest", run_name="__main__", alter_sys=True)
"""

# What pytest ends with: all tests passed; one failed; it was called wrongly; none was found that is not slow.
_PASSED, _FAILED, _MISUSED, _NO_TESTS = 0, 1, 4, 5


class BrokenTestsError(Exception):
    """The tests cannot be run, or fail without any change."""


@dataclass(frozen=True)
class Outcome:
    """How tests ended.

    Attributes:
        passed: Whether all tests passed.
        how: `passed`, `failed`, `timeout`, or the output of pytest where it could not run them.
        seconds: How long they took.
    """

    passed: bool
    how: str
    seconds: float


class Tree:
    """A copy of the project.

    Args:
        project: The project.
        folder: Where the copy is put.
        memory: The most bytes that each process of the tests may allocate.
    """

    def __init__(self, project: Path, folder: Path, memory: int = _MEMORY) -> None:
        self._memory = memory
        self.root = folder / "project"
        shutil.copytree(project, self.root, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        # Some tests read data from beside the project.
        if (data := project.parent / "shared").is_dir():
            (folder / "shared").symlink_to(data)

    @contextlib.contextmanager
    def changed(self, path: str, text: str) -> Iterator[None]:
        """Changes a module of the copy for a while."""
        file = self.root / path
        before = file.read_bytes()
        # Bytecode is taken for fresh where the size is the same and the time within a second.
        bytecode = Path(importlib.util.cache_from_source(str(file)))
        try:
            bytecode.unlink(missing_ok=True)
            file.write_bytes(text.encode())
            yield
        finally:
            file.write_bytes(before)
            bytecode.unlink(missing_ok=True)

    def run(self, tests: Sequence[str], seconds: float) -> Outcome:
        """Runs tests until one fails, or the time is over."""
        start = time.monotonic()
        pytest = [sys.executable, "-c", _LIMITED_PYTEST.format(self._memory)]
        words = [*pytest, "-q", "-x", "-m", "not slow", "-p", "no:cacheprovider", *tests]
        # The copy comes before the installed project, also in the processes that tests start.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST_"))}
        environment = kept | {"PYTHONPATH": str(self.root)}
        process = subprocess.Popen(
            words,
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            message, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return Outcome(passed=False, how="timeout", seconds=time.monotonic() - start)
        finally:
            _end(process)
        last = "\n".join(message.decode("utf-8", "replace").strip().splitlines()[-20:])
        if process.returncode == _MISUSED:
            raise BrokenTestsError(last)
        how = {_PASSED: "passed", _NO_TESTS: "passed", _FAILED: "failed"}.get(process.returncode, last)
        return Outcome(how == "passed", how, time.monotonic() - start)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the tests, and the processes that they started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
