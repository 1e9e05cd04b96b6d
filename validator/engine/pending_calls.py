"""Collects calls of lines that are read one by one, to count them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.decode.decoder import Reading
from validator.engine.lint import LARGEST, compact_size
from validator.engine.scan.observer import ObservedLine
from validator.model import LineClass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from validator.engine.count.places import Record
    from validator.engine.decode.call import Call
    from validator.engine.scan.observer import Verdict
    from validator.input.json_spans import Span

SOUND = Reading(LineClass.CALL, None)


class Gathered:
    """Calls, and the lines they are from.

    Attributes:
        calls: The calls.
        sources: For each call its line (or element), its index in a batch (-1 outside one), and the parsed call, if it
            was.
        records: The lines, each with its reading.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sources: list[tuple[Record, int, Mapping[str, Any] | None]] = []
        self.records: list[tuple[Record, Reading]] = []
        self._spans: dict[int, Span] = {}

    def add(self, record: Record, reading: Reading) -> None:
        """Adds the calls of a line, or some of them."""
        self.records.append((record, reading))
        if reading.span:
            self._spans[len(self.calls)] = reading.span
        for member, call, value in reading.calls:
            self.calls.append(call)
            self.sources.append((record, member, value))

    def clear(self) -> None:
        """Removes all."""
        for held in (self.calls, self.sources, self.records, self._spans):
            held.clear()

    def size(self, position: int) -> int:
        """The bytes of a call without white space, counted up to the limit; 0 if it is certainly small enough."""
        (_, _, _, text), member, _ = self.sources[position]
        if member < 0:
            return text_size(text or b"")
        span = self._spans.get(position)
        return compact_size(text or b"", *span) if span else 0

    def observed(self, verdicts: Sequence[Verdict], *, unfinished: bool) -> Iterator[tuple[ObservedLine, bool]]:
        """The lines with the verdicts on their calls, each with whether it is the last one."""
        at = 0
        for number, (record, reading) in enumerate(self.records, 1):
            end = at + (1 if reading is SOUND else len(reading.calls))
            is_last = number == len(self.records)
            line = ObservedLine(
                *record,
                reading.line_class,
                bool(reading.strays),
                [
                    (member, call, verdict)
                    for (_, member, _), call, verdict in zip(
                        self.sources[at:end], self.calls[at:end], verdicts[at:end], strict=True
                    )
                ],
                reading.fault,
                [value for _, _, value in self.sources[at:end]],
                last=not (is_last and unfinished),
            )
            yield line, is_last
            at = end


def text_size(text: bytes) -> int:
    """The same for a call given as text."""
    return compact_size(text, 0, len(text)) if len(text) > LARGEST else 0
