"""Feeds framing every byte at every place of every kind of document, under a watchdog.

The suite runs a short selection (`tests/input/test_fuzz_framing.py`); `python -m tests.fuzz_framing --seconds 600` runs
all of it, then random changes for as long as it is given, and prints what was tried.
"""

from __future__ import annotations

import argparse
import random
import signal
import time
from collections import Counter
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from tests.fuzz_native import use_native
from tests.support.any_documents import elements_by
from tests.support.plain_lines import BOM, Dribble, classify, naive
from validator.engine.compile.program import Program
from validator.input.documents import Element, Elements
from validator.input.framing import Framing, detect
from validator.input.stream import Stream
from validator.model import Limits
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.engine.count.profile import Profile

# Where a byte is put: before, between and after these pieces.
KINDS: dict[str, tuple[bytes, ...]] = {
    "nothing": (),
    "an empty array": (b"[", b"]"),
    "an array of objects": (b"[", b'{"type":"track"}', b",", b"{}", b"]"),
    "an array of strings": (b"[", b'"', b"a,b", b'"', b",", b'"[{"', b"]"),
    "an array of numbers and words": (b"[1", b",", b"true", b",", b"-0.5e3", b"]"),
    "an array of arrays": (b"[", b"[", b"[]", b"]", b",", b"[{}]", b"]"),
    "a pretty-printed array": (b"[", b"\n  {", b'\n    "a": 1', b"\n  }", b",", b"\n  {}", b"\n]", b"\n"),
    "an array of broken objects": (b"[", b'\n{"a": [1}', b",", b'\n{"a": "x', b",", b"\n{}", b"\n]"),
    "an array that is not closed": (b"[", b"{}", b",", b'{"a":'),
    "arrays one after another": (b"[", b"{}", b"]", b"[", b"]", b"\n[1]"),
    "an empty object": (b"{", b"}"),
    "objects one after another": (b'{"type":"track"}', b'{"type":"page"}', b"{}"),
    "pretty-printed objects": (
        b"{",
        b'\n  "type":',
        b' "track"',
        b"\n}",
        b"\n{",
        b'\n  "a": [',
        b"\n  ]",
        b"\n}",
        b"\n",
    ),
    "a string with escapes": (b'{"', b'a\\"', b'b\\\\"', b":", b'"\\u000a', b'"}', b'{"":"}"}'),
    "a string that is not closed": (b"{", b'"a', b"\n{}", b"\n{}"),
    "brackets of the wrong kind": (b"{", b'\n  "a": [', b"}", b"\n}", b"\n{", b'\n  "b": 1', b"\n}"),
    "strings one after another": (b"{}", b'"a b"', b" ", b'"{"', b"1"),
    "a batch": (b'{"batch":[', b'{"type":"track"}', b",", b"{}", b"]", b"}"),
    "a pretty-printed batch": (b"{", b'\n"batch": [', b"\n{}", b",", b"\n1", b"\n]", b"\n}"),
    "lines": (b"{}", b"\n", b'{"type":"track"}', b"\n", b"{}"),
    "lines with CR": (b"{}\r\n", b"\r\n", b"[1]\r\n", b"{}{}"),
    "blank lines": (b"\n" * 9, b" \t\r\n" * 4, b"{}\n", b"\n" * 20, b"{}\n", b" " * 9),
    "a byte order mark": (BOM, b"[", b"{}", b"]"),
}

BYTES = tuple(bytes([value]) for value in range(256))
TOKENS = (*b'{}[],:"\\ \t\r\n\v\f\0\xff', *b"1a")

# How sources give their bytes, and how much is read at a time.
SIZES: tuple[tuple[int, ...], ...] = ((1 << 20,), (1,), (3,), (2, 5))
READS = (1, 4, 1 << 16)
ELEMENT_LIMITS = (1 << 20, 4)
# More cost time that grows with their square.
PLACES = 40

# Seconds of computing, which do not depend on what else the machine does; no batch takes a tenth of it.
PATIENCE = 60


class HungError(BaseException):
    """Reading does not come to an end."""


@contextmanager
def watchdog(seconds: int = PATIENCE) -> Iterator[None]:
    """Ends what takes longer, wherever it is."""

    def bark(number: int, frame: object) -> None:
        raise HungError(f"no end after {seconds} s")

    before = signal.signal(signal.SIGVTALRM, bark)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def elements_of(data: bytes, sizes: Sequence[int], limit: int) -> tuple[list[Element], bool]:
    """The elements, at most one more than there are bytes; and whether the array was closed."""
    found = Elements(Dribble(data, sizes), max_element=limit)
    return list(islice(found, len(data) + 1)), found.damage is None


def check_elements(
    data: bytes,
    sizes: Iterable[Sequence[int]] = SIZES,
    limits: Iterable[int] = ELEMENT_LIMITS,
    reads: Iterable[int] = READS,
) -> int:
    """Every byte is in one element or a separator, however it is read; returns how many elements there are."""
    for limit in limits:
        whole = elements_of(data, SIZES[0], limit)
        check_cover(data, whole[0], limit)
        for some in sizes:
            assert elements_of(data, some, limit) == whole, (data, some, limit)
        with use_native("0"):
            assert elements_of(data, SIZES[0], limit) == whole, (data, limit)
    whole = elements_of(data, SIZES[0], 1 << 20)
    for read in reads:
        assert elements_by(data, SIZES[0], read) == whole, (data, read)
    return len(whole[0])


