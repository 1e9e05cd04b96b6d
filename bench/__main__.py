"""`python -m bench`: checks one file with uclint and with its rivals, each in its own process.

`python -m bench ratios` measures within one process instead (`bench/ratios.py`), and `python -m bench ways` the other
ways to read (`bench/ways.py`).

First all of them count a small file of flawed calls, and those that count must agree, number by number. Then they run
in turn, so that a machine that slows down slows all of them; the least time of each is what counts. What they counted
in the timed runs must agree too, or no time is printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import files, records
from bench.child import Run, measure
from bench.contestants import CONTESTANTS, REFERENCE, RULER, Contestant
from bench.counts import Counts, disagreements, of_truth
from samples.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.files import Data


def main(given: Sequence[str] | None = None, contestants: Sequence[Contestant] = CONTESTANTS) -> int:
    """Runs the command line; returns the exit code."""
    given = sys.argv[1:] if given is None else given
    if given[:1] == ["ratios"]:
        from bench.ratios import main as ratios  # noqa: PLC0415

        return ratios(given[1:])
    if given[:1] == ["ways"]:
        from bench.ways import main as ways  # noqa: PLC0415

        return ways(given[1:])
    arguments = _parser(contestants).parse_args(given)
    if arguments.docs and not arguments.record:
        records.write_docs(arguments.runs, arguments.docs_file)
        return 0
    sort = "own" if arguments.file else arguments.kind
    chosen = [c for c in contestants if not arguments.only or c.name in arguments.only]
    unfit = {c.name: why for c in chosen if (why := c.unfit(sort))}
    for name, why in unfit.items():
        _say(f"skipped: {name}, which {why}")
    skipped = [(c, lacks) for c in chosen if (lacks := c.lacks()) and c.name not in unfit]
    for contestant, lacks in skipped:
        _say(f"skipped: {contestant.name}; install it by {'; '.join(need.install for need in lacks)}")
    present = [c for c in chosen if not c.lacks() and c.name not in unfit]
    facts = records.facts()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        contest = Contest(contestants, present, arguments.plan_count, Path(folder))
        try:
            data = contest.run(arguments.file, arguments.size, arguments.rounds, arguments.kind)
        except DisagreementError as error:
            print(error)
            return 1
        record = {
            **facts,
            "kind": "contest",
            "file": {
                "sort": sort,
                "size": data.size,
                "calls": data.calls,
                "sha256": files.digest(data.path),
                "seed": None if arguments.file else files.SEED,
            },
            "plans": "own" if data.plan else arguments.plan_count,
            "rounds": arguments.rounds,
            "results": contest.results(data),
            "skipped": [
                *({"name": c.name, "why": f"needs {lacks[0].name}"} for c, lacks in skipped),
                *({"name": name, "why": why} for name, why in unfit.items()),
            ],
        }
    print(records.table(record))
    if arguments.record:
        name = sort if arguments.record is True else arguments.record
        print(f"kept in {records.keep(record, name, arguments.runs)}")
        if arguments.docs:
            records.write_docs(arguments.runs, arguments.docs_file)
    return 0


class DisagreementError(Exception):
    """Two contestants counted differently."""


class Contest:
    """The contestants at work.

    Args:
        contestants: All there are, the reference among them.
        present: Those that take part.
        plans: How many plans they check.
        folder: Where files may be written.
    """

    def __init__(self, contestants: Sequence[Contestant], present: list[Contestant], plans: int, folder: Path) -> None:
        self.present = present
        self.plans = plans
        self.folder = folder
        self.runs: dict[str, list[Run]] = {c.name: [] for c in present}
        self.data: dict[str, Data] = {}
        self._reference = next(c for c in contestants if c.name == REFERENCE)
        self._right: dict[Path, Counts] = {}

    def run(self, file: Path | None, size: int, rounds: int, kind: str) -> Data:
        """Makes the files, proves the contestants and times them; returns the file.

        Raises:
            DisagreementError: Two of them counted differently.
        """
        for proof in files.proofs(self.folder, "plain" if file else kind):
            self.compare_with_truth(proof)
            self.prove(proof)
        made = self.folder / "calls.jsonl"
        data = files.described(file) if file else files.generated(made, size * files.MB, kind)
        self.compare_with_truth(data)
        self.cut(data)
        for number in range(rounds):
            for contestant in self.present:
                _say(f"round {number + 1} of {rounds}: {contestant.name}")
                run = self.measure(contestant, self.data[contestant.name])
                self.runs[contestant.name].append(run)
                self.compare(contestant, self.data[contestant.name], run)
        return data

    def prove(self, proof: Data) -> None:
        """Lets all that can count flawed calls do so."""
        for contestant in self.present:
            if contestant.proof:
                _say(f"{proof.path.stem}: {contestant.name}")
                self.compare(contestant, proof, self.measure(contestant, proof))

    def cut(self, data: Data) -> None:
        """Gives each contestant the file, or as much of it as it can take."""
        slices: dict[int, Data] = {}
        for contestant in self.present:
            most = None if contestant.slice is None else contestant.slice * files.MB
            if most is None or most >= data.size:
                self.data[contestant.name] = data
            else:
                if most not in slices:
                    slices[most] = files.beginning(data, self.folder / f"first-{most}.jsonl", most)
                self.data[contestant.name] = slices[most]

    def compare(self, contestant: Contestant, data: Data, run: Run) -> None:
        """Compares what was counted with what the reference counts."""
        if run.counts is not None:
            self._compare(data, contestant.name, run.counts)

    def compare_with_truth(self, data: Data) -> None:
        """Compares what the reference counts with what the generator of the file knows of it."""
        if data.truth is not None:
            self._compare(data, "the generator", of_truth(data.truth, by_plan=data.plan is not None))

    def _compare(self, data: Data, name: str, counts: Counts) -> None:
        if data.path not in self._right:
            right = self.measure(self._reference, data).counts
            assert right is not None
            self._right[data.path] = right
        if wrong := disagreements(self._right[data.path], counts):
            head = f"{REFERENCE} and {name} count differently ({data.path.name}):"
            raise DisagreementError("\n  ".join([head, *wrong[:20]]))

    def measure(self, contestant: Contestant, data: Data) -> Run:
        """One run of a contestant, by the file's own plan if it has one."""
        return measure(contestant, data.path, self.plans, data.plan)

    def results(self, whole: Data) -> list[dict[str, Any]]:
        """What the table is made of."""
        speeds = {name: self.data[name].size / min(r.seconds for r in runs) for name, runs in self.runs.items()}
        found = []
        for contestant in self.present:
            name, runs, data = contestant.name, self.runs[contestant.name], self.data[contestant.name]
            best = min(run.seconds for run in runs)
            counts = runs[0].counts
            found.append({
                "name": name,
                "seconds": [round(run.seconds, 4) for run in runs],
                "cpu_seconds": [round(run.cpu, 2) for run in runs],
                "start": round(min(run.start for run in runs), 3),
                "slice": None if data is whole else data.size,
                "calls_per_second": round(data.calls / best),
                "mb_per_second": round(speeds[name] / 1e6, 2),
                "times_orjson": round(speeds[name] / speeds[RULER], 3) if RULER in speeds else None,
                "peak_mb": round(max(run.peak for run in runs), 1),
                "counts": "nothing" if counts is None else _grain(counts),
                "cannot": contestant.cannot,
            })  # fmt: skip
        return found


