"""`python -m bench ways`: the other ways to read, each beside a plain check of the same calls.

Lines written, groups, selections: each is a command of its own and is compared with `uclint check` on the same file.
Batches, arrays, pretty-printed objects and archives hold the same calls, and are compared with `orjson.loads` over the
same texts, or with decompressing alone. All take turns, round by round; what starting costs (the same command on one
call) is taken off; a ratio is the median of the rounds' ratios. Each reports the number of calls first.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from bench import files, records
from bench.core import core
from bench.ratio_table import ways_table
from validator.input.compression import DecompressingSource
from validator.native import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HALF: Final = 0.5
"""What a way to read should keep of a plain check's speed."""

# Options of `check`; `{out}` is a folder for what they write.
WAYS: Final[dict[str, tuple[str, ...]]] = {
    "--valid --invalid --rejects": ("--valid", "{out}/v", "--invalid", "{out}/i", "--rejects", "{out}/r"),
    "--violations": ("--violations", "{out}/x"),
    "--by context.library.name": ("--by", "context.library.name"),
    "--by @day": ("--by", "@day"),
    "--event": ("--event", "Order Completed"),
    "--since": ("--since", "2024-01-01"),
    "--sample 0.5": ("--sample", "0.5"),
    "recommend": ("recommend",),
}
_MEMBERS: Final = 20  # of a batch


