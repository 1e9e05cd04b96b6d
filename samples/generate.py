"""Realistic Segment calls from a seed: as objects, as lines, or as a file of any size.

The same seed gives the same bytes on every Python.

    python -m samples.generate big.ndjson --size 200MB
    python -m samples.generate flawed.ndjson.gz --calls 5000 --flaws 0.1 --hard
    python -m samples.generate traffic.ndjson --size 200MB --kind traffic
    python -m samples.generate --bundled
"""

import argparse
import gzip
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

from samples import flaws as spoiling
from samples.stamps import amount_places, known_ids, stamps, template
from samples.world import Call, Dice, World, drawable

LINE_SHARE: Final = 0.25
"""How many of the flaws are flaws of the line, not of the call in it."""

POOL: Final = 4000
"""How many lines of a file are made from scratch; the rest are these with new ids, times and amounts."""

BLOCK: Final = 1 << 20
UNITS: Final = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}


def calls(seed: int, *, events: Sequence[str] | None = None, flaws: float = 0.0, hard: bool = False) -> Iterator[Call]:
    """Calls without end.

    Args:
        seed: The same seed gives the same calls, and other flaws leave the others as they are.
        events: Only these events (or the call types `identify`, `group`, `alias`); a realistic mix of all if None.
        flaws: The share of calls, 0 to 1, with something wrong in them.
        hard: Text beyond ASCII, shuffled keys, and a context that may be missing.

    Yields:
        One call, a new object each time.

    Raises:
        ValueError: An event there are no sample calls for.
    """
    world = World(seed, events)
    faults, tangles = Dice(seed + (1 << 64)), Dice(seed + (2 << 64))
    for call in world.calls():
        if faults.chance(flaws):
            spoiling.spoil(call, faults)
        yield spoiling.entangle(call, tangles) if hard else call


def lines(seed: int, *, events: Sequence[str] | None = None, flaws: float = 0.0, hard: bool = False) -> Iterator[bytes]:
    """The calls of `calls` as NDJSON lines without end, each with its LF.

    With flaws, a quarter as many lines are flawed as lines: blank, malformed, not UTF-8, no object, a whole batch,
    too deep, and so on.
    """
    for line, _ in _lines_with_calls(seed, events, flaws, hard=hard):
        yield line


def _lines_with_calls(
    seed: int, events: Sequence[str] | None, flaws: float, *, hard: bool
) -> Iterator[tuple[bytes, list[Call]]]:
    """Each line, and the calls it was made from."""
    source = calls(seed, events=events, flaws=flaws, hard=hard)
    faults, writers = Dice(seed + (3 << 64)), Dice(seed + (4 << 64))
    for call in source:
        line = spoiling.encode_hard(call, writers) if hard else spoiling.encode(call)
        within = [call]
        if faults.chance(flaws * LINE_SHARE):
            line, within = spoiling.spoiled_line(line, call, source, faults)
        yield line + b"\n", within


def write(
    path: str | Path,
    *,
    size: int | None = None,
    count: int | None = None,
    seed: int = 1,
    events: Sequence[str] | None = None,
    flaws: float = 0.0,
    hard: bool = False,
) -> int:
    """Write lines to a file, fast, in memory that does not grow with it.

    The first 4,000 lines are those of `lines`; the rest are drawn from them, with new ids, times and amounts.

    Args:
        path: The file; compressed with gzip if it ends in `.gz`.
        size: Stop with the line that reaches this many bytes (before compression).
        count: Stop after this many lines.
        seed: As for `calls`.
        events: As for `calls`.
        flaws: As for `lines`.
        hard: As for `calls`.

    Returns:
        The bytes written, before compression.

    Raises:
        ValueError: Neither or both of size and count, or an unknown event.
        OSError: The file cannot be written.
    """
    drawable(events)
    return write_lines(path, endless(seed, events, flaws, hard=hard), size=size, count=count)


