"""Walks the objects below a folder in the order of directories, in memory that does not grow with their number.

A store lists by key. Directories are read otherwise: a folder's own files first, then its folders by name. Where a
folder holds both, or a name continues another (`web`, `web-2`), the orders differ. A folder with folders is listed once
more on its own, one level deep: that tells its files, its folders, and whether both orders agree for these.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator.input.buckets.client import Client, Found
    from validator.input.buckets.names import Bucket

# Sorts after every key that goes on with other characters.
_LAST: Final = "\U0010ffff"


class Walk:
    """Walks the objects of a bucket.

    Args:
        client: Makes the requests.
        bucket: The bucket.
        leaves_out: Whether an object (or, if the second argument is true, a folder with all in it) is left out.
    """

    def __init__(self, client: Client, bucket: Bucket, leaves_out: Callable[[str, bool], bool]) -> None:
        self._client = client
        self._bucket = bucket
        self.leaves_out = leaves_out

    def below(self, folder: str) -> Iterator[Found]:
        """The objects below a folder (a key without a slash at its end; "" is the bucket)."""
        return self._folder(_Keys(self._client, self._bucket, folder), folder)

    def by_key(self, folder: str) -> Iterator[Found]:
        """The objects below a folder in the order of their keys."""
        keys, depth = _Keys(self._client, self._bucket, folder), len(_prefix(folder))
        while (found := keys.next) is not None:
            slash = found.key.find("/", depth)
            while slash >= 0 and not self.leaves_out(found.key[:slash], True):
                slash = found.key.find("/", slash + 1)
            if slash >= 0:
                keys.skip(found.key[:slash])
                continue
            keys.take()
            if not (_is_marker(found, keys) or self.leaves_out(found.key, False)):
                yield found

    def entries(self, folder: str) -> Iterator[tuple[str, Found | None]]:
        """The names directly in a folder, in the order of their keys: objects, and folders without one."""
        keys, prefix = _Keys(self._client, self._bucket, folder), _prefix(folder)
        while (found := keys.next) is not None:
            name, slash, _ = found.key[len(prefix) :].partition("/")
            if slash:
                yield name, None
                keys.skip(prefix + name)
                continue
            keys.take()
            if not _is_marker(found, keys):
                yield name, found

    def _folder(self, keys: _Keys, folder: str) -> Iterator[Found]:
        prefix = _prefix(folder)
        while (found := keys.next) is not None and found.key.startswith(prefix):
            if "/" in found.key[len(prefix) :]:
                yield from self._mixed(keys, folder, found.key)
                return
            keys.take()
            if not (_is_marker(found, keys) or self.leaves_out(found.key, False)):
                yield found

    def _mixed(self, keys: _Keys, folder: str, reached: str) -> Iterator[Found]:
        """The rest of a folder that holds folders, from a key on."""
        level = self._client.level(self._bucket, folder)
        folders = sorted(level.folders)
        names = set(folders)
        for found in sorted(level.objects):
            marker = found.key == folder or (found.key in names and not found.size)
            if found.key > reached and not marker and not self.leaves_out(found.key, False):
                yield found
        del level
        in_order = all(f"{one}/" < f"{other}/" for one, other in pairwise(folders))
        for each in folders:
            if self.leaves_out(each, True):
                continue
            if not in_order:
                yield from self.below(each)
                continue
            keys.go_to(f"{each}/")
            yield from self._folder(keys, each)
        if folder:
            keys.skip(folder)


class _Keys:
    """The keys of a listing, one ahead."""

    def __init__(self, client: Client, bucket: Bucket, folder: str) -> None:
        self._client = client
        self._bucket = bucket
        self._root = folder
        self._begin(None)

    def _begin(self, after: str | None) -> None:
        self._pages = self._client.pages(self._bucket, self._root, after)
        self._page: list[Found] = []
        self._at = 0
        self._load()

    def _load(self) -> None:
        while True:
            if self._at >= len(self._page):
                self._page, self._at = next(self._pages, []), 0
                if not self._page:
                    self.next: Found | None = None
                    return
            self.next = self._page[self._at]
            if self.next.key != self._root:  # its own marker
                return
            self._at += 1

    def take(self) -> None:
        """Goes to the next key."""
        self._at += 1
        self._load()

    def skip(self, folder: str) -> None:
        """Goes to the first key after all of a folder."""
        self.go_to(f"{folder}/{_LAST}")

    def go_to(self, key: str) -> None:
        """Goes to the first key at or after one; what is not in this page is listed from there."""
        while self.next is not None and self.next.key < key:
            if self._page[-1].key < key:
                self._begin(key)  # no folder ends in this character, so nothing is at the key itself
                return
            self._at += 1
            self._load()


def _prefix(folder: str) -> str:
    return f"{folder}/" if folder else ""


def _is_marker(found: Found, keys: _Keys) -> bool:
    """Whether it is the empty object that some tools keep for a folder; its name ends in a slash, not shown here."""
    return not found.size and keys.next is not None and keys.next.key.startswith(f"{found.key}/")
