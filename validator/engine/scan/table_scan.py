"""Scans calls with a table: finds how each deviates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.engine.compile.deviation import ABSENT, MORE, Deviation, closed_check
from validator.engine.compile.place_checks import in_order
from validator.engine.compile.value_checks import Failed
from validator.engine.decode.call import JSON_TYPE_OF
from validator.engine.near_miss import LONGEST, shortened
from validator.engine.scan.joint import Joint, Memo
from validator.engine.scan.sums import KeyLimit, Sum, key_rank

if TYPE_CHECKING:
    from validator.engine.compile.place_checks import PlaceChecks
    from validator.engine.compile.tables import PlannedKey, Table
    from validator.engine.decode.call import Call
    from validator.engine.lint import Fault
    from validator.json_schema.budget import Budget
    from validator.model import Place

    Shown = list[tuple[int, list[Place]]]


Outcome = Callable[[Any], Sum | None]

# Number of cached sets of missing keys.
_REMEMBERED = 512


class TableScan:
    """Finds how the calls of one table deviate, and adds up the deviations.

    Args:
        table: The table.
        attributes: Top-level field -> the attribute of a call that holds it.
        wanted: Returns the number of places still wanted of a deviation or a fault.
        currencies: The texts that are currencies.
        key_places: Number of places kept of a key that no plan names.
        budget: The steps that judging a call may take.
        limit: Keys beyond it that no plan names are only counted in sum.

    Attributes:
        calls: The calls that were checked one by one, and what all of them have in common.
        fine: The number of calls that a quick test accepted.
        is_open: Whether the evaluator must check each call.
        sums: The sums of their deviations.
        invalid: The plans for which calls are invalid, a bit for each -> number of calls.
        joint: Places that are judged jointly, or that are not in the properties.
        further: Keys of `/properties` that no plan names -> number of calls.
        further_places: The first places of such keys.
        beyond: Occurrences of such keys that are only counted in sum.
        counts_further: Whether keys that no plan names are counted by name.
        further_bits: The rules that such a key breaks, a bit for each; the highest for plans that leave keys open.
        currencies: The texts that are currencies.
        key_places: Number of places kept of such a key.
        required: The bits of keys whose absence deviates.
    """

    def __init__(
        self,
        table: Table,
        attributes: Mapping[str, str],
        wanted: Callable[[Deviation | Fault | None], int],
        currencies: frozenset[str],
        key_places: int,
        budget: Budget,
        limit: KeyLimit,
    ) -> None:
        self.table = table
        self.breaks = table.common.breaks
        self.calls = Sum(None, 0 if table.common.nothing else wanted(None), self.breaks)
        self.fault = Sum(table.fault, wanted(table.fault)) if table.fault else None
        self.sums: list[Sum] = [self.fault] if self.fault else []
        self.fine = 0
        self.is_open = bool(table.open)
        self.invalid: dict[int, int] = {}
        self.further: dict[str, int] = {}
        self.forget_further()
        self.further_places: dict[str, list[Place]] = {}
        self.beyond = 0
        self._limit = limit
        self._wanted = wanted
        self.currencies = currencies
        self.key_places = key_places
        self.budget = budget
        self.counts_further = table.counts_further_keys
        self.joint = tuple(Joint(group, self, attributes) for group in table.joint)
        self._more = 1 << len(table.rules.closed)
        self.further_bits = (self._more << 1) - 1 if table.judges_further_keys else 0
        self._of_keys: dict[int, Sum | None] = {}
        self._absent: dict[int, str] = {}
        self._memos: dict[str, Memo] = {}
        self._fault_sums: dict[Fault, Sum] = {}
        self._absent_sums: dict[int, Sum] = {}
        self._missing_sets: dict[int, tuple[Sum, ...]] = {}
        self.required = 0
        self._spots: dict[str, Spot] = {}
        for key in table.joint_keys:
            self._spots[key] = Spot(0, self._closed_to(key), _ALL_FINE)
        for planned in table.keys.values():
            self._spots[planned.key] = self._planned_spot(planned)
        self._reserved = table.reserved.keys()
        for key, faults in table.reserved.items():
            self._spots[key] = Spot(0, self.further_bits, _ReservedOutcomes(key, faults, self))

    def find(self, call: Call, properties: Any, position: int, shown: Shown) -> list[Sum]:
        """Finds the sums of a call's deviations, each once.

        Args:
            call: The call.
            properties: Its properties, decoded.
            position: Its position in the block, for its place.
            shown: Receives the positions whose place is wanted, each with the list for it.
        """
        keyed = properties if properties.__class__ is dict else None
        found = [] if keyed is None else self._find_by_key(keyed, position, shown)
        for joint in self.joint:
            if (deviating := joint.find(call, keyed)) is not None:
                found.append(deviating)
        if self.fault:
            found.append(self.fault)
        return found

    def _find_by_key(self, properties: dict[str, Any], position: int, shown: Shown) -> list[Sum]:
        found: list[Sum] = []
        seen = keys = 0
        spots, further, places, limit = self._spots, self.further, self.key_places, self._limit.rank
        counts, rank = self.counts_further, key_rank
        for key, value in properties.items():
            if (spot := spots.get(key)) is not None:
                bit, closed, outcomes = spot
                seen |= bit
                keys |= closed
                outcome = outcomes[value.__class__]
                if outcome is not None and (deviating := outcome(value)) is not None:
                    found.append(deviating)
            elif counts:
                keys |= self.further_bits
                count = further.get(key, 0)
                if not count and limit is not None and len(key) <= LONGEST and rank(key) > limit:
                    self.beyond += 1
                elif count >= places:
                    further[key] = count + 1
                else:
                    self._note_further(key, position, shown)
        if self.counts_further and self._reserved:
            for key in properties.keys() & self._reserved:
                self._note_further(key, position, shown)
        if missing := self.required & ~seen:
            found += self._missing(missing)
        if keys and (deviating := self.sum_of_keys(keys)) is not None:
            found.append(deviating)
        return found

    def _missing(self, mask: int) -> tuple[Sum, ...]:
        """The sums of missing keys, given as bits."""
        found = self._missing_sets.get(mask)
        if found is None:
            found = tuple(self.sum_of_absent(bit) for bit in self._absent if mask & bit)
            if len(self._missing_sets) < _REMEMBERED:
                self._missing_sets[mask] = found
        return found

    def forget_further(self) -> None:
        """Resets the counts of further keys. Only quick tests count keys that plans name, too."""
        self.further.clear()
        if self.table.counts_further_keys:
            self.further.update(dict.fromkeys(self.table.named, 0))

    def restart(self) -> None:
        """Wants all places again, for a new profile."""
        self.calls.wanted = 0 if self.table.common.nothing else self._wanted(None)
        for one in self.sums:
            one.wanted = self._wanted(one.of)

    @property
    def has_places(self) -> bool:
        """Whether what all calls have in common already has all its places."""
        return self.calls.count >= self.calls.wanted

    def spot(self, key: str) -> Spot | None:
        """What the table knows of a key of `/properties`."""
        return self._spots.get(key)

    def sum_of(self, deviation: Deviation) -> Sum:
        """A new sum for a deviation."""
        made = Sum(deviation, self._wanted(deviation), self.table.breaks(deviation))
        self.sums.append(made)
        return made

    def memo_at(self, place: str) -> Memo:
        """The sums of a place, by the JSON type of the value and the failed checks."""
        found = self._memos.get(place)
        if found is None:
            found = self._memos[place] = Memo(self.table.rules.group_at(place), self)
        return found

    def sum_of_absent(self, bit: int) -> Sum:
        """The sum of calls without a key, given by its bit."""
        found = self._absent_sums.get(bit)
        if found is None:
            place = self._absent[bit]
            found = self._absent_sums[bit] = self.sum_of(Deviation(self.table.key, (place,), (ABSENT,), ()))
        return found

    def _note_further(self, key: str, position: int, shown: Shown) -> None:
        """Counts a key that no plan names, and records its place if wanted."""
        further = self.further
        key = shortened(key)
        count = further[key] = further.get(key, 0) + 1
        if count <= self.key_places:
            shown.append((position, self.further_places.setdefault(key, [])))

    def sum_of_keys(self, keys: int) -> Sum | None:
        """The sum for calls with keys that some rule does not allow, or no plan names: a bit for each."""
        if keys not in self._of_keys:
            failed = [Failed(closed_check(known)) for n, known in enumerate(self.table.rules.closed) if keys >> n & 1]
            if keys & self._more:
                failed.append(MORE)
            deviation = self.table.deviation((), (), in_order(failed))
            self._of_keys[keys] = self.sum_of(deviation) if deviation else None
        return self._of_keys[keys]

    def _closed_to(self, key: str) -> int:
        return sum(1 << number for number, known in enumerate(self.table.rules.closed) if key not in known)

    def _planned_spot(self, planned: PlannedKey) -> Spot:
        bit = 0
        if planned.required:
            bit = self.required + 1
            self.required |= bit
            self._absent[bit] = planned.place
        return Spot(bit, self._closed_to(planned.key), _Outcomes(planned, self))

    def sum_of_fault(self, fault: Fault) -> Sum:
        """The sum of a fault of lint rules."""
        found = self._fault_sums.get(fault)
        if found is None:
            found = self._fault_sums[fault] = Sum(fault, self._wanted(fault))
            self.sums.append(found)
        return found


class Spot(NamedTuple):
    """A key of `/properties` that the table has.

    Attributes:
        bit: Its own bit, if its absence deviates.
        closed: The rules that do not allow it: a bit for each.
        outcomes: Python type of the value -> the function that finds the deviation; None if all such values are fine.
    """

    bit: int
    closed: int
    outcomes: Mapping[type, Outcome | None]


_ALL_FINE: Mapping[type, None] = dict.fromkeys(JSON_TYPE_OF)


class _Outcomes(dict[type, "Outcome | None"]):
    """Finds the deviation of a value by its Python type; each function is made for the first such value."""

    __slots__ = ("_planned", "_scan")

    def __init__(self, planned: PlannedKey, scan: TableScan) -> None:
        self._planned = planned
        self._scan = scan

    def __missing__(self, kind: type) -> Outcome | None:
        self[kind] = outcome = self._made(kind)
        return outcome

    def _made(self, kind: type) -> Outcome | None:
        planned, scan = self._planned, self._scan
        json_type, checks = JSON_TYPE_OF[kind], planned.checks.of_type(kind)
        fits = json_type in scan.table.fitting(planned)
        if fits and not checks.open:
            return None
        memo = scan.memo_at(planned.place)
        if checks.open:
            if fits:
                memo[(json_type,), ()] = None
            return _of_values(planned.checks, json_type, memo, scan.budget)
        settled = memo[(json_type,), checks.settled]
        return None if settled is None else _always(settled)


class _ReservedOutcomes(dict[type, "Outcome | None"]):
    """The same for a reserved key that no plan judges.

    Args:
        key: The key.
        faults: JSON type -> what lint rules find of it.
        scan: The table.
    """

    __slots__ = ("_faults", "_key", "_scan")

    def __init__(self, key: str, faults: Mapping[str, Fault | None], scan: TableScan) -> None:
        self._key = key
        self._faults = faults
        self._scan = scan

    def __missing__(self, kind: type) -> Outcome | None:
        self[kind] = outcome = self._made(kind)
        return outcome

    def _made(self, kind: type) -> Outcome | None:
        scan = self._scan
        if kind is str and (unknown := scan.table.lint.unknown_currency(scan.table.key.type, self._key)):
            currencies, found = scan.currencies, scan.sum_of_fault(unknown)
            return lambda value: None if value in currencies else found
        fault = self._faults[JSON_TYPE_OF[kind]]
        return None if fault is None else _always(scan.sum_of_fault(fault))


def _of_values(checks: PlaceChecks, json_type: str, memo: Memo, budget: Budget) -> Outcome:
    types, failed = (json_type,), checks.failed
    return lambda value: memo[types, failed(value, budget)]


def _always(found: Sum) -> Outcome:
    return lambda _: found
