"""Reads inputs in this process that workers cannot or should not read, once all before them are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.engine import Engine
from validator.workers.limited_counter import LimitedCounter
from validator.workers.sequential import Reader
from validator.workers.whole_inputs import Whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.workers.error_limit import ErrorLimit
    from validator.workers.state import Reading


def read_in_turn(reading: Reading, limit: ErrorLimit, read: Callable[[Reader], None]) -> Whole:
    """Reads inputs until the error limit ends the reading; returns what was counted."""
    warnings: list[str] = []
    engine = Engine(reading.program, reading.limits)
    counter = LimitedCounter(engine, reading.stop, reading.program, limit)
    read(Reader(counter, reading.stop, warnings.append, limit=limit))
    return Whole(engine.finish(), warnings)
