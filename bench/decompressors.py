"""`python -m bench.decompressors`: libraries that decompress, how fast each is and what it saves of a damaged file.

Everything is in memory. The libraries take turns, and the least CPU time of each counts. What is lost is measured
against `zlib` fed a byte at a time, on files with one byte changed.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import time
import zlib
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from bench import files
from samples.flaws import encode
from samples.generate import calls
from validator.input.compression import DecompressingSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# Compressed bytes given to a library at once.
PORTION = 1 << 16

LIBRARIES = {"zlib": "zlib", "zlib-ng": "zlib_ng.zlib_ng", "isal": "isal.isal_zlib"}


class Archive(NamedTuple):
    """A file to decompress.

    Attributes:
        name: How it was packed.
        kind: `gzip` or `zstd`.
        data: Its bytes.
        size: Bytes that come out of it.
    """

    name: str
    kind: str
    data: bytes
    size: int


class Held:
    """Bytes in memory as a source."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills the buffer from its start; returns how many bytes, 0 at the end."""
        part = self._data[: len(buffer)]
        self._data = self._data[len(part) :]
        buffer[: len(part)] = part
        return len(part)


def installed() -> dict[str, Any]:
    """The gzip libraries that are installed, by name."""
    return {name: import_module(path) for name, path in LIBRARIES.items() if find_spec(path.split(".")[0])}


def zstd() -> Any:
    """The zstd module."""
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def archives(content: bytes) -> Iterator[Archive]:
    """The same content, packed in several ways."""

    def members(size: int) -> bytes:
        return b"".join(gzip.compress(content[at : at + size], 6) for at in range(0, len(content), size))

    for level in (1, 6, 9):
        yield Archive(f"gzip -{level}, one member", "gzip", gzip.compress(content, level), len(content))
    for size, name in ((1 << 20, "1 MiB"), (1 << 16, "64 KiB"), (1 << 13, "8 KiB")):
        yield Archive(f"gzip -6, members of {name}", "gzip", members(size), len(content))
    yield Archive("zstd -3", "zstd", zstd().compress(content, 3), len(content))


def unpack(new: Callable[[], Any], data: bytes, portion: int = PORTION) -> Iterator[bytes]:
    """What a library makes of all members, in portions; raises the library's error at a fault."""
    view, member = memoryview(data), new()
    while view:
        part = view[:portion]
        yield member.decompress(part)
        view = view[len(part) - len(member.unused_data) :]
        if member.eof and view:
            member = new()


def through_uclint(kind: str, data: bytes) -> Iterator[bytes]:
    """What uclint makes of it."""
    source, buffer = DecompressingSource(Held(data), kind, lambda _: None), memoryview(bytearray(1 << 16))
    while count := source.readinto(buffer):
        yield buffer[:count]  # type: ignore[misc]  # nobody keeps it


def contestants(archive: Archive) -> dict[str, Callable[[], Iterator[bytes]]]:
    """Who can decompress it, by name."""
    ways: dict[str, Callable[[], Iterator[bytes]]] = {}
    if archive.kind == "gzip":
        for name, module in installed().items():
            ways[name] = partial(unpack, partial(module.decompressobj, wbits=31), archive.data)
    else:
        ways["zstd"] = partial(unpack, zstd().ZstdDecompressor, archive.data)
    return {**ways, "uclint": partial(through_uclint, archive.kind, archive.data)}


def speeds(archive: Archive, rounds: int) -> dict[str, float]:
    """MB/s that come out, by name."""
    ways, least = contestants(archive), dict[str, float]()
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.process_time()
            size = sum(map(len, way()))
            seconds = time.process_time() - start
            if size != archive.size:
                raise SystemExit(f"{name} made {size:,} bytes of {archive.name} instead of {archive.size:,}")
            least[name] = min(least.get(name, seconds), seconds)
    return {name: archive.size / seconds / files.MB for name, seconds in least.items()}


def saved(way: Iterator[bytes]) -> bytes:
    """What comes out before an error."""
    output = bytearray()
    try:
        for part in way:
            output += part
    except Exception as error:  # each library has its own
        if not isinstance(error, zlib.error) and type(error).__name__ not in {"error", "IsalError"}:
            raise
    return bytes(output)


def losses(content: bytes, count: int) -> dict[str, float]:
    """Bytes before a fault that do not come out, on average, by name."""
    whole, dice, lost = gzip.compress(content, 6), random.Random(files.SEED), dict[str, int]()
    for _ in range(count):
        data = bytearray(whole)
        data[dice.randrange(len(data) // 10, len(data) - 8)] ^= 0x55
        most = saved(unpack(partial(zlib.decompressobj, wbits=31), bytes(data), 1))
        for name, way in contestants(Archive("", "gzip", bytes(data), 0)).items():
            lost[name] = lost.get(name, 0) + len(most) - len(saved(way()))
    return {name: total / count for name, total in lost.items()}


def main(given: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.decompressors", description=__doc__)
    parser.add_argument("--size", type=int, default=32, metavar="MB", help="what is packed (32)")
    parser.add_argument("--rounds", type=int, default=10, metavar="N", help="how often each is measured (10)")
    parser.add_argument("--damaged", type=int, default=50, metavar="N", help="how many damaged files (50)")
    arguments = parser.parse_args(given)
    some = b"".join(encode(call) + b"\n" for call in islice(calls(files.SEED), 20_000))
    content = (some * (arguments.size * files.MB // len(some) + 1))[: arguments.size * files.MB]
    names = [*LIBRARIES, "zstd", "uclint"]
    print("| MB/s out | " + " | ".join(names) + " |\n|---|" + "--:|" * len(names))
    for archive in archives(content):
        row = speeds(archive, arguments.rounds)
        print(f"| {archive.name} | " + " | ".join(f"{row[n]:,.0f}" if n in row else "-" for n in names) + " |")
    lost = losses(content[: 2 * files.MB], arguments.damaged)
    print("| bytes lost | " + " | ".join(f"{lost[n]:,.0f}" if n in lost else "-" for n in names) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
