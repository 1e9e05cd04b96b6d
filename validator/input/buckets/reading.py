"""Reads objects: as streams, in ranges, and several ahead of the one that is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.input import requests
from validator.input.buckets.client import PART, Found
from validator.input.buckets.faults import GONE, StoreError
from validator.input.buckets.names import BucketName, ObjectPath, in_bucket, parse
from validator.input.own_files import HEAD, kind_of
from validator.input.stop import StoppedError
from validator.input.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from validator.input.stop import Stop

# The first part of a large object: its head says whether others read its ranges.
_FIRST = 256 << 10

_NOTHING = memoryview(b"")


class ItemSource:
    """The bytes of an object, as the items of a request give them."""

    def __init__(self) -> None:
        self._found: Found | None = None
        self._rest = _NOTHING  # slicing a view copies nothing

    def item(self) -> Any:
        """The next item; None at the end."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends the reading."""
        raise NotImplementedError

    @property
    def found(self) -> Found:
        """The object as it is read; waits for the first answer."""
        if self._found is None:
            self._found = self.item()
        return self._found

    def readinto(self, buffer: memoryview, /) -> int:
        """Fills the buffer from its start; returns how many bytes, 0 at the end."""
        while not self._rest:
            item = self.item()
            if item is None:
                return 0
            if isinstance(item, Found):
                self._found = item
            else:
                self._rest = memoryview(item)
        part = self._rest[: len(buffer)]
        self._rest = self._rest[len(part) :]
        buffer[: len(part)] = part
        return len(part)


class ObjectSource(ItemSource):
    """The bytes of a range of an object, as a source. Its request begins at once.

    Args:
        path: The object.
        start: The first byte.
        end: The byte after the last; None for the end of the object.
        etag: The mark that it must have; None for any.
        first: The size of the first part that is read.
    """

    def __init__(
        self, path: str, start: int = 0, end: int | None = None, etag: str | None = None, *, first: int = PART
    ) -> None:
        super().__init__()
        bucket, key = parse(path)
        self._items: Any = requests.request("read", bucket, key, start, end, etag, first)

    def item(self) -> Any:
        """The next item; None at the end."""
        return next(self._items, None)

    def close(self) -> None:
        """Ends the request."""
        self._items.close()
        self._rest = _NOTHING


class EmptySource:
    """No bytes: what is empty is not asked for."""

    def readinto(self, buffer: memoryview, /) -> int:  # noqa: ARG002 - a source
        """Ends at once."""
        return 0

    def close(self) -> None:
        """Does nothing."""


class ObjectRanges:
    """Reads ranges of one object, which must stay as it is."""

    def __init__(self, path: str, size: int, etag: str | None) -> None:
        self.path = path
        self.size = size
        self._etag = etag

    def at(self, offset: int, size: int) -> bytes:
        """The bytes at an offset."""
        source = self.source(offset, offset + size)
        try:
            data = bytearray(size)
            filled = 0
            while filled < size and (count := source.readinto(memoryview(data)[filled:])):
                filled += count
            return bytes(data[:filled])
        finally:
            source.close()

    def source(self, start: int, end: int) -> ObjectSource:
        """The bytes of a range, as a source."""
        return ObjectSource(self.path, start, end, self._etag)


def resolved(path: str) -> ObjectPath:
    """The object of a path, with its size.

    Raises:
        OSError: There is none.
    """
    if isinstance(path, ObjectPath):
        return path
    bucket, key = parse(path)
    found = next(requests.request("head", bucket, key))
    if found is None:
        raise StoreError(GONE, absent=True)
    return ObjectPath.of(path, found.size, found.etag, found=False)


def open_object(path: str) -> Stream:
    """Opens an object.

    Raises:
        OSError: It cannot be read.
    """
    return opened(resolved(path), None)


def begun(path: ObjectPath) -> ObjectSource | EmptySource:
    """Begins to read an object."""
    if not path.size or path.fault is not None:
        return EmptySource()
    return ObjectSource(path, first=PART if path.size <= PART else _FIRST)


def opened(path: ObjectPath, source: ItemSource | EmptySource | None) -> Stream:
    """Opens an object whose reading has perhaps begun."""
    if path.fault is not None:
        raise StoreError(path.fault)
    reading = source or begun(path)
    try:
        ranges = None
        if isinstance(reading, ItemSource):
            found = reading.found
            ranges = ObjectRanges(str(path), found.size, found.etag)
        stream = Stream(str(path), reading, reading.close, ranges=ranges)
    except BaseException:
        reading.close()
        raise
    if path.found and kind_of(stream.head[:HEAD]):
        reading.close()
        return Stream(str(path), EmptySource(), note="was written by uclint, and is not read")
    return stream


def read_object(path: str, most: int | None = None) -> bytes:
    """The bytes of an object, or the first of them.

    Raises:
        OSError: It cannot be read.
    """
    found = resolved(path)
    size = found.size if most is None else min(found.size, most)
    return ObjectRanges(str(path), found.size, found.etag).at(0, size)


def write_object(path: str, data: bytes) -> None:
    """Writes an object, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    bucket, key = parse(path)
    if not key or key.endswith("/"):
        raise StoreError("it is a folder; name an object")
    next(requests.request("put", bucket, key, data))


def listed(name: str, warn: Callable[[str], None]) -> Iterator[ObjectPath]:
    """The objects of a name, as they are listed; a listing that fails ends with what says why, when opened."""
    known_to_be_there = isinstance(name, BucketName)
    items: Any = requests.request("objects", name if isinstance(name, BucketName) else BucketName.of(name))
    listed_any = known_to_be_there
    try:
        for batch in items:
            if isinstance(batch, list):
                listed_any = True
                yield from batch
            else:
                folders = f"{batch.folders:,} day folder{'s' * (batch.folders > 1)}"
                warn(f"{name}: {folders} before --since {'were' if batch.folders > 1 else 'was'} not read")
                listed_any = True
    except OSError as error:
        yield ObjectPath.of(str(name), 0, fault=error.strerror or str(error))
    else:
        if not listed_any:
            yield ObjectPath.of(str(name), 0, fault=GONE)
    finally:
        items.close()


def each_input(
    paths: Iterable[str], warn: Callable[[str], None], stop: Stop, ended: Callable[[], bool] = lambda: False
) -> Iterator[str]:
    """Each input of some paths; names in buckets are listed while they are read.

    Args:
        paths: The paths.
        warn: Takes a sentence about what is not read.
        stop: Lets a signal handler end the reading: then the rest of a name is named by itself.
        ended: Whether it has ended for another reason.
    """
    for path in paths:
        if not in_bucket(path) or isinstance(path, ObjectPath):
            yield path
            continue
        found = listed(path, warn)
        while True:
            try:
                stop.check()
                with stop.waiting():
                    one = None if ended() else next(found)
            except StopIteration:
                break
            except StoppedError:
                one = None
            if one is None:
                yield str(path)
                break
            yield one
