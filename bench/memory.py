"""`python -m bench.memory`: the memory of uclint and all its workers together, over inputs made to exhaust it.

What counts is the proportional set size (PSS) of every process of the tree, summed: a page that several of them share
counts once. It is sampled while the command runs, so a peak shorter than two samples may be missed. Linux only.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
import zlib
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bench import files, records
from bench.tools import tree
from samples.generate import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# What the whole tree may take, in MB of 1024 x 1024 bytes.
MOST = 150

# Seconds between samples.
PAUSE = 0.005

MIB = 1 << 20
MILLION = 1_000_000


class Case(NamedTuple):
    """An input.

    Attributes:
        name: What it is called.
        make: Gives the bytes of it, in parts.
        fed: Whether it comes through a pipe instead of a file.
    """

    name: str
    make: Callable[[Scale], Iterator[bytes]]
    fed: bool = False


class Scale(NamedTuple):
    """How large the inputs are.

    Attributes:
        plain: Bytes of the plain, the packed and the array file.
        many: Distinct names or keys.
        line: Bytes of the one line.
        bomb: Bytes that come out of a bomb.
    """

    plain: int
    many: int
    line: int
    bomb: int


class Peak(NamedTuple):
    """What one run took.

    Attributes:
        mb: The most that the whole tree had at once.
        processes: The most processes there were at once.
        seconds: From its start to its end.
        code: Its exit code.
    """

    mb: float
    processes: int
    seconds: float
    code: int


def plain(scale: Scale) -> Iterator[bytes]:
    """Flawless calls: a block of them again and again."""
    block = b"".join(islice(lines(files.SEED), 20_000))
    for _ in range(max(1, scale.plain // len(block))):
        yield block


def array(scale: Scale) -> Iterator[bytes]:
    """The same calls as one array."""
    yield b"["
    for block in plain(scale):
        yield block.rstrip(b"\n").replace(b"}\n{", b"},\n{") + b",\n"
    yield b"{}]\n"


def names(scale: Scale) -> Iterator[bytes]:
    """Every call has an event name of its own."""
    for i in range(scale.many):
        yield b'{"type":"track","event":"Event %d","messageId":"%d","properties":{"a":1,"b":"x"}}\n' % (i, i)


def near_names(scale: Scale) -> Iterator[bytes]:
    """Every call has a name of its own that nearly is a planned one."""
    for i in range(scale.many):
        odd = "".join(c.upper() if i >> k & 1 else c for k, c in enumerate("subscription started now"[:20]))
        yield b'{"type":"track","event":"%s","messageId":"%d","properties":{}}\n' % (odd.encode(), i)


def keys(scale: Scale) -> Iterator[bytes]:
    """Every call of a planned event has a property key of its own."""
    for i in range(scale.many):
        yield b'{"type":"track","event":"Order Completed","properties":{"tax":1,"key %d":%d}}\n' % (i, i)


def shuffled(scale: Scale) -> Iterator[bytes]:
    """Keys in random order."""
    dice = random.Random(files.SEED)
    some = [json.loads(line) for line in islice(lines(files.SEED), 500)]
    for i in range(scale.many):
        call = some[i % len(some)]
        properties = list(call.get("properties", {}).items())
        dice.shuffle(properties)
        yield json.dumps({**call, "properties": dict(properties)}).encode() + b"\n"


def shapes(scale: Scale) -> Iterator[bytes]:
    """Planned properties in any combination of types: more shapes than are kept."""
    dice = random.Random(files.SEED)
    values = (1, "x", None, True, 1.5, [1], {"a": 1})
    known = ("order_id", "total", "revenue", "shipping", "tax", "discount", "coupon", "currency", "products")
    for _ in range(scale.many):
        properties = {key: dice.choice(values) for key in known if dice.random() < 0.8}
        yield json.dumps({"type": "track", "event": "Order Completed", "properties": properties}).encode() + b"\n"


def one_line(scale: Scale) -> Iterator[bytes]:
    """One line, a string in it."""
    yield b'{"type":"track","event":"'
    yield from repeated(b"x" * MIB, scale.line)
    yield b'"}\n{"type":"track"}\n'


def one_element(scale: Scale) -> Iterator[bytes]:
    """The same in an array."""
    yield b'[{"type":"track"},\n{"type":"track","event":"'
    yield from repeated(b"x" * MIB, scale.line)
    yield b'"},\n{"type":"track"}]\n'


def gzipped(scale: Scale) -> Iterator[bytes]:
    """The plain calls, packed: a member for each block."""
    packed = b""
    for block in plain(scale):
        packed = packed or gzip.compress(block, 1)
        yield packed


def zstandard(scale: Scale) -> Iterator[bytes]:
    """The plain calls, packed: a frame for each block."""
    packed = b""
    for block in plain(scale):
        packed = packed or zstd().compress(block)
        yield packed


def gzip_bomb(scale: Scale) -> Iterator[bytes]:
    """One member, and only zeros in it."""
    member = zlib.compressobj(9, wbits=31)
    for part in repeated(bytes(MIB), scale.bomb):
        yield member.compress(part)
    yield member.flush()


def gzip_bomb_of_members(scale: Scale) -> Iterator[bytes]:
    """A member for each 16 MiB of zeros."""
    yield from repeated(gzip.compress(bytes(16 * MIB)), scale.bomb, 16 * MIB)


def gzip_of_nothing(scale: Scale) -> Iterator[bytes]:
    """Members without any content."""
    yield from repeated(gzip.compress(b"") * 1_000, scale.bomb // 200)


def zstd_bomb(scale: Scale) -> Iterator[bytes]:
    """One frame of zeros with the widest window that is common."""
    module = zstd()
    frame = module.ZstdCompressor(options={module.CompressionParameter.window_log: 27})
    for part in repeated(bytes(MIB), scale.bomb):
        yield frame.compress(part)
    yield frame.flush()


def zstd_of_nothing(scale: Scale) -> Iterator[bytes]:
    """Frames without any content, and frames that are to be skipped."""
    yield from repeated((zstd().compress(b"") + b"\x50\x2a\x4d\x18\0\0\0\0") * 1_000, scale.bomb // 200)


def repeated(part: bytes, size: int, worth: int = 0) -> Iterator[bytes]:
    """A part again and again, until they are worth so many bytes."""
    for _ in range(max(1, size // (worth or len(part)))):
        yield part


def zstd() -> Any:
    """The zstd module."""
    if sys.version_info >= (3, 14):
        from compression import zstd as module  # noqa: PLC0415
    else:
        from backports import zstd as module  # noqa: PLC0415
    return module


CASES = (
    Case("plain file", plain),
    Case("plain pipe", plain, fed=True),
    Case("array", array),
    Case("gzip", gzipped),
    Case("zstd", zstandard),
    Case("distinct event names", names),
    Case("distinct names that nearly are planned", near_names),
    Case("distinct property keys", keys),
    Case("keys in random order", shuffled),
    Case("distinct shapes", shapes),
    Case("one line", one_line),
    Case("one array element", one_element),
    Case("gzip bomb", gzip_bomb),
    Case("gzip bomb of many members", gzip_bomb_of_members),
    Case("gzip members of nothing", gzip_of_nothing),
    Case("zstd bomb", zstd_bomb),
    Case("zstd frames of nothing", zstd_of_nothing),
)


def measured(command: Sequence[str], source: Callable[[], Iterator[bytes]] | None) -> Peak:
    """Runs a command, feeding it through a pipe if there is a source, and looks at its memory."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE if source else subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors
        )
        feeder = feed(process, source) if source else None
        most, processes = 0.0, 0
        while process.poll() is None:
            sizes = [size for pid in tree(process.pid) if (size := memory(pid))]
            most, processes = max(most, sum(sizes)), max(processes, len(sizes))
            time.sleep(PAUSE)
        seconds = time.perf_counter() - start
        if feeder:
            feeder.join()
        errors.seek(0)
        if process.returncode not in (0, 1, 3):
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{errors.read().decode()[-2000:]}")
    return Peak(most, processes, seconds, process.returncode)


