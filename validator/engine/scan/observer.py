"""Observers see each line with the verdicts on its calls, not only the sums."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from validator.engine.compile.deviation import MORE
from validator.engine.decode.json_exact import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from validator.engine.compile.deviation import Deviation, Facts, TableKey
    from validator.engine.decode.call import Call
    from validator.input.lines import Block
    from validator.model import LineClass


class Verdict(NamedTuple):
    """The verdict on one call.

    Attributes:
        table: Its table.
        deviations: How it deviates.
        breaks: The plans for which it is invalid: a bit for each.
        facts: For a call that only the evaluator could judge: everything that plan rules need to know of it.
    """

    table: TableKey
    deviations: tuple[Deviation, ...]
    breaks: int
    facts: Facts | None = None

    @property
    def invalid(self) -> bool:
        """Whether it has a violation of error severity."""
        return bool(self.breaks)


def has_further_keys(verdict: Verdict) -> bool:
    """Whether a call has properties that no plan names, if a plan reports those."""
    if verdict.facts is not None:
        return verdict.facts.more
    return any(not deviation.places and MORE in deviation.failed for deviation in verdict.deviations)


class ObservedLine(NamedTuple):
    """A line (or element) that was read on its own.

    Attributes:
        byte: Where it starts.
        line: Its line number.
        position: Its index in an array, else -1.
        text: Its bytes without the LF; None if it is longer than the limit.
        line_class: Its class.
        strays: Whether it is a batch with members that are not objects.
        calls: For each of its calls the index in a batch (else -1), the call, and its verdict.
        fault: The code of the rule that says why it is not a call; None for calls and blank lines.
        values: For each of its calls the parsed call; None if it was not parsed.
        last: Whether this is the last part of the line; a long batch is shown a few calls at a time.
    """

    byte: int
    line: int
    position: int
    text: bytes | None
    line_class: LineClass
    strays: bool
    calls: Sequence[tuple[int, Call, Verdict]]
    fault: str | None = None
    values: Sequence[Mapping[str, Any] | None] = ()
    last: bool = True

    def each(self) -> Iterator[tuple[int, Verdict, Callable[[], Mapping[str, Any]]]]:
        """Its calls: index in a batch, verdict, and a function that returns the parsed call."""
        for (member, _, verdict), value in zip(self.calls, self.values, strict=True):
            yield member, verdict, partial(self._parsed, value)

    def _parsed(self, value: Mapping[str, Any] | None) -> Mapping[str, Any]:
        found: Mapping[str, Any] = parse(self.text or b"{}") if value is None else value
        return found


class Observer(Protocol):
    """Sees every line in input order, with the verdicts on its calls."""

    def begin(self, path: str) -> None:
        """Called at the start of an input."""

    def block(self, block: Block, line: int, verdicts: Sequence[Verdict]) -> None:
        """Sees lines with one call each and the verdicts on them; `line` is the number of the first."""

    def blank(self, block: Block, line: int, lines: int) -> None:
        """Sees a number of blank lines; `line` is the number of the first."""

    def line(self, line: ObservedLine, ending: bytes) -> None:
        """Sees a line that was read on its own, and its line end."""

    def passed_over(self, piece: bytes) -> None:
        """Sees the next bytes of a line that is too long to keep, before the line itself."""
