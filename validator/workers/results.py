"""Counts the results of workers, in the order of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.input.stop import StoppedError
from validator.model import LineClass
from validator.workers.chunk_profile import Counted
from validator.workers.chunks import Segment
from validator.workers.limited_results import end_if_enough, take_inputs, up_to_the_end
from validator.workers.pool import Lost
from validator.workers.recovery import recover_inputs, recovered
from validator.workers.state import Inputs, Part, Reading
from validator.workers.whole_inputs import Whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.engine.count.profile import Profile


def take_next(reading: Reading, result: Counted | Whole | Lost) -> None:
    """Counts the next result, in the order of the tasks.

    Raises:
        StoppedError: It covers only a part of its task, so nothing after it may be counted.
    """
    reading.taking = True
    take(reading, reading.expected[0], result)
    if isinstance(result, Counted) and not result.whole:
        raise StoppedError
    reading.expected.popleft()
    reading.taking = False


def take(reading: Reading, expected: Inputs | Part, result: Counted | Whole | Lost) -> None:
    """Counts the result of inputs or of a part of one."""
    if isinstance(expected, Part):
        _take_part(reading, expected, result)
    else:
        _take_inputs(reading, expected, result)
    reading.consumed += expected.consumed
    lines = reading.total.lines
    reading.progress(reading.consumed, lines[LineClass.CALL] + lines[LineClass.BATCH], lines[LineClass.MALFORMED])
    total, limits = reading.total, reading.limits
    if total.is_large(limits):
        reading.bound()


def _take_part(reading: Reading, expected: Part, result: Counted | Whole | Lost) -> None:
    counted = recovered(reading, expected, result) if isinstance(result, Lost) else result
    assert isinstance(counted, Counted)  # noqa: S101 - the worker of a part sends nothing else
    summary = reading.total.inputs[expected.number]
    profiles: Iterable[Profile] = (counted.profile,)
    if expected.number in reading.broken:
        profiles = ()
    elif counted.fault:
        reading.broken.add(expected.number)
        reading.faults.append((expected.number, *counted.fault))
    if reading.limit and profiles:
        again = result if isinstance(result, Lost) else counted
        profiles = up_to_the_end(reading, reading.limit, expected, again, counted)
    for profile in profiles:
        reading.total.absorb(profile, inputs=expected.number, lines=summary.lines)
        summary.lines += sum(profile.lines.values())
    end_if_enough(reading, expected.number)
    if isinstance(expected.chunk, Segment):
        reading.slots.give_back(expected.chunk.number)
    if expected.source:
        expected.source.chunks -= 1
        reading.close_if_counted(expected.number)


def _take_inputs(reading: Reading, expected: Inputs, result: Counted | Whole | Lost) -> None:
    if isinstance(result, Lost):
        for part, again in recover_inputs(reading, expected, result):
            take(reading, part, again)
        return
    assert isinstance(result, Whole)  # noqa: S101 - the worker of whole inputs sends nothing else
    wholes: Iterable[tuple[int, Whole]] = ((expected.first, result),)
    if reading.limit:
        wholes = take_inputs(reading, reading.limit, expected, result)
    for first, whole in wholes:
        inputs = whole.profile.inputs
        reading.total.inputs[first : first + len(inputs)] = inputs
        reading.total.absorb(whole.profile, inputs=first)
        for warning in whole.warnings:
            reading.warn(warning)
        end_if_enough(reading, first)
    if source := reading.sources.pop(expected.first, None):
        source.stream.close()