def write_lines(path: str | Path, lines: Iterator[bytes], *, size: int | None = None, count: int | None = None) -> int:
    """Write so many of the lines to a file; arguments, result and errors are those of `write`."""
    if (size is None) == (count is None):
        raise ValueError("give either a size or a count")
    path = Path(path)
    source = islice(lines, count)
    written = 0
    with ExitStack() as stack:
        file: IO[bytes] = stack.enter_context(path.open("wb"))
        if path.name.endswith(".gz"):
            packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)
            file = cast("IO[bytes]", stack.enter_context(packed))
        block: list[bytes] = []
        held = 0
        for line in source:
            block.append(line)
            held += len(line)
            done = size is not None and written + held >= size
            if done or held >= BLOCK:
                file.write(b"".join(block))
                written += held
                block.clear()
                held = 0
                if done:
                    break
        file.write(b"".join(block))
    return written + held


def endless(
    seed: int, events: Sequence[str] | None = None, flaws: float = 0.0, *, hard: bool = False
) -> Iterator[bytes]:
    """The lines of a file: the pool as it is, then the pool stamped anew again and again."""
    pool: list[bytes] = []
    amounts: list[tuple[int, int]] = []
    first: list[Call] = []
    for line, within in islice(_lines_with_calls(seed, events, flaws, hard=hard), POOL):
        yield line
        made, amount = amount_places(template(line, within))
        pool.append(made)
        amounts.append(amount)
        first.append(within[0])
    devices, users = known_ids(first)
    random = Dice(seed + (5 << 64)).random
    for stamp in stamps(random, number=POOL, devices=devices, users=users):
        chosen = stamp.draw % POOL
        total, revenue = amounts[chosen]
        stamp[b"total"] = total + (stamp.draw >> 24)
        stamp[b"revenue"] = revenue + (stamp.draw >> 24)
        yield pool[chosen] % stamp


def _size(text: str) -> int:
    """The bytes that `200MB` or `1GiB` stands for."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", text)
    if not found or found[2].upper() not in UNITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write for example 200MB or 1GiB")
    return round(float(found[1]) * UNITS[found[2].upper()])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m samples.generate", description="Write realistic Segment calls.")
    parser.add_argument("out", nargs="?", type=Path, help="the file to write (gzip if it ends in .gz)")
    parser.add_argument("--bundled", action="store_true", help="rewrite the bundled samples instead")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--size", type=_size, help="bytes before compression, such as 200MB")
    length.add_argument("--calls", type=int, help="lines (default 1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flaws", type=float, default=0.0, help="the share of flawed calls, 0 to 1")
    parser.add_argument("--hard", action="store_true", help="text, keys and envelopes that are harder to read")
    kinds = "traffic, flawed, optional (samples/kinds.py); the plan and the true counts are written beside the file"
    parser.add_argument("--kind", choices=("plain", "hard", "traffic", "flawed", "optional"), help=kinds)
    parser.add_argument("--use-case-events", nargs="+", metavar="NAME", help="only these events")
    given = parser.parse_args(arguments)
    if given.bundled:
        from samples.bundled import write_bundled  # noqa: PLC0415 - it imports this module

        for path in write_bundled(Path(__file__).parent):
            print(path.name)
        return 0
    if given.out is None:
        parser.error("name a file to write, or give --bundled")
    count = 1000 if given.size is None and given.calls is None else given.calls
    if given.kind:
        return _write_kind(given.out, given.kind, given.size, count, given.seed)
    try:
        written = write(
            given.out,
            size=given.size,
            count=count,
            seed=given.seed,
            events=given.use_case_events,
            flaws=given.flaws,
            hard=given.hard,
        )
    except ValueError as error:
        parser.error(str(error))
    print(f"{given.out}: {written:,} bytes" + (" before compression" if given.out.suffix == ".gz" else ""))
    return 0


def _write_kind(out: Path, kind: str, size: int | None, count: int | None, seed: int) -> int:
    """Write a stream of one kind, and beside it what is known of it."""
    from samples.kinds import stream  # noqa: PLC0415 - it imports this module

    made = stream(kind, seed)
    written = write_lines(out, made.lines, size=size, count=count)
    print(f"{out}: {written:,} bytes")
    for ending, content in (("plan", made.plan), ("truth", made.truth.to_json() if made.truth.lines else None)):
        if content is not None:
            beside = out.with_name(f"{out.name.partition('.')[0]}.{ending}.json")
            beside.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            print(beside)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
