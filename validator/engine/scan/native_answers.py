"""Answers the questions of the native core, and keeps the sums behind its counts.

The core learns what the facts of a call mean when they first occur: the entry of a type and an event, its table, the
sum that a value of a JSON type under a key adds to. The answers are those of the Python loop: the same entries, tables
and sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.engine.decode.json_exact import parse
from validator.engine.lint import Fault
from validator.engine.near_miss import LONGEST
from validator.engine.scan.call_filter import keeps_names
from validator.engine.scan.native_meanings import (
    ALL_FINE,
    BITS,
    BY_VALUE,
    FINE,
    HAND_BACK,
    KINDS,
    PYTHON_TYPES,
    Meanings,
)
from validator.engine.scan.sums import Sum, key_rank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from validator.engine.compile.program import Program
    from validator.engine.compile.tables import PlannedKey
    from validator.engine.scan.entries import Entries, Entry
    from validator.engine.scan.joint import Joint
    from validator.engine.scan.native_evidence import NativeEvidence
    from validator.engine.scan.native_labels import NativeLabels
    from validator.engine.scan.sums import KeyLimit
    from validator.engine.scan.table_scan import TableScan
    from validator.model import Place

Question = tuple[int, int, int, int, bytes | None, bytes | None, int]
"""The kind of question, a JSON type, the entry, table or cell, a number, two texts, and whether there are two."""

_STRING: Final = KINDS.index("string")

_ASK_ENTRY, _ASK_TABLE, _ASK_KEY, _ASK_OUTCOME, _ASK_VALUE, _ASK_MISSING, _ASK_KEYS, _ASK_JOINT, _ASK_LABEL = range(9)
ABOUT_NAMES: Final = (_ASK_ENTRY, _ASK_KEY)
"""Questions whose number a stream does not bound: about types and events, and about keys."""

# Faults of calls that the core finds, in its order.
_CALL_FAULTS: Final = (Fault("SP303"), Fault("SP305"), Fault("SP306"), Fault("SP316", "/traits"))

_NO_FAULTS: Final = (FINE,) * len(_CALL_FAULTS)

# Names of calls that are left out, which the core remembers.
_MOST_LEFT_OUT: Final = 1 << 15

# Places that the core judges together.
_MOST_PLACES: Final = 16


class _FurtherKey(NamedTuple):
    """Counts a key of properties that no plan names.

    Attributes:
        scan: The table.
        key: The key.
        beyond: Whether it is only counted in sum.
    """

    scan: TableScan
    key: str
    beyond: bool

    @property
    def places(self) -> list[Place]:
        """The list that collects its places."""
        return self.scan.further_places.setdefault(self.key, [])


class _Cell(NamedTuple):
    """A key of one table."""

    scan: TableScan
    key: str
    planned: PlannedKey | None


class Answers:
    """Answers the questions of the core.

    Args:
        core: The core.
        program: The compiled plans.
        entries: Where calls go.
        sum_of_fault: Returns the sum of a lint rule's fault in single calls.
        limit: Keys beyond it that no plan names are only counted in sum.
        labels: Answers what is asked of the labels of calls.

    Attributes:
        full: Whether the core has no room for more keys and has to forget.
    """

    def __init__(
        self,
        core: Any,
        program: Program,
        entries: Entries,
        sum_of_fault: Callable[[Fault], Sum],
        limit: KeyLimit,
        labels: NativeLabels | NativeEvidence,
    ) -> None:
        self._core = core
        self._keeps = keeps_names(program.selection)
        self._labels = labels
        self._entries = entries
        self._sum_of_fault = sum_of_fault
        self._limit = limit
        self._meanings = Meanings(core, decodes_objects="properties" in program.wanted.deep)
        self._answers = (
            self._entry, self._table, self._key, self._outcome, self._value, self._missing, self._keys, self._joint,
            self._label,
        )  # fmt: skip
        self._forget()

    def _forget(self) -> None:
        self.full = False
        self._sums: dict[int, Sum | _FurtherKey] = {}
        self._number_of: dict[int, int] = {}
        self._entry_of: dict[int, Entry] = {}
        self._known_names: set[tuple[bytes, bytes | None]] = set()
        self._left_out = 0
        self._entry_seen: dict[int, Entry] = {}
        self._scan_of_calls: dict[int, TableScan] = {}
        self._scans: list[TableScan] = []
        self._number_of_scan: dict[int, int] = {}
        self._cells: dict[int, _Cell] = {}
        self._cell_of: dict[tuple[int, str], int] = {}
        self._joints: list[Joint] = []
        self._masks: dict[int, int] = {}

    def answer(self, questions: Iterable[Question]) -> None:
        """Answers a question of the core."""
        for what, kind, owner, number, text, more, has_more in questions:
            self._answers[what](kind, owner, number, text, more, has_more)

    def places_of(self, number: int) -> list[Place]:
        """The list of the places of a sum."""
        return self._sums[number].places

    def take(self) -> None:
        """Moves the counts of the core to the sums of the Python loop."""
        sums, broken = self._core.take()
        for number, counted in sums:
            one = self._sums[number]
            if isinstance(one, Sum):
                one.count += counted
            elif one.beyond:
                one.scan.beyond += counted
            else:
                one.scan.further[one.key] = one.scan.further.get(one.key, 0) + counted
        masks = {bit: mask for mask, bit in self._masks.items()}
        for table, bits, counted in broken:
            breaks = 0
            for bit, mask in masks.items():
                if bits & bit:
                    breaks |= mask
            invalid = self._scans[table].invalid
            invalid[breaks] = invalid.get(breaks, 0) + counted

    def restart(self) -> None:
        """Wants all places again that the sums want."""
        for number, one in self._sums.items():
            left = one.wanted - one.count if isinstance(one, Sum) else 0 if one.beyond else one.scan.key_places
            self._core.set_left(number, max(0, left))

    def forget(self) -> None:
        """Forgets entries, tables and sums; what the core counted must have been taken."""
        self._core.clear()
        self._meanings.forget()
        self._labels.forget()
        self._forget()

    def meaning_of(self, numbers: Iterable[int]) -> tuple[Entry, TableScan, tuple[Sum, ...]]:
        """The entry, the table, and the sums of deviations and faults of calls, given by all their sums."""
        found: list[Sum] = []
        entry: Entry | None = None
        scan: TableScan | None = None
        for number in numbers:
            one = self._sums[number]
            if number in self._entry_seen:
                entry = self._entry_seen[number]
            elif number in self._scan_of_calls:
                scan = self._scan_of_calls[number]
            elif isinstance(one, Sum):
                found.append(one)
        assert entry is not None  # noqa: S101 - each call has both
        assert scan is not None  # noqa: S101
        return entry, scan, tuple(found)

    def _number(self, one: Sum | None) -> int:
        """The core's number for a sum; the sum is added to the core if it is new."""
        if one is None:
            return FINE
        number = self._number_of.get(id(one))
        if number is None:
            bits = self._bit_of(one.breaks)
            if bits is None:
                return HAND_BACK
            # The core shows the next calls with it, and counts down by itself.
            number = self._core.add_sum(bits, max(0, one.wanted - one.count))
            self._number_of[id(one)] = number
            self._sums[number] = one
        return number

    def _bit_of(self, breaks: int) -> int | None:
        """The bit that stands for a set of plans, of which there may be many; None where there is no bit left."""
        if not breaks:
            return 0
        bit = self._masks.get(breaks)
        if bit is None and len(self._masks) < BITS:
            bit = self._masks[breaks] = 1 << len(self._masks)
        return bit

    def _entry(self, kind: int, _owner: int, _number: int, text: Any, more: Any, has_more: int) -> None:
        if text is None or (has_more and more is None):
            return
        if (text, more) in self._known_names:
            return
        self._known_names.add((text, more))
        kind_name, event = text.decode(), more.decode() if has_more else None
        if self._keeps and not self._keeps(kind_name, event):
            self._core.add_entry(text, more, FINE, _NO_FAULTS, False, True, 0)
            self._left_out += 1
            self.full = self.full or self._left_out > _MOST_LEFT_OUT
            return
        entry = self._entries[kind_name, event]
        known = {fault: self._number(self._sum_of_fault(fault)) for fault, _ in entry.tests if fault in _CALL_FAULTS}
        if entry.needs_id:
            known[_CALL_FAULTS[0]] = self._number(self._sum_of_fault(_CALL_FAULTS[0]))
        hand_back = entry.route is not None or any(fault not in _CALL_FAULTS for fault, _ in entry.tests)
        faults = tuple(known.get(fault, FINE) for fault in _CALL_FAULTS)
        seen = self._number(entry.seen)
        watched = self._labels.watched(kind_name, event)
        number = self._core.add_entry(text, more, seen, faults, hand_back, False, watched)
        self._entry_of[number] = self._entry_seen[seen] = entry
        if not hand_back:
            self._table(kind, number, 0)

    def _table(self, kind: int, owner: int, _number: int, *_: Any) -> None:
        scan = self._entry_of[owner].scan(KINDS[kind])
        table = self._number_of_scan.get(id(scan))
        if table is None:
            table = self._add_table(scan)
        self._core.set_table(owner, kind, table)

    def _add_table(self, scan: TableScan) -> int:
        bits = self._bit_of(scan.breaks)
        joint = [_encoded(one.named_places()) for one in scan.joint]
        hand_back = (
            self.full
            or scan.is_open
            or bits is None
            or len(scan.table.rules.closed) >= BITS - 1
            or scan.required >= 1 << BITS
            or any(places is None for places in joint)
        )
        fault = self._number(scan.fault)
        calls = self._number(scan.calls)
        required = 0 if hand_back else scan.required
        table: int = self._core.add_table(
            HAND_BACK if calls == FINE else calls, fault, bits or 0, required, scan.counts_further, hand_back
        )
        self._scan_of_calls[calls] = scan
        self._scans.append(scan)
        self._number_of_scan[id(scan)] = table
        if not hand_back:
            for one, places in zip(scan.joint, joint, strict=True):
                self._core.add_joint(table, places)
                self._joints.append(one)
            reserved = scan.table.reserved
            # Where further keys are counted, the core asks for reserved ones as for others.
            for key in (*scan.table.keys, *scan.table.joint_keys, *(() if scan.counts_further else reserved)):
                if not (scan.counts_further and key in reserved):
                    self._add_cell(table, scan, key, FINE)
            if self.full:  # the core does not know all of its keys
                self._core.refuse_table(table)
        return table

    def _add_cell(self, table: int, scan: TableScan, key: str, further: int) -> None:
        """Adds a key of a table to the core."""
        spot = scan.spot(key)
        planned = scan.table.keys.get(key)
        if planned is not None:
            meaning = self._meanings.of(planned.checks, scan.table.fitting(planned))
        elif spot is not None and key in scan.table.reserved:
            meaning = self._meanings.of(None, frozenset())
        else:
            meaning = ALL_FINE
        closed, seen = (scan.further_bits, 0) if spot is None else (spot.closed, spot.bit)
        try:
            text = key.encode()
        except UnicodeEncodeError:  # half of a surrogate pair: such a line is handed back anyway
            return
        cell = self._core.add_cell(table, text, meaning.outcomes, closed, seen, further, meaning.tests, meaning.fitting)
        if cell is None:
            self.full = True
            return
        self._cells[cell] = _Cell(scan, key, planned)
        self._cell_of[table, key] = cell

    def _key(self, _kind: int, owner: int, _number: int, text: Any, *_: Any) -> None:
        """Counts a key by name from now on."""
        scan = self._scans[owner]
        key = None if text is None else text.decode()
        if key is None or (owner, key) in self._cell_of or self.full:
            return
        if len(key) > LONGEST:
            self._core.add_cell(owner, text, (HAND_BACK,) * len(KINDS), 0, 0, FINE, 0, 0)
            return
        counted, limit = scan.further.get(key, 0), self._limit.rank
        beyond = limit is not None and not counted and key_rank(key) > limit and key not in scan.table.reserved
        left = 0
        if not beyond:
            scan.further[key] = counted
            left = max(0, scan.key_places - counted)
        number = self._core.add_sum(0, left)
        self._sums[number] = _FurtherKey(scan, key, beyond)
        self._add_cell(owner, scan, key, number)

    def _outcome(self, kind: int, owner: int, _number: int, *_: Any) -> None:
        self._core.set_outcome(owner, kind, self._outcome_in(self._cells[owner], kind))

    def _outcome_in(self, cell: _Cell, kind: int) -> int:
        """What values of a kind mean in a cell."""
        scan, spot = cell.scan, cell.scan.spot(cell.key)
        assert spot is not None  # noqa: S101 - the core knows other cells to be fine
        python = self._meanings.python_type(kind)
        if cell.planned is not None:
            if cell.planned.checks.of_type(python).open:
                return self._meanings.by_value(cell.planned.checks, python)
        elif python is str and scan.table.lint.unknown_currency(scan.table.key.type, cell.key) is not None:
            return BY_VALUE
        outcome = spot.outcomes[python]
        return self._number(outcome(None) if outcome else None)

    def _value(self, kind: int, owner: int, number: int, text: Any, _more: Any, has_more: int) -> None:
        if text is None:
            return
        cell = self._cells[owner]
        scan, planned = cell.scan, cell.planned
        value = text.decode() if kind == _STRING else parse(text)
        of_value = text if has_more else None
        scan.budget.begin()
        if planned is not None and KINDS[kind] in scan.table.fitting(planned):
            if not planned.checks.failed(value, scan.budget):
                self._core.set_value(owner, kind, number, of_value, FINE, True)
                return
            scan.budget.begin()
        spot = scan.spot(cell.key)
        outcome = spot.outcomes[self._meanings.python_type(kind)] if spot else None
        found = self._number(outcome(value) if outcome else None)
        self._core.set_value(owner, kind, number, of_value, found, False)

    def _missing(self, _kind: int, owner: int, number: int, *_: Any) -> None:
        self._core.set_missing(owner, number, self._number(self._scans[owner].sum_of_absent(1 << number)))

    def _keys(self, _kind: int, owner: int, number: int, *_: Any) -> None:
        self._core.set_keys(owner, number, self._number(self._scans[owner].sum_of_keys(number)))

    def _label(self, kind: int, path: int, _number: int, text: Any, *_: Any) -> None:
        self._labels.answer(kind, path, text, is_text=kind == _STRING)

    def _joint(self, _kind: int, owner: int, number: int, *_: Any) -> None:
        joint = self._joints[owner]
        kinds = [PYTHON_TYPES[number >> 4 * at & 15] for at in range(joint.size)]
        told, found = joint.sum_of_types(kinds)
        self._core.set_joint(owner, number, self._number(found) if told else HAND_BACK)


def _encoded(places: Sequence[tuple[bool, str]] | None) -> tuple[tuple[bool, bytes], ...] | None:
    """Places for the core; None where it cannot have them."""
    if places is None or len(places) > _MOST_PLACES:
        return None
    try:
        return tuple((below, name.encode()) for below, name in places)
    except UnicodeEncodeError:
        return None
