"""Reading ends, and loses nothing, whatever byte stands wherever: the short run of `tests/fuzz_framing.py`."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from tests.fuzz_framing import (
    BYTES,
    KINDS,
    PLACES,
    TOKENS,
    batches,
    changed,
    check,
    check_elements,
    watchdog,
)
from tests.support.any_documents import elements_of
from tests.support.command import uclint
from tests.support.plain_lines import classify
from validator.model import Limits


@pytest.mark.parametrize("kind", KINDS)
def test_every_byte_before_between_and_after(kind: str) -> None:
    for batch in batches(BYTES, kinds=[kind]):
        with watchdog():
            for data in batch:
                check_elements(data, [(1,)], limits=[1 << 20], reads=[])


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_that_mean_something_are_read_alike_in_any_portions(kind: str) -> None:
    for batch in batches(tuple(bytes([token]) for token in TOKENS), kinds=[kind]):
        check(batch, Limits(places=PLACES), [(1 << 20,), (1,)])


@pytest.mark.parametrize("limit", [3, 9, 1 << 20])
def test_random_changes_are_read_alike_in_any_portions(limit: int) -> None:
    chance = random.Random(limit)
    check([changed(chance) for _ in range(100)], Limits(line=limit, places=PLACES))


# No white space to JSON, whatever other languages think.
GARBAGE = b"\v\f\0\x1c\x85\xa0x:;'\\"


@pytest.mark.parametrize("byte", GARBAGE)
@pytest.mark.parametrize(
    "pieces", [(b"{}", b"\n{}", b"\n{}"), (b'[{"a":1}', b",{}", b",{}]")], ids=["objects", "array"]
)
def test_a_byte_of_garbage_is_an_element_of_its_own(byte: int, pieces: tuple[bytes, ...]) -> None:
    garbage = bytes([byte])
    for after in range(1, 4):
        data = b"".join(pieces[:after]) + garbage + b"".join(pieces[after:])
        with watchdog():
            found, _ = elements_of(data, [1])
        classes = Counter(classify(element.data or b"", Limits())[0] for element in found)
        assert classes == {"call": 3, "malformed": 1}, (data, found)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"[]\v", {"malformed": 1}),
        (b'{""}\v', {"malformed": 2}),
        (b'{"type":"track"}{"type":"track"}\f', {"call": 2, "malformed": 1}),
        (b'{\n  "type": "track"\n}\v', {"call": 1, "malformed": 1}),
        (b'{\n  "type": "track"\n}\n\f\n', {"call": 1, "malformed": 1}),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_command_ends(data: bytes, lines: dict[str, int], jobs: str) -> None:
    done = uclint("check", "-", "-j", jobs, "--format", "json", stdin=data, timeout=60)
    report = json.loads(done.stdout)
    assert {name: number for name, number in report["lines"].items() if number and name != "total"} == lines
