"""Signatures of the native core: what calls have in common that add to the same sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.engine.compile.deviation import Deviation
from validator.engine.scan.observer import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.engine.scan.breakdown_values import Labels
    from validator.engine.scan.entries import Entry
    from validator.engine.scan.native_answers import Answers
    from validator.engine.scan.sums import Sum
    from validator.engine.scan.table_scan import TableScan

_NONE: Final = (1 << 32) - 1


class Signature(NamedTuple):
    """What calls of one group have in common that add to the same sums.

    Attributes:
        labels: The labels of the group.
        entry: Their entry.
        scan: The scan of their table.
        sums: The sums of their deviations and faults.
    """

    labels: Labels
    entry: Entry
    scan: TableScan
    sums: tuple[Sum, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict on each of them."""
        breaks = self.scan.breaks
        for one in self.sums:
            breaks |= one.breaks
        deviations = tuple([one.of for one in self.sums if isinstance(one.of, Deviation)])
        return Verdict(self.scan.table.key, deviations, breaks)


class Signatures:
    """Reads the signatures of the core.

    Args:
        core: The core.
        answers: Knows its sums.
        labels_of: Returns the labels of a group.
        count: Counts calls of a signature; None if they need not be counted.
    """

    def __init__(
        self,
        core: Any,
        answers: Answers,
        labels_of: Callable[[tuple[int, ...]], Labels],
        count: Callable[[Signature, int], None] | None,
    ) -> None:
        self._core = core
        self._answers = answers
        self._labels_of = labels_of
        self._count = count
        self._known: dict[int, Signature] = {}
        self._verdicts: dict[int, Verdict | None] = {_NONE: None}

    def take(self) -> None:
        """Counts the calls of each signature since the last time."""
        if self._count:
            for number, calls in self._core.take_signatures():
                self._count(self._of(number), calls)

    def forget(self) -> None:
        """Forgets all signatures, as the core does."""
        self._known.clear()
        self._verdicts = {_NONE: None}

    def verdicts(self) -> list[Verdict | None]:
        """The verdict on each line of the last block; None on those that the core did not count."""
        numbers, known = memoryview(self._core.signatures_of_lines()).cast("I"), self._verdicts
        for number in set(numbers) - known.keys():
            known[number] = self._of(number).verdict
        return [known[number] for number in numbers]

    def _of(self, number: int) -> Signature:
        found = self._known.get(number)
        if found is None:
            labels, sums = self._core.signature(number)
            found = self._known[number] = Signature(self._labels_of(labels), *self._answers.meaning_of(sums))
        return found
