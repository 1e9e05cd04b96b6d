"""Lists the objects that a name stands for, without those to leave out. Runs where requests are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.input.buckets.day_folders import ends_before
from validator.input.buckets.names import BucketName, ObjectPath, parse
from validator.input.buckets.patterns import covers, matches
from validator.input.buckets.walk import Walk
from validator.input.exclusion import Exclusion
from validator.input.folders import MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.input.buckets.client import Client, Found

# Objects that are passed on at once; the first come alone, so that reading can begin.
_BATCH = 256


class Spared(NamedTuple):
    """How many day folders were not listed, since they end before `--since`."""

    folders: int


def objects(client: Client, name: BucketName) -> Iterator[list[ObjectPath] | Spared]:
    """The objects of a name in reading order, in batches; at the end what was spared."""
    listing = _Listing(client, name)
    batch: list[ObjectPath] = []
    size = 1
    for found in listing.found():
        batch.append(found)
        if len(batch) >= size:
            yield batch
            batch, size = [], min(2 * size, _BATCH)
    if batch:
        yield batch
    if listing.spared:
        yield Spared(listing.spared)


class _Listing:
    def __init__(self, client: Client, name: BucketName) -> None:
        self._client = client
        self._name = name
        self._bucket, self._key = parse(name)
        self._exclusion = Exclusion(name.exclude)
        self._kept = frozenset(name.kept)
        self.spared = 0

    def found(self) -> Iterator[ObjectPath]:
        """The objects."""
        client, bucket, key = self._client, self._bucket, self._key
        walk = Walk(client, bucket, self._leaves_out)
        if MAGIC.search(key):
            named = False
            objects = matches(client, walk, bucket, key)
        elif key and not key.endswith("/") and (only := client.head(bucket, key)):
            named = True
            objects = iter([only])
        else:
            named = False
            objects = walk.below(key.rstrip("/"))
        for one in objects:
            yield self._path(one, found=not named)

    def _path(self, one: Found, *, found: bool) -> ObjectPath:
        return ObjectPath.of(self._bucket.url(one.key), one.size, one.etag, found=found)

    def _leaves_out(self, key: str, is_folder: bool) -> bool:
        name, path = key.rpartition("/")[2], self._bucket.url(key)
        if name.startswith(".") and not MAGIC.search(self._key):
            return True
        if self._exclusion.of_entry(path):
            return True
        if is_folder:
            spared = self._name.since is not None and ends_before(key.split("/"), self._name.since)
            self.spared += spared
            return spared
        return path in self._kept or any(covers(other, path) for other in self._name.covered)
