"""Reads the objects that come next while others are counted: a request takes longer than counting a small object."""

from __future__ import annotations

import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any

from validator.input import requests
from validator.input.buckets.names import ObjectPath, parse
from validator.input.buckets.reading import ItemSource, begun, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from validator.input.buckets.reading import EmptySource
    from validator.input.stream import Stream

    Begun = ItemSource | EmptySource

# Objects up to this size are asked for together, so many at once or so many bytes.
_SMALL = 1 << 20
_TOGETHER = 64
_BYTES = 8 << 20


class _Group:
    """Small objects of one request."""

    def __init__(self, paths: list[ObjectPath]) -> None:
        bucket, _ = parse(paths[0])
        self.items: Any = requests.request("read_all", bucket, [parse(path)[1] for path in paths])
        self.sources = deque(_Member(self) for _ in paths)  # those not read to their end, in order

    def close_if_passed_over(self) -> None:
        """Ends the request if nobody will read any more of it."""
        if all(source.is_closed for source in self.sources):
            self.items.close()


class _Member(ItemSource):
    """One of them. They are read in order: what is left of those before is passed over."""

    def __init__(self, group: _Group) -> None:
        super().__init__()
        self._group = group
        self._ended = self.is_closed = False

    def item(self) -> Any:
        """The next item; None at the end."""
        while not self._ended and (first := self._group.sources[0]) is not self:
            first.pass_over()
        return self._item()

    def _item(self) -> Any:
        if self._ended:
            return None
        try:
            item = next(self._group.items, None)
        except OSError as error:  # of the request as a whole
            item = error
        if item is None or isinstance(item, OSError):
            self._ended = True
            self._group.sources.popleft()
        if isinstance(item, OSError):
            raise item
        return item

    def pass_over(self) -> None:
        """Reads what is left."""
        with contextlib.suppress(OSError):
            while self._item() is not None:
                pass

    def close(self) -> None:
        """Notes that no more of it is read; waits for nothing."""
        self.is_closed = True
        self._group.close_if_passed_over()


class Ahead:
    """Opens inputs one after another, and begins to read the objects that come next.

    Args:
        inputs: The inputs, in order.
        open_input: Opens those that are not objects.
    """

    def __init__(self, inputs: Iterable[str], open_input: Callable[[str], Stream]) -> None:
        self._inputs = iter(inputs)
        self._open_input = open_input
        self._begun: deque[tuple[str, Begun | None]] = deque()
        self._next: list[str] = []  # what was looked at and not begun
        self._current: tuple[str, Begun | None] | None = None

    def __iter__(self) -> Iterator[str]:
        """Each input; `open` opens the last of them."""
        while True:
            if len(self._begun) < _TOGETHER // 2:
                self._begin_more()
            if not self._begun:
                return
            self._current = self._begun.popleft()
            yield self._current[0]
            if self._current is not None and self._current[1] is not None:
                self._current[1].close()  # it was not opened

    def open(self, path: str) -> Stream:
        """Opens the input that was yielded last."""
        if self._current is not None and self._current[0] is path and isinstance(path, ObjectPath):
            source, self._current = self._current[1], None
            return opened(path, source)
        return self._open_input(path)

    def _begin_more(self) -> None:
        """Begins with the next small objects, or with the next input of another kind."""
        group: list[ObjectPath] = []
        size = 0
        while len(group) < _TOGETHER and size < _BYTES:
            path = self._next.pop() if self._next else next(self._inputs, None)
            if path is None:
                break
            if not _is_small(path) or (group and parse(path)[0] != parse(group[0])[0]):
                self._next.append(path)
                break
            assert isinstance(path, ObjectPath)  # noqa: S101 - a small one is
            group.append(path)
            size += path.size
        if group:
            self._begun.extend(zip(group, _Group(group).sources, strict=True))
        elif self._next and not self._begun:
            path = self._next.pop()
            self._begun.append((path, begun(path) if isinstance(path, ObjectPath) else None))


def _is_small(path: str) -> bool:
    return isinstance(path, ObjectPath) and path.fault is None and 0 < path.size <= _SMALL
