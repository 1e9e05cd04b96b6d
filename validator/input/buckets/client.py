"""Requests to stores, in this process. Each is a generator, so that `access` can run it here or in the helper."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.errors import UclintError
from validator.input.buckets.connection import Options, open_store
from validator.input.buckets.faults import CHANGED, StoreError, fault_of
from validator.input.source import ChangedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from validator.input.buckets.names import Bucket

# An object is read in parts of this size, several at once.
PART = 4 << 20
AT_ONCE = 4

# Objects of a page of a listing.
PAGE = 1_000

# Requests under way in this process.
_THREADS = 16

# A request that fails for a reason that may pass is repeated after these pauses in seconds, besides what the library
# repeats itself: it gives up when a connection breaks within an answer.
_PAUSES = (0.2, 0.8, 2.0)


class Found(NamedTuple):
    """An object in a listing, or the one that is read."""

    key: str
    size: int
    etag: str | None


class Level(NamedTuple):
    """What is directly in a folder: objects, and the keys of folders without a slash at their end."""

    objects: list[Found]
    folders: list[str]


class Client:
    """The stores of one process.

    Args:
        options: How they are reached.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._stores: dict[Bucket, Any] = {}
        self._threads = ThreadPoolExecutor(_THREADS)

    def store(self, bucket: Bucket) -> Any:
        """The store of a bucket."""
        if bucket not in self._stores:
            try:
                self._stores[bucket] = open_store(bucket, self._options)
            except Exception as error:
                raise _unusable(error) from None
        return self._stores[bucket]

    def pages(self, bucket: Bucket, folder: str, after: str | None = None) -> Iterator[list[Found]]:
        """The objects below a folder by key, page by page; a listing that fails is not repeated."""
        stream = iter(_library().list(self.store(bucket), folder or None, offset=after, chunk_size=PAGE))
        while True:
            try:
                page = next(stream, None)
            except Exception as error:
                raise fault_of(error) from None
            if page is None:
                return
            yield [_found(meta) for meta in page]

    def level(self, bucket: Bucket, folder: str) -> Level:
        """What is directly in a folder."""
        found = _tried(lambda: _library().list_with_delimiter(self.store(bucket), folder or None))
        return Level([_found(meta) for meta in found["objects"]], list(found["common_prefixes"]))

    def head(self, bucket: Bucket, key: str) -> Found | None:
        """An object; None if there is none."""
        try:
            return _found(_tried(lambda: _library().head(self.store(bucket), key)))
        except StoreError as error:
            if error.absent:
                return None
            raise

    def read(
        self,
        bucket: Bucket,
        key: str,
        start: int = 0,
        end: int | None = None,
        etag: str | None = None,
        first: int = PART,
    ) -> Iterator[Any]:
        """An object as it is when its first part is read, and then the bytes of the range.

        Args:
            bucket: The bucket.
            key: The object.
            start: The first byte.
            end: The byte after the last; None for the end of the object.
            etag: The mark that it must have; None for any.
            first: The size of the first part.
        """
        waiting: deque[Future[tuple[Found, Any]]] = deque()
        whole: Found | None = None
        at = start
        if etag is None or end is None:
            whole, data = self._part(
                bucket, key, start, start + first if end is None else min(end, start + first), etag
            )
            yield whole
            yield data
            end, etag = min(end or whole.size, whole.size), whole.etag
            at += len(data)
        while at < end or waiting:
            while at < end and len(waiting) < AT_ONCE:
                waiting.append(self._threads.submit(self._part, bucket, key, at, min(at + PART, end), etag))
                at += PART
            found, data = waiting.popleft().result()
            if whole is None:
                yield found
            elif found != whole:
                raise ChangedError(0, CHANGED)
            whole = found
            yield data

    def read_all(self, bucket: Bucket, keys: Sequence[str]) -> Iterator[Any]:
        """Small objects one after another: of each what `read` gives, and then None, or the error that ends it."""
        begun: deque[Future[tuple[Found, Any]]] = deque()
        at = 0
        for key in keys:
            while at < len(keys) and len(begun) < _THREADS:
                begun.append(self._threads.submit(self._part, bucket, keys[at], 0, PART, None))
                at += 1
            try:
                found, data = begun.popleft().result()
                yield found
                yield data
                if found.size > len(data):  # it has grown since it was listed
                    yield from islice(self.read(bucket, key, len(data), found.size, found.etag), 1, None)
            except OSError as error:
                yield error
            else:
                yield None

    def _part(self, bucket: Bucket, key: str, start: int, end: int, etag: str | None) -> tuple[Found, Any]:
        """A part of an object; the whole of a shorter one."""
        options: dict[str, Any] = {"range": (start, end)}
        if etag:
            options["if_match"] = etag

        def get() -> tuple[Found, Any]:
            answer = _library().get(self.store(bucket), key, options=options)
            found = _found(answer.meta)
            if etag and found.etag != etag:
                raise ChangedError(0, CHANGED)
            data = memoryview(answer.bytes())
            if len(data) != min(end, found.size) - start:
                raise StoreError("the connection broke", passing=True)
            return found, data

        found, data = _tried(get)
        return found, data

    def put(self, bucket: Bucket, key: str, data: bytes) -> None:
        """Writes an object, whole or not at all."""
        _tried(lambda: _library().put(self.store(bucket), key, data))


def _found(meta: Any) -> Found:
    return Found(meta["path"], meta["size"], meta["e_tag"])


def _tried(do: Callable[[], Any]) -> Any:
    """The result of a request, repeated if it may succeed then."""
    for pause in (*_PAUSES, None):
        try:
            return do()
        except Exception as error:
            fault = fault_of(error)
            if pause is None or not getattr(fault, "passing", False):
                raise fault from None
        time.sleep(pause)
    raise AssertionError


def _unusable(error: Exception) -> Exception:
    """The error of a store that cannot be made; its own text may quote what it was made with."""
    if isinstance(error, UclintError):
        return error
    return StoreError("the store cannot be reached as it is set up; check the credentials and the address")


@cache
def _library() -> Any:
    import obstore  # noqa: PLC0415 - only where a bucket is read

    return obstore