def check_cover(data: bytes, found: Sequence[Element], limit: int) -> None:
    """No byte is in two elements, none is empty, and what is in none is white space, a comma or an array's bracket."""
    assert len(found) <= len(data), data
    at = 0
    starts = [*(element.byte for element in found), len(data)]
    for element, next_start in zip(found, starts[1:], strict=True):
        assert element.byte >= at, (data, found)
        assert not data[at : element.byte].strip(b" \t\r\n,[]"), (data, found)
        assert element.line == data.count(b"\n", 0, element.byte) + 1, (data, found)
        if element.data is None:
            at = next_start  # separators that follow it and are not distinguished
            assert at - element.byte > limit, (data, found)
            continue
        assert 0 < len(element.data) <= limit, (data, found)
        assert data.startswith(element.data, element.byte), (data, found)
        at = element.byte + len(element.data)
    assert not data[at:].strip(b" \t\r\n,[]"), (data, found)


def check_reading(batch: Sequence[bytes], limits: Limits, sizes: Iterable[Sequence[int]] = SIZES) -> int:
    """Reads inputs as the engine does: each has as many lines as a plain count finds, and they add up."""
    framings = [detect(data.removeprefix(BOM), is_all=True) for data in batch]
    plain = [count_plainly(data, framing, limits) for data, framing in zip(batch, framings, strict=True)]
    seen: Profile | None = None
    for some in sizes:
        profile = read_batch(batch, limits, some)
        for summary, data, framing, want in zip(profile.inputs, batch, framings, plain, strict=True):
            assert (summary.framing, summary.lines) == (framing, want.total()), (data, some)
            assert summary.bytes == len(data), (data, some)
        assert +Counter({c.value: n for c, n in profile.lines.items()}) == sum(plain, Counter()), (batch, some)
        assert seen is None or (profile.faults, profile.types) == (seen.faults, seen.types), (batch, some)
        seen = profile
    return sum(want.total() for want in plain)


def read_batch(batch: Sequence[bytes], limits: Limits, sizes: Sequence[int]) -> Profile:
    def open_input(path: str) -> Stream:
        return Stream(path, Dribble(batch[int(path)], sizes))

    return read_inputs(map(str, range(len(batch))), Program(()), limits=limits, open_input=open_input)


def count_plainly(data: bytes, framing: Framing, limits: Limits) -> Counter[str]:
    """The classes of the units of an input."""
    if framing is Framing.NDJSON:
        return naive(data, limits).lines
    found, _ = elements_of(data.removeprefix(BOM), SIZES[0], limits.line)
    return Counter("too_long" if e.data is None else classify(e.data, limits)[0] for e in found)


def batches(
    spread: tuple[bytes, ...], *, kinds: Iterable[str] = KINDS, everywhere: bool = False
) -> Iterator[list[bytes]]:
    """The inputs in which one of the bytes stands before, between or after the pieces of a document.

    Args:
        spread: The bytes.
        kinds: The kinds of documents.
        everywhere: Whether they are put inside the pieces, too.
    """
    for kind in kinds:
        pieces = KINDS[kind]
        whole = b"".join(pieces)
        gaps = {len(b"".join(pieces[:i])) for i in range(len(pieces) + 1)}
        for at in range(len(whole) + 1) if everywhere else sorted(gaps):
            yield [whole[:at] + byte + whole[at:] for byte in spread]


def changed(chance: random.Random) -> bytes:
    """A document with some bytes added, removed, doubled, or from another document."""
    data = b"".join(chance.choice(list(KINDS.values())))
    for _ in range(chance.randrange(1, 6)):
        at, to = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
        match chance.randrange(5):
            case 0:
                data = data[:at] + bytes([chance.choice(TOKENS)]) * chance.randrange(1, 4) + data[at:]
            case 1:
                data = data[:at] + data[at + 1 :]
            case 2:
                data = data[:at] + data[at:to] * 2 + data[to:]
            case 3:
                data = data[:at] + b"".join(chance.choice(list(KINDS.values()))) + data[at:]
            case _:
                data = data[:at] + chance.randbytes(1) + data[at:]
    return data


def check(batch: Sequence[bytes], limits: Limits, sizes: Sequence[Sequence[int]] = SIZES) -> tuple[int, int]:
    """Checks a batch both ways; returns how many elements and how many lines were compared."""
    with watchdog():
        return sum(check_elements(data, sizes) for data in batch), check_reading(batch, limits, sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="how long to go on with random changes")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    done: Counter[str] = Counter()
    begun = reported = time.monotonic()

    def count(what: str, batch: Sequence[bytes], limits: Limits) -> None:
        nonlocal reported
        elements, lines = check(batch, limits)
        done.update(inputs=len(batch), bytes=sum(map(len, batch)), elements=elements, lines=lines)
        if time.monotonic() - reported > 30:
            report(what)
            reported = time.monotonic()

    def report(what: str) -> None:
        counts = ", ".join(f"{number:,} {name}" for name, number in done.items())
        print(f"{time.monotonic() - begun:6.0f} s  {what}: {counts}", flush=True)  # noqa: T201 - a command

    for spread, everywhere, what in (
        (tuple(bytes([token]) for token in TOKENS), True, "bytes that mean something, at every offset"),
        (BYTES, False, "every byte before, between and after"),
    ):
        for limits in (Limits(places=PLACES), Limits(line=5, depth=2, places=PLACES)):
            for batch in batches(spread, everywhere=everywhere):
                count(what, batch, limits)
            report(what)
    chance = random.Random(chosen.seed)
    while time.monotonic() - begun < chosen.seconds:
        batch = [changed(chance) for _ in range(64)]
        count("random changes", batch, Limits(line=chance.choice([3, 9, 1 << 20]), places=PLACES))
    report("all")


if __name__ == "__main__":
    main()
