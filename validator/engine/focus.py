"""Which calls are judged, and by which of their values counts are broken down."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import msgspec

from validator.engine.lint.values import moment
from validator.engine.paths import KeyPath, reader
from validator.engine.shape import call_type
from validator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from validator.engine.decode import Envelope
    from validator.model import Place

DAY: Final = "day"
PROPERTIES: Final = "properties"
_OWN: Final = ("type", "event")
_TIMES: Final = ("timestamp", "receivedAt", "originalTimestamp", "sentAt")
_IDS: Final = ("messageId", "userId", "anonymousId", "timestamp")

# No name of a field that the decoder can look for holds one of these.
_UNREADABLE: Final = '"\\'

# From here on numbers with a fraction are whole, and further apart than 1: they are written as they came.
_EXACT = 2.0**53

# Longer values are cut; whoever breaks down by such has no use for the rest.
_LONGEST = 200


class Focus(msgspec.Struct, frozen=True):
    """What is asked of a stream beside its plans.

    Attributes:
        by: What counts are broken down by: dotted paths of fields, or `day`.
        events: Only track calls of these events are judged; all if there are none.
        types: Only calls of these types are judged; all if there are none.
        since: Only calls from this moment on.
        until: Only calls before this moment.
        sample: Only this share of the calls, chosen by a hash of the message id.
        limit: Only the first calls of the others, so many.
    """

    by: tuple[str, ...] = ()
    events: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    sample: float = 1.0
    limit: int | None = None

    def __post_init__(self) -> None:
        """Refuses fields that no call can be broken down by.

        Raises:
            UsageError: There is one.
        """
        for field in self.by:
            first = field.partition(".")[0]
            if first == "batch":
                raise UsageError(f"{field!r} cannot be broken down by: what has a batch is no call, its members are")
            if any(c in _UNREADABLE or c < " " for c in first) or any("\ud800" <= c <= "\udfff" for c in field):
                raise UsageError(f"{field!r} is no field: it has characters that cannot be looked for")

    @property
    def narrow(self) -> bool:
        """Whether any call may be left out."""
        return self.selective or self.since is not None or self.until is not None

    @property
    def selective(self) -> bool:
        """Whether calls are left out by what they are, so that what is not seen tells nothing."""
        return bool(self.events or self.types) or self.sample < 1 or self.limit is not None

    @property
    def paths(self) -> tuple[KeyPath, ...]:
        """The values that have to be decoded."""
        found = [(name,) for name in _TIMES if DAY in self.by or self.since or self.until]
        found += [(name,) for name in _IDS if self.sample < 1]
        paths = [*found, *(tuple(field.split(".")) for field in self.by if field != DAY)]
        return tuple(dict.fromkeys(p for p in paths if p[0] not in (*_OWN, PROPERTIES)))

    @property
    def deep(self) -> bool:
        """Whether what is inside properties matters."""
        return any(field.startswith(f"{PROPERTIES}.") and field.count(".") > 1 for field in self.by)


Labels = tuple[str | None, ...]


def labeller(
    focus: Focus, attributes: Mapping[str, str], paths: Iterable[KeyPath]
) -> Callable[[Envelope], Labels] | None:
    """Gives the values that a call is counted under, one for each field; None where there is no field.

    Args:
        focus: What is asked.
        attributes: Top-level field -> the attribute of a call that holds it.
        paths: All paths that are decoded.
    """
    if not focus.by:
        return None
    readers = [_reader(field, attributes, tuple(paths)) for field in focus.by]
    return lambda call: tuple([label(read(call)) for read in readers])


def _reader(field: str, attributes: Mapping[str, str], paths: Sequence[KeyPath]) -> Callable[[Any], Any]:
    if field == DAY:
        times = [attributes[name] for name in _TIMES]
        return lambda call: day_of([getattr(call, name) for name in times])
    path = tuple(field.split("."))
    if path[0] == PROPERTIES or path[0] in _OWN:
        return reader(path[0], path, [path])
    return reader(attributes[path[0]], path, paths)


def label(value: Any) -> str | None:
    """A value as it names a group: text as it is, numbers as JSON; None where there is nothing of the kind."""
    kind = type(value)
    if kind is str:
        return value[:_LONGEST] or None
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        return str(int(value)) if abs(value) <= _EXACT and value.is_integer() else json.dumps(value)
    return str(value)[:_LONGEST] if kind is int or kind is Decimal else None


def day_of(times: Sequence[Any]) -> str | None:
    """The day, in UTC, of the first of several times that can be read."""
    return next((day for time in times if (day := _day(time))), None)


def _day(time: Any) -> str | None:
    found = moment(time)
    try:
        return found.astimezone(UTC).date().isoformat() if found else None
    except OverflowError:  # in UTC it is in the year 0, or 10000
        return None


def _first(times: Sequence[Any]) -> datetime | None:
    return next((found for time in times if (found := moment(time))), None)


def keeper(focus: Focus, attributes: Mapping[str, str]) -> Callable[[Envelope], bool] | None:
    """Tells whether a call is to be judged, limits of numbers aside; None where all are."""
    tests: list[Callable[[Any], bool]] = []
    if focus.events:
        events = focus.events
        tests.append(lambda call: call.event in events and call.type.lower() == "track")
    if focus.types:
        types = focus.types
        tests.append(lambda call: call_type(call.type) in types)
    if focus.since or focus.until:
        times = [attributes[name] for name in _TIMES]
        since = focus.since or datetime.min.replace(tzinfo=UTC)
        until = focus.until or datetime.max.replace(tzinfo=UTC)

        def timely(call: Any) -> bool:
            found = _first([getattr(call, name) for name in times])
            return found is not None and since <= found < until

        tests.append(timely)
    if focus.sample < 1:
        ids = [attributes[name] for name in _IDS]
        share = round(focus.sample * (1 << 32))
        tests.append(lambda call: _hash([getattr(call, name) for name in ids]) < share)
    if not tests:
        return None
    return lambda call: all(test(call) for test in tests)


def _hash(ids: Sequence[Any]) -> int:
    """Of the message id; of a call without one, of who sent it when."""
    first = ids[0]
    text = first if type(first) is str and first else "\n".join(i if type(i) is str else "" for i in ids)
    return crc32(text.encode("utf-8", "surrogatepass"))


class Narrowing:
    """Picks the calls that are to be judged."""

    def __init__(self, focus: Focus, attributes: Mapping[str, str]) -> None:
        self._keep = keeper(focus, attributes)
        self._room = focus.limit

    def __call__(self, calls: Sequence[Envelope]) -> list[int] | None:
        """The positions of those that are judged; None for all."""
        keep = self._keep
        kept = [at for at, call in enumerate(calls) if keep(call)] if keep else list(range(len(calls)))
        if self._room is not None:
            del kept[self._room :]
            self._room -= len(kept)
        return kept if len(kept) < len(calls) else None


class Picked:
    """The places of some calls of a sequence.

    Args:
        places: Those of all.
        kept: The positions of the calls.
    """

    def __init__(self, places: Any, kept: Sequence[int]) -> None:
        self._places = places
        self._kept = kept

    def at(self, position: int) -> Place:
        """The place of the call at a position."""
        found: Place = self._places.at(self._kept[position])
        return found

    def mark(self, position: int, identity: str) -> Place:
        """The same of a call whose message id is known."""
        found: Place = self._places.mark(self._kept[position], identity)
        return found
