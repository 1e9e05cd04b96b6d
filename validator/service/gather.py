"""Reads calls once, for the report and for what they give away about sources and destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from validator.catalog import Catalog
from validator.engine.decode import REFUSED, batch_calls, is_utf8, nesting, parse
from validator.engine.engine import Engine
from validator.engine.program import Program
from validator.input.stream import open_stream
from validator.model import Limits
from validator.report import assess
from validator.service.compile import compile_use_case
from validator.service.read import Progress, Reader, Stop, no_progress
from validator.setup.evidence import Evidence, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from validator.catalog import UseCase
    from validator.input.documents import Element
    from validator.input.lines import Block
    from validator.input.stream import Stream
    from validator.report import Report


class Observation(NamedTuple):
    """What was read, both ways.

    Attributes:
        report: How the calls stand to the use cases.
        evidence: Where they come from and where they go.
    """

    report: Report
    evidence: Evidence


def observe_paths(
    paths: Iterable[str],
    use_cases: Sequence[UseCase],
    *,
    watch: Watch | None = None,
    catalog: Catalog | None = None,
    limits: Limits | None = None,
    stop: Stop | None = None,
    partial: bool = False,
    open_input: Callable[[str], Stream] = open_stream,
    warn: Callable[[str], None] = lambda _: None,
    progress: Progress = no_progress,
) -> Observation:
    """Reads files, pipes or devices (`-` is standard input) in this process.

    Args:
        paths: What to read, in order.
        use_cases: The use cases to judge by.
        watch: What to look for besides what every call tells.
        catalog: Where goals have their names from; None for the bundled one.
        limits: What bounds memory; the defaults if None.
        stop: Lets a signal handler end the reading.
        partial: Whether something else that should have been read was not.
        open_input: Opens one of the paths.
        warn: Is told, in a sentence, why an input could not be read whole.
        progress: Is told again and again how far the reading is.
    """
    stop = stop or Stop()
    program = Program([compile_use_case(use_case) for use_case in use_cases])
    engine = ObservingEngine(program, limits or Limits(), watch or Watch())
    reader = Reader(engine, stop, warn, progress)
    for path in paths:
        reader.read(path, open_input)
    goals = {goal.slug: goal.name for goal in (catalog or Catalog.load()).goals}
    report = assess(engine.finish(), program, use_cases, partial=partial or bool(stop.signal), goals=goals)
    return Observation(report, engine.evidence.finish(engine.watch))


class ObservingEngine(Engine):
    """Counts calls like any engine, and takes in what they give away besides.

    Args:
        program: The compiled plans.
        limits: What bounds memory.
        watch: What to look for besides what every call tells.
    """

    def __init__(self, program: Program, limits: Limits, watch: Watch) -> None:
        super().__init__(program, limits)
        self.watch = watch
        self.evidence = Evidence()

    def lines(self, block: Block) -> int:
        """Counts the lines of a block; returns how many they are."""
        for line in block.data.split(b"\n"):
            self._observe(line)
        return super().lines(block)

    def elements(self, elements: Iterable[Element]) -> int:
        """Counts elements; returns how many they are."""
        found = list(elements)
        for element in found:
            self._observe(element.data or b"")
        return super().elements(found)

    def _observe(self, data: bytes) -> None:
        for call in calls_of(data, self.limits):
            self.evidence.note(call, self.watch)


def calls_of(data: bytes, limits: Limits) -> list[dict[str, object]]:
    """The calls of one line (or element), as the engine counts them; none where it is no call."""
    if len(data) > limits.line or not data.strip() or not is_utf8(data):
        return []
    if data.count(b"{") + data.count(b"[") > limits.depth and nesting(data) > limits.depth:
        return []
    try:
        value = msgspec.json.decode(data)
    except REFUSED:
        try:
            value = parse(data)
        except ValueError:
            return []
    if not isinstance(value, dict):
        return []
    members = batch_calls(value) if isinstance(value.get("batch"), list) else [value]
    return [member for member in members if isinstance(member, dict)]
