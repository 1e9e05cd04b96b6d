"""What goes wrong with calls on their way to a file: inside one call, and in the line it is written on."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from samples import vocabulary as words
from samples.world import Call, Dice

SHORTER: Final = (
    ("Completed", "Complete"), ("Started", "Start"), ("Viewed", "View"), ("Scrolled", "Scroll"), ("Signed", "Sign"),
    ("Installed", "Install"), ("Opened", "Open"), ("Added", "Add"), ("Attributed", "Attribution"),
)  # fmt: skip
NATIVE: Final = {"page": "Page Viewed", "screen": "Screen Viewed"}
PLACES: Final = {
    "page_name": ("name", "page_name"),
    "page_category": ("category", "page_category"),
    "screen_title": ("name", "screen_title", "title"),
    "screen_type": ("category", "screen_type"),
}
"""Where else a page or screen call may carry what its event should."""

HOLE: Final = "\ue000"
"""A value to be replaced in the written line by what `json.dumps` would not write."""


def encode(value: object, *, ascii_only: bool = True) -> bytes:
    """JSON as the SDKs write it, without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only).encode()


def event_of(call: Call) -> str:
    """The event a call counts as; its type where it has none."""
    return str(call.get("event") or NATIVE.get(str(call.get("type"))) or call.get("type"))


def _target(call: Call, dice: Dice) -> tuple[Call, str] | None:
    """A property to spoil, a recommended one where there are any, and what holds it; other places are emptied."""
    properties = call.get("properties", call.get("traits"))
    if not isinstance(properties, dict) or not properties:
        return None
    recommended = words.RECOMMENDED.get(event_of(call)) or list(properties)
    name = dice.pick(recommended)
    native = call.get("type") in NATIVE
    places = [place for place in PLACES.get(name, (name,)) if place in properties] if native else [name]
    for place in places[1:]:
        del properties[place]
    if native and name in PLACES:
        call.pop(PLACES[name][0], None)
    return (properties, places[0]) if places and places[0] in properties else None


def missing(call: Call, dice: Dice) -> None:
    """A recommended property is left out."""
    if target := _target(call, dice):
        del target[0][target[1]]


def wrong_type(call: Call, dice: Dice) -> None:
    """A recommended property is there, as something else."""
    if target := _target(call, dice):
        properties, name = target
        properties[name] = dice.pick(_other_types(properties[name]))


def _other_types(value: object) -> list[Any]:
    """What careless code sends instead of a value."""
    if isinstance(value, bool):
        return ["true", None, 1]
    if isinstance(value, int):
        return [str(value), None, True, value + 0.5]
    if isinstance(value, float):
        return [f"{value:.2f}", None, False, f"{value:.2f} EUR", [value]]
    if isinstance(value, list):
        return [[*value, "TNT-2P-GRN"], value[0] if value else {}, None, json.dumps(value), [None]]
    if isinstance(value, dict):
        return [None, list(value), "[object Object]"]
    return [None, 17, True, {"value": value}, [value]]


def no_properties(call: Call, dice: Dice) -> None:
    """The properties are missing, null or a list."""
    call.pop("properties", None)
    kind = dice.below(3)
    if kind:
        call["properties"] = None if kind == 1 else [1]


def near_miss(call: Call, dice: Dice) -> None:
    """The event has nearly its name; a page or screen becomes a track call, as some wrappers send it."""
    name = event_of(call)
    if name == call.get("type"):
        return
    shorter = name
    for long, short in SHORTER:
        shorter = shorter.replace(long, short)
    lower = name.lower()
    call["event"] = dice.pick((lower.replace(" ", "_"), shorter, lower, name.replace(" ", ""), name + " "))
    call["type"] = "track"


def odd_case(call: Call, dice: Dice) -> None:
    """The type in another case."""
    kind = str(call.get("type"))
    call["type"] = dice.pick((kind.title(), kind.upper()))


def unknown_type(call: Call, dice: Dice) -> None:
    """A type Segment does not have."""
    call["type"] = dice.pick(("event", "pageview", "tracking", None, 1))


def no_type(call: Call, _: Dice) -> None:
    """No type, as in a body whose endpoint said it."""
    call.pop("type", None)


def nobody(call: Call, dice: Dice) -> None:
    """Neither a user nor an anonymous one."""
    call.pop("anonymousId", None)
    call["userId"] = dice.pick((None, ""))


def odd_time(call: Call, dice: Dice) -> None:
    """A moment that is not written as ISO 8601."""
    call["timestamp"] = dice.pick(("01.03.2024 08:00", 1_709_280_000, "yesterday", None))


CALL_FLAWS: Final[tuple[Callable[[Call, Dice], None], ...]] = (
    missing, missing, missing, missing, wrong_type, wrong_type, wrong_type, wrong_type, no_properties, near_miss,
    near_miss, odd_case, unknown_type, no_type, nobody, odd_time,
)  # fmt: skip


