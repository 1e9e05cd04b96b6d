"""`python -m bench`: checks a generated archive with uclint and with its rivals, each in its own process.

The contestants run in turn, so that a machine that slows down slows all of them; the least time of each counts.
Before any time is taken, those that count are compared number by number.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from samples.generate import write

CONTESTANTS = {
    "uclint": "bench.contestants:uclint",
    "orjson.loads alone": "bench.contestants:orjson_alone",
    "json.loads alone": "bench.contestants:json_alone",
    "orjson + jsonschema-rs": "bench.contestants:jsonschema_rs_per_call",
    "orjson + loop": "bench.contestants:naive",
}


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.file or Path(folder, "calls.ndjson")
        if arguments.file is None:
            write(path, size=arguments.size * 1_000_000, count=None, seed=1, hard=arguments.hard)
        size = path.stat().st_size
        chosen = {n: t for n, t in CONTESTANTS.items() if not arguments.only or n in arguments.only}
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in chosen}
        for _ in range(arguments.rounds):
            for name, target in chosen.items():
                runs[name].append(run(target, path))
    counts = {json.dumps(r["counts"]) for results in runs.values() for r in results if r["counts"] is not None}
    if len(counts) > 1:
        print("the contestants count differently:", *sorted(counts), sep="\n")
        return 1
    table(runs, size)
    return 0


def run(target: str, path: Path) -> dict[str, Any]:
    """One contestant in a process of its own: seconds, peak memory in MB, what it counted."""
    script = f"import bench.__main__ as m; m.child({target!r}, {str(path)!r})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{target} failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def child(target: str, path: str) -> None:
    """Runs one contestant and prints what was measured."""
    import importlib  # noqa: PLC0415
    import time  # noqa: PLC0415

    module, name = target.split(":")
    prepare = getattr(importlib.import_module(module), name)
    check = prepare()
    start = time.perf_counter()
    counts = check(path)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
    print(json.dumps({"seconds": seconds, "peak": peak, "counts": counts}))


def table(runs: dict[str, list[dict[str, Any]]], size: int) -> None:
    best = {name: min(r["seconds"] for r in results) for name, results in runs.items()}
    reference = best.get("orjson.loads alone")
    print(f"{size / 1e6:.0f} MB, Python {platform.python_version()}, {platform.machine()}")
    print(f"{'':28}{'seconds':>9}{'MB/s':>9}{'x orjson':>10}{'peak MB':>9}")
    for name, seconds in sorted(best.items(), key=lambda item: item[1]):
        times = f"{reference / seconds:.2f}" if reference else ""
        peak = max(r["peak"] for r in runs[name])
        print(f"{name:28}{seconds:9.2f}{size / seconds / 1e6:9.0f}{times:>10}{peak:9.0f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=int, default=200, metavar="MB", help="size of the generated file")
    parser.add_argument("--hard", action="store_true", help="non-ASCII text, escapes, shuffled keys")
    parser.add_argument("--file", type=Path, help="a file of your own instead")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", action="append", choices=list(CONTESTANTS))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
