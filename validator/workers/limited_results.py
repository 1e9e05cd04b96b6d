"""Ends a reading by several workers at exactly the error limit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from validator.input.open_input import open_input
from validator.input.stop import EnoughError, StoppedError
from validator.workers.chunk_profile import Counted, profile_chunk
from validator.workers.error_limit import errors_of
from validator.workers.in_process import read_in_turn
from validator.workers.memory_chunks import Group
from validator.workers.pool import Lost
from validator.workers.recovery import recovered
from validator.workers.sequential import Reader
from validator.workers.state import Inputs, Part, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.engine.count.profile import Profile
    from validator.workers.chunks import Chunk
    from validator.workers.error_limit import ErrorLimit
    from validator.workers.whole_inputs import Whole


def up_to_the_end(
    reading: Reading, limit: ErrorLimit, expected: Part, result: Counted | Lost, counted: Counted
) -> Iterator[Profile]:
    """Yields the profiles of a chunk, as far as it counts.

    Args:
        reading: The reading.
        limit: The error limit.
        expected: The chunk.
        result: Its result; if it was lost, workers count its parts instead.
        counted: Takes what was counted of it.

    Raises:
        StoppedError: A stop left it incomplete.
    """
    if not counted.whole and limit.may_end_in(errors_of(counted.profile)):
        raise StoppedError
    count = partial(_profile, reading, expected.number, result if isinstance(result, Lost) else None)
    for _, profile in limit.take(expected.chunk, count, counted.profile):
        yield profile


def _profile(reading: Reading, number: int, lost: Lost | None, part: Chunk | Group) -> Profile:
    assert not isinstance(part, Group)  # noqa: S101 - chunks are of lines
    if lost:
        return recovered(reading, Part(number, part), lost).profile
    counted = profile_chunk(part, reading.program, reading.limits, reading.stop, reading.total)
    if not counted.whole:
        raise StoppedError
    return counted.profile


def take_inputs(reading: Reading, limit: ErrorLimit, expected: Inputs, whole: Whole) -> Iterator[tuple[int, Whole]]:
    """The result of whole inputs, with the number of the first; read again in order if the reading may end in them."""
    if expected.here:  # the sequential reader applied the limit
        yield expected.first, whole
        return
    found = errors_of(whole.profile)
    if not limit.may_end_in(found):
        limit.seen = limit.seen.plus(found)
        yield expected.first, whole
        return
    for number, summary in enumerate(whole.profile.inputs, expected.first):
        yield number, read_in_turn(reading, limit, partial(Reader.read, path=summary.path, open_input=open_input))
        if limit.ended:
            return


def end_if_enough(reading: Reading, number: int) -> None:
    """Ends the reading if there were too many errors."""
    limit = reading.limit
    if limit and limit.ended:
        reading.end(number, limit.end)
        raise EnoughError
