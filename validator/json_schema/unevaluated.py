"""Keywords for the parts that no other keyword has evaluated; they run last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.json_schema import budget

if TYPE_CHECKING:
    from validator.json_schema.protocols import Frame


def properties(frame: Frame, schema: Any) -> None:
    seen = frame.seen
    if isinstance(frame.instance, dict) and seen is not None:
        frame.spend(budget.of_names(len(frame.instance)))
        rest = [name for name in frame.instance if name not in seen.keys]
        wrong = [name for name in rest if frame.probe_part(name, schema, "unevaluatedProperties")]
        if wrong:
            frame.fail("unevaluatedProperties", schema, names=tuple(wrong))
        seen.keys.update(rest)


def items(frame: Frame, schema: Any) -> None:
    seen = frame.seen
    if isinstance(frame.instance, list) and seen is not None:
        frame.spend(budget.of_names(len(frame.instance)))
        rest = [number for number in range(len(frame.instance)) if number not in seen.items]
        if any(frame.probe_part(number, schema, "unevaluatedItems") for number in rest):
            frame.fail("unevaluatedItems", schema)
        seen.items.update(rest)
