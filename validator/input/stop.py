"""A request to stop reading, which a signal handler makes at any time."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validator.input.stream import Stream

Item = TypeVar("Item")

# Seconds that work which is under way may still take after a stop.
PATIENCE = 0.4


class StoppedError(Exception):
    """Reading was asked to stop."""


class Stop:
    """A request to stop reading, honoured between blocks.

    Lines are counted whole blocks at a time, so what has been counted always adds up.

    Attributes:
        signal: The signal that asked; 0 while none has.
    """

    def __init__(self) -> None:
        self.signal = 0
        self._since: float | None = None
        self._waiting = False
        self._abandoning = False

    def request(self, signal: int) -> None:
        """Asks to stop, or reminds of it. Raises in the signal handler only where the present work may be dropped.

        Raises:
            StoppedError: Input is waited for, or work that can be abandoned has taken too long since the first request.
        """
        self.signal = signal
        overdue = self.overdue  # the first look starts the clock
        if self._waiting or (overdue and self._abandoning):
            raise StoppedError

    def remind(self) -> None:
        """Repeats a request, if there was one; a timer does so while work is done that can be abandoned."""
        if self.signal:
            self.request(self.signal)

    def check(self) -> None:
        """Ends the work if a stop was asked for.

        Raises:
            StoppedError: It was.
        """
        if self.signal:
            raise StoppedError

    @property
    def overdue(self) -> bool:
        """Whether a stop was asked for so long ago that no more work may be finished."""
        if not self.signal:
            return False
        if self._since is None:
            self._since = time.monotonic()
        return time.monotonic() - self._since >= PATIENCE

    @contextmanager
    def abandoning(self) -> Iterator[None]:
        """Work that may be abandoned, and then counts as not begun.

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
        """The items, unless a stop was asked for a while ago; the search for one that takes long is abandoned.

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
            del item  # it may be long, and the next one is looked for now

    def reader(self, stream: Stream) -> _StoppableSource:
        """The stream, unless a stop was asked for."""
        return _StoppableSource(stream, self)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Work that may wait for input: a stop cuts it short.

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
