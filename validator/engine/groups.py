"""Counts broken down by values of calls. Bounded: of very many values, some are kept by name and the rest as one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from validator.engine.judge import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.engine.judge import Identity
    from validator.engine.outcome import Outcome

# How many values of a field are kept by name.
MOST = 1_000


class Group(msgspec.Struct):
    """Calls that have one value in common.

    Attributes:
        calls: How many.
        invalid: How many of them have a violation of error severity.
        findings: The calls of all violations that are one finding; one that has several of them counts once. Events
            and properties that no plan knows are one without their names, which may be very many.
        faults: What lint rules found -> the calls.
    """

    calls: int = 0
    invalid: int = 0
    findings: Counter[Identity] = msgspec.field(default_factory=Counter)
    faults: Counter[str] = msgspec.field(default_factory=Counter)

    def add(self, outcome: Outcome, faults: Iterable[str], count: int) -> None:
        """Adds calls that are alike."""
        self.calls += count
        self.invalid += count * outcome.invalid
        for identity in set(map(identity_of, (*outcome.violations, *outcome.unnamed))):
            self.findings[identity] += count
        for fault in faults:
            self.faults[fault] += count

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
        others: The calls of further values, which were too many to keep.
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

    def merge(self, other: Groups) -> None:
        """Adds the counts of another stream."""
        for value, group in other.named.items():
            self.of(value).merge(group)
        self.others.merge(other.others)

    def bound(self) -> None:
        """Keeps at most so many values by name: those with the smallest hash, in whatever order they came."""
        for value in sorted(self.named, key=_rank)[MOST:]:
            self.others.merge(self.named.pop(value))


def _rank(value: str | None) -> tuple[bool, int, str]:
    return value is not None, crc32((value or "").encode("utf-8", "surrogatepass")), value or ""
