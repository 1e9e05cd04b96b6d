"""Requests to libraries that run threads: in a helper process for a process that may fork, else in this one.

They are about objects in buckets, and about how tables are laid out.
"""

from __future__ import annotations

import contextlib
import importlib
import queue
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from validator.input.buckets.connection import Options, check
from validator.input.buckets.faults import fault_of
from validator.input.threads import may_fork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator.input.helper_process import Helper, Requests

# Items of a request that wait in this process; those of a read are parts of an object.
_AHEAD = 4


class Items(Protocol):
    """The items of a request that has begun."""

    def __iter__(self) -> Iterator[Any]: ...

    def __next__(self) -> Any: ...

    def close(self) -> None:
        """Ends the request."""


class _Access:
    """How this process makes requests."""

    def __init__(self) -> None:
        self.options = Options()
        self.helper: Helper | None = None
        self.requests: Requests | None = None


_access = _Access()


def connect_with(**options: str) -> None:
    """Sets some of the `Options` for how stores are reached, before the first request."""
    _access.options = _access.options._replace(**options)


def request(name: str, *arguments: Any) -> Items:
    """Begins a request of `Client`, `objects` or `layout`; its items are read ahead.

    Raises:
        UsageError: It cannot work as it is set up.
    """
    if _access.helper is not None and not _access.helper.is_ours:
        _access.helper.forget()  # this process was forked since
        _access.helper = None
    if name != "layout":
        check(_access.options)
    helper = _helper()
    if helper is None:
        if _access.requests is None:
            _access.requests = _requests(_access.options)
        return _LocalItems(partial(_access.requests[name], *arguments))
    try:
        return helper.request(name, *arguments)
    except BrokenPipeError:  # it was killed
        helper.close()
        _access.helper = None
        again = _helper()
        assert again is not None  # noqa: S101 - as before
        return again.request(name, *arguments)


def _helper() -> Helper | None:
    """The helper of this process; None if it makes requests itself."""
    if _access.helper is not None and not _access.helper.is_ours:
        _access.helper.forget()  # this process was forked since
        _access.helper = None
    if _access.helper is None and _access.requests is None and may_fork():
        from validator.input.helper_process import Helper  # noqa: PLC0415 - few need it

        _access.helper = Helper(partial(_requests, _access.options))
    return _access.helper


def _requests(options: Options) -> Requests:
    from validator.input.buckets.client import Client  # noqa: PLC0415 - few read buckets
    from validator.input.buckets.listing import objects  # noqa: PLC0415

    client = Client(options)

    def once(do: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
        return lambda *arguments: iter([do(*arguments)])

    def layout(path: str) -> Any:
        # By name: it opens inputs, and those in buckets are opened by requests.
        return importlib.import_module("validator.input.tables.layout").layout_of(path)

    return {
        "layout": once(layout),
        "read": client.read,
        "read_all": client.read_all,
        "head": once(client.head),
        "put": once(client.put),
        "objects": partial(objects, client),
    }


class _LocalItems:
    """The items of a request that a thread of this process makes."""

    def __init__(self, make: Callable[[], Iterator[Any]]) -> None:
        self._items: queue.Queue[tuple[Any, BaseException | None, bool]] = queue.Queue(_AHEAD)
        self._closed = threading.Event()
        self._ended = False
        threading.Thread(target=self._run, args=(make,), daemon=True).start()

    def _run(self, make: Callable[[], Iterator[Any]]) -> None:
        try:
            for item in make():
                self._put((item, None, False))
                if self._closed.is_set():
                    return
        except Exception as error:
            self._put((None, fault_of(error), True))
        else:
            self._put((None, None, True))

    def _put(self, what: tuple[Any, BaseException | None, bool]) -> None:
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._items.put(what, timeout=0.5)
                return

    def __iter__(self) -> _LocalItems:
        return self

    def __next__(self) -> Any:
        if self._ended:
            raise StopIteration
        item, error, self._ended = self._items.get()
        if error is not None:
            raise error
        if self._ended:
            raise StopIteration
        return item

    def close(self) -> None:
        """Ends the request."""
        self._ended = True
        self._closed.set()
