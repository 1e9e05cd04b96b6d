"""Reads inputs with several workers, with the same result as reading them sequentially."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING

from validator.input.buckets.names import in_bucket
from validator.input.stop import Stop, StoppedError
from validator.input.threads import alone
from validator.workers.chunk_profile import Counted, warm_up
from validator.workers.input_tasks import tasks
from validator.workers.pool import WorkerPool
from validator.workers.results import take_next
from validator.workers.sequential import Progress, no_progress, read_inputs
from validator.workers.state import Reading
from validator.workers.whole_inputs import Whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from validator.engine.compile.program import Program
    from validator.engine.count.profile import Profile
    from validator.model import Limits
    from validator.workers.error_limit import ErrorLimit
    from validator.workers.process import Task

# Seconds that workers may take to finish after a stop.
GRACE = 1.0

# Python 3.12 freezes some hundred objects by itself; who calls `gc.freeze` freezes thousands.
_OF_PYTHON = 1_000


def read_in_parallel(
    paths: Iterable[str],
    program: Program,
    *,
    jobs: int,
    limits: Limits,
    stop: Stop,
    warn: Callable[[str], None],
    progress: Progress = no_progress,
    limit: ErrorLimit | None = None,
) -> Profile:
    """Reads inputs with several workers; sequentially if other threads run, as forking would be unsafe.

    Args:
        paths: Files, pipes or devices; `-` is standard input.
        program: The compiled plans.
        jobs: How many workers.
        limits: The limits that bound memory.
        stop: Lets a signal handler end the reading; inputs not read are incomplete.
        warn: Receives the reason, a sentence, if an input could not be read whole.
        progress: Called repeatedly with the progress.
        limit: Ends the reading after too many errors; inputs not read are incomplete.
    """
    if not alone():
        return read_inputs(paths, program, limits=limits, stop=stop, warn=warn, progress=progress, limit=limit)
    reading = Reading(program, jobs=jobs, limits=limits, stop=stop, warn=warn, progress=progress, limit=limit)
    _read(reading, paths)
    return reading.total


def _read(reading: Reading, paths: Iterable[str]) -> None:
    inputs = _each(reading, tuple(paths))
    frozen = gc.get_freeze_count()
    try:
        with WorkerPool[Counted | Whole](reading.jobs, reading.stop.check) as pool, suppress(StoppedError):
            try:
                for result in pool.results(_worthwhile(reading, tasks(reading, inputs))):
                    take_next(reading, result)
            except StoppedError:
                # Nothing after the first uncounted part may be counted.
                for result in () if reading.taking else pool.drain(GRACE):
                    take_next(reading, result)
        reading.close(inputs)
    finally:
        if frozen < _OF_PYTHON:
            gc.unfreeze()  # unfreeze what `warm_up` froze for the workers, but nothing of the caller
        for source in reading.sources.values():
            source.stream.close()


def _each(reading: Reading, paths: tuple[str, ...]) -> Iterator[str]:
    """Each input, in order."""
    if not any(map(in_bucket, paths)):
        return iter(paths)
    from validator.input.buckets.reading import each_input  # noqa: PLC0415 - few read buckets

    limit = reading.limit
    return each_input(paths, reading.warn, reading.stop, lambda: limit is not None and limit.ended)


def _worthwhile(reading: Reading, made: Iterator[Task[Counted | Whole]]) -> Iterator[Task[Counted | Whole]]:
    """The tasks; a single one is done at once."""
    first = next(made, None)
    if first is None:
        return
    second, stopped = None, False
    try:
        second = next(made, None)
    except StoppedError:
        stopped = True
    if second is not None:
        reading.engine = warm_up(reading.program, reading.limits)
        yield first
        yield second
        yield from made
    else:
        take_next(reading, first.do())
    if stopped:
        raise StoppedError
