"""Interface to the native core: it counts most lines of a block, and hands the others back.

The core learns what the facts of a call mean when they first occur: the entry of a type and an event, its table, the
sum that a value of a JSON type under a key adds to. It asks for each fact it does not know; the answers are those of
the Python loop: the same entries, tables and sums. It counts into the same sums, and shows the calls whose places are
wanted. It hands back the lines it is not certain of, and the Python loop counts those.
"""

from __future__ import annotations

from operator import add
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.engine.lint import LARGEST, Fault
from validator.engine.scan.native_answers import ABOUT_NAMES, Answers
from validator.engine.scan.native_evidence import NativeEvidence, can_gather
from validator.engine.scan.native_labels import NativeLabels, can_select, tell_selection
from validator.engine.scan.native_signatures import Signatures
from validator.model import LineClass
from validator.native import core_type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from validator.engine.compile.program import Program
    from validator.engine.decode.evidence import Evidence
    from validator.engine.scan.breakdown_values import InputName
    from validator.engine.scan.entries import Entries
    from validator.engine.scan.native_signatures import Signature
    from validator.engine.scan.observer import Verdict
    from validator.engine.scan.sums import KeyLimit, Sum
    from validator.model import Limits, Place

# If more than this share of the lines of several blocks is handed back, the next blocks are left to Python, as many as
# listed here; then the core is tried again. At first many lines are handed back: the core is learning.
_SHARE: Final = 0.75
_PAUSES: Final = (0, 0, 0, 1, 2, 4, 8, 16, 32, 64)

# How often lines with something unknown are read again: for a table, then its keys, then their values.
_PASSES: Final = 4

# Limits of the core: levels of nesting, and top-level fields beside those that it always reads.
_DEEPEST: Final = 1024
_MOST_FIELDS: Final = 32


OTHERS: Final[tuple[tuple[LineClass, Fault | None], ...]] = (
    (LineClass.BLANK, None),
    (LineClass.NOT_OBJECT, Fault("IN503")),
    (LineClass.MALFORMED, Fault("IN501")),
    (LineClass.MALFORMED, Fault("IN502")),
)
"""The classes of lines that the core counts besides calls, and the fault of each."""


HandedBack = tuple[int, int, int, int]
"""A line that is handed back: its number in the block, its start and end (at its LF), and whether it certainly is an
object in UTF-8, neither too long nor too deep."""


class Shown(NamedTuple):
    """A call whose place is wanted.

    Attributes:
        line: The number of its line in the block.
        byte: Where the line starts.
        member: Its number in a batch, else -1.
        start: Where the call starts.
        end: Where it ends.
        places: Takes the place.
    """

    line: int
    byte: int
    member: int
    start: int
    end: int
    places: list[Place]


class Handed(NamedTuple):
    """What the core returns for a block.

    Attributes:
        lines: How many lines it has.
        others: Of lines that are not calls, the number that the core counted of each class of `OTHERS`.
        calls: The lines with one call that the core counted.
        batches: The lines that are batches.
        left_out: The calls of both that are not selected.
        strays: The members of batches that are not objects.
        back: The lines that are handed back, in order.
        shown: The calls whose places are wanted.
        asked: How many questions there were.
    """

    lines: int
    others: tuple[int, int, int, int]
    calls: int
    batches: int
    left_out: int
    strays: int
    back: Sequence[HandedBack]
    shown: Sequence[Shown]
    asked: int


def native_scan(
    program: Program,
    entries: Entries,
    sum_of_fault: Callable[[Fault], Sum],
    limits: Limits,
    limit: KeyLimit,
    source: InputName,
    count: Callable[[Signature, int], None] | None = None,
    *,
    observed: bool = False,
) -> NativeScan | None:
    """The native core for a program; None where it is not available, or does not support the program.

    Args:
        program: The compiled plans.
        entries: Where calls go.
        sum_of_fault: Returns the sum of a lint rule's fault in single calls.
        limits: The limits that bound memory.
        limit: Keys beyond it that no plan names are only counted in sum.
        source: The input that is read.
        count: Counts calls of a signature in a breakdown; None if there is none.
        observed: Whether the verdict on each call is needed.
    """
    made = core_type()
    if made is None or _sees_each(program, observed=observed):
        return None
    if program.routes.versions or not can_select(program.selection):
        return None
    if limits.depth > _DEEPEST or len(program.wanted.fields) > _MOST_FIELDS:
        return None
    core = made(limits.depth, min(limits.line, LARGEST), limits.line)
    for name in program.wanted.fields:
        core.add_field(name.encode("utf-8", "surrogatepass"))
    tell_selection(core, program.selection, needs_times=program.evidence is not None)
    if program.evidence:
        evidence = NativeEvidence(core, program.evidence)
        return NativeScan(core, Answers(core, program, entries, sum_of_fault, limit, evidence), evidence)
    labels = NativeLabels(core, program.selection.by, source)
    answers = Answers(core, program, entries, sum_of_fault, limit, labels)
    if observed:
        core.observe()
    signatures = Signatures(core, answers, labels.of, count) if observed or count else None
    return NativeScan(core, answers, labels, signatures)


