"""Made-up definitions of use cases, and calls that fit them or nearly do."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

from validator import Event, UseCase
from validator.catalog.model import CallMatch, EventUse, Property
from validator.model import JSON_TYPES, pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


T = TypeVar("T")


# ------------------------------------------------------------------------------------------------------ definitions

NAMES = (
    "tax",
    "Tax",
    "a",
    "a/b",
    "a~b",
    "~1",
    "a b",
    "a:items",
    "0",
    "*",
    "$ref",
    "type",
    "properties",
    "é",
    "日本",
    "😀",
)
QUOTED = ('"', 'say "x"', "\\", "'", "a\\u0061", "{}", "\u2028")
FIELDS = (
    "name",
    "category",
    "title",
    "context",
    "field_0",
    "a",
    "a/b",
    "a~b",
    "é",
    "😀",
    "Event",
    "messageId",
)
EVENTS = ("Order Completed", "order completed", "Ünïcode 😀", 'Say "x"', "a/b~c", "page", "3", "None", "")

ALL_NAMES = (*NAMES, *QUOTED, "")


@cache
def index(size: int) -> st.SearchStrategy[int]:
    return st.integers(0, size - 1)


def pick(draw: st.DrawFn, options: Sequence[T]) -> T:
    """One of them; the first is the simplest. Much faster than a new `sampled_from` for each list."""
    return options[draw(index(len(options)))] if len(options) > 1 else options[0]


def several(draw: st.DrawFn, options: Sequence[T], counts: Sequence[int]) -> tuple[T, ...]:
    """Different ones, as many as one of the counts or fewer."""
    return tuple(dict.fromkeys(pick(draw, options) for _ in range(pick(draw, counts))))


def new_property(draw: st.DrawFn, name: str) -> Property:
    own = several(draw, (*JSON_TYPES, "integer", "array"), (1, 1, 2, 3))
    items = several(draw, JSON_TYPES, (1, 2)) if "array" in own and pick(draw, (True, False)) else None
    return Property(name, own, items, "What it means.", pick(draw, (None, "ecommerce")))


def new_places(draw: st.DrawFn, known: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Places of some of the properties; one place may serve several of them."""
    places = [*map(pointer, FIELDS), *(pointer("properties", name) for name in (*known, *NAMES) if name)]
    moved = several(draw, known, (0, 1, 2, 3)) if known else ()
    return {name: several(draw, places, (1, 2, 3)) for name in moved}


def new_event(draw: st.DrawFn, name: str) -> Event:
    properties = tuple(new_property(draw, prop) for prop in several(draw, ALL_NAMES, (1, 0, 2, 3, 4, 5)))
    known = [prop.name for prop in properties]
    kinds = pick(draw, (("track",), ("page",), ("track",), ("screen", "page"), ("track", "page", "screen")))
    return Event(name, "What it means.", tuple(CallMatch(kind, new_places(draw, known)) for kind in kinds), properties)


def new_use_cases(draw: st.DrawFn) -> Iterator[UseCase]:
    """One or two use cases over the same events: equal rules are judged once, others apply side by side."""
    events = [new_event(draw, name) for name in several(draw, EVENTS, (1, 2, 3))]
    for number in range(pick(draw, (1, 1, 2))):
        uses = []
        for event in events:
            wanted = tuple(prop.name for prop in event.properties if pick(draw, (True, True, False)))
            uses.append(EventUse(event, wanted))
        yield UseCase("goal", f"case-{number}", "Case", "What it does.", tuple(uses), (), ())


# ------------------------------------------------------------------------------------------------------------- calls

Members = list[tuple[str, str]]  # key and JSON text; keys may come twice

FITTING: dict[str, tuple[str, ...]] = {
    "null": ("null",),
    "boolean": ("true", "false"),
    "integer": ("0", "-7", "3.0", "1E2", "1e300", "-0.0", "123456789012345678901234567890", "1" + "0" * 4500),
    "number": ("0.5", "3", "3.5", "-1e-7", "1e300", "1e400", "-0", "9007199254740993"),
    "string": ('""', '"x"', '"3"', '"null"', '"\\ud83d\\ude00"', '"\\ud800"', '"é\\n\\"{}[],"'),
    "array": ("[]", "[1]", '["a"]', "[{}]", "[null]"),
    "object": ("{}", '{"a":1}', '{"tax":{"tax":[3.5]}}', '{"a":1,"a":"\\ud800"}'),
}
ODD = (
    "[1,2.0]",
    "[1,2.5]",
    "[1e400]",
    '["a",1]',
    "[{},[]]",
    "[[[{}]]]",
    "[true,1]",
    "[3.0,null]",
    "18446744073709551616",
    "[" * 9 + "]" * 9,
)
LITERALS = (*(text for texts in FITTING.values() for text in texts), *ODD, *("null",) * 5)
CALL_TYPE_TEXTS = (
    None,
    "null",
    "[3.5]",
    '{"type":"page"}',
    '"track"',
    '"Track"',
    '"PAGE"',
    '"page"',
    '"Screen"',
    '"identify"',
    '"trac\u212a"',
    '"page\\n"',
    '""',
)
OTHER_EVENTS = ("ORDER COMPLETED", "Order Complete", " ", "\0", "\ud800")
EVENT_TEXTS = (None, "null", "3", "{}", *(json.dumps(name) for name in (*EVENTS, *OTHER_EVENTS)))
PAYLOADS = (None, None, None, "null", "[]", "[{}]", '"x"', "3", "3.5", "true", "{}", '{"":1}', '[["properties"]]')


