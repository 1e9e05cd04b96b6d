"""Reads calls into a profile: decode, scan, count."""

from __future__ import annotations

from functools import cache
from itertools import accumulate, count, groupby
from typing import TYPE_CHECKING, cast

from validator.engine.count.counter import Counter
from validator.engine.count.places import BlockPlaces, ListPlaces, Picked, id_in
from validator.engine.count.profile import Profile
from validator.engine.decode.abridge import LARGE
from validator.engine.decode.decoder import NOT_OBJECT, REFUSED, Decoder, Reading
from validator.engine.lint import LARGEST, Fault, has_long_lines
from validator.engine.pending_calls import SOUND, Gathered, text_size
from validator.engine.scan.call_filter import CallFilter
from validator.engine.scan.native import OTHERS
from validator.input.blank_lines import parts
from validator.input.lines import Block
from validator.model import LineClass, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from validator.engine.compile.program import Program
    from validator.engine.count.places import Places, Record
    from validator.engine.decode.call import Call
    from validator.engine.decode.evidence import Evidence
    from validator.engine.scan.native import Handed, HandedBack, NativeScan
    from validator.engine.scan.observer import Observer, Verdict
    from validator.input.documents import Element
    from validator.model import Limits

# Elements are counted in groups of this size: large enough to keep the loop hot, small enough to hold.
GROUP = 64

TOO_LONG = Reading(LineClass.TOO_LONG, "IN504")

_TOO_LARGE = Fault("SP307")
_NOT_OBJECT = Fault("IN503")

fault_of = cache(Fault)  # of lines; there are only a few


