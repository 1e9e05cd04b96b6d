"""Input of calls, shared by commands: expands paths, and lets signals end the reading."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING

from validator.adapters.cli.standard_streams import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.input.paths import Expansion
    from validator.input.stop import Stop

# Seconds between checks for a signal while waiting.
TICK = 0.25


def inputs_of(
    paths: Sequence[str],
    *,
    exclude: Iterable[str] = (),
    outputs: Iterable[str] = (),
    kept: Iterable[str | None] = (),
) -> Expansion:
    """Expands the inputs; warns at once of paths that cannot be used.

    Args:
        paths: Paths, directories and globs.
        exclude: Globs of paths to leave out.
        outputs: Files the run writes; `-` is standard output.
        kept: Other files of the run, such as a baseline: in a directory they are not read as events.

    Raises:
        UsageError: An output would be read.
    """
    from validator.adapters.cli.output_conflicts import refuse_overlap  # noqa: PLC0415
    from validator.input.paths import expand  # noqa: PLC0415

    known = [path for path in kept if path]
    inputs = expand(paths, exclude=exclude, outputs=outputs, kept=known)
    refuse_overlap(inputs.overlaps)
    for name in inputs.absent:
        warn(f"{name}: no such file or directory")
    for name in inputs.empty:
        warn(f"{name}: the directory holds no files")
    for name in inputs.excluded:
        warn(f"{name}: excluded, and not read")
    real = {os.path.realpath(path) for path in known}
    for name in (name for name in inputs.own if os.path.realpath(name) not in real):
        warn(f"{name} was written by uclint, and is not read")
    if inputs.repeated:
        more = len(inputs.repeated) - 1
        others = f" and {more:,} more are" if more else " is"
        warn(f"{inputs.repeated[0]}{others} named more than once; read once")
    if "-" in inputs.paths and sys.stdin is not None and sys.stdin.isatty():
        warn("reading calls from the terminal; end with Ctrl-D")
    return inputs


@contextlib.contextmanager
def signals(stop: Stop) -> Iterator[None]:
    """Lets Ctrl-C and SIGTERM end the reading, with a report so far; a second one ends at once."""
    numbers = (signal.SIGINT, signal.SIGTERM)

    def request(number: int, frame: object) -> None:  # noqa: ARG001
        for each in numbers:
            signal.signal(each, signal.SIG_DFL)
        stop.request(number)

    previous = {number: signal.signal(number, request) for number in numbers}
    # A signal just before a blocking call is handled only after it, so no call blocks for long.
    previous[signal.SIGALRM] = signal.signal(signal.SIGALRM, lambda *_: stop.remind())
    signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in previous.items():
            signal.signal(number, handler)
