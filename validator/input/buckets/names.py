"""Names of buckets and of the objects in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from validator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

SCHEMES: Final = ("s3", "gs", "az")
_PREFIXES: Final = tuple(f"{scheme}://" for scheme in SCHEMES)


def in_bucket(path: str) -> bool:
    """Whether a path names something in a bucket."""
    return path.startswith(_PREFIXES)


class Bucket(NamedTuple):
    """A bucket; for `az`, a container."""

    scheme: str
    name: str

    def url(self, key: str) -> str:
        """The name of an object."""
        return f"{self.scheme}://{self.name}/{key}"


def parse(path: str) -> tuple[Bucket, str]:
    """The bucket and the key of `s3://bucket/key`.

    Raises:
        UsageError: It names no bucket, or holds what may be a credential.
    """
    scheme, _, rest = path.partition("://")
    name, _, key = rest.partition("/")
    if "@" in name:
        raise UsageError(
            f"{scheme}://...@{name.rpartition('@')[2]}: a name holds no credentials; set them in the environment"
        )
    if not name or any(c in name for c in "*?[:"):
        raise UsageError(f"{path}: name a bucket, such as {scheme}://bucket/folder/")
    return Bucket(scheme, name), key


class BucketName(str):
    """What the user named in a bucket, with what to leave out of it.

    Attributes:
        exclude: Globs of what to exclude.
        kept: Other files of the run, which are not read as events.
        covered: Names before this one, whose objects are read there.
        since: Day folders that end before it are not listed.
    """

    __slots__ = ("covered", "exclude", "kept", "since")

    exclude: tuple[str, ...]
    kept: tuple[str, ...]
    covered: tuple[str, ...]
    since: datetime | None

    @classmethod
    def of(
        cls,
        name: str,
        exclude: Iterable[str] = (),
        kept: Iterable[str] = (),
        covered: Iterable[str] = (),
        since: datetime | None = None,
    ) -> BucketName:
        """Makes one."""
        found = cls(name)
        found.exclude, found.kept, found.covered, found.since = tuple(exclude), tuple(kept), tuple(covered), since
        return found

    def __reduce__(self) -> tuple[object, ...]:
        return BucketName.of, (str(self), self.exclude, self.kept, self.covered, self.since)


class ObjectPath(str):
    """An object that a listing found.

    Attributes:
        size: Its bytes.
        etag: The mark of its content; None if the store has none.
        found: Whether it was found below a name, and not named itself.
        fault: Why it cannot be read, for a folder that cannot be listed.
    """

    __slots__ = ("etag", "fault", "found", "size")

    size: int
    etag: str | None
    found: bool
    fault: str | None

    @classmethod
    def of(
        cls, path: str, size: int, etag: str | None = None, *, found: bool = True, fault: str | None = None
    ) -> ObjectPath:
        """Makes one."""
        made = cls(path)
        made.size, made.etag, made.found, made.fault = size, etag, found, fault
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _object_path, (str(self), self.size, self.etag, self.found, self.fault)


def _object_path(path: str, size: int, etag: str | None, found: bool, fault: str | None) -> ObjectPath:
    return ObjectPath.of(path, size, etag, found=found, fault=fault)
