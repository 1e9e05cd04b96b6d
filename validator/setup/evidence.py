"""Evidence in calls of their sources and destinations. A monoid: `Evidence()` is empty, `+` merges.

The number of distinct names kept is bounded: first those asked for, then those with the smallest hash. The choice
depends on the names alone, so the order and the split of the input do not matter, and kept names are counted exactly.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import replace

from validator.engine.compile.selection import TIMES
from validator.engine.scan.breakdown_values import call_reader
from validator.errors import UsageError
from validator.model import pointer_keys
from validator.setup.fingerprints import PATHS, Fingerprints, first_number
from validator.setup.libraries import source_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from validator.engine.decode.call import Call
    from validator.engine.decode.key_paths import KeyPath

MOST = 200
"""Distinct libraries, and distinct destinations, that are kept by name."""

_LONGEST = 200
_ALL = "All"

_LIBRARY = ("context", "library", "name")
_CHANNEL = ("context", "channel")
_INTEGRATIONS = ("integrations",)


class Seen(msgspec.Struct):
    """How often something was seen, with its first and last time.

    Attributes:
        calls: How often.
        first: The earliest timestamp, in UTC; None where no call has a valid one.
        last: The latest.
    """

    calls: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def add(self, other: Seen) -> None:
        """Counts further calls."""
        self.calls += other.calls
        if other.first is not None and other.last is not None:
            self.first = other.first if self.first is None or other.first < self.first else self.first
            self.last = other.last if self.last is None or other.last > self.last else self.last

    def __add__(self, other: Seen) -> Seen:
        total = Seen(self.calls, self.first, self.last)
        total.add(other)
        return total


class Library(NamedTuple):
    """A library that sent calls.

    Attributes:
        type: The type of source it identifies.
        name: Its name; None where a call has none.
    """

    type: str
    name: str | None


class Routing(msgspec.Struct):
    """How calls name a destination in `integrations`.

    Attributes:
        selected: Calls that name it with true, or with options of its own.
        refused: Calls that name it with false.
        opt_in: Of the calls that select it, those that would otherwise go to no destination (`All` is false).
        refused_opt_in: The same of the calls that refuse it.
        seen: When it was selected.
    """

    selected: int = 0
    refused: int = 0
    opt_in: int = 0
    refused_opt_in: int = 0
    seen: Seen = msgspec.field(default_factory=Seen)

    def __add__(self, other: Routing) -> Routing:
        return Routing(
            self.selected + other.selected,
            self.refused + other.refused,
            self.opt_in + other.opt_in,
            self.refused_opt_in + other.refused_opt_in,
            self.seen + other.seen,
        )


class Watch(msgspec.Struct, frozen=True):
    """What to look for in calls, besides libraries and destinations.

    Attributes:
        rules: Name of a source -> JSON pointers, and the texts of which each must have one.
        destinations: Names in `integrations` that are kept in any case.
        events: Call type, and the name of a track call -> the recommended event that it is.
        known: Fingerprints of calls of these events that were read before.
    """

    rules: Mapping[str, Mapping[str, Sequence[str]]] = msgspec.field(default_factory=dict)
    destinations: frozenset[str] = frozenset()
    events: Mapping[tuple[str, str | None], str] = msgspec.field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Checks that rules have JSON pointers."""
        for source, pointer in ((source, pointer) for source, rule in self.rules.items() for pointer in rule):
            if not pointer.startswith("/"):
                raise UsageError(f"source {source!r}: {pointer!r} is not a JSON pointer to a field of a call")

    @property
    def paths(self) -> tuple[KeyPath, ...]:
        """Paths of the values it reads."""
        ruled = (pointer_keys(pointer) for rule in self.rules.values() for pointer in rule)
        # A batch is not a call; its members are.
        of_calls = (path for path in ruled if path[0] != "batch")
        ids = PATHS if self.events else ()
        return tuple(dict.fromkeys([_LIBRARY, _CHANNEL, *((name,) for name in TIMES), *ids, *of_calls]))

    @property
    def whole(self) -> tuple[str, ...]:
        """Fields it reads whole."""
        return (_INTEGRATIONS[0],)

    @property
    def texts(self) -> tuple[KeyPath, ...]:
        """Paths of values that matter only if they are texts."""
        times = {(name,) for name in TIMES}
        return tuple(path for path in replace(self, events={}).paths if path not in times or self._rules_read(path))

    def _rules_read(self, path: KeyPath) -> bool:
        return any(pointer_keys(pointer) == path for rule in self.rules.values() for pointer in rule)

    @property
    def numbers(self) -> frozenset[int]:
        """What the fingerprints begin with that are looked for."""
        return frozenset(number for one in self.known if (number := first_number(one)) is not None)

    def watched(self, kind: str, event: Any) -> str | None:
        """The recommended event that calls of a type and an event are."""
        kind = kind.lower()
        return self.events.get((kind, event if kind == "track" else None)) if self.events else None

    def gather(
        self, attributes: Mapping[str, str], paths: Iterable[KeyPath]
    ) -> tuple[GatheredEvidence, Callable[[Call], None]]:
        """Starts gathering; see `EvidenceSource`."""
        decoded = tuple(paths)
        readers = {path: call_reader(path, attributes, decoded) for path in (*self.paths, _INTEGRATIONS)}
        found = Evidence()

        def add(call: Call) -> None:
            event = self.watched(call.type, call.event)
            found.note(lambda path: readers[path](call) if path in readers else None, event, self)

        return GatheredEvidence(self, found), add


