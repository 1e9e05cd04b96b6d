"""What is known of a name in a bucket before its objects are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.input import requests
from validator.input.buckets.faults import StoreError
from validator.input.buckets.names import BucketName, in_bucket, parse
from validator.input.buckets.patterns import covers
from validator.input.exclusion import Exclusion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def named(
    name: str, *, exclude: Iterable[str], kept: Iterable[str], covered: Iterable[str], since: datetime | None
) -> BucketName | None:
    """A name with what to leave out of it; None if a name before stands for the same.

    Raises:
        UsageError: It is not the name of something in a bucket.
    """
    parse(name)
    covered = tuple(str(one) for one in covered)
    if name.rstrip("/") in {one.rstrip("/") for one in covered}:
        return None
    return BucketName.of(name, exclude, [path for path in kept if in_bucket(path)], covered, since)


def overlapping(name: BucketName, outputs: Iterable[str]) -> str | None:
    """The first output that would be read."""
    exclusion = Exclusion(name.exclude)
    return next((path for path in outputs if covers(name, path) and not exclusion.of_named(path)), None)


def is_there(name: BucketName) -> bool:
    """Whether there is anything of that name, whether or not it is left out; True if that cannot be found out."""
    return _any(BucketName.of(name))


def is_excluded(name: BucketName) -> bool:
    """Whether all of it is excluded."""
    if not name.exclude:
        return False
    return _any(BucketName.of(name)) and not _any(BucketName.of(name, name.exclude))


def _any(name: BucketName) -> bool:
    """Whether there is any object. What cannot be listed may be there: reading it reports why."""
    items: Any = requests.request("objects", name)
    try:
        return next(items, None) is not None
    except StoreError as error:
        return not error.absent
    except OSError:
        return True
    finally:
        items.close()
