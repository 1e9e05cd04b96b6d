"""What a stream looked like. A Profile is a monoid: `Profile()` is empty, `+` merges."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

import msgspec

from validator.engine.groups import Groups
from validator.engine.judge import identity_of
from validator.engine.lint.repeats import Repeats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from validator.engine.judge import Identity, Violation
    from validator.engine.outcome import Outcome
    from validator.engine.shape import Shape
    from validator.model import LineClass, Place, Severity


class Sighting(msgspec.Struct):
    """How often something was seen, and where first.

    Attributes:
        count: How often.
        places: The first places in input order, as many as are kept.
    """

    count: int = 0
    places: tuple[Place, ...] = ()

    def add(self, count: int, places: Iterable[Place], most: int | None) -> None:
        """Counts more of it; of the places, the first `most` are kept (None: all)."""
        self.count += count
        if places and not (len(self.places) == most and all(map(self._is_later, places))):
            self.places = tuple(sorted({*self.places, *places}, key=_order)[:most])

    def _is_later(self, place: Place) -> bool:
        """Whether a place comes after all that are kept."""
        return not self.places or _order(place) > _order(self.places[-1])


def _order(place: Place) -> tuple[int, int, int]:
    return place.input, place.byte, place.position


# A call type, the name of an event or a page where a plan has it, and a key under `/properties`.
More = tuple[str, str | None, str]


class InputSummary(msgspec.Struct):
    """One input as it was read.

    Attributes:
        path: What the user named; `-` is standard input.
        compression: `gzip` or None.
        framing: `ndjson` or `documents`.
        bytes: Decompressed bytes read.
        lines: Lines (among documents: elements), of whatever class.
        complete: Whether it was read to its end.
    """

    path: str
    compression: str | None = None
    framing: str = "ndjson"
    bytes: int = 0
    lines: int = 0
    complete: bool = True


class Tally(msgspec.Struct):
    """Judged calls, as sums.

    Attributes:
        calls: How many calls were judged.
        invalid: How many of them have a violation of error severity.
        events: Event -> calls that count as it.
        states: (event, property) -> calls in which it is present, missing, invalid.
        violations: Each violation with its calls.
        findings: The calls of all violations that are one finding; one that has several of them counts once.
        plans: The plans that each violation breaks.
        standings: Plan of the user's own -> its calls that are valid, invalid, and neither since unplanned.
    """

    calls: int = 0
    invalid: int = 0
    events: Counter[str] = msgspec.field(default_factory=Counter)
    states: dict[tuple[str, str], list[int]] = msgspec.field(default_factory=dict)
    violations: dict[Violation, Sighting] = msgspec.field(default_factory=dict)
    findings: dict[Identity, Sighting] = msgspec.field(default_factory=dict)
    plans: dict[Violation, frozenset[str]] = msgspec.field(default_factory=dict)
    standings: dict[str, list[int]] = msgspec.field(default_factory=dict)

    def add(self, outcome: Outcome, count: int, places: Iterable[Place], most: int | None) -> None:
        """Adds `count` calls with one outcome."""
        self.calls += count
        self.invalid += count * outcome.invalid
        for event in outcome.events:
            self.events[event] += count
        for key, state in outcome.states.items():
            self.states.setdefault(key, [0, 0, 0])[state] += count
        for violation, plans in outcome.violations.items():
            self.violations.setdefault(violation, Sighting()).add(count, places, most)
            self.plans[violation] = self.plans.get(violation, frozenset()) | plans
        for identity in set(map(identity_of, outcome.violations)):
            self.findings.setdefault(identity, Sighting()).add(count, places, most)
        for plan, standing in outcome.standings.items():
            self.standings.setdefault(plan, [0, 0, 0])[standing] += count

    def worst(self) -> dict[Identity, Severity]:
        """How bad each finding is: as bad as the worst of its violations."""
        levels: dict[Identity, Severity] = {}
        for violation in self.violations:
            identity = identity_of(violation)
            levels[identity] = min(violation.severity, levels.get(identity, violation.severity), key=_rank)
        return levels

    def merge(self, other: Tally, most: int | None) -> None:
        """Adds another tally to this one."""
        self.calls += other.calls
        self.invalid += other.invalid
        self.events.update(other.events)
        _add_counts(self.states, other.states)
        _add_counts(self.standings, other.standings)
        for violation, sighting in other.violations.items():
            self.violations.setdefault(violation, Sighting()).add(sighting.count, sighting.places, most)
            self.plans[violation] = self.plans.get(violation, frozenset()) | other.plans[violation]
        for identity, sighting in other.findings.items():
            self.findings.setdefault(identity, Sighting()).add(sighting.count, sighting.places, most)


def _rank(severity: Severity) -> int:
    return severity.rank


Key = TypeVar("Key")


def _add_counts(mine: dict[Key, list[int]], theirs: Mapping[Key, list[int]]) -> None:
    for key, counts in theirs.items():
        mine[key] = [a + b for a, b in zip(mine.get(key, [0, 0, 0]), counts, strict=True)]


class Profile(msgspec.Struct):
    """What one stream, or several, looked like.

    Attributes:
        inputs: The inputs in order; a place names one by its number.
        lines: Lines in each class; each physical line is in exactly one.
        types: Calls of each type, `unknown` included.
        shapes: Each distinct shape with its calls.
        folded: The calls whose shapes were too many to keep, judged.
        names: Event names of track calls that no plan rule is about, with their calls.
        nameless: Calls with further such names, which were too many to keep.
        more: Properties that no plan knows, by call type and event, where a plan minds them.
        more_nameless: Further such properties of calls, which were too many to keep.
        faults: What lint rules found of inputs, lines and calls as such: rule code, with a space and a JSON pointer
            where a place is meant -> how often and where.
        repeats: Message ids, where a rule asks for those that come again.
        groups: Field -> the calls broken down by its values, where that was asked for.
        left_out: Calls that were not to be judged.
        max_places: How many places a sighting keeps; None in a profile that is still empty.
    """

    inputs: list[InputSummary] = msgspec.field(default_factory=list)
    lines: Counter[LineClass] = msgspec.field(default_factory=Counter)
    types: Counter[str] = msgspec.field(default_factory=Counter)
    shapes: dict[Shape, Sighting] = msgspec.field(default_factory=dict)
    folded: Tally = msgspec.field(default_factory=Tally)
    names: dict[str, Sighting] = msgspec.field(default_factory=dict)
    nameless: int = 0
    more: dict[More, Sighting] = msgspec.field(default_factory=dict)
    more_nameless: int = 0
    faults: dict[str, Sighting] = msgspec.field(default_factory=dict)
    repeats: Repeats = msgspec.field(default_factory=Repeats)
    groups: dict[str, Groups] = msgspec.field(default_factory=dict)
    left_out: int = 0
    max_places: int | None = None

    def __add__(self, other: Profile) -> Profile:
        """Both streams, this one first."""
        limits = [n for n in (self.max_places, other.max_places) if n is not None]
        total = Profile(max_places=min(limits, default=None))
        for part in (self, other):
            inputs = len(total.inputs)
            total.inputs += part.inputs
            total.absorb(part, inputs=inputs)
        return total

    def absorb(self, part: Profile, *, inputs: int, lines: int = 0) -> None:
        """Adds the counts of a part of the same stream; its inputs are left to the caller.

        Args:
            part: What to add.
            inputs: The number of the part's first input here.
            lines: The lines of that input before the part, if it is a piece of one.
        """
        most = self.max_places
        self.lines.update(part.lines)
        self.types.update(part.types)
        self.nameless += part.nameless
        self.left_out += part.left_out
        for field, groups in part.groups.items():
            self.groups.setdefault(field, Groups()).merge(groups)
        self.more_nameless += part.more_nameless
        tables: tuple[tuple[dict[Any, Sighting], dict[Any, Sighting]], ...] = (
            (self.shapes, part.shapes),
            (self.names, part.names),
            (self.more, part.more),
            (self.faults, part.faults),
        )
        for mine, theirs in tables:
            for key, sighting in theirs.items():
                mine.setdefault(key, Sighting()).add(sighting.count, _shifted(sighting.places, inputs, lines), most)
        self.repeats.merge(part.repeats, lambda places: _shifted(places, inputs, lines))
        folded = Tally()
        folded.merge(part.folded, most)
        folded.violations = _moved(part.folded.violations, inputs, lines, most)
        folded.findings = _moved(part.folded.findings, inputs, lines, most)
        self.folded.merge(folded, most)

    def see(self, shape: Shape, count: int, places: Iterable[Place]) -> None:
        """Counts calls of a shape."""
        self.shapes.setdefault(shape, Sighting()).add(count, places, self.max_places)

    def fault(self, code: str, places: Iterable[Place], count: int = 1) -> None:
        """Counts faults of lines or inputs."""
        self.faults.setdefault(code, Sighting()).add(count, places, self.max_places)

    def name(self, name: str, count: int, places: Iterable[Place]) -> None:
        """Counts track calls with a name that no plan rule is about."""
        self.names.setdefault(name, Sighting()).add(count, places, self.max_places)

    def add_more(self, more: More, count: int, places: Iterable[Place]) -> None:
        """Counts calls with a property that no plan knows."""
        self.more.setdefault(more, Sighting()).add(count, places, self.max_places)

    def bound(self, shapes: int, names: int, judge: Callable[[Shape], Outcome], is_near: Callable[[str], bool]) -> None:
        """Keeps at most so many distinct shapes and names; the rest is kept as sums.

        What is kept depends on the content alone, so neither order nor splitting of the stream matters: the smallest
        hashes, and of names those that nearly are planned ones before all others.
        """
        for shape in _largest(self.shapes, shapes, lambda s: (False, _hash(repr(tuple(s))))):
            sighting = self.shapes.pop(shape)
            self.folded.add(judge(shape), sighting.count, sighting.places, self.max_places)
        for name in _largest(self.names, names, lambda n: (not is_near(n), _hash(n))):
            self.nameless += self.names.pop(name).count
        for more in _largest(self.more, names, rank_of_more):
            self.more_nameless += self.more.pop(more).count
        for groups in self.groups.values():
            groups.bound()
        located = {fault: sighting for fault, sighting in self.faults.items() if " " in fault}
        for fault in _largest(located, names, lambda f: (False, _hash(f))):
            sighting = self.faults.pop(fault)
            self.fault(fault.partition(" ")[0], sighting.places, sighting.count)


def _moved(table: Mapping[Key, Sighting], inputs: int, lines: int, most: int | None) -> dict[Key, Sighting]:
    return {key: Sighting(s.count, _shifted(s.places, inputs, lines)[:most]) for key, s in table.items()}


def _shifted(places: tuple[Place, ...], inputs: int, lines: int) -> tuple[Place, ...]:
    if not (inputs or lines):
        return places
    return tuple(place._replace(input=place.input + inputs, line=place.line + lines) for place in places)


def rank_of_more(more: More) -> tuple[int, str]:
    """What decides which properties are kept by name: the smallest are."""
    return quick_rank_of_more(more), repr(more)


def quick_rank_of_more(more: More) -> int:
    """The first part of that rank, which decides nearly always."""
    return crc32(more[2].encode("utf-8", "surrogatepass"))


def _largest(table: Mapping[Any, Sighting], keep: int, rank: Callable[[Any], tuple[Any, Any]]) -> list[Any]:
    return sorted(table, key=rank)[keep:] if len(table) > keep else []


def _hash(text: str) -> bytes:
    from hashlib import blake2b  # noqa: PLC0415 - only streams with very many names or shapes come here

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
