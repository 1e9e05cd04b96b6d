"""Samples changes, tries each, and says which survived."""

from __future__ import annotations

import random
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
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
        self._seconds: dict[str, float] = {}
        self._locks: dict[str, Lock] = {}

    def try_out(self, mutant: Mutant) -> Outcome:
        tree = self._free.get()
        try:
            own, others = nearest_tests(tree.root, mutant.path)
            seconds = {name: self._measured(tree, name) for name in (*own, *others)}
            tests = [*own, *sorted(others, key=seconds.__getitem__)]
            with tree.changed(mutant.path, mutant.mutation.text):
                return tree.run(tests, min(max(_SLOWER * sum(seconds.values()), _LEAST), _LONGEST))
        finally:
            self._free.put(tree)

    def _measured(self, tree: Tree, name: str) -> float:
        """How long a file of tests takes without a change; what fails anyway would notice everything."""
        with self._locks.setdefault(name, Lock()):
            if name not in self._seconds:
                outcome = tree.run([name], _LONGEST)
                if not outcome.passed:
                    raise BrokenTestsError(f"{name} fails without a change: {outcome.how}")
                self._seconds[name] = outcome.seconds
            return self._seconds[name]


def survivors(sample: Sample, *, jobs: int = 1, seen: Callable[[Mutant, Outcome], None]) -> list[Mutant]:
    """Those of a sample that no test notices.

    Args:
        sample: The changes to try.
        jobs: How many are tried at once.
        seen: Called with each, as soon as it was tried.
    """
    left = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(jobs) as pool:
        laboratory = _Laboratory(sample.project, Path(folder), jobs)
        trials = {pool.submit(laboratory.try_out, mutant): mutant for mutant in sample.taken()}
        try:
            for trial in as_completed(trials):
                seen(trials[trial], trial.result())
                if trial.result().passed:
                    left.append(trials[trial])
        finally:
            pool.shutdown(cancel_futures=True)
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
