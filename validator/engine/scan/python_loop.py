"""The loop over calls, in Python: finds the deviations of each, and adds them to the sums.

Most calls are fine, which a quick test finds in one step. The others are checked key by key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from validator.engine.compile.deviation import ABSENT, OBJECT, Facts
from validator.engine.decode.call import JSON_TYPE_OF, NO_PROPERTIES, DeepProperties, Properties
from validator.engine.decode.call_type import NAMED_TYPES
from validator.engine.decode.decoder import REFUSED
from validator.engine.lint import Fault
from validator.engine.lint.call_tests import CallTests, has_text_id, lacks_id
from validator.engine.scan.exact import FactsReader
from validator.engine.scan.sums import Sum

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from validator.engine.decode.call import Call
    from validator.engine.decode.decoder import Decoder
    from validator.engine.scan.entries import Entries, Entry
    from validator.engine.scan.table_scan import TableScan
    from validator.json_schema.budget import Budget
    from validator.model import Place

# Raised by a quick test for calls it rejects; a TypeError if the properties are decoded already.
_UNSURE = (*REFUSED, TypeError)

_NO_ID = Fault("SP303")


class OpenCall(NamedTuple):
    """A call that only the evaluator could judge.

    Attributes:
    position: Its position in the block.
    facts: Everything that plan rules need to know of it.
    """

    position: int
    facts: Facts


class Found(NamedTuple):
    """The findings about one call, besides those of its table.

    Attributes:
        call: The call.
        scan: The scan of its table.
        sums: The sums of its deviations; each is to be incremented.
        faults: The faults of this call.
        entry: Its entry.
        facts: For an open call, everything that plan rules need to know of it.
    """

    call: Call
    scan: TableScan
    sums: Sequence[Sum]
    faults: Sequence[Fault]
    entry: Entry
    facts: Facts | None


class Loop:
    """Scans the calls of one block after another.

    Args:
        entries: Finds the entry of a call.
        decoder: The decoder of the calls.
        tests: The tests of lint rules on each call.
        wanted: Returns the number of places still wanted of a fault.
        budget: The steps that judging a call may take.
        each: Receives the findings about every call, in order; None if they are not needed.

    Attributes:
        faults: The faults of single calls.
        shown: The positions in the last block whose place is wanted, each with the list for it.
        open: The calls of the last block that only the evaluator could judge.
    """

    def __init__(
        self,
        entries: Entries,
        decoder: Decoder,
        tests: CallTests,
        wanted: Callable[[Fault], int],
        budget: Budget,
        each: Callable[[Found], None] | None = None,
    ) -> None:
        self.faults: dict[Fault, Sum] = {}
        self.shown: list[tuple[int, list[Place]]] = []
        self.open: list[OpenCall] = []
        self._entries = entries
        self._decoder = decoder
        self._wanted = wanted
        self._budget = budget
        self._each = each
        self._private = tests.private
        deep = "properties" in decoder.wanted.deep
        self._decode: Callable[[Any], Any] = msgspec.json.Decoder(DeepProperties if deep else Properties).decode
        self._readers: dict[TableScan, FactsReader] = {}
        self._text_at: Callable[[int], bytes] = lambda _: b""

    def scan(self, calls: Sequence[Call], text_at: Callable[[int], bytes]) -> None:
        """Scans calls.

        Args:
            calls: The calls.
            text_at: Returns the line of the call at a position, if it was decoded at once with others.
        """
        self.shown = []
        self.open = []
        self._text_at = text_at
        entries, each = self._entries, self._each
        for position, call in enumerate(calls):
            entry = entries[call.type, call.event]
            if entry.route is not None:
                entry = entry.route(call)
            if entry.quick is not None:
                try:
                    fine = entry.quick(call.properties)
                except _UNSURE:
                    fine = False
                if (
                    fine
                    and (entry.joint is None or entry.joint(call, fine))
                    and (entry.count is None or entry.count(call.properties))
                ):
                    entry.fine += 1
                    own = call.user_id
                    if entry.tests or each or not ((own.__class__ is str and own) or has_text_id(call)):
                        self._fine(entry, call, position)
                    continue
                if call.properties is not NO_PROPERTIES:
                    entry.missed()
            if entry.absent is not None and call.properties is NO_PROPERTIES:
                entry.bare += 1
                if entry.tests or each or not has_text_id(call):
                    self._fine(entry, call, position)
                continue
            self._one_by_one(entry, call, position)

    def _fine(self, entry: Entry, call: Call, position: int) -> None:
        """Checks what a quick test does not, as that checks only properties."""
        faults = self._test(entry, call, position)
        if self._each:
            has_none = call.properties is NO_PROPERTIES
            self._each(Found(call, entry.scan(ABSENT if has_none else OBJECT), (), faults, entry, None))

    def _one_by_one(self, entry: Entry, call: Call, position: int) -> None:
        """Checks a call key by key."""
        properties: Any = call.properties
        if properties.__class__ is msgspec.Raw and properties is not NO_PROPERTIES:
            try:
                properties = self._decode(properties)
            except REFUSED:  # JSON, but with numbers or texts that only the exact path accepts
                call = self._decoder.exact(self._text_at(position)).calls[0][1]
                properties = call.properties
        keyed = properties.__class__ is dict
        scan = (entry.objects or entry.scan(OBJECT)) if keyed else entry.scan(json_type_of(properties))
        seen = entry.seen
        seen.count += 1
        if seen.count <= seen.wanted:
            self.shown.append((position, seen.places))
        faults = [] if has_text_id(call) and not entry.tests else self._test(entry, call, position)
        if self._private:
            faults += self._find_private(entry, call, properties, position)
        self._budget.begin()
        facts = self._open_facts(scan, call, properties) if scan.is_open else None
        sums = scan.find(call, properties, position, self.shown)
        if facts is not None:
            self.open.append(OpenCall(position, facts))
            sums = [found for found in sums if found.of.__class__ is Fault]
        else:
            self._count(scan, sums, position)
        if self._each:
            self._each(Found(call, scan, sums, faults, entry, facts))
        if seen.count >= self._entries.warm_at and not entry.warmed and scan.has_places and self._private is None:
            if keyed:
                entry.warm(properties)
            elif properties is NO_PROPERTIES:
                entry.quick_without()

    def _count(self, scan: TableScan, sums: Sequence[Sum], position: int) -> None:
        """Counts a call and its deviations."""
        calls = scan.calls
        calls.count += 1
        if calls.count <= calls.wanted:
            self.shown.append((position, calls.places))
        breaks = scan.breaks
        for found in sums:
            found.count = count = found.count + 1
            if count <= found.wanted:
                self.shown.append((position, found.places))
            breaks |= found.breaks
        if breaks:
            scan.invalid[breaks] = scan.invalid.get(breaks, 0) + 1

    def _open_facts(self, scan: TableScan, call: Call, properties: Any) -> Facts | None:
        """The facts of a call that fails a check of a whole."""
        reader = self._readers.get(scan)
        if reader is None:
            reader = self._readers[scan] = FactsReader(scan.table, self._decoder.attributes, self._budget)
        return reader.read(call, properties) if reader.failed_as_a_whole(call, properties) else None

    def _test(self, entry: Entry, call: Call, position: int) -> list[Fault]:
        """Counts the faults of a call, except in its properties."""
        found = [fault for fault, test in entry.tests if test(call)] if entry.tests else []
        if entry.needs_id and lacks_id(call):
            found.append(_NO_ID)
        for fault in found:
            self._count_fault(fault, position)
        return found

    def _find_private(self, entry: Entry, call: Call, properties: Any, position: int) -> list[Fault]:
        """Counts personal data in the name of a page or screen, and in properties."""
        assert self._private is not None  # noqa: S101 - its caller knows
        found = self._private.in_name(call) if entry.kind in NAMED_TYPES else []
        below = self._private.in_properties(properties)
        for fault in (*found, *below):
            self._count_fault(fault, position)
        # There may be any number of properties, so what is reported for each call has only the codes.
        return found + [Fault(code) for code in dict.fromkeys(fault.code for fault in below)]

    def _count_fault(self, fault: Fault, position: int) -> None:
        found = self.faults.get(fault)
        if found is None:
            found = self.faults[fault] = Sum(fault, self._wanted(fault))
        found.count += 1
        if found.count <= found.wanted:
            self.shown.append((position, found.places))


def json_type_of(properties: Any) -> str:
    """The JSON type of decoded properties, or `absent`."""
    if properties.__class__ is dict:
        return OBJECT
    return ABSENT if properties is NO_PROPERTIES else JSON_TYPE_OF[properties.__class__]
