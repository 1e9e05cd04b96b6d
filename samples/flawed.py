"""Calls of the shop of which a share is flawed at random, each in a combination of its own."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from samples import vocabulary as words
from samples.envelopes import escaped
from samples.flaws import PLACES, encode, event_of
from samples.shop_plan import VALUES
from samples.stamps import known_ids, stamps, template
from samples.truth import Truth
from samples.world import Call, Dice, World

POOL: Final = 2000
"""How many flawless calls there are to spoil."""

WHOLE: Final = ("num_items", "step_number", "total_steps", "quantity", "position")
OFTEN: Final = (0.08, 0.15, 0.3, 0.3, 0.5, 0.7)
"""How likely each property of a flawed call is flawed: one of these for each call."""

ORDER_ID: Final = re.compile(rb"W-\d{8}")

FINE, MISSING, WRONG = range(3)


class Way(NamedTuple):
    """One way to spoil a property.

    Attributes:
        written: What the line has instead; empty for nothing at all.
        state: What this makes of the property: fine (but maybe not allowed), missing, or of another type.
    """

    written: bytes
    state: int


class Part(NamedTuple):
    """A property of a call.

    Attributes:
        name: Its name.
        written: As it should be.
        ways: How it may be spoiled.
        recommended: Whether a use case recommends it.
    """

    name: str
    written: bytes
    ways: Sequence[Way]
    recommended: bool


class Spoilable(NamedTuple):
    """A call in pieces.

    Attributes:
        event: What it counts as.
        before: The line up to its properties.
        parts: Its properties.
        after: The rest of the line.
        whole: The line without flaws.
    """

    event: str
    before: bytes
    parts: tuple[Part, ...]
    after: bytes
    whole: bytes


def flawed(seed: int, truth: Truth, *, share: float = 0.5) -> Iterator[bytes]:
    """Lines without end, each one call with its LF, all of events that use cases recommend.

    Args:
        seed: The same seed gives the same lines.
        truth: What is counted in; a line is counted before it is handed out.
        share: The share of calls that are flawed, 0 to 1.
    """
    events = [name for name, weight in words.WEIGHTS.items() for _ in range(weight) if words.RECOMMENDED.get(name)]
    calls = list(islice(World(seed, events).calls(), POOL))
    ways: dict[tuple[str, bytes, bool], tuple[Way, ...]] = {}
    pool = [_pieces(call, ways) for call in calls]
    devices, users = known_ids(calls)
    dice = Dice(seed + (6 << 64))
    random = dice.random
    for stamp in stamps(random, number=0, devices=devices, users=users):
        event, before, parts, after, line = pool[stamp.draw % POOL]
        truth.lines += 1
        truth.planned[event] += 1
        if random() < share:
            line = before + b",".join(_spoiled(event, parts, dice, truth)) + after
        yield line % stamp


def _spoiled(event: str, parts: Sequence[Part], dice: Dice, truth: Truth) -> list[bytes]:
    """The properties as a flawed call has them; at least one has a flaw."""
    random = dice.random
    often = dice.pick(OFTEN)
    chosen = [random() < often for _ in parts]
    if True not in chosen:
        chosen[dice.below(len(parts))] = True
    truth.invalid[event] += 1
    made = []
    for part, spoil in zip(parts, chosen, strict=True):
        if not spoil:
            made.append(part.written)
            continue
        written, state = part.ways[int(random() * len(part.ways))]
        if written:
            made.append(written)
        if part.recommended and state == MISSING:
            truth.missing[event, part.name] += 1
        elif part.recommended and state == WRONG:
            truth.wrong[event, part.name] += 1
    return made


def _pieces(call: Call, ways: dict[tuple[str, bytes, bool], tuple[Way, ...]]) -> Spoilable:
    """A call taken apart; what a page or screen call says in two places stays in one.

    Values come back: how each may be spoiled is written once, and kept in `ways`.
    """
    event = event_of(call)
    native = call["type"] != "track"
    recommended = words.RECOMMENDED[event]
    if native:
        held = call["properties"]
        for name in recommended:
            places = [place for place in PLACES.get(name, (name,)) if place in held]
            value = held[places[0]]
            for place in places:
                del held[place]
            held[name] = value
        for name in ("name", "category"):
            call.pop(name, None)
    whole = template(encode(call), [call]) + b"\n"
    properties = template(encode(call["properties"]), [call])
    before, _, after = whole.partition(properties)
    parts = []
    for name, value in call["properties"].items():
        key = name, _written(name, value), native
        if key not in ways:
            ways[key] = tuple(_ways(name, value, nulls=not native))
        parts.append(Part(name, key[1], ways[key], name in recommended))
    return Spoilable(event, before + b"{", tuple(parts), b"}" + after, whole)


def _written(name: str, value: Any) -> bytes:
    written = escaped({name: value}, ascii_only=True)[1:-1]
    if name == "order_id":
        return ORDER_ID.sub(b"W-%(order)08d", written)
    return written


def _ways(name: str, value: Any, *, nulls: bool) -> list[Way]:
    """Missing, null, another type, a value that the shop's own plan does not allow.

    Where a property may stand in several places (page and screen calls) a null is as good as nothing, and is left out.
    """
    ways = [Way(b"", MISSING), Way(b"", MISSING)]
    ways += [Way(_written(name, other), WRONG) for other in _other_types(name, value)]
    if nulls:
        ways += [Way(_written(name, None), WRONG)] * 2
    ways += [Way(_written(name, other), FINE) for other in _not_allowed(name)]
    return ways


def _other_types(name: str, value: Any) -> list[Any]:
    if isinstance(value, bool):
        return ["true", 1]
    if isinstance(value, int | float):
        return [str(value), True, f"{value:.2f} EUR", [value], *([value + 0.5] if name in WHOLE else [])]
    if isinstance(value, list):
        return [[*value, "TNT-2P-GRN"], "[object Object]", [None], {"0": value[0]}]
    if isinstance(value, dict):
        return [list(value), "[object Object]"]
    return [17, True, {"value": value}, [value]]


def _not_allowed(name: str) -> list[Any]:
    rule = VALUES.get(name, {})
    if "enum" in rule:
        return ["none", "XXX"]
    if "pattern" in rule:
        return ["n/a", "undefined"]
    if "minimum" in rule:
        return [-1, -20]
    return [""] if "minLength" in rule else []