def quoted(key: str, style: int) -> str:
    if style < 2:
        return json.dumps(key, ensure_ascii=style == 0)
    units = key.encode("utf-16-be")
    return '"' + "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2)) + '"'


def text(members: Members, style: int) -> str:
    colon, comma = (" : ", " ,\t") if style == 2 else (":", ",")
    return "{" + comma.join(quoted(key, style) + colon + value for key, value in members) + "}"


def fitting(draw: st.DrawFn, prop: Property) -> str:
    kind = pick(draw, prop.types)
    if kind != "array" or prop.items is None:
        return pick(draw, FITTING[kind])
    return f"[{','.join(pick(draw, FITTING[pick(draw, prop.items)]) for _ in range(pick(draw, (0, 1, 2))))}]"


def put(members: Members, key: str, value: str | None) -> None:
    """The key with that value and no other, or (None) not at all."""
    members[:] = [member for member in members if member[0] != key]
    if value is not None:
        members.append((key, value))


class Draft:
    """A call in the making."""

    def __init__(self, kind: str, event: str) -> None:
        self.fields: Members = [("type", json.dumps(kind)), ("event", json.dumps(event)), ("messageId", '"m-1"')]
        self.payload: Members | str | None = []

    def put(self, place: str, value: str | None) -> None:
        keys = pointer_keys(place)
        if len(keys) == 1:
            put(self.fields, keys[0], value)
        elif isinstance(self.payload, list):
            put(self.payload, keys[1], value)

    def line(self, style: int) -> bytes:
        members = list(self.fields)
        if self.payload is not None:
            payload = text(self.payload, style) if isinstance(self.payload, list) else self.payload
            members.insert(style, ("properties", payload))
        return text(members, style).encode()


CHANGES = (
    "drop",
    "value",
    "value",
    "value",
    "elements",
    "elements",
    "payload",
    "rename",
    "type",
    "event",
    "extra",
    "twice",
    "wild",
)


def change(draw: st.DrawFn, draft: Draft, event: Event, match: CallMatch) -> None:
    kind = pick(draw, CHANGES)
    places = [place for prop in event.properties for place in event.places(match, prop.name)] or ["/properties/tax"]
    payload = draft.payload if isinstance(draft.payload, list) else []
    if kind == "drop":
        draft.put(pick(draw, places), None)
    elif kind == "value":
        draft.put(pick(draw, places), pick(draw, LITERALS))
    elif kind == "elements":
        texts = (*FITTING["integer"], *FITTING["number"], *LITERALS)
        draft.put(pick(draw, places), f"[{','.join(pick(draw, texts) for _ in range(pick(draw, (1, 2))))}]")
    elif kind == "payload":
        draft.payload = pick(draw, PAYLOADS)
    elif kind == "rename":
        payload[:] = [(key.swapcase() + " ", value) for key, value in payload]
    elif kind == "type":
        put(draft.fields, "type", pick(draw, CALL_TYPE_TEXTS))
    elif kind == "event":
        put(draft.fields, "event", pick(draw, EVENT_TEXTS))
    elif kind == "extra":
        payload.append((pick(draw, ALL_NAMES), pick(draw, LITERALS)))
    elif kind == "twice":
        members = payload or draft.fields
        members.insert(0, (pick(draw, members)[0], pick(draw, LITERALS)))
    else:
        fields = (*FIELDS, "event", "type")
        draft.fields += [(pick(draw, fields), pick(draw, LITERALS)) for _ in range(pick(draw, (0, 1, 2)))]
        draft.payload = [(pick(draw, ALL_NAMES), pick(draw, LITERALS)) for _ in range(pick(draw, (0, 1, 2, 4)))]


@st.composite
def lines(draw: st.DrawFn, events: Sequence[Event]) -> bytes:
    """A call that fits, with nothing changed or a little or everything."""
    event = pick(draw, events)
    match = pick(draw, event.calls)
    draft = Draft(match.type, event.name)
    for prop in event.properties:
        draft.put(pick(draw, event.places(match, prop.name)), fitting(draw, prop))
    for _ in range(pick(draw, (0, 1, 1, 1, 1, 2, 3))):
        change(draw, draft, event, match)
    return draft.line(pick(draw, (0, 1, 2)))


@st.composite
def streams(draw: st.DrawFn) -> tuple[tuple[UseCase, ...], list[bytes]]:
    use_cases = tuple(new_use_cases(draw))
    events = [use.event for use in use_cases[0].events]
    return use_cases, draw(st.lists(lines(events), min_size=8, max_size=16))