def _sees_each(program: Program, *, observed: bool) -> bool:
    """Whether each call has to be seen in Python."""
    if program.wanted.whole:
        return True
    if program.evidence and (observed or program.selection.by or not can_gather(program.evidence)):
        return True
    return any(code == "SP310" or code.startswith("PV") for code in program.lint.codes)


class NativeScan:
    """Counts the lines of blocks in the native core.

    Args:
        core: The core.
        answers: Answers its questions.
        labels: Knows what calls are grouped by.
        signatures: Reads its signatures; None if they are not needed.

    Attributes:
        pauses: Whether blocks are left to Python for a while if the core hands back most lines.
    """

    def __init__(
        self,
        core: Any,
        answers: Answers,
        labels: NativeLabels | NativeEvidence,
        signatures: Signatures | None = None,
    ) -> None:
        self.pauses = True
        self._labels = labels
        self._evidence = labels if isinstance(labels, NativeEvidence) else None
        self._signatures = signatures
        self._core = core
        self._answers = answers
        self._pause = self._paused = 0

    @property
    def full(self) -> bool:
        """Whether the core has no room for more keys and must forget."""
        full: bool = self._answers.full or self._core.is_full()
        return full

    def restart(self) -> None:
        """Wants all places again that the sums want."""
        self._answers.restart()

    def begin(self) -> None:
        """Starts an input."""
        self._labels.begin()

    def gather_into(self, evidence: Evidence) -> None:
        """Takes the evidence that is gathered from now on."""
        if self._evidence:
            self._evidence.gather_into(evidence)

    def verdicts(self) -> list[Verdict | None]:
        """The verdict on each line of the last block; None on those that the core did not count."""
        assert self._signatures is not None  # noqa: S101 - its caller observes calls
        return self._signatures.verdicts()

    def take(self) -> None:
        """Moves the counts of the core to the sums of the Python loop."""
        self._answers.take()
        if self._signatures:
            self._signatures.take()
        if self._evidence:
            self._evidence.take()

    def forget(self) -> None:
        """Forgets entries, tables and sums; what the core counted must have been taken."""
        self._answers.forget()
        if self._signatures:
            self._signatures.forget()

    def scan(self, data: bytes, countable: Sequence[bool]) -> Handed | None:
        """Counts whole lines; None if the Python loop should be used.

        Args:
            data: The lines; the last one also ends with LF.
            countable: For each of `OTHERS`, whether the core counts such lines, as no more places are needed.
        """
        if self._paused:
            self._paused -= 1
            return None
        bits = sum(1 << number for number, counts in enumerate(countable) if counts)
        lines, *others, found = self._core.scan(data, bits)
        counts, back, questions, shown, waiting = found
        asked = names = passes = 0
        while questions or waiting:
            asked += len(questions)
            names += sum(question[0] in ABOUT_NAMES for question in questions)
            self._answers.answer(questions)
            if not waiting:
                break
            passes += 1
            further, again, questions, now_shown, waiting = self._core.scan_again(data, passes >= _PASSES)
            counts = tuple(map(add, counts, further))
            back += again
            shown += now_shown
        if self._evidence:
            self._evidence.take_identities(data)
        back.sort()
        self._note_share(len(back) + names, lines)
        places = [Shown._make((*spot, self._answers.places_of(number))) for *spot, number in shown]
        return Handed._make((lines, tuple(others), *counts, back, places, asked))

    def _note_share(self, work: int, lines: int) -> None:
        """Leaves blocks to Python where the core hands back most lines, or most have names that it does not know."""
        if self.pauses and work > lines * _SHARE:
            self._paused = _PAUSES[min(self._pause, len(_PAUSES) - 1)]
            self._pause += 1
        else:
            self._pause = 0
