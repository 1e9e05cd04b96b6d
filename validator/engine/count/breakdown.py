"""Counts broken down by values of calls, bounded: some values are kept by name, the rest are merged."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from validator.engine.compile.deviation import Deviation
from validator.engine.judge.violation import Identity, identity_of
from validator.engine.lint import Fault
from validator.engine.scan.breakdown_values import UNNAMED
from validator.engine.scan.native_signatures import Signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator.engine.compile.deviation import TableKey
    from validator.engine.decode.call import Call
    from validator.engine.judge.judge import Effect, Judge
    from validator.engine.scan.breakdown_values import Labels
    from validator.engine.scan.entries import Entry
    from validator.engine.scan.python_loop import Found
    from validator.engine.scan.sums import Sum

# Values of a field kept by name.
MOST = 1_000

# Counts held before they are moved to the groups.
_HELD = 20_000

_NEAR = Fault("NM401")


class Group(msgspec.Struct):
    """Calls that have one value in common.

    Attributes:
        calls: Their number.
        invalid: Calls with a violation of severity error.
        findings: The calls of each finding; a call with several of its violations counts once. Unplanned events and
            properties are one finding without names, as there may be very many.
        faults: Fault found by lint rules -> the calls.
    """

    calls: int = 0
    invalid: int = 0
    findings: Counter[Identity] = msgspec.field(default_factory=Counter)
    faults: Counter[Fault] = msgspec.field(default_factory=Counter)

    def add(self, effect: Effect, count: int) -> None:
        """Adds the violations of calls that are counted already."""
        violations = (*(violation for violation, _ in effect.violations), *effect.unnamed)
        for identity in set(map(identity_of, violations)):
            self.findings[identity] += count

    def merge(self, other: Group) -> None:
        """Adds another group's counts."""
        self.calls += other.calls
        self.invalid += other.invalid
        self.findings.update(other.findings)
        self.faults.update(other.faults)


class Groups(msgspec.Struct):
    """The groups of one field; a monoid.

    Attributes:
        named: Value (None where a call has none) -> its group.
        others: The calls of values beyond the limit.
    """

    named: dict[str | None, Group] = msgspec.field(default_factory=dict)
    others: Group = msgspec.field(default_factory=Group)

    def of(self, value: str | None) -> Group:
        """The group of a value."""
        found = self.named.get(value)
        if found is None:
            if len(self.named) >= 2 * MOST:
                self.bound()
            found = self.named[value] = Group()
        return found

    def merge(self, other: Groups, name: str | None = None) -> None:
        """Adds the counts of another stream; `name` is its input, for what does not know it."""
        for value, group in other.named.items():
            self.of(name if value == UNNAMED and name is not None else value).merge(group)
        self.others.merge(other.others)

    def bound(self) -> None:
        """Bounds the number of values kept by name: those with the smallest hash, so the order does not matter."""
        for value in sorted(self.named, key=_rank)[MOST:]:
            self.others.merge(self.named.pop(value))


def _rank(value: str | None) -> tuple[bool, int, str]:
    return value is not None, crc32((value or "").encode("utf-8", "surrogatepass")), value or ""


class BreakdownCounter:
    """Counts calls by their values in the fields of a breakdown.

    Args:
        values: Returns the values of a call, one for each field.
        fields: The fields.
        groups: Field -> its groups, which take the counts.
        judge: Judges deviations.
        is_near: Whether the name of an event is similar to a planned one.
    """

    def __init__(
        self,
        values: Callable[[Call], Labels],
        fields: tuple[str, ...],
        groups: dict[str, Groups],
        judge: Judge,
        is_near: Callable[[str], bool],
    ) -> None:
        self._values = values
        self._fields = fields
        self._groups = groups
        self._judge = judge
        self._is_near = is_near
        self._calls: Counter[tuple[Labels, TableKey]] = Counter()
        self._sums: Counter[tuple[Labels, Sum]] = Counter()
        self._invalid: Counter[Labels] = Counter()
        self._faults: Counter[tuple[Labels, Fault]] = Counter()

    def restart(self, groups: dict[str, Groups]) -> None:
        """Counts into other groups from now on."""
        self._groups = groups

    def count(self, found: Found) -> None:
        """Counts a call."""
        labels = self._values(found.call)
        for fault in found.faults:
            self._faults[labels, fault] += 1
        if found.facts is None:
            self.count_alike(Signature(labels, found.entry, found.scan, tuple(found.sums)), 1)
            return
        self._count_names(labels, found.entry, 1)
        effect = self._judge.of_call(found.facts)
        self._invalid[labels] += bool(effect.breaks)
        for group in self._of(labels):
            group.calls += 1
            group.add(effect, 1)
        for one in found.sums:
            self._sums[labels, one] += 1

    def count_alike(self, alike: Signature, calls: int) -> None:
        """Counts calls that add to the same sums."""
        labels, entry, scan, sums = alike
        self._count_names(labels, entry, calls)
        self._calls[labels, scan.table.key] += calls
        breaks = scan.breaks
        for one in sums:
            breaks |= one.breaks
            self._sums[labels, one] += calls
        if breaks:
            self._invalid[labels] += calls
        if len(self._calls) + len(self._sums) + len(self._faults) > _HELD:
            self.flush()

    def _count_names(self, labels: Labels, entry: Entry, calls: int) -> None:
        """Counts what all calls of an entry have in common."""
        for fault in entry.faults:
            self._faults[labels, fault] += calls
        if entry.name is not None and self._is_near(entry.name):
            self._faults[labels, _NEAR] += calls

    def count_fault(self, fault: Fault, call: Call) -> None:
        """Counts faults of a call that are found after counting it."""
        self._faults[self._values(call), fault] += 1

    def flush(self) -> None:
        """Moves all counts to the groups."""
        for (labels, table), count in self._calls.items():
            for group in self._of(labels):
                group.calls += count
                group.add(self._judge.of_all_calls(table), count)
        for (labels, one), count in self._sums.items():
            for group in self._of(labels):
                if isinstance(one.of, Deviation):
                    group.add(self._judge.of(one.of), count)
                elif one.of is not None:
                    group.faults[one.of] += count
        for labels, count in self._invalid.items():
            for group in self._of(labels):
                group.invalid += count
        for (labels, fault), count in self._faults.items():
            for group in self._of(labels):
                group.faults[fault] += count
        for counter in (self._calls, self._sums, self._invalid, self._faults):
            counter.clear()

    def _of(self, labels: Labels) -> Iterator[Group]:
        for field, value in zip(self._fields, labels, strict=True):
            yield self._groups.setdefault(field, Groups()).of(value)
