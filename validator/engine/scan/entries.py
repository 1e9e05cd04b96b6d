"""Finds the table for calls of one raw `type` and `event`, and the faults that all of them have."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from validator.engine.compile.deviation import ABSENT, OBJECT, TableKey
from validator.engine.compile.program import CONTEXT, NAME
from validator.engine.compile.tables import tables_of
from validator.engine.decode.call import UNSET
from validator.engine.decode.call_type import NAMED_TYPES, UNKNOWN, call_type
from validator.engine.lint import Fault
from validator.engine.lint.values import CURRENCIES
from validator.engine.near_miss import shortened
from validator.engine.scan.quick_tests import quick_tests
from validator.engine.scan.sums import Sum
from validator.engine.scan.table_scan import TableScan
from validator.model import CALL_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from validator.engine.compile.deviation import Deviation
    from validator.engine.compile.program import Program
    from validator.engine.compile.tables import Judging, Table
    from validator.engine.decode.call import Call
    from validator.engine.decode.decoder import Decoder
    from validator.engine.lint.call_tests import CallTests, Test
    from validator.engine.scan.joint import Joint
    from validator.engine.scan.quick_tests import QuickTest
    from validator.engine.scan.sums import KeyLimit
    from validator.json_schema.budget import Budget

# Maximum number of entries; a stream has a few hundred, unless code makes its names.
CAPACITY = 4_096

# Maximum number of characters of event names held in entries.
HELD = 1 << 24

WARM = 16
"""Calls of an entry before quick tests are tried: making one takes as long as checking several calls."""

# A quick test is dropped after this many failures, if more than one call in `_SHARE` fails it.
_PATIENCE = 24
_SHARE = 4


class Entry:
    """The calls of one raw `type` and `event`.

    Attributes:
        kind: Their call type.
        name: Their event name if no plan has a rule for it, else None.
        faults: The faults that all of them have.
        seen: The calls that were checked one by one.
        fine: The number of calls that a quick test accepted.
        bare: The number of calls without properties that were only counted.
        quick: The quick test in use; None if there is none (yet).
        joint: Whether jointly judged places are fine, given the result of the quick test; None if there are none.
        warmed: Whether quick tests were made.
        count: Counts property keys that no plan names, once everything else is fine; None if they do not matter.
        objects: The table of calls whose properties are an object; None before the first.
        absent: The table of calls without properties, if these need no further check.
        route: Finds the entry of a call, if it depends on more than type and event.
        tests: The tests of lint rules on each call.
        needs_id: Whether a call without an id is a fault.
    """

    __slots__ = (
        "_entries", "_missed", "_more_tests", "_name", "_scans", "_version",
        "absent", "bare", "count", "faults", "fine", "joint", "kind", "name", "needs_id", "objects", "quick", "route",
        "seen", "tests", "warmed",
    )  # fmt: skip

    def __init__(self, entries: Entries, kind: str, name: str | None, version: int | None) -> None:
        self._entries = entries
        self._name = name
        self._version = version
        self._scans: dict[str, TableScan] = {}
        self._more_tests: Iterator[QuickTest] | None = None
        self.absent: TableScan | None = None
        self.objects: TableScan | None = None
        self.warmed = False
        self.joint: Callable[[Call, Any], bool] | None = None
        self.count: Callable[[Any], bool] | None = None
        self._missed = 0
        self.kind = kind
        self.name: str | None = None
        self.faults: tuple[Fault, ...] = ()
        self.seen = Sum(None, 0)
        self.fine = 0
        self.bare = 0
        self.quick: Callable[[Any], Any] | None = None
        self.route: Callable[[Call], Entry] | None = None
        self.tests: tuple[tuple[Fault, Test], ...] = ()
        self.needs_id = False

    def scan(self, properties: str) -> TableScan:
        """The table of calls whose properties have a JSON type."""
        found = self._scans.get(properties)
        if found is None:
            key = TableKey(self.kind, self._name, self._version, properties)
            found = self._scans[properties] = self._entries.scan(key)
            if properties == OBJECT:
                self.objects = found
        return found

    def warm(self, sample: Iterable[str]) -> None:
        """Starts to use the first quick test; `sample` has the property keys of some call."""
        scan = self.scan(OBJECT)
        self.warmed = True
        self._more_tests = quick_tests(scan.table, CURRENCIES, scan.further, tuple(sample))
        self._try_next()

    def cool(self) -> None:
        """Stops using quick tests: they find no places."""
        self._more_tests = self.quick = self.joint = self.count = self.absent = None
        self.warmed = False
        self._missed = 0

    def missed(self) -> None:
        """Records that the quick test rejected a call; if it rejects too many, the next one is tried."""
        self._missed += 1
        if self._missed >= _PATIENCE and self._missed * _SHARE > self.fine and self._more_tests is not None:
            self._missed = 0
            self._try_next()

    def _try_next(self) -> None:
        found = next(self._more_tests, None) if self._more_tests is not None else None
        self.quick = found.test if found else None
        joint = self.scan(OBJECT).joint
        self.joint = _joint_test(joint, found.joint, self._entries.budget.begin) if found and joint else None
        self.count = found.count_keys if found else None

    def quick_without(self) -> None:
        """From now on only counts calls without properties, if these need no further check."""
        scan = self.scan(ABSENT)
        self.warmed = self._more_tests is not None
        if not (scan.joint or scan.fault or scan.is_open):
            self.absent = scan

    def calls(self) -> int:
        """Returns the number of calls since the last time, and resets it."""
        calls = self.seen.count + self.fine + self.bare
        if self.fine:
            self.scan(OBJECT).fine += self.fine
        if self.bare:
            self.scan(ABSENT).fine += self.bare
        self.fine = self.bare = 0
        return calls


class Entries(dict[tuple[str, "str | None"], Entry]):
    """Raw `type` and `event` of a call -> its entry.

    Args:
        program: The compiled plans.
        judge: Judges deviations.
        decoder: The decoder of the calls.
        tests: The tests of lint rules on each call.
        wanted: Returns the number of places still wanted of something.
        wanted_of_name: The same for an event that no plan has.
        places: Number of places kept of everything.
        budget: What judging a call may take.
        limit: Keys beyond it that no plan names are only counted in sum.

    Attributes:
        scans: The scans of tables.
        budget: What judging a call may take.
        warm_at: Quick tests are tried from this call of an entry on: by then it has all its places.
    """

    def __init__(
        self,
        program: Program,
        judge: Judging,
        decoder: Decoder,
        tests: CallTests,
        wanted: Callable[[Deviation | Fault | None], int],
        wanted_of_name: Callable[[str], int],
        places: int,
        budget: Budget,
        limit: KeyLimit,
    ) -> None:
        super().__init__()
        self._program = program
        self._tables = tables_of(program, judge)
        self._attributes = decoder.attributes
        self._tests = tests
        self._wanted = wanted
        self._wanted_of_name = wanted_of_name
        # For keys that only lint rules look at, the first place is enough.
        own = program.own and program.unplanned is not None
        self._places_of_keys = places if own else min(places, 1)
        self.warm_at = max(WARM, places)
        self.scans: dict[TableKey, TableScan] = {}
        self.budget = budget
        self._limit = limit
        self._routed: list[Entry] = []
        self._held = 0

    def __missing__(self, key: tuple[str, str | None]) -> Entry:
        raw, event = key
        kind = call_type(raw)
        entry = self[key] = self._made(raw, kind, event)
        self._held += len(event or "")
        return entry

    @property
    def full(self) -> bool:
        """Whether there are too many entries, so that all must be dropped."""
        return len(self) > CAPACITY or self._held > HELD

    def scan(self, key: TableKey) -> TableScan:
        """The scan of a table."""
        found = self.scans.get(key)
        if found is None:
            table = self._tables[key]
            found = self.scans[key] = TableScan(
                table, self._attributes, self._wanted, CURRENCIES, self._places_of(table), self.budget, self._limit
            )
        return found

    def _places_of(self, table: Table) -> int:
        """Number of places kept of a key that no plan names."""
        return self._places_of_keys if table.judges_further_keys else min(self._places_of_keys, 1)

    def all(self) -> Iterator[Entry]:
        """All entries, including those found by routing."""
        yield from self.values()
        yield from self._routed

    def restart(self) -> None:
        """Wants all places again, for a new profile; all counts must have been taken."""
        for entry in self.all():
            entry.cool()
            entry.seen.wanted = self._wanted_by(entry)
        for scan in self.scans.values():
            scan.restart()

    def forget(self) -> None:
        """Drops all entries; their counts must have been taken."""
        self.clear()
        self._routed.clear()
        self._held = 0

    def _made(self, raw: str, kind: str, event: str | None) -> Entry:
        routes = self._program.routes
        name = routes.name_of(kind, event) if kind == "track" else None
        entry = self._entry(raw, kind, event, name, None)
        if routes.versions or (kind in NAMED_TYPES and routes.by_name):
            entry.route = self._router(raw, kind, event, name)
        return entry

    def _entry(self, raw: str, kind: str, event: str | None, name: str | None, version: int | None) -> Entry:
        entry = Entry(self, kind, name, version)
        codes = self._program.lint.codes
        # For plans that name events, a call without an event has an empty name.
        if kind == "track" and name is None and (event or self._program.naming("track")):
            entry.name = shortened(event or "")
        entry.faults = tuple(self._faults(raw, kind, event, name))
        entry.tests = self._tests.of_type(kind)
        entry.needs_id = "SP303" in codes and kind in CALL_TYPES
        entry.seen.wanted = self._wanted_by(entry)
        return entry

    def _wanted_by(self, entry: Entry) -> int:
        """The number of places still wanted of calls of an entry."""
        wanted = self._wanted_of_name(entry.name) if entry.name is not None else 0
        return max([wanted, *map(self._wanted, entry.faults)])

    def _faults(self, raw: str, kind: str, event: str | None, name: str | None) -> Iterable[Fault]:
        lint = self._program.lint
        if kind != raw:
            yield Fault("SP301" if kind == UNKNOWN else "SP302")
        if kind != "track":
            return
        if "SP304" in lint.codes and not event:
            yield Fault("SP304")
        if event and name is None and lint.codes:
            yield from lint.of_name(shortened(event))
        if event and self._tests.private:
            yield from self._tests.private.in_event(event)

    def _router(self, raw: str, kind: str, event: str | None, track_name: str | None) -> Callable[[Call], Entry]:
        """Finds the entry of a call by the name of a page or screen, and by the version of an event."""
        routes, made = self._program.routes, dict[tuple[str | None, int | None], Entry]()
        read_name = attrgetter(self._attributes[NAME]) if kind in NAMED_TYPES and routes.by_name else None
        read_context = attrgetter(self._attributes[CONTEXT]) if routes.versions else None

        def route(call: Call) -> Entry:
            name = routes.name_of(kind, read_name(call)) if read_name else track_name
            version = routes.version_of(read_context(call)) if read_context else None
            entry = made.get((name, version))
            if entry is None:
                entry = made[name, version] = self._entry(raw, kind, event, name, version)
                self._routed.append(entry)
            return entry

        return route


def _joint_test(
    joint: Iterable[Joint], keys: Mapping[str, str], begin: Callable[[], None]
) -> Callable[[Call, Any], bool]:
    """Whether jointly judged places are fine; the keys among them are attributes of decoded properties.

    The types of the values nearly always decide, so results are cached by them.
    """
    places = [place for one in joint for place in one.attributes(keys)]
    of_call = _reader([attribute for below, attribute in places if not below])
    of_struct = _reader([attribute for below, attribute in places if below])
    known: dict[tuple[type, ...], bool] = {}

    def ask(call: Call, decoded: Any) -> bool:
        begin()
        tops, belows = iter(of_call(call)), iter(of_struct(decoded))
        fine = settled = True
        for one in joint:
            values = [next(belows) if below else next(tops) for below, _ in one.attributes(keys)]
            fine = fine and one.judge(values) is None
            settled = settled and one.is_settled(values)
        if settled and len(known) < CAPACITY:
            known[(*map(type, of_call(call)), *map(type, of_struct(decoded)))] = fine
        return fine

    def test(call: Call, decoded: Any) -> bool:
        fine = known.get((*map(type, of_call(call)), *map(type, of_struct(decoded))))
        return ask(call, decoded) if fine is None else fine

    return test


def _reader(attributes: Sequence[str | None]) -> Callable[[Any], Sequence[Any]]:
    """Reads several attributes at once; UNSET if there is no attribute, as the decoder refuses such values."""
    names = [name for name in attributes if name is not None]
    if len(names) == len(attributes) > 1:
        return attrgetter(*names)
    return lambda one: [UNSET if name is None else getattr(one, name) for name in attributes]
