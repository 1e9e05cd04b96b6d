"""Input of calls, shared by commands: expands paths, and lets signals end the reading."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import TYPE_CHECKING, Any

from validator.adapters.cli.standard_streams import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.input.paths import Expansion
    from validator.input.stop import Stop

# Seconds between checks for a signal while waiting.
TICK = 0.25


def inputs_of(paths: Sequence[str], **named: Any) -> Expansion:
    """The inputs; see `validator.service.inputs`. Problems with named paths are reported at once."""
    from validator.service import inputs  # noqa: PLC0415

    found = inputs.inputs_of(paths, **named, warn=warn)
    warn_of_terminal(found.paths)
    return found


def warn_of_terminal(paths: Iterable[str]) -> None:
    """Warns that input is read from the terminal, which looks like a hang."""
    if "-" in paths and sys.stdin is not None and sys.stdin.isatty():
        warn("reading calls from the terminal; end with Ctrl-D")


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
