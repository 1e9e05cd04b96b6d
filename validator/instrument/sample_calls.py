"""Makes sample calls of a use case, as lines of an archive: valid, or with deliberate flaws."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.catalog.own_names import Names
from validator.errors import UsageError
from validator.instrument.flaws import spoil
from validator.instrument.sample_values import PAGES, Dice, facts, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from validator.catalog import CallMatch, EventUse, UseCase

Call = dict[str, Any]

START = datetime(2024, 3, 1, 8, tzinfo=UTC)

_WEB = ("analytics.js", "npm:next-1.66.0")
_APPS = (("analytics-swift", "1.5.11"), ("analytics-kotlin", "1.16.3"))
_APP_EVENTS = ("Application ", "Install ", "Screen ")


def generate(
    use_case: UseCase,
    number: int,
    *,
    seed: int = 0,
    flaws: bool = False,
    destinations: Sequence[str] = (),
    start: datetime = START,
    names: Names | None = None,
) -> Iterator[str]:
    """Generates lines of NDJSON, with line ends.

    Args:
        use_case: The use case; each of its events comes once before any comes twice.
        number: The number of calls.
        seed: The same seed makes the same calls.
        flaws: Whether about a third of the lines have a flaw, of each kind in turn.
        destinations: The destinations that the calls select in `integrations`; all if none are given.
        start: The approximate time of the first call.
        names: The team's own names, which the calls use.

    Raises:
        UsageError: The use case has no events.
    """
    if not use_case.events:
        raise UsageError(f"{use_case.id} recommends no events")
    names = names or Names()
    calls = islice(_calls(names.renamed(use_case), Dice(seed), destinations, start, names.meant), number)
    dice = Dice(seed + 1)
    flawed = 0
    for index, (use, call) in enumerate(calls):
        if flaws and (dice.chance(1 / 3) or (index == number - 1 and not flawed)):
            yield spoil(call, use, flawed, dice) + "\n"
            flawed += 1
        else:
            yield json.dumps(call, separators=(",", ":")) + "\n"


def _calls(
    use_case: UseCase, dice: Dice, destinations: Sequence[str], start: datetime, meant: Mapping[str, str]
) -> Iterator[tuple[EventUse, Call]]:
    now = start
    people = [(dice.uuid(), f"usr_{dice.below(10**6):06d}") for _ in range(20)]
    for number in count():
        now += timedelta(milliseconds=200 + dice.below(8000))
        use = use_case.events[number % len(use_case.events)]
        match = use.event.calls[dice.below(len(use.event.calls))]
        person = dice.pick(people)
        yield use, _call(use, match, _Drawn(dice, number, now, person), destinations, meant)


class _Drawn(NamedTuple):
    """The inputs for one random call."""

    dice: Dice
    number: int
    now: datetime
    person: tuple[str, str]


def _call(
    use: EventUse, match: CallMatch, drawn: _Drawn, destinations: Sequence[str], meant: Mapping[str, str]
) -> Call:
    dice, now, (anonymous, user) = drawn.dice, drawn.now, drawn.person
    sent = now + timedelta(milliseconds=5 + dice.below(900))
    call: Call = {
        "type": match.type,
        "anonymousId": anonymous,
        "userId": user if dice.chance(0.6) else None,
        "messageId": dice.uuid(),
        "context": _context(use.event.name, match.type, dice),
        "integrations": {"All": False, **dict.fromkeys(destinations, True)} if destinations else {},
        "originalTimestamp": _iso(now),
        "sentAt": _iso(sent),
        "receivedAt": _iso(sent + timedelta(milliseconds=60)),
        "timestamp": _iso(now + timedelta(milliseconds=60)),
        "properties": {},
    }
    if match.type == "track":
        call["event"] = use.event.name
    known = facts(dice, drawn.number)
    known = {**known, **{own: known[name] for own, name in meant.items() if name in known}}
    for name in use.recommended:
        _put(call, use.event.places(match, name)[0], value(use.event.property(name), known, dice))
    return call


def _context(event: str, kind: str, dice: Dice) -> Call:
    app = (
        kind == "screen"
        or event.startswith(_APP_EVENTS)
        or (kind == "track" and not event.startswith("Page ") and dice.chance(0.3))
    )
    name, version = dice.pick(_APPS) if app else _WEB
    context: Call = {"library": {"name": name, "version": version}, "ip": f"192.0.2.{1 + dice.below(254)}"}
    if not app:
        _, _, path = dice.pick(PAGES)
        context["page"] = {"path": path, "url": f"https://shop.example.com{path}"}
    return context


def _put(call: Call, pointer: str, what: Any) -> None:
    *above, last = (key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:])
    here = call
    for key in above:
        here = here.setdefault(key, {})
    here[last] = what


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
