"""Traffic as a team has it: many events, most properties optional, several SDKs, a few flaws.

Each line is put together anew from fragments that were written before: an envelope of its SDK, and for each property
that is there one of its values. So combinations of optional properties hardly ever come back, and a line still takes
microseconds.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final, NamedTuple

from samples import vocabulary as words
from samples.envelopes import SHARES, Sdk, escaped, sdks
from samples.stamps import stamps
from samples.team_plan import SAMPLES, Event, Property
from samples.truth import Broken, Truth
from samples.world import Dice

PEOPLE: Final = 2000
CHOICES: Final = 1 << 14
OTHERS: Final = (("page", 0.08), ("identify", 0.03))
"""Calls the plan has no rule for, and how many there are."""

UNPLANNED: Final = 0.004
FORGOTTEN: Final = ("Old Checkout Viewed", "debug", "Test Event")
"""Events that are still sent, and that the plan does not know."""

WRONG_TYPES: Final[dict[str, Sequence[Any]]] = {
    "string": (17, True, {"value": "x"}, ["x"], 4.5),
    "number": ("12.90", True, "12.90 EUR", [1]),
    "integer": ("3", 3.5, True, [3]),
    "boolean": ("true", 1, "yes"),
    "array": ("[object Object]", {"0": {}}, 0),
}
"""What careless code sends instead of a value of the type."""


class Choice(NamedTuple):
    """A property as one SDK sends it for an event.

    Attributes:
        share: How often it is there.
        scale: A draw below the share times this is the number of a value.
        values: Written values, each with the property's name.
        property: What the plan says.
    """

    share: float
    scale: float
    values: list[bytes]
    property: Property


class Source(NamedTuple):
    """One event, sent by one SDK.

    Attributes:
        event: The name that the truth counts it by; empty for calls the plan has no rule for.
        written: The name as the line has it.
        choices: Its properties, in the order in which this SDK writes them.
        envelopes: What stands before and after them.
        unplanned: Whether the plan should know the event, and does not.
    """

    event: str
    written: bytes
    choices: list[Choice]
    envelopes: list[tuple[bytes, bytes]]
    unplanned: bool = False


def traffic(seed: int, events: Sequence[Event], truth: Truth, *, flaws: float = 0.02) -> Iterator[bytes]:
    """Lines without end, each one call with its LF.

    Args:
        seed: The same seed gives the same lines.
        events: The events of the plan.
        truth: What is counted in; a line is counted before it is handed out.
        flaws: The share of planned calls that break the plan, 0 to 1.
    """
    return _Assembly(seed, events, sdks(Dice(seed + 1)), truth).lines(flaws, others=True)


def slim(seed: int, events: Sequence[Event], truth: Truth) -> Iterator[bytes]:
    """Flawless lines without end, of these events alone, from one SDK with a small envelope."""
    return _Assembly(seed, events, sdks(Dice(seed + 1), only=["@segment/analytics-node"]), truth).lines(0, others=False)


class _Assembly:
    def __init__(self, seed: int, events: Sequence[Event], senders: list[Sdk], truth: Truth) -> None:
        self.truth = truth
        self.dice = Dice(seed)
        self.random = self.dice.random
        self.events = events
        self.senders = senders
        self._values: dict[tuple[int, bool], list[bytes]] = {}

    def lines(self, flaws: float, *, others: bool) -> Iterator[bytes]:
        sources = self._draws(others=others)
        truth, random = self.truth, self.random
        devices = [self.dice.uuid().encode() for _ in range(PEOPLE)]
        users = [b"usr_%09d" % self.dice.below(10**9) for _ in range(PEOPLE)]
        for stamp in stamps(random, number=0, devices=devices, users=users):
            event, written, choices, envelopes, unplanned = source = sources[stamp.draw % CHOICES]
            before, after = envelopes[(stamp.draw >> 14) % len(envelopes)]
            truth.lines += 1
            if event:
                truth.planned[event] += 1
            elif unplanned:
                truth.unplanned += 1
            stamp[b"event"] = written
            if flaws and event and random() < flaws:
                parts = self._flawed(source)
            else:
                parts = [values[int(r * scale)] for share, scale, values, _ in choices if (r := random()) < share]
            yield (before + b",".join(parts) + after) % stamp

    def _draws(self, *, others: bool) -> list[Source]:
        """What to draw from: each source as often as it is seen."""
        weighted = [(event, float(event.weight), "track") for event in self.events]
        whole = sum(weight for _, weight, _ in weighted)
        if others:
            weighted += [(_PAYLOADS[kind], whole * share, kind) for kind, share in OTHERS]
            lost = Event("", self.events[0].properties, self.events[0].shares)
            weighted += [(lost._replace(name=name), whole * UNPLANNED / len(FORGOTTEN), "") for name in FORGOTTEN]
        shares = SHARES if len(self.senders) > 1 else (1.0,)
        made: list[tuple[float, Source]] = []
        for event, weight, kind in weighted:
            for sdk, share in zip(self.senders, shares, strict=True):
                made.append((weight * share, self._source(event, sdk, kind)))
        edges = list(accumulate(weight for weight, _ in made))
        draws: list[Source] = []
        for (_, source), edge in zip(made, edges, strict=True):
            # However rare an event is, it is seen.
            draws += [source] * max(round(edge / edges[-1] * CHOICES) - len(draws), 1)
        return [draws[int(number / CHOICES * len(draws))] for number in range(CHOICES)]

    def _source(self, event: Event, sdk: Sdk, kind: str) -> Source:
        pairs = self.dice.shuffled(list(zip(event.properties, event.shares, strict=True)))
        choices = [self._choice(prop, share, ascii_only=sdk.ascii_only) for prop, share in pairs]
        counted = event.name if kind == "track" else ""
        return Source(counted, event.name.encode(), choices, sdk.envelopes[kind or "track"], unplanned=not kind)

    def _choice(self, prop: Property, share: float, *, ascii_only: bool) -> Choice:
        values = self._values.get((id(prop), ascii_only))
        if values is None:
            values = self._values[id(prop), ascii_only] = _all_written(prop, ascii_only=ascii_only)
        return Choice(share, (len(values) - 1) / share, values, prop)

    def _flawed(self, source: Source) -> list[bytes]:
        """The parts of a call with one to three flaws."""
        dice, truth = self.dice, self.truth
        parts: dict[str, bytes] = {}
        for share, scale, values, prop in source.choices:
            if (draw := self.random()) < share:
                parts[prop.name] = values[int(draw * scale)]
        broken: set[Broken] = set()
        chosen = dice.shuffled(source.choices)[: dice.pick((1, 1, 1, 2, 3))]
        for choice in chosen:
            prop = choice.property
            flaw, keywords = _spoiled(prop, dice, required=choice.share == 1)
            parts[prop.name] = b"" if flaw is None else _written(prop.name, flaw, ascii_only=True)
            broken |= {Broken(source.event, prop.name, where, keyword) for where, keyword in keywords}
        truth.invalid[source.event] += 1
        truth.violations.update(broken)
        return [part for part in parts.values() if part]


def _spoiled(prop: Property, dice: Dice, *, required: bool) -> tuple[Any, list[tuple[str, str]]]:
    """A value that breaks the plan, or None to leave the property out; where it breaks it, and by which keyword."""
    where = f"/properties/{prop.name}"
    if required and dice.chance(0.4):
        return None, [("/properties", "required")]
    if prop.name == "products" and dice.chance(0.5):
        return _spoiled_items(prop, dice)
    if prop.refused and dice.chance(0.5):
        return dice.pick(prop.refused), [(where, prop.refusal)]
    broken = [(where, "type")] + [(where, "enum")] * ("enum" in prop.schema)
    return (_NULL if dice.chance(0.5) else dice.pick(WRONG_TYPES[prop.schema["type"]])), broken


def _spoiled_items(prop: Property, dice: Dice) -> tuple[Any, list[tuple[str, str]]]:
    """Objects in an array, one of which is wrong."""
    items = [dict(item) for item in dice.pick(prop.values)]
    item = dice.pick(items)
    where = f"/properties/{prop.name}/*"
    kind = dice.below(4)
    if kind == 0:
        del item["product_id"]
        return items, [(where, "required")]
    if kind == 1:
        item["price"] = str(item["price"])
        return items, [(f"{where}/price", "type")]
    if kind == 2:
        item["quantity"] = 0
        return items, [(f"{where}/quantity", "minimum")]
    return [*items, None], [(where, "type")]


class _Null:
    """Stands for a null that is sent, since None is a property left out."""


_NULL: Final = _Null()


def _written(name: str, value: Any, *, ascii_only: bool) -> bytes:
    return escaped({name: None if value is _NULL else value}, ascii_only=ascii_only)[1:-1]


def _all_written(prop: Property, *, ascii_only: bool) -> list[bytes]:
    """Every value to draw from, and the last of them twice: a draw just below the share may be rounded up to it."""
    if prop.fresh:
        return [b'"%b":"%b"' % (prop.name.encode(), prop.fresh.encode())] * 2
    values = [_written(prop.name, prop.values[i % len(prop.values)], ascii_only=ascii_only) for i in range(SAMPLES)]
    return [*values, values[-1]]


def _constant(name: str, values: Sequence[Any]) -> Property:
    return Property(name, {}, values)


_PAYLOADS: Final = {
    "page": Event("", tuple(_constant(*pair) for pair in (
        ("path", [p[2] for p in words.PAGES]), ("title", [f"{p[3]} · Trail Store" for p in words.PAGES]),
        ("name", [p[0] for p in words.PAGES]), ("category", [p[1] for p in words.PAGES]),
        ("referrer", words.REFERRERS), ("search", ["", "?q=zelt"]),
    )), (1.0, 1.0, 0.9, 0.7, 0.8, 0.8)),
    "identify": Event("", tuple(_constant(*pair) for pair in (
        ("plan", words.PLANS), ("firstName", words.FIRST_NAMES), ("lastName", words.LAST_NAMES),
        ("city", ("Zürich", "Leeds", "東京")), ("logins", range(1, 40)), ("newsletter", (True, False)),
    )), (1.0, 0.8, 0.8, 0.5, 0.6, 0.3)),
}  # fmt: skip
"""What page and identify calls carry."""
