"""`python -m bench.scaling`: how uclint's time grows with plans, cores, bytes and all that varies in traffic.

Every point is the least of some runs, each in a process of its own; the points take turns. Writes a record and draws
`docs/scaling.svg`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bench import files, records
from bench.chart import Panel, small_multiples
from bench.child import Run, measure
from bench.contestants import Contestant
from samples.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.files import Data

PICTURE = records.DOCS.parent / "scaling.svg"

PLANS = (1, 5, 25, 100, 200)
CORES = (1, 2)
SIZES = (10, 50, 200, 1000)
SHARES = (0.0, 0.01, 0.1, 0.5, 1.0)
OPTIONAL = (3, 6, 12, 24, 48)
EVENTS = (10, 40, 100, 500)


class Point(NamedTuple):
    """One setting.

    Attributes:
        panel: What varies.
        label: Its value, as the chart has it.
        value: Its value.
        data: The file.
        plans: How many use cases are checked, where the file's own plan is not.
        jobs: How many processes read.
        own: Whether the file is checked by its own plan, if it has one.
    """

    panel: str
    label: str
    value: float
    data: Data
    plans: int = 25
    jobs: int = 1
    own: bool = True


TITLES = {
    "kind": ("Kinds of calls", "own plan, else 25 use cases"),
    "optional": ("Optional properties", "each in half of the calls"),
    "flawed": ("Flawed calls", "share of traffic"),
    "events": ("Distinct events", "events in the plan"),
    "plans": ("Plans", "plans"),
    "cores": ("Cores", "cores (-j)"),
    "size": ("File size", "MB"),
    "malformed": ("Malformed lines", "share of lines cut off"),
    "dynamic": ("Dynamic keys", "share of calls with a key of their own"),
}


def main(given: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    arguments = _parser().parse_args(given)
    facts = records.facts()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        points = settings(Path(folder), arguments.size, [s for s in SIZES if s <= arguments.most])
        runs: list[list[Run]] = [[] for _ in points]
        for number in range(arguments.rounds):
            for point, own in zip(points, runs, strict=True):
                print(f"round {number + 1} of {arguments.rounds}: {point.panel} {point.label}", file=sys.stderr)
                contestant = Contestant("uclint", "bench.libraries:uclint", {"jobs": point.jobs})
                own.append(measure(contestant, point.data.path, point.plans, point.data.plan if point.own else None))
    record = {
        **facts,
        "kind": "scaling",
        "rounds": arguments.rounds,
        "size": arguments.size * files.MB,
        "points": [_described(point, own) for point, own in zip(points, runs, strict=True)],
    }
    print(table(record))
    if not arguments.dry:
        arguments.picture.parent.mkdir(exist_ok=True)
        arguments.picture.write_text(drawn(record), encoding="utf-8")
        print(f"kept in {records.keep(record, 'scaling', arguments.runs)}; drawn in {arguments.picture}")
    return 0


def settings(folder: Path, size: int, sizes: Sequence[int]) -> list[Point]:
    """All points, their files written."""

    def made(name: str, kind: str = "traffic", **options: Any) -> Data:
        return files.generated(folder / f"{name}.jsonl", size * files.MB, kind, **options)

    base = made("base")
    points = [Point("kind", kind, n, base if kind == "traffic" else made(kind, kind)) for n, kind in enumerate(KINDS)]
    points += [Point("optional", str(n), n, made(f"optional-{n}", "optional", optional=n)) for n in OPTIONAL]
    points += [Point("flawed", f"{share:.0%}", share, made(f"flawed-{share}", flaws=share)) for share in SHARES]
    points += [Point("events", str(n), n, made(f"events-{n}", events=n)) for n in EVENTS]
    points += [Point("plans", str(n), n, base, plans=n, own=False) for n in PLANS]
    points += [Point("cores", str(n), n, base, jobs=n) for n in CORES]
    for megabytes in sizes:
        path = folder / f"{megabytes}.jsonl"
        data = base if megabytes == size else files.generated(path, megabytes * files.MB, "traffic")
        points.append(Point("size", f"{megabytes:,}", megabytes, data))
    for panel, changed in (("malformed", files.cut_off), ("dynamic", files.dynamic)):
        for share in SHARES:
            data = changed(base, folder / f"{panel}-{share}.jsonl", share) if share else base
            points.append(Point(panel, f"{share:.0%}", share, data))
    return points


def _described(point: Point, runs: Sequence[Run]) -> dict[str, Any]:
    best = min(run.seconds for run in runs)
    return {
        "panel": point.panel,
        "label": point.label,
        "value": point.value,
        "plans": "own" if point.own and point.data.plan else point.plans,
        "jobs": point.jobs,
        "size": point.data.size,
        "lines": point.data.calls,
        "seconds": [round(run.seconds, 4) for run in runs],
        "cpu_seconds": [round(run.cpu, 2) for run in runs],
        "seconds_per_100_mb": round(best / point.data.size * 100 * files.MB, 4),
        "peak_mb": round(max(run.peak for run in runs), 1),
    }


def table(record: Mapping[str, Any]) -> str:
    """A record as text."""
    lines = [f"{'':24}{'s / 100 MB':>12}{'MB/s':>8}{'peak MB':>9}"]
    for point in record["points"]:
        cost = point["seconds_per_100_mb"]
        name = f"{point['panel']} {point['label']}"
        lines.append(f"{name:24}{cost:12.3f}{100 / cost:8.0f}{point['peak_mb']:9.0f}")
    return "\n".join(lines)


def drawn(record: Mapping[str, Any]) -> str:
    """A record as a picture."""
    panels = [
        Panel(title, unit, [(p["label"], p["seconds_per_100_mb"]) for p in record["points"] if p["panel"] == name])
        for name, (title, unit) in TITLES.items()
    ]
    machine, load = record["machine"], record["machine"]["load_before"]
    busy = f"; the machine was busy, load {load}" if (load or 0) > machine["cores"] / 2 else ""
    where = f"{machine['cpu']}, {machine['cores']} cores"
    size = f"{record['size'] / 1e6:.0f} MB of traffic"
    notes = [
        f"{size}, its own plan and one core unless varied; least of {record['rounds']} runs{busy}",
        f"{record['when'][:10]}, uclint {record['uclint']}, {record['python']}, {where}",
    ]
    return small_multiples("What checking costs", "seconds for 100 MB; lower is better", panels, notes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.scaling", description=__doc__)
    parser.add_argument("--size", type=int, default=200, metavar="MB", help="size of the file, where it does not vary")
    parser.add_argument("--most", type=int, default=max(SIZES), metavar="MB", help="the largest of the sizes to try")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each point (3)")
    parser.add_argument("--dry", action="store_true", help="print the figures, write nothing")
    parser.add_argument("--runs", type=Path, default=records.RUNS, help="where records are kept")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="where the picture goes")
    parser.add_argument("--folder", type=files.folder, help="where the big files are written while it runs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
