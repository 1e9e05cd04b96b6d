"""Recovers from lost workers: repeats their work in smaller parts, to isolate the line to blame."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from validator.engine.count.profile import InputSummary, Profile
from validator.input.framing import Framing
from validator.input.open_input import open_input
from validator.workers.chunk_profile import Counted, profile_chunk, profile_of_lost_line
from validator.workers.input_tasks import split
from validator.workers.pool import Lost, WorkerPool
from validator.workers.process import Task
from validator.workers.read_faults import code_of
from validator.workers.sequential import look_at
from validator.workers.state import Inputs, Part, Reading
from validator.workers.whole_inputs import Whole, read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    Again = tuple[Inputs | Part, Whole | Lost]


def recovered(reading: Reading, lost: Part, result: Lost) -> Counted:
    """The profile of a chunk that crashed its workers: halved until the line to blame is alone."""
    halves = lost.chunk.halves()
    if halves is None:
        reading.faults.append((lost.number, "", f"a worker that reads one of its lines is {result.why}"))
        return Counted(profile_of_lost_line(lost.chunk, reading.limits))
    total = Profile(max_places=reading.limits.places)
    for half in halves:
        with WorkerPool[Counted](1, reading.stop.check) as pool:
            (again,) = pool.results([Task(partial(profile_chunk, half, reading.program, reading.limits))])
        part = recovered(reading, Part(lost.number, half), again) if isinstance(again, Lost) else again
        total.absorb(part.profile, inputs=0, lines=sum(total.lines.values()))
    return Counted(total)


def recover_inputs(reading: Reading, lost: Inputs, result: Lost) -> Iterator[Again]:
    """Reads inputs one by one, and in chunks, after the worker that read them whole has died."""
    if not lost.paths:
        reading.faults.append((lost.first, "IN507", f"the worker that reads it is {result.why}"))
        return
    for number, path in enumerate(lost.paths, lost.first):
        with WorkerPool[Whole](1, reading.stop.check) as pool:
            (again,) = pool.results([Task(partial(read_whole, (path,), reading.program, reading.limits, reading.stop))])
        if isinstance(again, Whole):
            yield Inputs(number, (), 1), again
        else:
            yield from _recover_input(reading, number, path, again)


def _recover_input(reading: Reading, number: int, path: str, result: Lost) -> Iterator[Again]:
    summary = reading.total.inputs[number] = InputSummary(path)
    try:
        with open_input(path) as stream:
            if look_at(stream, summary, reading.warn) is Framing.DOCUMENTS:
                yield Inputs(number, (), 1), result
                return
            for chunk in split(reading, stream, summary):
                yield Part(number, chunk), result
            if stream.damage:
                reading.faults.append((number, "IN506", stream.damage))
    except OSError as error:
        reading.faults.append((number, code_of(error), error.strerror or str(error)))
