"""`python -m tests.mutants`: samples changes of the code, and reports the share that the tests notice.

Each change is made in a copy of the project; the tests of the module, found by its path, and some property tests run
until one fails. A change that no test notices survives: it lacks a test, or changes nothing that matters.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.mutants.run import Sample, run
from tests.support.command import ROOT

SCOPE = ("validator/engine", "validator/json_schema")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m tests.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="another seed samples other changes (default: 0)")
    parser.add_argument("--count", type=int, default=40, help="how many changes (default: 40)")
    parser.add_argument("--jobs", type=int, default=1, help="how many are tried at once (default: 1)")
    parser.add_argument(
        "--only", metavar="PATH[:LINE]", action="append", help="a module, a line of it, or a folder; may be repeated"
    )
    given = parser.parse_args(arguments)
    sample = Sample(Path(ROOT), tuple(given.only or SCOPE), given.count, given.seed)
    return run(sample, jobs=given.jobs)


if __name__ == "__main__":
    sys.exit(main())