def _grain(counts: Counts) -> str:
    """How much was compared."""
    if "invalid" in counts or "violations" in counts:
        return (
            "violations"
            if "invalid" in counts and "violations" in counts
            else "invalid calls"
            if "invalid" in counts
            else "presence"
        )
    numbers = next(iter(counts["properties"].values()), None)
    return "events" if numbers is None else "types" if len(numbers) == 3 else "presence"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser(contestants: Sequence[Contestant]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=int, default=200, metavar="MB", help="size of the generated file (200)")
    parser.add_argument("--kind", choices=KINDS, default="traffic", help="what the file holds (traffic)")
    parser.add_argument("--file", type=Path, help="a file of your own instead, NDJSON without malformed lines")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each (3)")
    names = [c.name for c in contestants]
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help="; ".join(names))
    parser.add_argument("--plan-count", type=int, default=25, metavar="N", help="use cases to check by (25)")
    parser.add_argument("--record", nargs="?", const=True, metavar="NAME", help="keep a dated record of the run")
    parser.add_argument(
        "--docs", action="store_true", help="write the newest records into the docs; alone, runs nothing"
    )
    parser.add_argument("--runs", type=Path, default=records.RUNS, help="where records are kept")
    parser.add_argument("--docs-file", type=Path, default=records.DOCS, help="the page with the table")
    parser.add_argument("--folder", type=files.folder, help="where the big files are written while it runs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
