"""A table at work: finds how single calls deviate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.compile.deviation import ABSENT, MORE, Deviation, closed_check
from validator.engine.compile.place_checks import in_order
from validator.engine.compile.tables import Class
from validator.engine.compile.value_checks import Failed
from validator.engine.decode.call import JSON_TYPE_OF, UNSET
from validator.engine.near_miss import shortened
from validator.engine.scan.sums import Sum
from validator.model import pointer_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from validator.engine.compile.groups import Group
    from validator.engine.compile.place_checks import PlaceChecks
    from validator.engine.compile.tables import PlannedKey, Table
    from validator.engine.decode.call import Call
    from validator.engine.lint import Fault
    from validator.model import Place

    Outcome = Callable[[Any], Sum | None]
    Shown = list[tuple[int, list[Place]]]


class TableScan:
    """Finds how calls deviate, and adds up what they have in common.

    Args:
        table: What is not simply fine of such calls.
        attributes: Top-level field -> the attribute of a call that holds it.
        wanted: Tells how many places of a deviation, or of a fault, are still wanted.
        currencies: The texts that are currencies.
        key_places: How many places of a key that no plan names are kept.

    Attributes:
        calls: The calls that were looked at one by one; all of them have its `of` in common.
        fine: The calls of which a quick test says that all is fine.
        sums: How they deviate.
        invalid: The plans for which calls are invalid, a bit for each -> how many calls.
        further: Keys of `/properties` that no plan names -> in how many calls.
        further_places: The first places of such keys.
    """

    def __init__(
        self,
        table: Table,
        attributes: Mapping[str, str],
        wanted: Callable[[Deviation | Fault | None], int],
        currencies: frozenset[str],
        key_places: int,
    ) -> None:
        self.table = table
        self.breaks = table.common.breaks
        self.calls = Sum(None, 0 if table.common.nothing else wanted(None), self.breaks)
        self.fault = Sum(table.fault, wanted(table.fault)) if table.fault else None
        self.sums: list[Sum] = [self.fault] if self.fault else []
        self.fine = 0
        self.invalid: dict[int, int] = {}
        self.further: dict[str, int] = {}
        self.further_places: dict[str, list[Place]] = {}
        self._wanted = wanted
        self._currencies = currencies
        self._key_places = key_places
        self._counts_further = table.counts_further_keys
        self._joint = tuple(_Joint(group, self, attributes) for group in table.joint)
        self._more = 1 << len(table.rules.closed)
        self._further = (self._more << 1) - 1 if table.minds_further_keys else 0
        self._of_keys: dict[int, Sum | None] = {}
        self._absent: dict[int, Sum] = {}
        self._required = 0
        self._spots: dict[str, _Spot] = {}
        for group in table.joint:
            for place in group.places:
                keys = pointer_keys(place)
                if len(keys) == 2 and keys[0] == "properties":
                    self._spots[keys[1]] = _Spot(self._closed_to(keys[1]))
        for planned in table.keys.values():
            self._spots[planned.key] = self._planned_spot(planned)
        for key, faults in table.reserved.items():
            self._spots[key] = self._reserved_spot(key, faults)

    def find(self, call: Call, properties: Any, position: int, shown: Shown) -> list[Sum]:
        """How a call deviates, each way once; what has no place yet is shown.

        Args:
            call: The call.
            properties: Its properties, decoded.
            position: Its position in the block, for its place.
            shown: Takes the positions of which the place is wanted, each with where it goes.
        """
        found: list[Sum] = []
        keys = seen = 0
        if properties.__class__ is dict:
            spots = self._spots
            for key, value in properties.items():
                spot = spots.get(key)
                if spot is None:
                    keys |= self._further
                    if self._counts_further:
                        self._count_further(key, position, shown)
                    continue
                seen |= spot.bit
                keys |= spot.closed
                outcome = spot.outcomes[value.__class__]
                if outcome is not None and (deviating := outcome(value)) is not None:
                    found.append(deviating)
                if spot.is_further and self._counts_further:
                    self._count_further(key, position, shown)
            missing = self._required & ~seen
            while missing:
                lowest = missing & -missing
                found.append(self._absent[lowest])
                missing ^= lowest
            if keys and (deviating := self._deviation_of_keys(keys)) is not None:
                found.append(deviating)
        for joint in self._joint:
            if (deviating := joint.find(call, properties)) is not None:
                found.append(deviating)
        if self.fault:
            found.append(self.fault)
        return found

    def sum_of(self, deviation: Deviation) -> Sum:
        """A new sum for a deviation."""
        made = Sum(deviation, self._wanted(deviation), self.table.breaks(deviation))
        self.sums.append(made)
        return made

    def _count_further(self, key: str, position: int, shown: Shown) -> None:
        further = self.further
        key = shortened(key)
        count = further[key] = further.get(key, 0) + 1
        if count <= self._key_places:
            shown.append((position, self.further_places.setdefault(key, [])))

    def _deviation_of_keys(self, keys: int) -> Sum | None:
        """The sum of calls with keys that some rule does not allow, or no plan knows: a bit for each."""
        if keys not in self._of_keys:
            failed = [Failed(closed_check(n)) for n in range(len(self.table.rules.closed)) if keys >> n & 1]
            if keys & self._more:
                failed.append(MORE)
            deviation = self.table.deviation_of_keys(in_order(failed))
            self._of_keys[keys] = self.sum_of(deviation) if deviation else None
        return self._of_keys[keys]

    def _closed_to(self, key: str) -> int:
        return sum(1 << number for number, known in enumerate(self.table.rules.closed) if key not in known)

    def _planned_spot(self, planned: PlannedKey) -> _Spot:
        group = self.table.rules.group_at(planned.place)
        spot = _Spot(self._closed_to(planned.key), _Outcomes(group, planned, self))
        if planned.classes[ABSENT] is not Class.FINE:
            spot.bit = self._required + 1
            self._required |= spot.bit
            self._absent[spot.bit] = self.sum_of(Deviation(self.table.key, group.places, (ABSENT,), ()))
        return spot

    def _reserved_spot(self, key: str, faults: Mapping[str, Fault | None]) -> _Spot:
        lint = self.table.lint
        sums = {json_type: self._sum_of_fault(fault) for json_type, fault in faults.items()}
        outcomes: dict[type, Outcome | None] = {}
        for python, json_type in JSON_TYPE_OF.items():
            outcomes[python] = None if (found := sums[json_type]) is None else _always(found)
        if unknown := self._sum_of_fault(lint.unknown_currency(self.table.key.type, key)):
            currencies = self._currencies
            outcomes[str] = lambda value: None if value in currencies else unknown
        spot = _Spot(self._further, outcomes)
        spot.is_further = True
        return spot

    def _sum_of_fault(self, fault: Fault | None) -> Sum | None:
        if fault is None:
            return None
        made = Sum(fault, self._wanted(fault))
        self.sums.append(made)
        return made


class _Spot:
    """A key of `/properties` that the table knows.

    Attributes:
        bit: A bit of its own, if its absence deviates.
        closed: The rules that do not allow it, a bit for each.
        outcomes: Python type of the value -> what finds the deviation; None where all such values are fine.
        is_further: Whether no plan names it.
    """

    __slots__ = ("bit", "closed", "is_further", "outcomes")

    def __init__(self, closed: int, outcomes: dict[type, Outcome | None] | None = None) -> None:
        self.bit = 0
        self.closed = closed
        self.outcomes = dict.fromkeys(JSON_TYPE_OF) if outcomes is None else outcomes
        self.is_further = False


class _Outcomes(dict[type, "Outcome | None"]):
    """What finds the deviation of a value of a Python type; made when the first such value comes."""

    def __init__(self, group: Group, planned: PlannedKey, scan: TableScan) -> None:
        self._group = group
        self._planned = planned
        self._memo = _Memo(group, scan)

    def __missing__(self, kind: type) -> Outcome | None:
        json_type = JSON_TYPE_OF[kind]
        checks = self._planned.checks.of_type(kind)
        outcome: Outcome | None
        if checks.open:
            outcome = self._of_values(self._planned.checks, json_type)
        else:
            settled = self._memo[(json_type,), checks.settled]
            outcome = None if settled is None else _always(settled)
        self[kind] = outcome
        return outcome

    def _of_values(self, checks: PlaceChecks, json_type: str) -> Outcome:
        memo, types = self._memo, (json_type,)
        failed = checks.failed
        return lambda value: memo[types, failed(value)]


class _Memo(dict[tuple[tuple[str, ...], tuple[Failed, ...]], "Sum | None"]):
    """The sums of a group: by the types of its values and what their checks found; None where that is fine."""

    def __init__(self, group: Group, scan: TableScan) -> None:
        self._group = group
        self._scan = scan

    def __missing__(self, outcome: tuple[tuple[str, ...], tuple[Failed, ...]]) -> Sum | None:
        deviation = self._scan.table.deviation(self._group, *outcome)
        found = self[outcome] = self._scan.sum_of(deviation) if deviation else None
        return found


class _Joint:
    """Places that are judged together, or that are not in `/properties`."""

    def __init__(self, group: Group, scan: TableScan, attributes: Mapping[str, str]) -> None:
        self._memo = _Memo(group, scan)
        self._places = [
            (*_where(place, attributes), checks) for place, checks in zip(group.places, group.checks, strict=True)
        ]

    def find(self, call: Call, properties: Any) -> Sum | None:
        """The deviation of a call's values there; None where they are fine."""
        types: list[str] = []
        failed: list[Failed] = []
        for key, attribute, checks in self._places:
            if attribute is not None:
                value = getattr(call, attribute)
            else:
                value = properties.get(key, UNSET) if properties.__class__ is dict else UNSET
            if value is UNSET:
                types.append(ABSENT)
            else:
                types.append(JSON_TYPE_OF[value.__class__])
                failed += checks.failed(value)
        return self._memo[tuple(types), in_order(failed) if failed else ()]


def _where(place: str, attributes: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The key in the properties, or the attribute of the call, that holds the value at a place."""
    keys = pointer_keys(place)
    if len(keys) == 2 and keys[0] == "properties":
        return keys[1], None
    return None, attributes[keys[0]]


def _always(found: Sum) -> Outcome:
    return lambda _: found
