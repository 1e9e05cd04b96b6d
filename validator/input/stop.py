"""A request to stop reading, which a signal handler may make at any time."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validator.input.stream import Stream

Item = TypeVar("Item")

# Seconds that running work may take after a stop.
PATIENCE = 0.4


class StoppedError(Exception):
    """Reading was asked to stop."""


class EnoughError(StoppedError):
    """The reading ended because of too many errors."""


class Stop:
    """A request to stop reading, honoured between blocks.

    Lines are counted in whole blocks, so counts are always consistent.

    Attributes:
        signal: The signal received; 0 if none.
    """

    def __init__(self) -> None:
        self.signal = 0
        self._since: float | None = None
        self._waiting = False
        self._abandoning = False

    def request(self, signal: int) -> None:
        """Asks to stop, or repeats it. Raises in the signal handler only if the current work may be abandoned.

        Raises:
            StoppedError: Input is waited for, or work that can be abandoned has taken too long since the first request.
        """
        self.signal = signal
        overdue = self.overdue  # the first check starts the clock
        if self._waiting or (overdue and self._abandoning):
            raise StoppedError

    def remind(self) -> None:
        """Repeats a request, if there was one; called by a timer during work that can be abandoned."""
        if self.signal:
            self.request(self.signal)

    def check(self) -> None:
        """Ends the work if a stop was asked for.

        Raises:
            StoppedError: A stop was asked for.
        """
        if self.signal:
            raise StoppedError

    @property
    def overdue(self) -> bool:
        """Whether the time to finish work after a stop is over."""
        if not self.signal:
            return False
        if self._since is None:
            self._since = time.monotonic()
        return time.monotonic() - self._since >= PATIENCE

    @contextmanager
    def abandoning(self) -> Iterator[None]:
        """Context for work that may be abandoned, and then counts as not started.

        Raises:
            StoppedError: It was abandoned.
        """
        self._abandoning = True
        try:
            if self.overdue:
                raise StoppedError
            yield
        finally:
            self._abandoning = False

    def soon(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yields items until a stop is overdue; a slow search for the next item is abandoned.

        Raises:
            StoppedError: It was, or is.
        """
        source = iter(items)
        while True:
            try:
                self._abandoning = True
                if self.overdue:
                    raise StoppedError
                item = next(source)
            except StopIteration:
                return
            finally:
                self._abandoning = False
            yield item
            del item  # it may be large, and the next one is searched now

    def reader(self, stream: Stream) -> _StoppableSource:
        """Wraps a stream so that reading ends after a stop."""
        return _StoppableSource(stream, self)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Context for work that may wait for input; a stop interrupts it.

        Raises:
            StoppedError: It did.
        """
        self._waiting = True
        try:
            yield
        finally:
            self._waiting = False


class _StoppableSource:
    def __init__(self, stream: Stream, stop: Stop) -> None:
        self._stream = stream
        self._stop = stop

    def readinto(self, buffer: memoryview, /) -> int:
        stop = self._stop
        try:
            stop._waiting = True
            if stop.signal and self._stream.waits:
                raise StoppedError
            return self._stream.readinto(buffer)
        finally:
            stop._waiting = False
