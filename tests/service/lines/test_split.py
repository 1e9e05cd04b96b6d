"""Lines come out sorted, byte for byte, each in exactly one place, however they were read."""

from __future__ import annotations

import json
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.plain_lines import Dribble, classify
from validator.engine.compile.program import Program
from validator.engine.decode.json_exact import batch_calls
from validator.input.documents import Elements
from validator.input.lines import BLOCK
from validator.input.stream import Stream
from validator.model import Limits
from validator.plan import PlanRule, TrackingPlan
from validator.service.lines.sort import Sort
from validator.service.lines.split import LineSplitter
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LIMITS = Limits(line=400, depth=20, names=2, deviations=4)

SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "properties": {
            "type": "object",
            "properties": {
                "total": {"type": "number", "minimum": 0},
                "plan": {"enum": ["free", "team"]},
                "lines": {"type": "array", "items": {"type": "object", "required": ["sku"]}},
            },
            "required": ["total"],
        }
    },
    "required": ["properties"],
}

# Sound calls, calls that break the plan, and lines of every other class.
LINES = [
    b'{"type":"track","event":"Paid","properties":{"total":1}}',
    b'{"type":"track","event":"Paid","properties":{"total":2.5,"plan":"team"}} ',
    b'{"type":"track","event":"Paid","properties":{"total":-1}}',
    b'{"type":"track","event":"Paid","properties":{"total":3,"lines":[{"sku":1},{}]}}',
    b'{"type":"track","event":"Paid","properties":{"total":"3"}}\r',
    b'{"type":"track","event":"Paid"}',
    b'{"type":"Track","event":"Paid","properties":{}}',
    b'{"type":"track","event":"Other","properties":{"x":[]}}',
    b'{"type":"track","event":"Paid","properties":{"total":123456789012345678901234567890}}',
    b'{"type":"track","event":"Paid","properties":{"total":-1e999}}',
    b'{"type":"track","event":"Paid","properties":{"total":1,"\\ud800":2}}',
    b'{"type":"identify","traits":{}}',
    b"{}",
    b"",
    b" \t",
    b"\r",
    b"[]",
    b"3",
    b'{"type":"track"',
    b'{"a":"\xff"}',
    b'{"a":1}{"a":2}',
    b'{"batch":[{"type":"track","event":"Paid","properties":{"total":1}}]}',
    b'{"batch":[{"type":"track","event":"Paid","properties":{"total":1}},{"type":"track","event":"Paid"}]}',
    b'{"batch":[{"type":"identify"},7]}',
    b'{"batch":[]}',
    b'{"context":{"a":1},"batch":[{"type":"identify","context":{}}]}',
    b'{"a":' + b"[" * 30 + b"]" * 30 + b"}",
    b'{"a":"' + b"x" * 500 + b'"}',
]
LONG = [b'{"a":"' + b"x" * (BLOCK * 2) + b'"}', b"y" * (BLOCK + 7), b'{"a":[' + b'"}\\r",' * BLOCK + b"0]}"]


