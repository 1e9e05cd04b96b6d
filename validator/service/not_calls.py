"""Rejects named input files that do not contain calls, and suggests what to do instead."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import UsageError
from validator.input.buckets.names import in_bucket
from validator.input.folders import MAGIC
from validator.input.own_files import kind_of
from validator.input.tables.kinds import kind_of_table, lacking
from validator.input.wrong_format import columns_of, table_format

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.input.tables.layout import Layout

_HEAD = 1 << 16

# Nobody writes larger plans by hand, and reading larger files twice would take long.
_LARGEST_PLAN = 4 << 20

_EXPORT = "export it as JSON lines first (in DuckDB: COPY (FROM '{path}') TO 'calls.ndjson' (FORMAT json))"
_OWN = {
    "profile": "add its counts with --profile {path}",
    "baseline": "compare with it: --baseline {path}",
    "report": "check the calls it describes",
    "checklist": "`uclint checklist` recreates it from calls",
    "recommendation": "`uclint recommend` recreates it from calls",
}

# Fields that every call has one of.
_OF_CALLS = frozenset(["anonymousId", "batch", "event", "messageId", "properties", "traits", "userId"])

# Named at once; more are only counted.
_MOST = 10


def refuse_other_files(paths: Iterable[str]) -> None:
    """Rejects files that cannot contain calls. Files from directories and globs are not checked.

    Raises:
        UsageError: There are such files.
    """
    found = [message for path in dict.fromkeys(paths) if (message := _what_it_is(path))]
    if found:
        more = [f"{len(found) - _MOST:,} more files are not calls"] if len(found) > _MOST else []
        raise UsageError("\n".join([*found[:_MOST], *more]))


def _what_it_is(path: str) -> str | None:
    """What a file is and what to do, in a sentence; None if it may hold calls."""
    try:
        found = _head_of(path)
    except (OSError, ValueError):
        return None  # reading it reports why
    if found is None:
        return None
    head, size = found
    if size <= _LARGEST_PLAN and _may_be_plan(path, head) and _is_plan(path):
        return f"{path} is a tracking plan, not calls; check calls against it with --plan {path}"
    return _by_head(path, head)


def _head_of(path: str) -> tuple[bytes, int] | None:
    """The first bytes of a file or object, and its size; None for anything else."""
    if in_bucket(path):
        from validator.input.buckets import reading  # noqa: PLC0415 - few read buckets

        if MAGIC.search(path) or path.endswith("/") or path.count("/") < 3:
            return None
        found = reading.resolved(path)
        return reading.read_object(found, _HEAD), found.size
    if not os.path.isfile(path):  # noqa: PTH113 - Path may raise
        return None
    with Path(path).open("rb") as file:
        return file.read(_HEAD), os.fstat(file.fileno()).st_size


def _content(path: str) -> bytes:
    if in_bucket(path):
        from validator.input.buckets.reading import read_object  # noqa: PLC0415 - few read buckets

        return read_object(path)
    return Path(path).read_bytes()


def _by_head(path: str, head: bytes) -> str | None:
    if kind := kind_of(head):
        return f"{path} is a {kind} written by uclint, not calls; {_OWN[kind].format(path=path)}"
    if kind := kind_of_table(head):
        why = lacking()
        return f"{path} is {_an(kind)} file, {why}" if why else _unclear(path)
    if what := table_format(head):
        return f"{path} is {what}, not JSON lines; {_EXPORT.format(path=path)}"
    if columns := columns_of(head):
        return f"{path} is a table with the columns {columns}, not JSON lines; {_EXPORT.format(path=path)}"
    return None


def _unclear(path: str) -> str | None:
    """What has to be said before a table can be read."""
    from validator.input import requests  # noqa: PLC0415 - few read tables

    try:
        layout: Layout = next(requests.request("layout", path))
    except OSError:
        return None  # reading it reports why
    return layout.unclear


def _an(kind: str) -> str:
    return f"an {kind}" if kind[0] == "A" else f"a {kind}"


def _may_be_plan(path: str, head: bytes) -> bool:
    return path.endswith((".json", ".yaml", ".yml")) and any(word in head for word in (b"rules", b"events", b"schema"))


def _is_plan(path: str) -> bool:
    """Whether a file holds one document that is a tracking plan, and no call."""
    from validator.plan.formats import format_of  # noqa: PLC0415 - rarely needed

    try:
        value = json.loads(_content(path))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.keys().isdisjoint(_OF_CALLS) and format_of(value) is not None
