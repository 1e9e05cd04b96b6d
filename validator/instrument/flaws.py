"""Puts realistic flaws into calls; `uclint check` finds each of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.catalog import EventUse
    from validator.instrument.sample_values import Dice

Call = dict[str, Any]


def spoil(call: Call, use: EventUse, number: int, dice: Dice) -> str:
    """The line of a call with a flaw; consecutive numbers cycle through all possible kinds."""
    fitting = [flaw for flaw in FLAWS if flaw(json.loads(json.dumps(call)), use, dice) is not None]
    line = fitting[number % len(fitting)](call, use, dice)
    assert line is not None  # noqa: S101 - it fits
    return line


def _written(call: Call) -> str:
    return json.dumps(call, separators=(",", ":"))


def _properties(call: Call, use: EventUse) -> list[str]:
    return [name for name in use.recommended if name in call["properties"]]


def _missing(call: Call, use: EventUse, dice: Dice) -> str | None:
    """Leaves out a recommended property."""
    names = _properties(call, use)
    if not names:
        return None
    del call["properties"][dice.pick(names)]
    return _written(call)


def _wrong_type(call: Call, use: EventUse, dice: Dice) -> str | None:
    """Gives a recommended property another type."""
    names = _properties(call, use)
    if not names:
        return None
    name = dice.pick(names)
    types = use.event.property(name).types
    call["properties"][name] = 17 if "integer" not in types and "number" not in types else "17.00 EUR"
    return _written(call)


def _null(call: Call, use: EventUse, dice: Dice) -> str | None:
    """Makes a recommended property null."""
    names = [name for name in _properties(call, use) if "null" not in use.event.property(name).types]
    if not names:
        return None
    call["properties"][dice.pick(names)] = None
    return _written(call)


def _misspelt(call: Call, use: EventUse, dice: Dice) -> str | None:  # noqa: ARG001
    """Misspells the event name."""
    if "event" not in call:
        return None
    name = use.event.name
    call["event"] = other if (other := name.lower().replace(" ", "_")) != name else name.swapcase()
    return _written(call)


def _no_object(call: Call, use: EventUse, dice: Dice) -> str | None:  # noqa: ARG001
    """Makes `properties` a list."""
    if call["type"] != "track":
        return None
    call["properties"] = [1]
    return _written(call)


def _type_in_capitals(call: Call, use: EventUse, dice: Dice) -> str | None:  # noqa: ARG001
    """Writes the type with a capital."""
    call["type"] = call["type"].capitalize()
    return _written(call)


def _cut_off(call: Call, use: EventUse, dice: Dice) -> str | None:  # noqa: ARG001
    """Cuts the line off."""
    line = _written(call)
    return line[: len(line) // 2 + dice.below(len(line) // 3)]


FLAWS: tuple[Callable[[Call, EventUse, Dice], str | None], ...] = (
    _missing,
    _wrong_type,
    _misspelt,
    _null,
    _no_object,
    _type_in_capitals,
    _cut_off,
)
