"""Reads calls once, for the report and for what they give away about sources and destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from validator.engine.decode.block_guard import is_utf8, nesting
from validator.engine.decode.decoder import REFUSED
from validator.engine.decode.json_exact import merged, parse
from validator.engine.decode.long_lines import is_json
from validator.engine.engine import Engine
from validator.input.batch_members import BatchText
from validator.input.json_spans import content_start
from validator.service.check import check_paths
from validator.setup.evidence import Evidence, Watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.catalog import UseCase
    from validator.engine.compile.program import Program
    from validator.engine.scan.observer import Observer
    from validator.input.documents import Element
    from validator.input.lines import Block
    from validator.model import Limits
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
    paths: Iterable[str], use_cases: Sequence[UseCase], watch: Watch | None = None, **options: Any
) -> Observation:
    """Reads files, pipes or devices (`-` is standard input) in this process.

    Args:
        paths: What to read, in order.
        use_cases: The use cases to judge by.
        watch: What to look for besides what every call tells.
        options: As `check_paths` takes them.
    """
    observer = EvidenceObserver(watch or Watch())
    report = check_paths(paths, use_cases, make=observer.engine, **options)
    return Observation(report, observer.evidence.finish(observer.watch))


class EvidenceObserver:
    """Takes in what calls give away.

    Attributes:
        watch: What to look for besides what every call tells.
        evidence: What was seen so far.
    """

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.evidence = Evidence()

    def engine(self, program: Program, limits: Limits, *, observer: Observer | None = None) -> ObservingEngine:
        """An engine that shows every call to this observer."""
        return ObservingEngine(program, limits, self, observer)


class ObservingEngine(Engine):
    """Counts calls like any engine, and takes in what they give away besides.

    Args:
        program: The compiled plans.
        limits: What bounds memory.
        evidence: Takes in every call.
        observer: As for any engine.
    """

    def __init__(self, program: Program, limits: Limits, evidence: EvidenceObserver, observer: Observer | None) -> None:
        super().__init__(program, limits, observer=observer)
        self._observer = evidence

    def lines(self, block: Block) -> int:
        """Counts the lines of a block; returns how many they are."""
        for line in filter(None, block.data.split(b"\n")):  # there may be any number of empty ones
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
            self._observer.evidence.note(call, self._observer.watch)


def calls_of(data: bytes, limits: Limits) -> Iterator[dict[str, object]]:
    """The calls of one line (or element), as the engine counts them; none where it is no call."""
    if len(data) > limits.line or not data.strip() or not is_utf8(data):
        return
    if data.count(b"{") + data.count(b"[") > limits.depth and nesting(data) > limits.depth:
        return
    if not is_json(data) or not data.startswith(b"{", content_start(data)):
        return
    batch = BatchText.of(data) if b"batch" in data or b"\\u" in data else None
    if batch is None:
        yield _parsed(data)
        return
    shared = {key: _parsed(data[start:end]) for key, (start, end) in batch.shared.items()}
    for start, end in batch.groups():
        members = _parsed(b"[" + data[start:end].rstrip(b" \t\r\n,") + b"]")
        yield from (merged(shared, member) for member in members if isinstance(member, dict))


def _parsed(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except REFUSED:
        return parse(data)
