"""`python -m bench.child JOB`: runs one contestant on one file, alone in its process, and prints what was measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.plans import plans_of
from bench.tools import HERE, own_memory

if TYPE_CHECKING:
    from bench.contestants import Contestant, Measured, Prepare
    from bench.counts import Counts


class Run(NamedTuple):
    """What was measured.

    Attributes:
        seconds: From the opening of the file to the counts.
        start: Everything before: starting, importing, compiling the plans.
        cpu: The CPU time of all its processes within those seconds.
        peak: The most memory (RSS) of the largest process, in MB.
        counts: What was counted, if anything.
    """

    seconds: float
    start: float
    cpu: float
    peak: float
    counts: Counts | None


def measure(contestant: Contestant, path: Path, plans: int, own: Path | None = None) -> Run:
    """One run in a process of its own.

    Args:
        contestant: Who runs.
        path: The file it checks.
        plans: How many use cases it checks by, where there is no plan of a team's own.
        own: The file of that plan.

    Raises:
        SystemExit: It failed.
    """
    job = {"target": contestant.target, "options": contestant.options, "path": str(path), "plans": plans}
    job["own"] = str(own) if own else None
    command = [sys.executable, "-m", "bench.child", json.dumps({**job, "began": time.time()})]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parent)
    if done.returncode:
        raise SystemExit(f"{contestant.name} failed with exit code {done.returncode}:\n{done.stderr[-4000:]}")
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def main(text: str) -> None:
    """Runs the job."""
    job = json.loads(text)
    module, name = job["target"].split(":")
    prepare: Prepare = getattr(import_module(module), name)
    check = prepare(plans_of(job["plans"], Path(job["own"]) if job["own"] else None), **job["options"])
    ready = time.time()
    cpu, start = sum(os.times()[:4]), time.perf_counter()
    measured: Measured = check(job["path"])
    whole, cpu = time.perf_counter() - start, sum(os.times()[:4]) - cpu
    run = Run(
        seconds=measured.seconds or whole,
        start=ready - job["began"] + (whole - measured.seconds if measured.seconds else 0),
        cpu=cpu,
        peak=measured.peak or own_memory(),
        counts=measured.counts,
    )
    print(json.dumps(run._asdict()))


if __name__ == "__main__":
    main(sys.argv[1])