class Readers:
    """Runs commands on files.

    Args:
        folder: Where files may be written.
        plan: The plan that is checked.
    """

    def __init__(self, folder: Path, plan: Path) -> None:
        self._folder = folder
        self._plan = plan
        self._one = folder / "one.ndjson"

    def seconds(self, file: Path, options: Sequence[str] = (), *, jobs: int = 1) -> float:
        """CPU seconds of a command on a file, or with several workers its time, without starting."""
        if not self._one.exists():
            self._one.write_bytes(file.read_bytes().split(b"\n", 1)[0] + b"\n")
        return max(1e-3, self._run(file, options, jobs) - self._run(self._one, options, jobs))

    def calls(self, file: Path) -> int:
        """How many calls a plain check finds in a file."""
        found = json.loads(self._command(file, ("--format", "json"), 1).stdout)
        return int(found["calls"]["total"])

    def _run(self, file: Path, options: Sequence[str], jobs: int) -> float:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        self._command(file, options, jobs)
        took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        return took if jobs > 1 else after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def _command(self, file: Path, options: Sequence[str], jobs: int) -> subprocess.CompletedProcess[bytes]:
        options = [option.format(out=self._folder) for option in options]
        if options[:1] == ["recommend"]:
            arguments = ["recommend", str(file)]
        else:
            arguments = ["check", str(file), "--no-config", "-q", f"-j{jobs}", "--plan", str(self._plan), *options]
        done = subprocess.run([sys.executable, "-m", "validator", *arguments], capture_output=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(
                f"uclint {' '.join(arguments)} ended with {done.returncode}: {done.stderr.decode()[-800:]}"
            )
        return done


def forms(lines: Sequence[bytes], folder: Path) -> dict[str, tuple[Path, list[bytes]]]:
    """The same calls in other forms: name -> the file, and the texts that a parser reads for them."""
    batches = [
        b'{"batch":[%b],"writeKey":"k"}' % b",".join(lines[i : i + _MEMBERS]) for i in range(0, len(lines), _MEMBERS)
    ]
    pretty = [json.dumps(json.loads(line), indent=2).encode() for line in lines]
    array = b"[" + b",\n".join(lines) + b"]\n"
    made = {
        "batches of 20 calls": (b"\n".join(batches) + b"\n", batches),
        "an array": (array, [array]),
        "pretty-printed objects": (b"\n".join(pretty) + b"\n", pretty),
    }
    found = {}
    for number, (name, (data, texts)) in enumerate(made.items()):
        path = folder / f"form{number}.json"
        path.write_bytes(data)
        found[name] = path, texts
    return found


def archives(data: bytes, folder: Path) -> dict[str, Path]:
    """The lines as archives."""
    zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    found = {"gzip": folder / "calls.gz", "zstd": folder / "calls.zst"}
    found["gzip"].write_bytes(gzip.compress(data, 6))
    found["zstd"].write_bytes(zstd.compress(data, 3))
    return found


def decompress(path: Path) -> None:
    """Decompresses as uclint does, and drops what comes."""
    buffer = memoryview(bytearray(1 << 20))
    with path.open("rb", buffering=0) as file:
        source = DecompressingSource(file, "gzip" if path.suffix == ".gz" else "zstd", damaged=sys.exit)
        while source.readinto(buffer):
            pass


def measure(size: int, rounds: int, folder: Path) -> dict[str, Any]:
    """The rounds of all ways, with the native core and in pure Python."""
    data = files.generated(folder / "calls.ndjson", size, "traffic")
    assert data.plan is not None
    lines = data.path.read_bytes().split(b"\n")[:-1]
    readers, other = Readers(folder, data.plan), forms(lines, folder)
    packed = archives(data.path.read_bytes(), folder)
    for path in (data.path, *(path for path, _ in other.values()), *packed.values()):
        if (found := readers.calls(path)) != data.calls:
            raise SystemExit(f"{path.name}: {found:,} calls, not {data.calls:,}")
    times: dict[str, dict[str, list[float]]] = {value: {} for value in "10"}
    for number in range(rounds):
        for value, all_times in times.items():
            print(f"round {number + 1} of {rounds}: {VARIABLE}={value}", file=sys.stderr, flush=True)
            with core(value):
                _one_round(all_times, readers, data.path, other, packed)
    ratios = {name: [round(median(times[value][name]), 2) for value in "10"] for name in times["1"]}
    groups = {"check": [*WAYS], "orjson": [*other], "decompressing": [*packed]}
    return {group: {name: ratios[name] for name in names} for group, names in groups.items()}


def _one_round(
    times: dict[str, list[float]],
    readers: Readers,
    path: Path,
    other: dict[str, tuple[Path, list[bytes]]],
    packed: dict[str, Path],
) -> None:
    from orjson import loads  # noqa: PLC0415 - the ruler

    plain = readers.seconds(path)
    for name, options in WAYS.items():
        times.setdefault(name, []).append(plain / readers.seconds(path, options))
    for name, (form, texts) in other.items():
        ruler = timed(lambda texts=texts: [loads(text) for text in texts])  # type: ignore[misc]
        times.setdefault(name, []).append(ruler / readers.seconds(form))
    for name, archive in packed.items():
        alone = timed(partial(decompress, archive), clock=time.perf_counter)
        times.setdefault(name, []).append(alone / readers.seconds(archive, jobs=2))


def timed(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """How long something takes."""
    began = clock()
    work()
    return clock() - began


def main(given: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench ways", description=__doc__)
    parser.add_argument("--size", type=int, default=40, metavar="MB", help="of the calls (40)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (3)")
    parser.add_argument("--record", action="store_true", help="keep a dated record of the run")
    parser.add_argument("--docs", action="store_true", help="with --record: write the newest records into the docs")
    parser.add_argument("--docs-file", type=Path, default=records.DOCS, help="the page with the tables")
    parser.add_argument("--runs", type=Path, default=records.RUNS, help="where records are kept")
    arguments = parser.parse_args(given)
    facts = records.facts()
    with tempfile.TemporaryDirectory() as folder:
        ways = measure(arguments.size * files.MB, arguments.rounds, Path(folder))
    record = {**facts, "kind": "ways", "size": arguments.size * files.MB, "rounds": arguments.rounds, "ways": ways}
    print(ways_table(record))
    if arguments.record:
        print(f"kept in {records.keep(record, 'ways', arguments.runs)}")
        if arguments.docs:
            records.write_docs(arguments.runs, arguments.docs_file)
    return 0
