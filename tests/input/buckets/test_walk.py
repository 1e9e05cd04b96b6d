"""The order in which objects are read is that of directories, however they are listed."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.input.buckets.client import Found, Level
from validator.input.buckets.listing import Spared, objects
from validator.input.buckets.names import Bucket, BucketName
from validator.input.buckets.patterns import covers
from validator.input.buckets.walk import Walk
from validator.input.paths import expand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BUCKET = Bucket("s3", "logs")


class Listed:
    """A store in memory, with pages of a few keys; counts what is asked of it."""

    def __init__(self, keys: Sequence[str], page: int = 3) -> None:
        self.keys = sorted(keys)
        self.page = page
        self.asked: Counter[str] = Counter()
        self.most = 0

    def pages(self, _: Bucket, folder: str, after: str | None = None) -> Iterator[list[Found]]:
        prefix = f"{folder}/" if folder else ""
        keys = [key for key in self.keys if key.startswith(prefix) and key > (after or "")]
        for start in range(0, len(keys), self.page):
            self.asked["pages"] += 1
            yield [_found(key) for key in keys[start : start + self.page]]

    def level(self, _: Bucket, folder: str) -> Level:
        self.asked["levels"] += 1
        prefix = f"{folder}/" if folder else ""
        below = [key[len(prefix) :] for key in self.keys if key.startswith(prefix)]
        folders = dict.fromkeys(prefix + key.partition("/")[0] for key in below if "/" in key)
        return Level([_found(prefix + key) for key in below if "/" not in key and key], list(folders))

    def head(self, _: Bucket, key: str) -> Found | None:
        return _found(key) if key in self.keys else None


def _found(key: str) -> Found:
    """As the library has it: the slash at the end of a marker is not shown."""
    return Found(key.removesuffix("/"), 0 if key.endswith("/") else 9, "e")


def listed(keys: Sequence[str], name: str = "s3://logs/", page: int = 3, **more: Any) -> list[str]:
    client: Any = Listed(keys, page)
    batches = objects(client, BucketName.of(name, **more))
    return [one.removeprefix("s3://logs/") for batch in batches if not isinstance(batch, Spared) for one in batch]


# Names that continue one another, and sort differently with a slash at their end.
part = st.sampled_from(["a", "a-b", "a.b", "a0", "b", "b!", ".h", "é"])
keys = st.sets(st.lists(part, min_size=1, max_size=4).map("/".join), max_size=30)


def _as_files(names: set[str]) -> list[str]:
    """The keys that a folder of files can have: none is the folder of another."""
    return [name for name in names if not any(other.startswith(f"{name}/") for other in names)]


@given(keys, st.integers(1, 5), st.booleans())
def test_objects_come_as_files_do(names: set[str], page: int, marked: bool) -> None:
    files = _as_files(names)
    with tempfile.TemporaryDirectory() as root:
        for name in files:
            path = Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"{}\n")
        expected = [path.removeprefix(f"{root}/") for path in expand([root]).paths]
    folders = {"/".join(name.split("/")[:depth]) + "/" for name in files for depth in range(1, name.count("/") + 1)}
    assert listed([*files, *folders] if marked else files, page=page) == expected


@given(keys, st.integers(1, 5), part)
def test_what_is_excluded_is_not_listed(names: set[str], page: int, pattern: str) -> None:
    files = _as_files(names)
    kept = [name for name in listed(files) if not any(fnmatchcase(one, pattern) for one in name.split("/"))]
    assert listed(files, page=page, exclude=[pattern]) == kept


@given(keys, st.integers(1, 5), st.lists(st.sampled_from(["a", "a*", "*", "?", "**"]), min_size=1, max_size=4))
def test_a_glob_finds_what_it_covers(names: set[str], page: int, parts: list[str]) -> None:
    files = [name for name in _as_files(names) if "/." not in f"/{name}"]
    name = "s3://logs/" + "/".join(parts)
    found = listed(files, name, page)
    assert sorted(found) == sorted(key for key in files if covers(name, f"s3://logs/{key}"))


def test_a_folder_of_days_is_listed_once() -> None:
    client = Listed([f"web/2024-03-{day:02}/{number:03}" for day in range(1, 31) for number in range(200)], 1_000)
    walk: Any = Walk(client, BUCKET, lambda _key, _is_folder: False)  # type: ignore[arg-type]
    assert sum(1 for _ in walk.below("web")) == 6_000
    assert client.asked == {"pages": 6, "levels": 1}


def test_day_folders_that_are_spared_are_skipped() -> None:
    client: Any = Listed([f"2024-{m:02}-{d:02}/{n:04}" for m in (1, 2) for d in range(1, 28) for n in range(500)], 100)
    since = datetime(2024, 2, 26, tzinfo=UTC)
    found = list(objects(client, BucketName.of("s3://logs", since=since)))
    assert found[-1] == Spared(51)
    assert sum(len(one) for one in found[:-1] if isinstance(one, list)) == 1_500
    assert client.asked["pages"] < 80


@pytest.mark.parametrize(
    ("name", "path", "covered"),
    [
        ("s3://b", "s3://b/x", True),
        ("s3://b/", "s3://b/x", True),
        ("s3://b/x", "s3://b/x", True),
        ("s3://b/x", "s3://b/x/y", True),
        ("s3://b/x", "s3://b/xy", False),
        ("s3://b/x", "gs://b/x", False),
        ("s3://b/x", "s3://c/x", False),
        ("s3://b/*/y", "s3://b/x/y/z", True),
        ("s3://b/*/y", "s3://b/y", False),
        ("s3://b/**/y", "s3://b/y", True),
        ("logs", "s3://b/y", False),
    ],
)
def test_a_name_covers_what_it_stands_for(name: str, path: str, covered: bool) -> None:
    assert covers(name, path) is covered