def spoil(call: Call, dice: Dice) -> None:
    """Give a call one flaw, sometimes more."""
    dice.pick(CALL_FLAWS)(call, dice)
    while dice.chance(0.25):
        dice.pick(CALL_FLAWS)(call, dice)


def _holed(call: Call, name: str, written: bytes) -> bytes:
    """The call's line with a property that holds exactly these bytes."""
    properties = call.get("properties")
    call["properties"] = {**properties, name: HOLE} if isinstance(properties, dict) else {name: HOLE}
    return encode(call).replace(encode(HOLE), written)


def _batch(call: Call, source: Iterator[Call], dice: Dice) -> tuple[bytes, list[Call]]:
    """An HTTP body that got among the lines, a member of which is no call."""
    calls = [call, next(source)]
    shared = {"context": {"library": {"name": "analytics-python", "version": "2.3.2"}}, "integrations": {}}
    odd: Any = dice.pick((7, None, "track", [1]))
    return encode({"batch": [*calls, odd], **shared, "sentAt": call["sentAt"], "writeKey": "EXAMPLE_WRITE_KEY"}), calls


def _whole(event: str) -> str:
    """A property of the event that should be an integer."""
    return "step_number" if event == "Onboarding Step Completed" else "num_items"


LINE_FLAWS: Final[dict[str, Callable[[bytes, Call], bytes]]] = {
    "blank": lambda _, __: b"",
    "spaces only": lambda _, __: b" \t ",
    "cut off": lambda line, _: line[: len(line) * 2 // 3],
    "trailing comma": lambda line, _: line[:-1] + b",}",
    "not a number": lambda _, call: _holed(call, "total", b"NaN"),
    "not UTF-8": lambda _, call: _holed(call, "affiliation", b'"Caf\xe9 \xff"'),
    "an array": lambda _, __: b"[1]",
    "a number": lambda _, __: b"42",
    "null": lambda _, __: b"null",
    "an empty object": lambda _, __: b"{}",
    "carriage return": lambda line, _: line + b"\r",
    "spaces around": lambda line, _: b"  \t" + line + b"  ",
    "duplicate key": lambda line, call: (
        (b'{"event":"Draft",' if "event" in call else b'{"messageId":"draft",') + line[1:]
    ),
    "30 digits": lambda _, call: _holed(call, _whole(event_of(call)), b"123456789012345678901234567890"),
    "beyond a double": lambda _, call: _holed(call, "total", b"1e400"),
    "an integer written 3.0": lambda _, call: _holed(call, _whole(event_of(call)), b"3.0"),
    "too deep": lambda _, call: _holed(call, "nested", b"[" * 200 + b"]" * 200),
}
KINDS: Final = (*LINE_FLAWS, "batch")


def spoiled_line(line: bytes, call: Call, source: Iterator[Call], dice: Dice) -> tuple[bytes, list[Call]]:
    """A flawed line in place of a call's line, and the calls in it; may take further calls from the source."""
    kind = dice.pick(KINDS)
    return _batch(call, source, dice) if kind == "batch" else (LINE_FLAWS[kind](line, call), [call])


def entangle(call: Call, dice: Dice) -> Call:
    """The same call, harder to read: keys shuffled, odd text in its values, less of an envelope."""
    for name, share in (("context", 0.15), ("integrations", 0.3), ("version", 0.5), ("receivedAt", 0.2)):
        if dice.chance(share):
            call.pop(name, None)
    tangled: Call = _tangled(call, dice)
    return tangled


def _tangled(value: Any, dice: Dice) -> Any:
    """Shuffle every object's keys and append odd text to what people wrote."""
    if isinstance(value, list):
        return [_tangled(item, dice) for item in value]
    if not isinstance(value, dict):
        return value
    result: Call = {}
    for name in dice.shuffled(list(value)):
        inner = value[name]
        if name in ODD_TEXT and isinstance(inner, str) and "type" not in value and dice.chance(0.5):
            result[name] = f"{inner} {dice.pick(words.TRICKY)}"
        else:
            result[name] = _tangled(inner, dice)
    return result


ODD_TEXT: Final = (
    "title", "affiliation", "step_name", "first_name", "last_name", "firstName", "lastName", "query", "label",
    "product_name", "screen_title", "brand", "flow_name", "industry", "subject", "coupon", "campaign",
)  # fmt: skip


def encode_hard(call: Call, dice: Dice) -> bytes:
    """A line as one of several encoders would write it: all ASCII or not, slashes escaped, a key escaped."""
    line = encode(call, ascii_only=dice.chance(0.5))
    if dice.chance(0.1):
        line = line.replace(b"/", b"\\/")
    if dice.chance(0.05):
        line = line.replace(b'"event":', b'"\\u0065vent":').replace(b'"type":', b'"t\\u0079pe":')
    return line
