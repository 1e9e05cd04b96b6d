"""How many real near misses of event names are found, and how many unrelated names are taken for one.

    python -m tests.near_names

The names stand in `tests/engine/cases/real_names.yaml`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from validator.engine.near_miss import NearMisses

FILE = Path(__file__).parent / "engine" / "cases" / "real_names.yaml"


class Measured(NamedTuple):
    """What was measured; each list has the names that are not judged as a person would."""

    near: int
    missed: list[str]
    unrelated: int
    mistaken: list[str]
    pairs: int
    confused: list[str]

    @property
    def sentences(self) -> list[str]:
        found = self.near - len(self.missed)
        taken = f"{len(self.mistaken)} of {self.unrelated} unrelated names are taken for one of {_planned(self.pairs)}"
        return [
            f"{found} of {self.near} real near misses are found",
            f"{taken} events",
            f"{len(self.confused)} of {self.pairs:,} pairs of these events are taken for each other",
        ]


def _planned(pairs: int) -> int:
    return next(n for n in range(1, 10_000) if n * (n - 1) // 2 == pairs)


def measure() -> Measured:
    """Judges all names."""
    names: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    planned: list[str] = names["planned"]
    near = NearMisses(planned)
    return Measured(
        near=len(names["near"]),
        missed=[seen for seen, meant in names["near"].items() if near.planned(seen) != meant],
        unrelated=len(names["unrelated"]),
        mistaken=[seen for seen in names["unrelated"] if near.planned(seen)],
        pairs=len(planned) * (len(planned) - 1) // 2,
        confused=[
            f"{one}, {other}"
            for at, one in enumerate(planned)
            for other in planned[at + 1 :]
            if NearMisses([one]).planned(other) or NearMisses([other]).planned(one)
        ],
    )


if __name__ == "__main__":
    found = measure()
    lines = [*found.sentences, *found.missed, *found.mistaken, *found.confused]
    sys.stdout.write("\n".join(lines) + "\n")
