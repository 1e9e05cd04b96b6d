"""Samples changes, tries each, and says which survived."""

from __future__ import annotations

import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING

from tests.mutants.mirror import nearest_tests
from tests.mutants.mutations import Mutation, mutations
from tests.mutants.trees import BrokenTestsError, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.mutants.trees import Outcome

# Tests may take this many times as long as without the change, and at least so many seconds.
_SLOWER, _LEAST = 4, 30.0
_LONGEST = 1_200.0


@dataclass(frozen=True)
class Mutant:
    """A change of a module, by its path in the project."""

    path: str
    mutation: Mutation

    def __str__(self) -> str:
        return f"{self.path}:{self.mutation.line}  {self.mutation}"


@dataclass(frozen=True)
class Sample:
    """Changes taken at random.

    Attributes:
        project: The project.
        paths: Folders, modules, or lines of modules as `path:line`.
        count: How many changes.
        seed: The same seed takes the same changes.
    """

    project: Path
    paths: tuple[str, ...]
    count: int
    seed: int

    def all(self) -> Iterator[Mutant]:
        """All changes there are, in order."""
        for given in self.paths:
            path, _, line = given.partition(":")
            place = self.project / path
            for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
                name = file.relative_to(self.project).as_posix()
                for mutation in mutations(file.read_text("utf-8")):
                    if not line or mutation.line == int(line):
                        yield Mutant(name, mutation)

    def taken(self) -> list[Mutant]:
        """Those that are taken."""
        found = list(self.all())
        return random.Random(self.seed).sample(found, min(self.count, len(found)))


class _Laboratory:
    """Tries changes, each in a copy of the project that no other uses at the time."""

    def __init__(self, project: Path, folder: Path, jobs: int) -> None:
        self._free: SimpleQueue[Tree] = SimpleQueue()
        for number in range(jobs):
            self._free.put(Tree(project, folder / str(number)))
        self._seconds: dict[tuple[str, ...], float] = {}
        self._locks: dict[tuple[str, ...], Lock] = {}

    def try_out(self, mutant: Mutant) -> Outcome:
        tree = self._free.get()
        try:
            tests = tuple(nearest_tests(tree.root, mutant.path))
            with self._locks.setdefault(tests, Lock()):
                seconds = self._seconds.get(tests) or self._measured(tree, tests)
            with tree.changed(mutant.path, mutant.mutation.text):
                return tree.run(tests, min(max(_SLOWER * seconds, _LEAST), _LONGEST))
        finally:
            self._free.put(tree)

    def _measured(self, tree: Tree, tests: tuple[str, ...]) -> float:
        """How long tests take without a change; what fails anyway would notice everything."""
        outcome = tree.run(tests, _LONGEST)
        if not outcome.passed:
            raise BrokenTestsError(f"the tests fail without a change: {outcome.how}\n{' '.join(tests)}")
        self._seconds[tests] = outcome.seconds
        return outcome.seconds


def survivors(sample: Sample, *, jobs: int = 1, seen: Callable[[Mutant, Outcome], None]) -> list[Mutant]:
    """Those of a sample that no test notices.

    Args:
        sample: The changes to try.
        jobs: How many are tried at once.
        seen: Is called after each.
    """
    left = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(jobs) as pool:
        laboratory = _Laboratory(sample.project, Path(folder), jobs)
        taken = sample.taken()
        for mutant, outcome in zip(taken, pool.map(laboratory.try_out, taken), strict=True):
            seen(mutant, outcome)
            if outcome.passed:
                left.append(mutant)
    return left


def run(sample: Sample, *, jobs: int) -> int:
    """Tries a sample and prints how it goes; returns the exit code."""

    def seen(mutant: Mutant, outcome: Outcome) -> None:
        how = {"passed": "SURVIVED", "timeout": "killed (time)"}.get(outcome.how, "killed")
        _say(f"{how:13} {outcome.seconds:5.0f} s  {mutant}")

    try:
        left = survivors(sample, jobs=jobs, seen=seen)
    except BrokenTestsError as error:
        _say(str(error))
        return 2
    count = len(sample.taken())
    killed = count - len(left)
    _say(f"\n{killed} of {count} killed ({100 * killed // max(count, 1)}%), seed {sample.seed}")
    for mutant in sorted(left, key=lambda mutant: (mutant.path, mutant.mutation.line, str(mutant))):
        _say(f"survived: {mutant}")
    return 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command
