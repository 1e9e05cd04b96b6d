"""What a name stands for: an object, the objects below a folder, or those that a glob matches."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from validator.input.buckets.names import in_bucket, parse
from validator.input.exclusion import ANY_FOLDERS, fits
from validator.input.folders import MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.input.buckets.client import Client, Found
    from validator.input.buckets.names import Bucket
    from validator.input.buckets.walk import Walk

_ESCAPED = re.compile(r"\[([*?[])\]")


def covers(name: str, path: str) -> bool:
    """Whether an object is what a name stands for, or is among it."""
    if not (in_bucket(name) and in_bucket(path)):
        return False
    (bucket, key), (other, inside) = parse(name), parse(path)
    if bucket != other:
        return False
    if not MAGIC.search(key):
        return inside == key or inside.startswith(f"{key.rstrip('/')}/" if key else "")
    parts, pattern = inside.split("/"), key.rstrip("/").split("/")
    return any(fits(parts[:count], pattern) for count in range(1, len(parts) + 1))


def matches(client: Client, walk: Walk, bucket: Bucket, pattern: str) -> Iterator[Found]:
    """The objects that a glob matches, and those below the folders that it matches."""
    parts = [part for part in pattern.split("/") if part]
    if ANY_FOLDERS in parts:
        root = list(_literal(parts))
        for found in walk.by_key("/".join(root)):
            inside = found.key.split("/")
            if any(fits(inside[:count], parts) for count in range(len(root) + 1, len(inside) + 1)):
                yield found
        return
    yield from _Matching(client, walk, bucket, folders_only=pattern.endswith("/")).below("", parts)


def _literal(parts: Iterable[str]) -> Iterator[str]:
    """The parts before the first with a wildcard."""
    for part in parts:
        if MAGIC.search(part):
            return
        yield part


class _Matching:
    def __init__(self, client: Client, walk: Walk, bucket: Bucket, *, folders_only: bool) -> None:
        self._client = client
        self._walk = walk
        self._bucket = bucket
        self._folders_only = folders_only

    def below(self, folder: str, parts: Sequence[str]) -> Iterator[Found]:
        """Matches the parts of a pattern in a folder."""
        part, rest = parts[0], parts[1:]
        before = f"{folder}/" if folder else ""
        if not _has_wildcard(part):
            yield from self._named(before + _ESCAPED.sub(r"\1", part), rest)
        elif not rest:
            yield from self._last(folder, part)
        else:
            level = self._client.level(self._bucket, folder)
            for each in sorted(level.folders, key=lambda key: f"{key}/"):
                if _fits(each[len(before) :], part) and not self._walk.leaves_out(each, True):
                    yield from self.below(each, rest)

    def _named(self, key: str, rest: Sequence[str]) -> Iterator[Found]:
        if self._walk.leaves_out(key, bool(rest)):
            return
        if rest:
            yield from self.below(key, rest)
        elif not self._folders_only and (found := self._client.head(self._bucket, key)):
            yield found
        else:
            yield from self._walk.below(key)

    def _last(self, folder: str, part: str) -> Iterator[Found]:
        """Matches the last part; there may be very many objects in the folder, so they are not listed at once."""
        for name, found in self._walk.entries(folder):
            key = f"{folder}/{name}" if folder else name
            if not _fits(name, part) or self._walk.leaves_out(key, found is None):
                continue
            if found is None:
                yield from self._walk.below(key)
            elif not self._folders_only:
                yield found


def _has_wildcard(part: str) -> bool:
    return bool(MAGIC.search(_ESCAPED.sub("", part)))


def _fits(name: str, part: str) -> bool:
    """Whether a name matches; only patterns with a leading dot match hidden names."""
    return name.startswith(".") <= part.startswith(".") and fnmatchcase(name, part)