class Evidence(msgspec.Struct):
    """What was seen.

    Attributes:
        all: All calls.
        libraries: By library.
        declared: By source that a rule of the user identifies.
        events: By recommended event in `Watch.events`.
        destinations: By name in `integrations`.
        fingerprints: Fingerprints of the calls of these events.
        only_named: Calls with `All` false: they go to the destinations they name alone.
        more_libraries: Calls of libraries whose names are not kept.
        more_destinations: Mentions of destinations whose names are not kept.
    """

    all: Seen = msgspec.field(default_factory=Seen)
    libraries: dict[Library, Seen] = msgspec.field(default_factory=dict)
    declared: dict[str, Seen] = msgspec.field(default_factory=dict)
    events: dict[str, Seen] = msgspec.field(default_factory=dict)
    destinations: dict[str, Routing] = msgspec.field(default_factory=dict)
    fingerprints: Fingerprints = msgspec.field(default_factory=Fingerprints)
    only_named: int = 0
    more_libraries: int = 0
    more_destinations: int = 0

    def note(self, value: Callable[[KeyPath], Any], event: str | None, watch: Watch) -> None:
        """Adds one call, valid or not.

        Args:
            value: Returns the value at a path of the call.
            event: The recommended event that it is.
            watch: What to look for.
        """
        moment = _moment(value((time,)) for time in TIMES)
        self.add(value, event, Seen(1, moment, moment), watch)
        if event is not None:
            self.fingerprints.note(value, watch.known)

    def add(self, value: Callable[[KeyPath], Any], event: str | None, calls: Seen, watch: Watch) -> None:
        """Adds calls with the same values, of the same event; see `note`."""
        name = _text(value(_LIBRARY))
        self.all.add(calls)
        key = Library(source_type(name, _text(value(_CHANNEL))), name)
        self.libraries.setdefault(key, Seen()).add(calls)
        for source, rule in watch.rules.items():
            if all(value(pointer_keys(pointer)) in texts for pointer, texts in rule.items()):
                self.declared.setdefault(source, Seen()).add(calls)
        if event is not None:
            self.events.setdefault(event, Seen()).add(calls)
        self._route(value(_INTEGRATIONS), calls)
        self._bound(watch, 2 * MOST)

    def _route(self, integrations: Any, calls: Seen) -> None:
        if not isinstance(integrations, dict):
            return
        opt_in = calls.calls if integrations.get(_ALL) is False else 0
        self.only_named += opt_in
        for name, flag in integrations.items():
            if name == _ALL or not (isinstance(flag, bool | dict)):
                continue
            routing = self.destinations.setdefault(name[:_LONGEST], Routing())
            if flag is False:
                routing.refused += calls.calls
                routing.refused_opt_in += opt_in
            else:
                routing.selected += calls.calls
                routing.opt_in += opt_in
                routing.seen.add(calls)

    def reaches(self, destination: str) -> tuple[int, int, int]:
        """Counts of calls that select a destination, that go to it by default, and that do not go to it."""
        routing = self.destinations.get(destination, Routing())
        excluded_calls = self.only_named - routing.opt_in - routing.refused_opt_in + routing.refused
        return routing.selected, self.all.calls - routing.selected - excluded_calls, excluded_calls

    def types(self) -> dict[str, Seen]:
        """By type of source, the most calls first."""
        found: dict[str, Seen] = {}
        for library, seen in self.libraries.items():
            found[library.type] = found.get(library.type, Seen()) + seen
        return dict(sorted(found.items(), key=lambda item: (-item[1].calls, item[0])))

    def plus(self, other: Evidence, watch: Watch) -> Evidence:
        """The sum of both."""
        total = Evidence(
            self.all + other.all,
            _sums(self.libraries, other.libraries, Seen),
            _sums(self.declared, other.declared, Seen),
            _sums(self.events, other.events, Seen),
            _sums(self.destinations, other.destinations, Routing),
            self.fingerprints + other.fingerprints,
            self.only_named + other.only_named,
            self.more_libraries + other.more_libraries,
            self.more_destinations + other.more_destinations,
        )
        total._bound(watch, 0)
        return total

    def finish(self, watch: Watch) -> Evidence:
        """Drops names beyond the bounds, and sorts the rest."""
        self._bound(watch, 0)
        self.libraries = dict(sorted(self.libraries.items(), key=lambda i: (-i[1].calls, repr(i[0]))))
        self.destinations = dict(sorted(self.destinations.items(), key=lambda i: (-i[1].selected, i[0])))
        return self

    def _bound(self, watch: Watch, slack: int) -> None:
        """Drops names beyond the bound. With slack it may do so later, with the same result."""
        if len(self.libraries) > MOST + slack:
            for key in _beyond(self.libraries, frozenset(), repr):
                self.more_libraries += self.libraries.pop(key).calls
        kept = len(watch.destinations & self.destinations.keys()) if len(self.destinations) > MOST + slack else 0
        if len(self.destinations) > MOST + kept + slack:
            for name in _beyond(self.destinations, watch.destinations, str):
                routing = self.destinations.pop(name)
                self.more_destinations += routing.selected + routing.refused


