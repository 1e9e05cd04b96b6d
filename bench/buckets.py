"""`python -m bench.buckets`: objects in a bucket beside the same files, and Parquet beside orjson over the same texts.

Both sides take turns, so a machine that is busy for a while slows both. The server of objects runs on the same cores.
`--record` keeps the result under `bench/runs`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import files, records

if TYPE_CHECKING:
    from collections.abc import Callable

LARGE, SMALL = 100_000_000, 10_000
ROUNDS = 5
ROWS = 50_000

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_REGION": "us-east-1"}

# Reads the texts of a Parquet file with orjson alone; the texts are in memory before the clock starts.
ORJSON = """
import sys, time, orjson, pyarrow.parquet as pq
texts = pq.read_table(sys.argv[1], columns=["raw"]).column("raw").to_pylist()
start = time.perf_counter()
for text in texts:
    orjson.loads(text)
print(time.perf_counter() - start)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=10_000, help="number of small objects")
    parser.add_argument("--large", type=int, default=4, help="number of objects of 100 MB")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        made = make(root, options.large, options.objects)
        with subprocess.Popen(
            [sys.executable, "-m", "bench.object_server", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as server:
            assert server.stdin
            assert server.stdout
            environment = os.environ | CREDENTIALS | {"AWS_ENDPOINT_URL": server.stdout.readline().decode().strip()}
            found = measure(root, environment, options.rounds)
            server.stdin.close()
    found = made | found
    print(json.dumps(found, indent=2))
    if options.record:
        facts = records.facts()
        path = records.RUNS / f"{facts['when'][:10]}-buckets.json"
        path.write_text(json.dumps({"facts": facts, "buckets": found}, indent=2) + "\n", "utf-8")


def make(root: Path, large: int, small: int) -> dict[str, Any]:
    """Makes the buckets `large`, `small` and `table`."""
    import pyarrow as pa  # noqa: PLC0415 - not everywhere
    import pyarrow.parquet as pq  # noqa: PLC0415

    for name in ("large", "small", "table"):
        (root / name).mkdir()
    first = root / "large" / "0.ndjson"
    files.generated(first, LARGE, "traffic")
    text = first.read_bytes()
    for number in range(1, large):
        (root / "large" / f"{number}.ndjson").write_bytes(text)
    start = 0
    for number in range(small):
        start = start if start + SMALL < len(text) else 0
        end = text.index(b"\n", start + SMALL - 500) + 1
        path = root / "small" / f"{number % 20:02}" / f"{number:06}.ndjson"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text[start:end])
        start = end
    lines = text.splitlines() * 3
    calls = pa.table({"raw": pa.array(lines, pa.binary())})
    pq.write_table(calls, root / "table" / "x.parquet", compression="zstd", row_group_size=ROWS)
    return {"large": large, "small": small, "texts_mb": round(sum(map(len, lines)) / 1e6)}


def measure(root: Path, environment: dict[str, str], rounds: int) -> dict[str, Any]:
    """Runs everything in turn; the medians, in seconds, and what they are beside one another."""

    def check(*words: str) -> Callable[[], float]:
        return lambda: timed([sys.executable, "-m", "validator", "check", *words, "--fail-on", "never"], environment)

    table = str(root / "table" / "x.parquet")
    runs: dict[str, Callable[[], float]] = {
        "large files, -j2": check(str(root / "large"), "-j2"),
        "large objects, -j2": check("s3://large", "-j2"),
        "small files, -j2": check(str(root / "small"), "-j2"),
        "small objects, -j2": check("s3://small", "-j2"),
        "small objects, -j1": check("s3://small", "-j1"),
        "Parquet file, -j1": check(table, "-j1"),
        "Parquet object, -j2": check("s3://table/x.parquet", "-j2"),
        "orjson.loads": lambda: orjson_alone(table),
        "nothing": check(os.devnull, "--allow-empty"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            seconds[name].append(run())
    median = {name: statistics.median(found) for name, found in seconds.items()}
    objects = sum(1 for path in (root / "small").rglob("*") if path.is_file())

    def ratio(one: str, other: str) -> float:
        return round(statistics.median(a / b for a, b in zip(seconds[one], seconds[other], strict=True)), 3)

    return {
        "seconds": {name: round(value, 3) for name, value in median.items()},
        "large objects beside files": ratio("large files, -j2", "large objects, -j2"),
        "small objects a second": round(objects / median["small objects, -j2"]),
        "Parquet beside orjson.loads": ratio("orjson.loads", "Parquet file, -j1"),
        "peak_mb": peak(["s3://small", "-j1"], environment),
    }


def timed(words: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def orjson_alone(path: str) -> float:
    done = subprocess.run([sys.executable, "-c", ORJSON, path], check=True, capture_output=True)
    return float(done.stdout)


def peak(words: list[str], environment: dict[str, str]) -> int:
    """The most memory of the main process, in MB."""
    program = (
        "import sys\nfrom validator.adapters.cli import main\ntry:\n    main()\nfinally:\n"
        "    found = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "    sys.stderr.write(found.split()[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", *words, "-o", os.devnull], env=environment, capture_output=True,
        check=False,
    )  # fmt: skip
    return int(done.stderr.split()[-1]) >> 10


if __name__ == "__main__":
    main()
