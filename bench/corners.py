"""Lines that are unlike any traffic: what could make uclint slow."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

from samples.kinds import stream
from samples.world import Dice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SEED = 1
DEEP = 200
"""Deeper than uclint reads (`Limits.depth`)."""


def _line(call: Mapping[str, Any]) -> bytes:
    return json.dumps(call, separators=(",", ":")).encode() + b"\n"


def _call(number: int, event: object, properties: object, kind: object = "track") -> dict[str, Any]:
    return {
        "type": kind, "event": event, "userId": f"usr_{number % 997:09d}", "messageId": f"msg-{number:032d}",
        "timestamp": "2024-03-01T08:00:00.000Z", "properties": properties,
        "context": {"ip": "192.0.2.1", "library": {"name": "analytics.js", "version": "npm:next-1.66.0"}},
    }  # fmt: skip


ORDER = {"order_id": "W-00000001", "total": 12.5, "revenue": 10.0, "currency": "EUR", "num_items": 2}


def distinct_events() -> Iterator[bytes]:
    """An event name of its own in every call."""
    return (_line(_call(n, f"Event {n}", ORDER)) for n in count())


def long_distinct_events() -> Iterator[bytes]:
    """The same, with names of a kilobyte."""
    return (_line(_call(n, f"Event {n} ".ljust(1000, "x"), ORDER)) for n in count())


def distinct_keys() -> Iterator[bytes]:
    """A property of its own in every call of a known event."""
    return (_line(_call(n, "Order Completed", ORDER | {f"key_{n}": n})) for n in count())


def many_distinct_keys() -> Iterator[bytes]:
    """Twenty properties of their own in every call."""
    return (_line(_call(n, "Order Completed", {f"key_{n}_{i}": i for i in range(20)})) for n in count())


def odd_types() -> Iterator[bytes]:
    """Call types that there are not, texts and others; half of them distinct."""
    odd: list[object] = ["Track", "TRACK", "pageview", None, 1, True, [], {}, "", "event"]
    return (_line(_call(n, "Order Completed", ORDER, odd[n // 2 % 10] if n % 2 else f"type {n}")) for n in count())


def odd_properties() -> Iterator[bytes]:
    """Properties that are no object."""
    odd: list[object] = [None, [], [1], "x", 3, True, 4.5]
    return (_line(_call(n, "Order Completed", odd[n % 7])) for n in count())


def too_deep() -> Iterator[bytes]:
    """Calls that are nested deeper than is read."""
    deep = b"[" * DEEP + b"]" * DEEP
    return (_line(_call(n, "Order Completed", {"nested": "@"})).replace(b'"@"', deep) for n in count())


def stray_members() -> Iterator[bytes]:
    """Batches of which every second member is no object."""
    strays: list[object] = [7, None, "track", [1], False]
    return (
        _line({"batch": [_call(n, "Order Completed", ORDER), strays[n % 5], _call(n + 1, "Signed Up", {}), 1]})
        for n in count(0, 2)
    )


def brackets() -> Iterator[bytes]:
    """Lines that are nothing but an empty array; the first is a call, so that the file is lines."""
    yield _line(_call(0, "Order Completed", ORDER))
    while True:
        yield b"[]\n"


def numbers() -> Iterator[bytes]:
    """Lines that are nothing but a number; the first is a call."""
    yield _line(_call(0, "Order Completed", ORDER))
    for number in count(10_000):
        yield b"%d\n" % number


def broken() -> Iterator[bytes]:
    """Calls of which every second is cut off."""
    for number in count():
        line = _line(_call(number, "Order Completed", ORDER))
        yield line[:-20] + b"\n" if number % 2 else line


def new_combinations() -> Iterator[bytes]:
    """Calls of two events with any value in each of their properties, at random."""
    dice = Dice(SEED)
    names = [
        "num_items", "order_id", "checkout_id", "total", "revenue", "shipping", "tax", "affiliation", "products",
        "discount", "coupon", "currency",
    ]  # fmt: skip
    values: list[object] = [1, "x", None, True, [], {}, 1.5, [1], -1]
    for number in count():
        properties = {name: dice.pick(values) for name in names if dice.chance(0.8)}
        yield _line(_call(number, dice.pick(("Order Completed", "Checkout Started")), properties))


def all_flawed() -> Iterator[bytes]:
    """The flawed stream, with every call flawed."""
    return stream("flawed", SEED, flaws=1.0).lines


CORNERS: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "distinct event names": distinct_events,
    "distinct event names of 1 kB": long_distinct_events,
    "a distinct key in each call": distinct_keys,
    "20 distinct keys in each call": many_distinct_keys,
    "odd and distinct types": odd_types,
    "properties that are no object": odd_properties,
    "too deep lines": too_deep,
    "batches with members that are no objects": stray_members,
    "`[]` as lines": brackets,
    "numbers as lines": numbers,
    "every second line cut off": broken,
    "ever new combinations of flaws": new_combinations,
    "every call flawed at random": all_flawed,
}


def data_of(name: str, size: int) -> bytes:
    """So many bytes of a corner, whole lines."""
    made: list[bytes] = []
    held = 0
    for line in CORNERS[name]():
        made.append(line)
        held += len(line)
        if held >= size:
            break
    return b"".join(made)
