"""How a stream deviates from a program. A Profile is a monoid: `Profile()` is empty, `+` merges."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from validator.engine.compile.selection import INPUT_FIELDS
from validator.engine.count.breakdown import Groups
from validator.engine.count.sighting import Sighting, add_all, moved
from validator.engine.count.tally import Tally
from validator.engine.decode.evidence import Evidence  # noqa: TC001 - a field of a struct
from validator.engine.lint import Fault
from validator.engine.lint.duplicate_ids import Repeats
from validator.engine.scan.breakdown_values import input_label
from validator.engine.scan.sums import key_rank

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from validator.engine.compile.deviation import Deviation, TableKey
    from validator.engine.compile.program import Program
    from validator.engine.judge.judge import Judge
    from validator.model import Limits, LineClass, Place

# A call type, the name of an event or page if a plan has it, and a key under `/properties`.
FurtherKey = tuple[str, str | None, str]


class InputSummary(msgspec.Struct):
    """One input as it was read.

    Attributes:
        path: What the user named; `-` is standard input.
        compression: `gzip` or None.
        framing: `ndjson`, `documents` or `table`.
        bytes: Decompressed bytes read.
        lines: Lines (in documents: elements) of all classes.
        complete: Whether it was read to its end.
        start: The start of the range that was read; None for the whole input.
        page_lines: Lines of a debugger's page that were passed over; they count as no lines.
        from_columns: Whether its calls were put together from the columns of a table.
    """

    path: str
    compression: str | None = None
    framing: str = "ndjson"
    bytes: int = 0
    lines: int = 0
    complete: bool = True
    start: int | None = None
    page_lines: int = 0
    from_columns: bool = False

    def precedes(self, other: InputSummary) -> bool:
        """Whether another is the next range of the same input."""
        if self.start is None or other.start is None:
            return False
        return self.path == other.path and self.start + self.bytes == other.start


class Profile(msgspec.Struct):
    """The counts of one or more streams.

    Attributes:
        inputs: The inputs in order; a place names one by its number.
        lines: Lines in each class; each physical line is in exactly one.
        types: Calls of each type, `unknown` included.
        calls: Table -> its calls, except those in `judged`.
        deviations: Each deviation with its calls.
        invalid: Table, and the plans for which calls are invalid -> number of calls.
        judged: Sums of what was judged at once: calls for the evaluator, and deviations beyond the limit.
        names: Unplanned event names of track calls, with their calls.
        nameless: Calls with unplanned event names beyond the limit.
        further: Unplanned property keys, by call type and event, if a plan or a lint rule needs them.
        further_nameless: Occurrences of unplanned keys beyond the limit.
        faults: What lint rules found in inputs, lines and calls.
        repeats: Message ids, if a rule looks for duplicates.
        groups: Field -> the calls broken down by its values, if asked for.
        left_out: Calls that were not selected.
        evidence: Evidence from the calls, if the program gathers any.
        max_places: Number of places a sighting keeps; None in an empty profile.
    """

    inputs: list[InputSummary] = msgspec.field(default_factory=list)
    lines: Counter[LineClass] = msgspec.field(default_factory=Counter)
    types: Counter[str] = msgspec.field(default_factory=Counter)
    calls: dict[TableKey, Sighting] = msgspec.field(default_factory=dict)
    deviations: dict[Deviation, Sighting] = msgspec.field(default_factory=dict)
    invalid: dict[tuple[TableKey, tuple[str, ...]], int] = msgspec.field(default_factory=dict)
    judged: Tally = msgspec.field(default_factory=Tally)
    names: dict[str, Sighting] = msgspec.field(default_factory=dict)
    nameless: int = 0
    further: dict[FurtherKey, Sighting] = msgspec.field(default_factory=dict)
    further_nameless: int = 0
    faults: dict[Fault, Sighting] = msgspec.field(default_factory=dict)
    repeats: Repeats = msgspec.field(default_factory=Repeats)
    groups: dict[str, Groups] = msgspec.field(default_factory=dict)
    left_out: int = 0
    evidence: Evidence | None = None
    max_places: int | None = None

    def __add__(self, other: Profile) -> Profile:
        """The sum of two streams, this one first."""
        limits = [n for n in (self.max_places, other.max_places) if n is not None]
        total = Profile(max_places=min(limits, default=None))
        for part in (self, other):
            inputs = len(total.inputs)
            total.inputs += part.inputs
            total.absorb(part, inputs=inputs)
        return total

    def append(self, part: Profile) -> None:
        """Adds the profile of what follows, which may continue the last input."""
        inputs, lines, further = len(self.inputs), 0, part.inputs
        if self.inputs and further and self.inputs[-1].precedes(further[0]):
            last, first = self.inputs[-1], further[0]
            inputs, lines, further = inputs - 1, last.lines, further[1:]
            last.bytes += first.bytes
            last.lines += first.lines
            last.complete = last.complete and first.complete
        self.inputs += map(replace, further)
        self.absorb(part, inputs=inputs, lines=lines)

    def absorb(self, part: Profile, *, inputs: int, lines: int = 0) -> None:
        """Adds the counts of a part of the same stream; its inputs are left to the caller.

        Args:
            part: The profile to add.
            inputs: The number of the part's first input here.
            lines: The lines of that first input before the part, if it continues one.
        """
        most = self.max_places
        self.lines.update(part.lines)
        self.types.update(part.types)
        self.nameless += part.nameless
        self.left_out += part.left_out
        self.further_nameless += part.further_nameless
        self.add_groups(part.groups, self.inputs[inputs].path if inputs < len(self.inputs) else None)
        for key, count in part.invalid.items():
            self.invalid[key] = self.invalid.get(key, 0) + count
        tables: tuple[tuple[dict[Any, Sighting], dict[Any, Sighting]], ...] = (
            (self.calls, part.calls),
            (self.deviations, part.deviations),
            (self.names, part.names),
            (self.further, part.further),
            (self.faults, part.faults),
        )
        for mine, theirs in tables:
            add_all(mine, theirs, most, inputs=inputs, lines=lines)
        self.repeats.merge(part.repeats, lambda places: moved(places, inputs, lines))
        if part.evidence is not None:
            self.add_evidence(part.evidence)
        self.judged.merge(part.judged, most, inputs=inputs, lines=lines)

    def add_groups(self, groups: Mapping[str, Groups], path: str | None) -> None:
        """Adds the breakdowns of a part, whose calls may not know their input: it is `path`."""
        for field, added in groups.items():
            own = self.groups.setdefault(field, Groups())
            own.merge(added, input_label(field, path) if path is not None and field in INPUT_FIELDS else None)

    def add_evidence(self, evidence: Evidence) -> None:
        """Adds evidence from further calls."""
        self.evidence = evidence if self.evidence is None else self.evidence.plus(evidence)

    def fault(self, fault: Fault, places: Iterable[Place], count: int = 1) -> None:
        """Counts faults of lines or inputs."""
        self.faults.setdefault(fault, Sighting()).add(count, places, self.max_places)

    def see(self, table: dict[Any, Sighting], key: Any, count: int, places: Iterable[Place]) -> None:
        """Adds to one of the tables of sightings."""
        table.setdefault(key, Sighting()).add(count, places, self.max_places)

    def is_large(self, limits: Limits) -> bool:
        """Whether it has twice the allowed size and must be bounded."""
        tables = (self.names, self.further, self.faults)
        counted = (self.deviations, self.invalid)
        return any(len(table) > 2 * limits.names for table in tables) or any(
            len(table) > 2 * limits.deviations for table in counted
        )

    def bound(self, limits: Limits, program: Program, judge: Judge) -> None:
        """Bounds the number of distinct deviations and names; the rest is kept as sums.

        What is kept depends only on the content, so order and splitting of the stream do not matter: the smallest
        hashes, and names similar to planned ones before all others.
        """
        for deviation in _largest(self.deviations, limits.deviations, lambda d: (False, _hash(repr(d)))):
            seen = self.deviations.pop(deviation)
            self.judged.add_effect(judge.of(deviation), seen.count, seen.places, self.max_places)
        for key in _largest(self.invalid, limits.deviations, lambda key: (False, _hash(repr(key)))):
            table, plans = key
            self.judged.add_invalid(table, plans, program, self.invalid.pop(key))
        is_near = program.near_misses.planned
        for name in _largest(self.names, limits.names, lambda name: (is_near(name) is None, _hash(name))):
            self.nameless += self.names.pop(name).count
        for further in _beyond(self.further, limits.names):
            self.further_nameless += self.further.pop(further).count
        for groups in self.groups.values():
            groups.bound()
        located = {fault: seen for fault, seen in self.faults.items() if fault.location}
        for fault in _largest(located, limits.names, lambda fault: (False, _hash(" ".join(fault)))):
            seen = self.faults.pop(fault)
            self.fault(Fault(fault.code), seen.places, seen.count)


def rank_of_key(key: FurtherKey) -> tuple[int, tuple[str, str, str]]:
    """The rank of a key; the keys of smallest rank are kept by name."""
    kind, event, name = key
    return quick_rank_of_key(key), (name, kind, event or "")


def quick_rank_of_key(key: FurtherKey) -> int:
    """The first part of the rank, which nearly always decides."""
    return key_rank(key[2])


def highest_rank(keys: Collection[FurtherKey]) -> tuple[int, tuple[str, str, str]]:
    """The highest rank of some keys."""
    highest = max(map(quick_rank_of_key, keys))
    return max(rank_of_key(key) for key in keys if quick_rank_of_key(key) == highest)


def _beyond(keys: Collection[FurtherKey], keep: int) -> list[FurtherKey]:
    """All keys except those of the lowest ranks; full ranks are computed only if first parts are equal."""
    if len(keys) <= keep:
        return []
    ranks = {key: key_rank(key[2]) for key in keys}
    last = sorted(ranks.values())[keep - 1] if keep else -1
    equal = sorted((key for key, rank in ranks.items() if rank == last), key=rank_of_key)
    kept = sum(rank < last for rank in ranks.values())
    return [key for key, rank in ranks.items() if rank > last] + equal[keep - kept :]


def _largest(table: Mapping[Any, Any], keep: int, rank: Callable[[Any], tuple[Any, Any]]) -> list[Any]:
    return sorted(table, key=rank)[keep:] if len(table) > keep else []


def _hash(text: str) -> bytes:
    from hashlib import blake2b  # noqa: PLC0415 - only streams with very many names or deviations come here

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