@cache
def program() -> Program:
    return Program([TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Paid", SCHEMA),))], own=["plan"])


def is_valid(call: Any) -> bool:
    paid = str(call.get("type")).lower() == "track" and call.get("event") == "Paid"
    return not paid or jsonschema.Draft7Validator(SCHEMA).is_valid(call)


def sort_of(text: bytes) -> Sort:
    """Where a line belongs, worked out plainly."""
    line_class, _, _ = classify(text, LIMITS)
    if line_class not in ("call", "batch"):
        return Sort.REJECTS
    value = json.loads(text)
    members = batch_calls(value) if line_class == "batch" else [value]
    return Sort.VALID if all(isinstance(m, dict) and is_valid(m) for m in members) else Sort.INVALID


class Collected(bytearray):
    """What was written."""

    def write(self, data: bytes, /) -> None:
        self.extend(data)


def run(
    inputs: Iterable[bytes], sizes: Sequence[int], limits: Limits = LIMITS
) -> tuple[dict[Sort, bytes], LineSplitter]:
    sinks = {sort: Collected() for sort in Sort}
    sorter = LineSplitter(sinks)
    named = {str(number): data for number, data in enumerate(inputs)}

    def open_input(path: str) -> Stream:
        return Stream(path, Dribble(named[path], sizes))

    read_inputs(named, program(), limits=limits, open_input=open_input, observer=sorter)
    return {sort: bytes(sink) for sort, sink in sinks.items()}, sorter


def joined(lines: Iterable[bytes], last: bytes | None) -> bytes:
    """Lines with their LFs; of all, only the very last of an output lacks it, if it came without."""
    data = b"".join(line + b"\n" for line in lines)
    return data if last is None else data + last


@settings(deadline=None, database=None, derandomize=True, max_examples=examples(150))
@given(
    inputs=st.lists(
        st.tuples(
            st.lists(st.sampled_from([*LINES, *LINES[:8], *LINES[:8], LONG[0], LONG[2]]), min_size=1, max_size=12),
            st.booleans(),
        ),
        min_size=1,
        max_size=3,
    ),
    sizes=st.lists(st.integers(1, 70_000), min_size=1, max_size=3),
)
def test_every_line_is_in_exactly_one_output(inputs: list[tuple[list[bytes], bool]], sizes: list[int]) -> None:
    # A first line that is a call of some size keeps the input NDJSON whatever follows.
    texts = [([LINES[0], *lines], ended) for lines, ended in inputs]
    found, sorter = run((b"\n".join(lines) + b"\n" * ended for lines, ended in texts), [max(s, 300) for s in sizes])
    expected: dict[Sort, list[bytes]] = {sort: [] for sort in Sort}
    open_ended: dict[Sort, bool] = dict.fromkeys(Sort, False)
    for lines, ended in texts:
        whole = lines if ended or lines[-1] else lines[:-1]  # nothing after the last LF is no line
        for number, line in enumerate(whole):
            sort = sort_of(line)
            expected[sort].append(line)
            open_ended[sort] = not ended and number == len(lines) - 1
    for sort, lines in expected.items():
        assert found[sort] == b"\n".join(lines) + (b"" if open_ended[sort] or not lines else b"\n")
        assert sorter.counts[sort] == len(lines)


@settings(deadline=None, database=None, derandomize=True, max_examples=examples(80))
@given(
    lines=st.lists(st.sampled_from([*[line for line in LINES if line.strip()], *LONG]), min_size=1, max_size=90),
    sizes=st.lists(st.integers(1, 70_000), min_size=1, max_size=3),
    pretty=st.booleans(),
)
def test_every_element_is_in_exactly_one_output(lines: list[bytes], sizes: list[int], pretty: bool) -> None:
    if pretty:
        lines = [json.dumps(json.loads(LINES[0]), indent=1).encode(), *lines]
    data = b"[" + b",\n".join([*lines, b"{}"]) + b"]"
    units = [element.data or b"" for element in Elements(Dribble(data, [1 << 20]), max_element=1 << 30)]
    found, sorter = run([data], [max(size, 300) for size in sizes])
    expected = {sort: joined((unit for unit in units if sort_of(unit) is sort), None) for sort in Sort}
    assert found == expected
    assert sum(sorter.counts.values()) == len(units)


@pytest.mark.parametrize("first", [LINES[0], b"[" + LINES[0]], ids=["lines", "documents"])
def test_dynamic_keys_and_many_deviations_are_sorted_all_the_same(first: bytes) -> None:
    calls: list[dict[str, Any]] = [
        {"type": "track", "event": "Paid", "properties": {"total": (n % 3) - 1, f"key {n}": n, f"k{n % 7}": [n]}}
        for n in range(9_000)
    ]
    lines = [first, *(json.dumps(call).encode() for call in calls)]
    separator, end = (b"\n", b"\n") if first == LINES[0] else (b",\n", b"]")
    found, _ = run([separator.join(lines) + end], [1 << 20], Limits(line=400))
    wanted = [
        LINES[0],
        *(line for line, call in zip(lines[1:], calls, strict=True) if call["properties"]["total"] >= 0),
    ]
    assert found[Sort.VALID].splitlines() == wanted
    assert len(found[Sort.INVALID].splitlines()) == 3_000
    assert found[Sort.REJECTS] == b""


def test_a_byte_order_mark_belongs_to_the_file_and_not_to_its_first_line() -> None:
    found, _ = run([b"\xef\xbb\xbf" + LINES[0] + b"\n"] * 2, [1 << 20])
    assert found[Sort.VALID] == (LINES[0] + b"\n") * 2


def test_what_is_valid_is_found_valid_again() -> None:
    data = b"\n".join(chain(LINES, LINES)) + b"\n"
    found, _ = run([data], [1 << 20])
    again, sorter = run([found[Sort.VALID]], [1 << 20])
    assert again[Sort.VALID] == found[Sort.VALID]
    assert set(sorter.counts.elements()) == {Sort.VALID}
