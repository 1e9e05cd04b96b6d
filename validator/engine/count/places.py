"""Places of calls, computed only when needed."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from validator.engine.decode.decoder import REFUSED
from validator.engine.decode.json_exact import message_id, parse, shown_id
from validator.model import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.input.lines import Block

# One line without its LF, or one element: its offset, its line number, its index in an array (else -1) and its text
# (None where it is longer than the limit).
Record = tuple[int, int, int, bytes | None]


class Places(Protocol):
    """The places of a sequence of calls."""

    def mark(self, position: int, identity: str) -> Place:
        """The place of the call at a position, with a known message id; faster for many calls."""

    def at(self, position: int) -> Place:
        """The place of the call at a position."""

    def text(self, position: int) -> bytes:
        """The line, or the element, of the call at a position."""


class BlockPlaces:
    """The places of the calls of a block with one call a line."""

    def __init__(self, number: int, line: int, block: Block) -> None:
        self._input = number
        self._line = line
        self._block = block
        self._starts: list[int] | None = None

    def mark(self, position: int, identity: str) -> Place:
        """The place of the call at a position, with a known message id."""
        return Place(self._input, self._start_of(position), -1, self._line + position, shown_id(identity))

    def at(self, position: int) -> Place:
        """The place of the call at a position."""
        return Place(self._input, self._start_of(position), -1, self._line + position, id_in(self.text(position)))

    def text(self, position: int) -> bytes:
        """The line of the call at a position."""
        data = self._block.data
        start = self._start_of(position) - self._block.byte
        return data[start : data.index(b"\n", start)]

    def _start_of(self, position: int) -> int:
        if self._starts is None:
            lengths = (len(text) + 1 for text in self._block.data.split(b"\n"))
            self._starts = list(accumulate(lengths, initial=self._block.byte))
        return self._starts[position]


class ListPlaces:
    """The places of calls that were read one by one.

    Args:
        number: The number of the input.
        calls: For each call its line (or element), its index in a batch (-1 outside one), and the parsed call, if
            there is one.
    """

    def __init__(self, number: int, calls: Sequence[tuple[Record, int, Mapping[str, Any] | None]]) -> None:
        self._input = number
        self._calls = calls

    def mark(self, position: int, identity: str) -> Place:
        """The place of the call at a position, with a known message id."""
        (byte, line, own, _), member, _ = self._calls[position]
        return Place(self._input, byte, member if member >= 0 else own, line, shown_id(identity))

    def at(self, position: int) -> Place:
        """The place of the call at a position."""
        (byte, line, own, text), member, value = self._calls[position]
        identity = id_in(text or b"{}") if value is None else message_id(value)
        return Place(self._input, byte, member if member >= 0 else own, line, identity)

    def text(self, position: int) -> bytes:
        """The line (or element) of the call at a position."""
        return self._calls[position][0][3] or b"{}"


class Picked:
    """The places of some calls of a sequence."""

    def __init__(self, places: Places, kept: Sequence[int]) -> None:
        self._places = places
        self._kept = kept

    def at(self, position: int) -> Place:
        """The place of the call at a position."""
        return self._places.at(self._kept[position])

    def mark(self, position: int, identity: str) -> Place:
        """The place of the call at a position, with a known message id."""
        return self._places.mark(self._kept[position], identity)

    def text(self, position: int) -> bytes:
        """The line (or element) of the call at a position."""
        return self._places.text(self._kept[position])


class _Identified(msgspec.Struct, gc=False, eq=False):
    messageId: Any = None  # noqa: N815 - Segment's name


_identified = msgspec.json.Decoder(_Identified).decode


def id_in(data: bytes) -> str | None:
    """The message id in the text of a call, as reports show it."""
    try:
        found = _identified(data).messageId
    except REFUSED:
        return message_id(parse(data))
    return shown_id(found) if isinstance(found, str) else None
