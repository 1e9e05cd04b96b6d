"""Counts calls into a profile, to which sums of the loop are moved from time to time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from validator.engine.compile.deviation import Deviation
from validator.engine.count.breakdown import BreakdownCounter
from validator.engine.count.unplanned_names import FurtherKeys
from validator.engine.judge.judge import judge_of
from validator.engine.lint.call_tests import CallTests
from validator.engine.lint.duplicate_ids import identities
from validator.engine.scan.breakdown_values import InputName, breakdown_values
from validator.engine.scan.entries import Entries
from validator.engine.scan.native import native_scan
from validator.engine.scan.observer import Verdict
from validator.engine.scan.python_loop import Loop
from validator.engine.scan.sums import first_places
from validator.json_schema.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.engine.compile.deviation import TableKey
    from validator.engine.compile.program import Program
    from validator.engine.count.places import Places
    from validator.engine.count.profile import Profile
    from validator.engine.decode.call import Call
    from validator.engine.decode.decoder import Decoder
    from validator.engine.judge.judge import Effect
    from validator.engine.lint import Fault
    from validator.engine.scan.entries import Entry
    from validator.engine.scan.python_loop import Found
    from validator.engine.scan.sums import Sum
    from validator.model import Limits, Place

# Blocks between checks of sizes; they are also checked after a block with many new names.
_BLOCKS = 16
_MANY = 1024

# Where the native core counts most calls, quick tests are made only for entries of so many times the others.
_SELDOM = 16


class Counter:
    """Counts calls into a profile.

    Args:
        program: The compiled plans.
        decoder: The decoder of the calls, which knows their attributes.
        profile: Takes the counts.
        limits: The limits that bound memory.
        known: A profile that shows what has all its places already.
        observed: Whether the verdict on each call is needed.

    Attributes:
        verdicts: The verdicts on the calls counted last, if needed.
        native: The native core, which counts into the same sums; None where Python does it all.
    """

    def __init__(
        self, program: Program, decoder: Decoder, profile: Profile, limits: Limits, known: Profile, *, observed: bool
    ) -> None:
        self.verdicts: list[Verdict] = []
        self._program = program
        self._judge = judge = judge_of(program)
        self._profile = profile
        self._limits = limits
        self._known = known
        self._observed = observed
        self._further = FurtherKeys(profile, limits.names)
        self._identity = decoder.attributes.get("messageId", "") if "SP310" in program.lint.codes else ""
        self._source = InputName()
        values = breakdown_values(program.selection, decoder.attributes, decoder.wanted.paths, self._source)
        self._breakdown = (
            BreakdownCounter(values, program.selection.by, profile.groups, judge, self._is_near) if values else None
        )
        tests = CallTests(program.lint.codes, decoder.attributes, decoder.wanted.paths, program.lint.now)
        budget = Budget()
        self._entries = Entries(
            program,
            judge,
            decoder,
            tests,
            self._wanted,
            self._wanted_of_name,
            limits.places,
            budget,
            self._further.limit,
        )
        each = self._each if values or observed else None
        self._loop = Loop(self._entries, decoder, tests, self._wanted, budget, each)
        self.native = native_scan(
            program,
            self._entries,
            self._loop.sum_of_fault,
            limits,
            self._further.limit,
            self._source,
            self._breakdown.count_alike if self._breakdown else None,
            observed=observed,
        )
        if self.native:
            self._entries.warm_at *= _SELDOM
        self._blocks = 0
        self._new: int | None = None  # how much of a block was new so far, if none is relieved before its end

    def restart(self, profile: Profile, known: Profile) -> None:
        """Counts into a new profile from now on; see `Engine.restart`."""
        if self.native and self._further.limit.rank is not None:
            self.native.forget()  # it knows keys beyond the limit
        self._profile, self._known = profile, known
        self._further.restart(profile)
        if self._breakdown:
            self._breakdown.restart(profile.groups)
        self._entries.restart()
        for fault, one in self._loop.faults.items():
            one.wanted = self._wanted(fault)
        if self.native:
            self.native.restart()

    def begin(self, path: str | None) -> None:
        """Starts an input; None if its path is not known here."""
        self._source.begin(path)
        if self.native:
            self.native.begin()

    def count(self, calls: Sequence[Call], places: Places) -> None:
        """Counts calls; `places` has the place of each."""
        self.verdicts = []
        if self._identity:
            self._note_identities(calls, places)
        loop = self._loop
        loop.scan(calls, places.text)
        if loop.shown:
            at: dict[int, Place] = {}
            for position, into in loop.shown:
                if position not in at:
                    at[position] = places.at(position)
                into.append(at[position])
        for position, facts in loop.open:
            self._judge_open(facts.table, self._judge.of_call(facts), places.at(position))
        self.relieve_soon(len(loop.shown))

    def relieve_soon(self, new: int) -> None:
        """Clears caches that have become too large, from time to time; `new` is how much of a block was new."""
        if self._new is not None:
            self._new += new
            return
        self._blocks += 1
        if self._blocks >= _BLOCKS or self._entries.full or new > _MANY:
            self._blocks = 0
            self._relieve()

    @contextmanager
    def a_block(self) -> Iterator[None]:
        """Clears no caches until the end of a block, all of which the native core has read.

        In between, places of calls that it handed back are still wanted, whatever it counted after them.
        """
        self._new = 0
        try:
            yield
        finally:
            new, self._new = self._new, None
        self.relieve_soon(new)

    def count_fault(self, fault: Fault, call: Call) -> None:
        """Breaks down faults of a call that are found after counting it."""
        if self._breakdown:
            self._breakdown.count_fault(fault, call)

    def flush(self) -> None:
        """Moves all counts to the profile."""
        profile = self._profile
        if self.native:
            self.native.take()
        for entry in self._entries.all():
            self._take_entry(entry)
        for key, scan in self._entries.scans.items():
            calls, places = scan.calls.taken()
            calls += scan.fine
            if scan.fine and scan.breaks:
                scan.invalid[scan.breaks] = scan.invalid.get(scan.breaks, 0) + scan.fine
            scan.fine = 0
            if calls:
                profile.see(profile.calls, key, calls, places)
                profile.types[key.type] += calls
            for breaks, count in scan.invalid.items():
                broken = key, self._judge.plans(breaks)
                profile.invalid[broken] = profile.invalid.get(broken, 0) + count
            scan.invalid.clear()
            further_places = {name: first_places(found, scan.key_places) for name, found in scan.further_places.items()}
            self._further.add(key, scan.further, further_places, scan.table.named)
            self._further.add_beyond(scan.beyond)
            scan.beyond = 0
            scan.further.update(dict.fromkeys(scan.further, 0))
            scan.further_places.clear()
            self._take(scan.sums)
        self._take(self._loop.faults.values())
        if self._breakdown:
            self._breakdown.flush()

    def bound(self) -> None:
        """Bounds the profile; in between, it may grow to twice the limit, which costs less."""
        self._profile.bound(self._limits, self._program, self._judge)
        self._further.bounded()

    def _each(self, found: Found) -> None:
        if self._breakdown:
            self._breakdown.count(found)
        if self._observed:
            self.verdicts.append(self._verdict(found))

    def _verdict(self, found: Found) -> Verdict:
        key = found.scan.table.key
        if found.facts is not None:
            return Verdict(key, (), self._judge.of_call(found.facts).breaks, found.facts)
        breaks = found.scan.breaks
        for one in found.sums:
            breaks |= one.breaks
        return Verdict(key, tuple(one.of for one in found.sums if isinstance(one.of, Deviation)), breaks)

    def _judge_open(self, table: TableKey, effect: Effect, place: Place) -> None:
        """Counts a call that only the evaluator can judge."""
        judged, program = self._profile.judged, self._program
        judged.add_calls(table, program, 1)
        judged.add_effect(effect, 1, (place,), self._limits.places)
        if effect.breaks:
            judged.add_invalid(table, self._judge.plans(effect.breaks), program, 1)
        self._profile.types[table.type] += 1

    def _note_identities(self, calls: Sequence[Call], places: Places) -> None:
        repeats = self._profile.repeats
        for position, kept, identity in identities(calls, self._identity):
            if repeats.holds(kept):
                repeats.add(kept, 1, (places.mark(position, identity),))

    def _relieve(self) -> None:
        """Clears caches that have become too large."""
        entries, limits = self._entries, self._limits
        scans = entries.scans.values()
        if sum(len(scan.sums) for scan in scans) > 2 * limits.deviations:
            self.flush()
            self._forget_entries()
            entries.scans.clear()
        elif sum(len(scan.further) for scan in scans) > 2 * limits.names or len(self._loop.faults) > limits.names:
            self.flush()
            for scan in scans:
                scan.forget_further()
            self._loop.faults.clear()
            if self.native:
                self.native.forget()
        elif self.native and self.native.full:
            self.flush()
            self.native.forget()
        elif entries.full:
            if self.native:
                self.native.take()
            for entry in entries.all():
                self._take_entry(entry)
        if entries.full:
            self._forget_entries()
        if self._profile.is_large(limits):
            self.bound()

    def _forget_entries(self) -> None:
        self._entries.forget()
        if self.native:
            self.native.forget()

    def _take_entry(self, entry: Entry) -> None:
        """Moves the counts of an entry to the profile, and to its table."""
        profile, calls = self._profile, entry.calls()
        _, places = entry.seen.taken()
        if calls:
            if entry.name is not None:
                profile.see(profile.names, entry.name, calls, places)
            for fault in entry.faults:
                profile.fault(fault, places, calls)

    def _take(self, sums: Iterable[Sum]) -> None:
        """Moves sums to the profile."""
        profile = self._profile
        for one in sums:
            count, places = one.taken()
            if count:
                table = profile.deviations if isinstance(one.of, Deviation) else profile.faults
                profile.see(table, one.of, count, places)

    def _wanted(self, of: Deviation | Fault | None) -> int:
        """The number of places still needed."""
        if of is None:
            return self._limits.places
        known = self._known.deviations.get(of) if isinstance(of, Deviation) else self._known.faults.get(of)
        return 0 if known is not None and len(known.places) >= self._limits.places else self._limits.places

    def _wanted_of_name(self, name: str) -> int:
        """The number of places still needed for an unplanned event."""
        if self._program.own or self._is_near(name):
            return self._limits.places
        known = self._known.names.get(name)
        # Names compared by lint rules are reported together, each with its first place.
        return int(self._program.lint.event_names and (known is None or not known.places))

    def _is_near(self, name: str) -> bool:
        return self._program.near_misses.planned(name) is not None
