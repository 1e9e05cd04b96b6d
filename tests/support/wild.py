"""Streams of everything that lines can be, and plans about them."""

from __future__ import annotations

import json
import random
from typing import Any

from validator import PlanRule, TrackingPlan


def wild(seed: int, number: int) -> list[bytes]:
    """Lines of every sort: more names, keys and shapes than are kept, batches, and what is no call."""
    dice = random.Random(seed)
    values: list[Any] = [1, 1.5, "x", None, True, [1], {"a": 1}]

    def call() -> dict[str, Any]:
        name = dice.choice(["Order Completed", "order completed", f"Name {dice.randrange(40)}", "Signed Up"])
        known = ["order_id", "total", "tax", "currency", f"key {dice.randrange(40)}"]
        properties = {k: dice.choice(values) for k in dice.sample(known, dice.randrange(5))}
        kind = dice.choice(["track", "track", "track", "page", "Track", "identify", f"kind {dice.randrange(5)}"])
        more: dict[str, Any] = {"messageId": f"m{dice.randrange(1000)}", "properties": properties}
        if kind == "page":
            more["name"] = dice.choice(["Home", "Other", 5])
        if dice.random() < 0.2:
            more["context"] = {"protocols": {"event_version": dice.choice([1, 2, 3, "2"])}}
        return {"type": kind, "event": name, **more}

    def line() -> bytes:
        sort = dice.randrange(12)
        text = json.dumps({"batch": [call(), 3, call()]} if sort == 0 else call()).encode()
        odd = [b"", b"[1]", b"{}{}", text[:-9], text + b"\r", b"\xff" + text, b"[" * 9 + b"]" * 9, text + b" " * 900]
        return odd[sort - 1] if 0 < sort <= len(odd) else text

    return [line() for _ in range(number)]


def own_plan(seed: int, *, closed: bool) -> TrackingPlan:
    """A plan about what `wild` makes: presence, types, values, insides, pages, several versions, every call."""
    dice = random.Random(seed)
    schemas: list[Any] = [{"type": "number"}, {"minimum": 2}, {"enum": ["x", 1]}, {"not": {"type": "null"}}, {}]
    schemas += [{"type": "object", "additionalProperties": {"type": "string"}}, {"items": {"type": "string"}}]

    def schema() -> dict[str, Any]:
        names = dice.sample(["order_id", "total", "tax", "currency", *(f"key {n}" for n in range(3))], 4)
        payload = {"properties": {name: dice.choice(schemas) for name in names}, "required": names[:2]}
        more = {"additionalProperties": False} if closed else {}
        return {"properties": {"properties": payload | more, "event": dice.choice([{}, {"maxLength": 9}])}}

    kinds: list[tuple[str, str | None, int]]
    kinds = [("TRACK", "Order Completed", 1), ("TRACK", "Order Completed", 2), ("TRACK", "Signed Up", 1)]
    kinds += [("TRACK", "Name 1", 1), ("PAGE", "Home", 1), ("PAGE", None, 1), ("COMMON", None, 1)]
    rules = tuple(PlanRule(kind, key, schema(), version) for kind, key, version in dice.sample(kinds, 4))
    return TrackingPlan(f"plan {seed}", "Plan", rules)
