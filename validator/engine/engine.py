"""The loop: finds the shape of every call and counts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.cells import Cells
from validator.engine.decode import Decoder, Reading, message_id, parse
from validator.engine.profile import Profile
from validator.model import LineClass, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from validator.engine.decode import Envelope
    from validator.engine.program import Program
    from validator.input.documents import Element
    from validator.input.lines import Block
    from validator.model import Limits

# Elements are counted in groups of this size: large enough to keep the loop hot, small enough to hold.
GROUP = 64

TOO_LONG = Reading(LineClass.TOO_LONG, "IN504")


class Engine:
    """Reads the blocks or elements of one input after another and builds their Profile.

    Args:
        program: The compiled plans.
        limits: What bounds memory.
        known: The profile of what comes before in the input: what has its places there needs none from here.
    """

    def __init__(self, program: Program, limits: Limits, known: Profile | None = None) -> None:
        self.profile = Profile(max_places=limits.places)
        self.limits = limits
        self._decoder = Decoder(program.fields, limits)
        self._cells = Cells(program, self._decoder, self.profile, limits, known or self.profile)
        self._input = -1
        self._line = 1

    def begin(self, number: int) -> None:
        """Starts with an input; `number` is its place among the profile's inputs."""
        self._input = number
        self._line = 1

    def lines(self, block: Block) -> int:
        """Counts the lines of a block; returns how many they are."""
        if not block.data:
            return self._count_records([(block.byte, self._take_line(), -1, None)])
        calls = self._decoder.block(block.data)
        if calls is None:
            return self._count_records(self._records(block))
        self.profile.lines[LineClass.CALL] += len(calls)
        self._cells.count(calls, BlockPlaces(self._input, self._line, block))
        self._line += len(calls)
        return len(calls)

    def elements(self, elements: Iterable[Element]) -> int:
        """Counts elements; returns how many they are."""
        return self._count_records([(e.byte, e.line, e.position, e.data) for e in elements])

    def finish(self) -> Profile:
        """Counts what is still held back and returns the profile."""
        self._cells.flush()
        self._cells.bound()
        return self.profile

    def _take_line(self) -> int:
        self._line += 1
        return self._line - 1

    def _records(self, block: Block) -> list[tuple[int, int, int, bytes | None]]:
        records: list[tuple[int, int, int, bytes | None]] = []
        byte = block.byte
        for line in block.data.split(b"\n"):
            records.append((byte, self._take_line(), -1, line))
            byte += len(line) + 1
        if not block.data or block.data.endswith(b"\n"):
            records.pop()
            self._line -= 1
        return records

    def _count_records(self, records: Sequence[tuple[int, int, int, bytes | None]]) -> int:
        """Judges lines (or elements) one by one."""
        calls: list[Envelope] = []
        places = ListPlaces()
        for byte, line, index, data in records:
            reading = TOO_LONG if data is None else self._decoder.read(data)
            self.profile.lines[reading.line_class] += 1
            if reading.fault:
                self._fault(reading.fault, Place(self._input, byte, index, line, None))
            for stray in reading.strays:
                self._fault("IN503", Place(self._input, byte, stray, line, None))
            for member, call, identity in reading.calls:
                calls.append(call)
                place = Place(self._input, byte, index if member < 0 else member, line, identity)
                places.append(place, data if member < 0 else None)
        self._cells.count(calls, places)
        return len(records)

    def _fault(self, code: str, place: Place) -> None:
        known = self.profile.faults.get(code)
        full = known is not None and len(known.places) >= self.limits.places
        self.profile.fault(code, () if full else (place,))


class BlockPlaces:
    """The places of the calls of a block with one call a line, worked out only for those asked for."""

    def __init__(self, number: int, line: int, block: Block) -> None:
        self._input = number
        self._line = line
        self._block = block

    def at(self, position: int) -> Place:
        """The place of the call at a position."""
        data, start = self._block.data, 0
        for _ in range(position):
            start = data.index(b"\n", start) + 1
        identity = _message_id(data[start : data.index(b"\n", start)])
        return Place(self._input, self._block.byte + start, -1, self._line + position, identity)


class ListPlaces:
    """The places of calls that were read one by one."""

    def __init__(self) -> None:
        self._places: list[tuple[Place, bytes | None]] = []

    def append(self, place: Place, data: bytes | None) -> None:
        """Adds the place of the next call; its text is given where the message id is not known yet."""
        self._places.append((place, data))

    def at(self, position: int) -> Place:
        """The place of the call at a position."""
        place, data = self._places[position]
        if data is not None and place.message_id is None:
            return place._replace(message_id=_message_id(data))
        return place


def _message_id(data: bytes) -> str | None:
    value: Any = parse(data)
    return message_id(value)