def feed(process: subprocess.Popen[bytes], source: Callable[[], Iterator[bytes]]) -> Any:
    """Writes to the command's standard input beside looking at its memory."""
    import threading  # noqa: PLC0415

    def write() -> None:
        assert process.stdin is not None
        with process.stdin as pipe:
            try:
                pipe.writelines(source())
            except BrokenPipeError:
                return

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def memory(pid: int) -> float:
    """The proportional set size of a process in MB; 0 once it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def main(given: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code: 1 if any case takes too much."""
    arguments = _parser().parse_args(given)
    scale = Scale(arguments.size * files.MB, arguments.many, arguments.line * MIB, arguments.bomb * MIB)
    facts = records.facts()
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for case in CASES:
            if arguments.only and case.name not in arguments.only:
                continue
            path = Path(folder, "input")
            if not case.fed:
                with path.open("wb") as file:
                    file.writelines(case.make(scale))
            for jobs in arguments.jobs or (1, 2):
                result = run(case, path, scale, jobs)
                results.append(result)
                print(row(result), flush=True)
            path.unlink(missing_ok=True)
    if arguments.record:
        record = {**facts, "kind": "memory", "scale": scale._asdict(), "most_mb": MOST, "results": results}
        print(f"kept in {records.keep(record, 'memory', arguments.runs)}")
    return int(any(result["peak_mb"] > MOST for result in results))


def run(case: Case, path: Path, scale: Scale, jobs: int) -> dict[str, Any]:
    """One case with so many workers."""
    command = [sys.executable, "-m", "validator", "check", "-" if case.fed else str(path), "-j", str(jobs)]
    peak = measured([*command, "--fail-on", "never"], (lambda: case.make(scale)) if case.fed else None)
    return {
        "name": case.name,
        "jobs": jobs,
        "bytes": None if case.fed else path.stat().st_size,
        "peak_mb": round(peak.mb, 1),
        "processes": peak.processes,
        "seconds": round(peak.seconds, 2),
        "exit_code": peak.code,
    }


def row(result: dict[str, Any]) -> str:
    """A result as a line of text."""
    over = "" if result["peak_mb"] <= MOST else f"  more than {MOST} MB"
    size = "a pipe" if result["bytes"] is None else f"{result['bytes'] / 1e6:,.0f} MB"
    return (
        f"{result['name']:<40}{size:>10}  -j {result['jobs']}  {result['peak_mb']:>6.1f} MB in "
        f"{result['processes']} processes  {result['seconds']:>7.2f} s  exit {result['exit_code']}{over}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, metavar="MB", help="the plain inputs (10,000)")
    parser.add_argument("--many", type=int, default=MILLION, metavar="N", help="distinct names and keys (1,000,000)")
    parser.add_argument("--line", type=int, default=1024, metavar="MIB", help="the one line (1,024)")
    parser.add_argument("--bomb", type=int, default=4096, metavar="MIB", help="what a bomb holds (4,096)")
    parser.add_argument("--jobs", type=int, action="append", metavar="N", help="workers; repeatable (1 and 2)")
    parser.add_argument("--only", action="append", choices=[c.name for c in CASES], metavar="NAME", help="a case")
    parser.add_argument("--record", action="store_true", help="keep a dated record of the run")
    parser.add_argument("--runs", type=Path, default=records.RUNS, help="where records are kept")
    parser.add_argument("--folder", type=files.folder, help="where the big files are written while it runs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
