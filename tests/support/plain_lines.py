"""A plain second opinion on lines, and sources that give them as they like."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from validator.catalog import Catalog
from validator.engine.compile.program import Program
from validator.input import lines as lines_module
from validator.input.stream import Stream
from validator.model import Limits, Place, pointer
from validator.plan import PlanRule, TrackingPlan
from validator.service.compile_use_case import compile_use_case
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.count.profile import Profile


EVERY_PLACE = 1_000_000
BOM = b"\xef\xbb\xbf"
CALL_TYPES = ("track", "page", "screen", "identify", "group", "alias")


class Dribble:
    """Gives out bytes a few at a time: so many at the first read, so many at the second, and over again."""

    def __init__(self, data: bytes, sizes: Sequence[int]) -> None:
        self._data = memoryview(data)
        self._sizes = cycle(sizes)

    def readinto(self, buffer: memoryview, /) -> int:
        part = self._data[: min(next(self._sizes), len(buffer))]
        self._data = self._data[len(part) :]
        buffer[: len(part)] = part
        return len(part)


@cache
def use_cases() -> Program:
    return Program(compile_use_case(use_case) for use_case in Catalog.load().use_cases)


# A field that no call has, so that each deviates, and has its place in the profile.
NEVER = "a field that no call has"


@cache
def program() -> Program:
    every_call = TrackingPlan("every", "Every call", (PlanRule("COMMON", None, {"required": [NEVER]}),))
    return Program([*use_cases().plans, every_call])


# ------------------------------------------------------------------------------------- a plain second opinion


@dataclass
class Count:
    """What reading must come to, worked out slowly and plainly."""

    lines: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    calls: list[Place] = field(default_factory=list)
    faults: dict[str, list[Place]] = field(default_factory=dict)


def depth(text: str) -> int:
    """How deep brackets stand in one another, outside of strings; a string that never ends runs to the end."""
    deepest = now = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            now += 1
            deepest = max(deepest, now)
        elif character in "]}":
            now -= 1
    return deepest


def refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def classify(line: bytes, limits: Limits) -> tuple[str, str | None, Any]:
    """The class of a line without its LF, the code of its fault, and its JSON value."""
    if len(line) > limits.line:
        return "too_long", "IN504", None
    if not line.strip(b" \t\r"):
        return "blank", None, None
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return "malformed", "IN502", None
    if text.count("{") + text.count("[") > limits.depth and depth(text) > limits.depth:
        return "too_deep", "IN505", None
    try:
        value = json.loads(text, parse_constant=refuse, parse_int=lambda _: 0)
    except ValueError:
        return "malformed", "IN501", None
    if not isinstance(value, dict):
        return "not_object", "IN503", None
    return "batch" if isinstance(value.get("batch"), list) else "call", None, value


def naive(data: bytes, limits: Limits) -> Count:
    count, byte = Count(), 0
    if data.startswith(BOM):
        data, byte = data.removeprefix(BOM), len(BOM)
    physical = data.split(b"\n")
    if not physical[-1]:
        physical.pop()
    for number, line in enumerate(physical, 1):
        line_class, fault, value = classify(line, limits)
        count.lines[line_class] += 1
        if fault:
            count.faults.setdefault(fault, []).append(Place(0, byte, -1, number, None))
        members = {-1: value} if line_class == "call" else dict(enumerate(value["batch"])) if value is not None else {}
        for position, member in members.items() if line_class in ("call", "batch") else ():
            add_member(count, member, Place(0, byte, position, number, None))
        byte += len(line) + 1
    return count


def add_member(count: Count, member: Any, place: Place) -> None:
    if not isinstance(member, dict):
        count.faults.setdefault("IN503", []).append(place)
        return
    identity = member.get("messageId")
    place = place._replace(message_id=identity if isinstance(identity, str) else None)
    raw = member.get("type")
    folded = "".join(c.lower() if "A" <= c <= "Z" else c for c in raw) if isinstance(raw, str) else ""
    kind = folded if folded in CALL_TYPES else "unknown"
    count.types[kind] += 1
    count.calls.append(place)
    if kind == "unknown":
        count.faults.setdefault("SP301", []).append(place)
    elif raw != kind:
        count.faults.setdefault("SP302", []).append(place)


def count_of(profile: Profile) -> Count:
    """The same of a profile that kept every place."""
    return Count(
        lines=+Counter({c.value: n for c, n in profile.lines.items()}),
        types=+profile.types,
        calls=sorted(
            place for of, seen in profile.deviations.items() if of.places == (pointer(NEVER),) for place in seen.places
        ),
        faults={fault.code: list(sighting.places) for fault, sighting in profile.faults.items()},
    )


def calls_of(profile: Profile) -> int:
    """The calls of all tables, and those that were judged at once."""
    return sum(seen.count for seen in profile.calls.values()) + profile.judged.calls


def read(data: bytes, sizes: Sequence[int], limits: Limits, block: int) -> Profile:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "BLOCK", block)
        return read_inputs(["x"], program(), limits=limits, open_input=lambda path: Stream(path, Dribble(data, sizes)))


def assert_equal(profile: Profile, data: bytes, limits: Limits) -> None:
    expected = naive(data, limits)
    got = count_of(profile)
    assert got.lines == expected.lines
    assert got.types == expected.types
    assert got.calls == expected.calls
    assert got.faults == expected.faults
    assert {fault.code: s.count for fault, s in profile.faults.items()} == {
        c: len(p) for c, p in expected.faults.items()
    }
    assert calls_of(profile) == sum(profile.types.values()) == len(expected.calls)
    (summary,) = profile.inputs
    assert (summary.framing, summary.bytes, summary.complete) == ("ndjson", len(data), True)
    assert summary.lines == sum(profile.lines.values())


@cache
def catalog() -> Catalog:
    return Catalog.load()
