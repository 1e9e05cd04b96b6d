"""Realistic Segment calls from a seed: as objects, as lines, or as a file of any size.

The same seed gives the same bytes on every Python.

    python -m samples.generate big.ndjson --size 200MB
    python -m samples.generate flawed.ndjson.gz --calls 5000 --flaws 0.1 --hard
    python -m samples.generate --bundled
"""

import argparse
import gzip
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

from samples import flaws as spoiling
from samples.world import START, Call, Dice, World, drawable, iso

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
    if (size is None) == (count is None):
        raise ValueError("give either a size or a count")
    drawable(events)
    path = Path(path)
    source = islice(_endless(seed, events, flaws, hard=hard), count)
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


def _endless(seed: int, events: Sequence[str] | None, flaws: float, *, hard: bool) -> Iterator[bytes]:
    """The lines of a file: the pool as it is, then the pool stamped anew again and again."""
    pool: list[bytes] = []
    amounts: list[tuple[int, int]] = []
    users: list[bytes] = []
    devices: list[bytes] = []
    for line, within in islice(_lines_with_calls(seed, events, flaws, hard=hard), POOL):
        yield line
        template, amount = _template(line, within)
        pool.append(template)
        amounts.append(amount)
        devices.append(str(within[0].get("anonymousId")).encode())
        users.append(str(within[0].get("userId")).encode())
    known = [user for user in users if user.startswith(b"usr_")] or [b"usr_000000000"]
    present = [device for device in devices if len(device) == 36] or [b"00000000-0000-4000-8000-000000000000"]

    random = Dice(seed + (5 << 64)).random
    now = START + POOL * 5000
    second = -1
    this = following = b""
    number = POOL
    while True:
        number += 1
        now += 37 + int(random() * 200)
        if now // 1000 != second:
            second = now // 1000
            this, following = (iso(moment * 1000)[:-4].encode() for moment in (second, second + 1))
        draw = int(random() * 0x100000000)
        chosen = draw % POOL
        total, revenue = amounts[chosen]
        milliseconds = b"%03dZ" % (now % 1000)
        scrambled = number * 0x9E3779B97F4B & 0xFFFFFFFFFFFF
        yield pool[chosen] % {
            b"message": b"%08x-%04x" % (scrambled >> 16, scrambled & 0xFFFF),
            b"device": present[(draw >> 5) % len(present)],
            b"user": known[(draw >> 5) % len(known)],
            b"order": number,
            b"total": total + (draw >> 24),
            b"revenue": revenue + (draw >> 24),
            b"original": this + milliseconds,
            b"sent": following + milliseconds,
            b"received": following + b"%03dZ" % (draw % 1000),
        }


def _template(line: bytes, within: Sequence[Call]) -> tuple[bytes, tuple[int, int]]:
    """The line with places for new ids, times and amounts, and the amounts (whole units) it had."""
    line = line.replace(b"%", b"%%")

    def place(value: object, form: bytes, length: int) -> None:
        nonlocal line
        if isinstance(value, str) and len(value) == length:
            line = line.replace(value.encode(), form)

    for call in within:
        # Only the start of the id is new: the members of a batch still differ by the rest.
        message = str(call["messageId"])[-36:]
        place(message, b"%(message)b" + message[13:].encode(), 36)
        place(call.get("anonymousId"), b"%(device)b", 36)
        place(call.get("userId"), b"%(user)b", 13)
        place(call.get("originalTimestamp"), b"%(original)b", 24)
        place(call.get("timestamp"), b"%(original)b", 24)
        place(call.get("sentAt"), b"%(sent)b", 24)
        place(call.get("receivedAt"), b"%(received)b", 24)
        properties = call.get("properties")
        if isinstance(properties, dict):
            place(properties.get("order_id"), b"W-%(order)08d", 10)

    amounts = [0, 0]
    for index, amount in enumerate((b"total", b"revenue")):
        pattern = rb'("%b":)(\d{1,9})(?=\.)' % amount
        if found := re.search(pattern, line):
            amounts[index] = int(found[2])
            line = re.sub(pattern, rb"\1%%(%b)d" % amount, line, count=1)
    return line, (amounts[0], amounts[1])


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


if __name__ == "__main__":
    raise SystemExit(main())