class Engine:
    """Reads the blocks or elements of one input after another and builds their Profile.

    Args:
        program: The compiled plans.
        limits: What bounds memory.
        known: The profile of everything before in the input; what has all its places there needs no further ones.
        observer: Sees every line with the verdicts on its calls.
    """

    def __init__(
        self, program: Program, limits: Limits, known: Profile | None = None, observer: Observer | None = None
    ) -> None:
        self.profile = Profile(max_places=limits.places)
        self.limits = limits
        self._decoder = Decoder(program.wanted, limits)
        known = known or self.profile
        self._counter = Counter(program, self._decoder, self.profile, limits, known, observed=observer is not None)
        self.observer = observer
        self._sizes = "SP307" in program.lint.codes
        self._program = program
        self._evidence: Evidence | None = None
        self._gather: Callable[[Call], None] | None = None
        self._begin_evidence()
        self._filter = self._new_filter()
        self._input = -1
        self._line = 1

    def restart(self, known: Profile | None = None) -> None:
        """Starts a new profile after `finish`, and keeps what was learned: tables, and what facts mean to the core.

        Args:
            known: See `Engine`.
        """
        self.profile = Profile(max_places=self.limits.places)
        self._counter.restart(self.profile, known or self.profile)
        self._filter = self._new_filter()
        self._begin_evidence()

    def _new_filter(self) -> CallFilter | None:
        selection = self._program.selection
        return CallFilter(selection, self._decoder.attributes) if selection.narrow else None

    @property
    def native(self) -> NativeScan | None:
        """The native core, if it counts the calls."""
        return self._counter.native

    def begin(self, number: int) -> None:
        """Starts an input; `number` is its index in the profile's inputs."""
        self._input = number
        self._line = 1
        inputs = self.profile.inputs
        self._counter.begin(inputs[number].path if number < len(inputs) else None)
        if self.observer:
            self.observer.begin(self.profile.inputs[number].path)

    def lines(self, block: Block) -> int:
        """Counts the lines of a block; returns their number."""
        first = self._line
        if not block.data:
            self._count_apart([(block.byte, first, -1, None)], plain=False, ending=b"")
            self._line += 1
        elif not self._count_natively(block) and not self._count_calls(block):
            for start, end, blank in parts(block.data, self.limits.line):
                part = Block(block.byte + start, block.data[start:end])
                if blank:
                    self._count_blank(part, blank)
                # Without the blank lines, each line may be one call.
                elif len(part.data) == len(block.data) or not self._count_calls(part):
                    self._count_lines_apart(part)
        return self._line - first

    def _count_natively(self, block: Block) -> bool:
        """Counts a block in the native core, and in Python what that hands back; False if Python has to do it all."""
        native, data = self.native, block.data
        if native is None or not data.endswith(b"\n"):
            return False
        handed = native.scan(data, self._countable())
        if handed is None:
            return False
        self._add_counts(handed)
        self._note_places(block, handed)
        with self._counter.a_block():
            if self.observer:
                self._count_in_order(block, handed, native.verdicts())
            else:
                self._count_handed_back(block, handed.back)
            self._counter.relieve_soon(handed.asked)
        self._line += handed.lines
        return True

    def _add_counts(self, handed: Handed) -> None:
        """Adds what the native core counted to the profile."""
        profile = self.profile
        for line_class, number in ((LineClass.CALL, handed.calls), (LineClass.BATCH, handed.batches)):
            if number:
                profile.lines[line_class] += number
        for number, (line_class, fault) in zip(handed.others, OTHERS, strict=True):
            if number:
                profile.lines[line_class] += number
                if fault:
                    profile.fault(fault, (), number)
        if handed.strays:
            profile.fault(_NOT_OBJECT, (), handed.strays)
        profile.left_out += handed.left_out

    def _note_places(self, block: Block, handed: Handed) -> None:
        """Notes the places of calls that the native core counted, where they are wanted."""
        made: dict[int, Place] = {}
        for number, byte, member, start, end, places in handed.shown:
            if start not in made:
                identity = id_in(block.data[start:end])
                made[start] = Place(self._input, block.byte + byte, member, self._line + number, identity)
            places.append(made[start])

    def _count_handed_back(self, block: Block, lines: Sequence[HandedBack]) -> None:
        """Counts lines of a block that the native core handed back."""
        if lines:
            byte, first, data = block.byte, self._line, block.data
            records = [(byte + start, first + number, -1, data[start:end]) for number, start, end, _ in lines]
            self._count_apart(records, plain=all(sure for _, _, _, sure in lines), ending=b"\n")

    def _count_in_order(self, block: Block, handed: Handed, verdicts: Sequence[Verdict | None]) -> None:
        """Counts lines that were handed back, and shows them to the observer in turn with those that were counted."""
        start = number = 0
        for _, run in groupby(enumerate(handed.back), lambda numbered: numbered[1][0] - numbered[0]):
            lines = [line for _, line in run]
            (first, at, _, _), (last, _, end, _) = lines[0], lines[-1]
            self._show_counted(block, start, at, number, verdicts[number:first])
            self._count_handed_back(block, lines)
            start, number = end + 1, last + 1
        self._show_counted(block, start, len(block.data), number, verdicts[number:])

    def _show_counted(
        self, block: Block, start: int, end: int, number: int, verdicts: Sequence[Verdict | None]
    ) -> None:
        """Shows the observer lines from `start` to `end` of a block that the native core counted."""
        if verdicts and self.observer:
            part = Block(block.byte + start, block.data[start:end])
            self.observer.block(part, self._line + number, cast("Sequence[Verdict]", verdicts))

    def _count_calls(self, block: Block) -> bool:
        """Counts a block with one call on each line; False if that is uncertain."""
        calls = self._decoder.block(block.data)
        if calls is None:
            return False
        first = self._line
        self.profile.lines[LineClass.CALL] += len(calls)
        places = BlockPlaces(self._input, first, block)
        kept = self._count(calls, places)
        if self._sizes and has_long_lines(block.data):
            self._note_large(map(text_size, block.data.split(b"\n")), calls, places, kept)
        if self.observer:
            self.observer.block(block, first, self._counter.verdicts)
        self._line += len(calls)
        return True

    def _count_blank(self, block: Block, lines: int) -> None:
        """Counts a block of blank lines."""
        self.profile.lines[LineClass.BLANK] += lines
        if self.observer:
            self.observer.blank(block, self._line, lines)
        self._line += lines

    def _count_lines_apart(self, block: Block) -> None:
        """Counts the lines of any block one by one."""
        records = self._records(block)
        self._line += len(records)
        ending = b"" if not block.data.endswith(b"\n") else b"\n"
        self._count_apart(records, plain=self._decoder.plain(block.data), ending=ending)

    def elements(self, elements: Iterable[Element]) -> int:
        """Counts elements; returns their number."""
        records = [(e.byte, e.line, e.position, e.data) for e in elements]
        if not self._count_elements_natively(records):
            self._count_apart(records, plain=False, ending=b"\n")
        return len(records)

    def _count_elements_natively(self, records: Sequence[Record]) -> bool:
        """Counts elements in the native core, as if each were a line; False if Python has to do it all."""
        native = self.native
        if native is None or self.observer:
            return False
        short = [number for number, record in enumerate(records) if 0 < len(record[3] or b"") <= LARGE]
        # In JSON, CR is white space wherever LF is.
        data = b"".join([(records[number][3] or b"").replace(b"\n", b"\r") + b"\n" for number in short])
        handed = native.scan(data, self._countable())
        if handed is None:
            return False
        self._add_counts(handed)
        made: dict[int, Place] = {}
        for number, _, member, start, end, places in handed.shown:
            if start not in made:
                byte, line, position, _ = records[short[number]]
                identity = id_in(data[start:end])
                made[start] = Place(self._input, byte, member if member >= 0 else position, line, identity)
            places.append(made[start])
        back = sorted({*range(len(records))} - {*short} | {short[number] for number, _, _, _ in handed.back})
        with self._counter.a_block():
            self._count_apart([records[number] for number in back], plain=False, ending=b"\n")
            self._counter.relieve_soon(handed.asked)
        return True

    def _countable(self) -> list[bool]:
        """For each of `OTHERS`, whether the native core may count such lines: their places are not needed."""
        return [not self.observer and (fault is None or self._has_places(fault)) for _, fault in OTHERS]

    def absorb(self, part: Profile, *, lines: int = 0) -> None:
        """Adds a separately counted part of this input, which comes after everything counted so far.

        Args:
            part: Its profile, in which the input is number 0.
            lines: Its number of lines, if its places count them from its own first one.
        """
        self.profile.absorb(part, inputs=self._input, lines=self._line - 1 if lines else 0)
        self._line += lines
        self._counter.bound()

    def finish(self) -> Profile:
        """Counts calls still held back and returns the profile."""
        self._counter.flush()
        self._counter.bound()
        if self._evidence is not None:
            self.profile.add_evidence(self._evidence)
            self._begin_evidence()
        return self.profile

    def _begin_evidence(self) -> None:
        if source := self._program.evidence:
            self._evidence, self._gather = source.gather(self._decoder.attributes, self._program.wanted.paths)
            if self.native:
                self.native.gather_into(self._evidence)

    def _records(self, block: Block) -> Sequence[Record]:
        texts = block.data.split(b"\n")
        if not texts[-1]:
            texts.pop()
        starts = accumulate((len(text) + 1 for text in texts), initial=block.byte)
        return [(byte, line, -1, text) for byte, line, text in zip(starts, count(self._line), texts, strict=False)]

    def _count_apart(self, records: Sequence[Record], *, plain: bool, ending: bytes) -> None:
        """Reads and counts lines (or elements) one by one.

        Args:
            records: The lines.
            plain: See `Decoder.plain`.
            ending: The line end of the last one.
        """
        gathered = Gathered()
        calls, sources = gathered.calls, gathered.sources
        decode, exact = self._decoder.decode, self._decoder.exact
        read = self._decoder.read_plain if plain else self._decoder.read
        only_counted = None if self.observer or not self._has_places(_NOT_OBJECT) else NOT_OBJECT
        others = 0
        for record in records:
            text = record[3]
            if plain and text and text.startswith(b"{"):
                try:
                    calls.append(decode(text))
                except REFUSED:
                    reading = exact(text)
                else:
                    sources.append((record, -1, None))
                    gathered.records.append((record, SOUND))
                    continue
            else:
                reading = TOO_LONG if text is None else read(text)
            if reading is only_counted:
                others += 1
                continue
            if reading.line_class is not LineClass.CALL:
                self._note(record, reading)
            for part in reading.parts or ():
                gathered.add(record, part)
                self._note_strays(record, part)
                self._count_gathered(gathered, unfinished=True)
            gathered.add(record, reading)
        if others:
            self.profile.lines[LineClass.NOT_OBJECT] += others
            self.profile.fault(_NOT_OBJECT, (), others)
        self._count_gathered(gathered, ending)

    def _count_gathered(self, gathered: Gathered, ending: bytes = b"\n", *, unfinished: bool = False) -> None:
        """Counts calls that were read one by one, and shows their lines to the observer.

        Args:
            gathered: The calls; cleared afterwards.
            ending: The line end of the last one.
            unfinished: Whether more calls of that line follow.
        """
        calls, sources = gathered.calls, gathered.sources
        alone = sum(member < 0 for _, member, _ in sources)
        if alone:
            self.profile.lines[LineClass.CALL] += alone
        places = ListPlaces(self._input, sources)
        kept = self._count(calls, places)
        if self._sizes:
            self._note_large(map(gathered.size, range(len(calls))), calls, places, kept)
        if self.observer:
            lines = gathered.observed(self._counter.verdicts, unfinished=unfinished)
            for line, is_last in lines:
                self.observer.line(line, ending if is_last else b"\n")
        gathered.clear()

    def _note_large(
        self,
        sizes: Iterable[int],
        calls: Sequence[Call],
        places: Places,
        kept: list[int] | None,
    ) -> None:
        """Records calls larger than Segment's limit."""
        judged = None if kept is None else set(kept)
        for position, size in enumerate(sizes):
            if size > LARGEST and (judged is None or position in judged):
                self._fault(_TOO_LARGE, places.at(position))
                self._counter.count_fault(_TOO_LARGE, calls[position])

    def _count(self, calls: Sequence[Call], places: Places) -> list[int] | None:
        """Counts the selected calls; returns their positions, None for all."""
        kept = self._filter(calls) if self._filter else None
        if self._gather:
            for call in calls if kept is None else [calls[at] for at in kept]:
                self._gather(call)
        if kept is None:
            self._counter.count(calls, places)
        else:
            self.profile.left_out += len(calls) - len(kept)
            self._counter.count([calls[at] for at in kept], Picked(places, kept))
        return kept

    def _note(self, record: Record, reading: Reading) -> None:
        """Counts a line that is not a call, and its fault."""
        self.profile.lines[reading.line_class] += 1
        if reading.fault:
            fault = fault_of(reading.fault)
            if self._has_places(fault):
                self.profile.faults[fault].count += 1
            else:
                byte, line, position, _ = record
                self._fault(fault, Place(self._input, byte, position, line, None))
        self._note_strays(record, reading)

    def _note_strays(self, record: Record, reading: Reading) -> None:
        """Counts members of a batch that are not objects."""
        for stray in reading.strays:
            self._fault(_NOT_OBJECT, Place(self._input, record[0], stray, record[1], None))

    def _fault(self, fault: Fault, place: Place) -> None:
        self.profile.fault(fault, () if self._has_places(fault) else (place,))

    def _has_places(self, fault: Fault) -> bool:
        """Whether a fault already has all its places."""
        known = self.profile.faults.get(fault)
        return known is not None and len(known.places) >= self.limits.places