class GatheredEvidence(msgspec.Struct, frozen=True):
    """Evidence, with what was looked for."""

    watch: Watch
    found: Evidence

    def add_alike(
        self, values: Mapping[KeyPath, Any], event: str | None, calls: int, times: tuple[datetime, datetime] | None
    ) -> None:
        """Adds calls with the same values, of the same event, with their first and last time."""
        first, last = times or (None, None)
        self.found.add(values.get, event, Seen(calls, first, last), self.watch)

    def add_identity(self, text: str) -> None:
        """Adds the message id of a call of a watched event."""
        self.found.fingerprints.add(text, self.watch.known)

    @property
    def largest(self) -> int:
        """Ids with a larger checksum are not wanted, unless they are looked for."""
        return self.found.fingerprints.largest

    def plus(self, other: GatheredEvidence) -> GatheredEvidence:
        """The sum of both."""
        return GatheredEvidence(self.watch, self.found.plus(other.found, self.watch))


def _sums(one: dict[Any, Any], other: dict[Any, Any], empty: Callable[[], Any]) -> dict[Any, Any]:
    return {key: one.get(key, empty()) + other.get(key, empty()) for key in {**one, **other}}


def _beyond(found: Mapping[Any, Any], wanted: frozenset[str], word: Callable[[Any], str]) -> list[Any]:
    """The keys that are not kept."""
    order = sorted((key for key in found if key not in wanted), key=lambda key: _rank(word(key)))
    return order[MOST:]


def _rank(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _text(value: Any) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value else None


def _moment(times: Iterable[Any]) -> datetime | None:
    """The time of a call: its first valid timestamp."""
    for value in times:
        if isinstance(value, str):
            try:
                found = datetime.fromisoformat(value)
            except ValueError:
                continue
            return found.replace(tzinfo=UTC) if found.tzinfo is None else _utc(found)
    return None


def _utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None
