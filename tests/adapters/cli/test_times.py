"""Times on the command line, with a clock that stands still."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import uclint
from validator.adapters.cli.selection_options import selection_of
from validator.adapters.cli.times import time_of
from validator.catalog.own_names import Names
from validator.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("30m", "2026-03-01T11:30", None),
        ("12h", "2026-03-01T00:00", None),
        ("7d", "2026-02-22T12:00", None),
        ("2w", "2026-02-15T12:00", None),
        ("0d", "2026-03-01T12:00", None),
        ("2024-02-29", "2024-02-29T00:00", "2024-03-01T00:00"),
        ("2024-03-01T08:00:00Z", "2024-03-01T08:00", None),
        ("2024-03-01T08:00:00+02:00", "2024-03-01T06:00", None),
        ("2024-03-01T08:00", "2024-03-01T08:00", None),
        ("9999-12-31", "9999-12-31T00:00", "9999-12-31T23:59:59.999999"),
    ],
)
def test_a_time(text: str, start: str, end: str | None) -> None:
    assert time_of("--since", text, NOW) == datetime.fromisoformat(start).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(end or start).replace(tzinfo=UTC)
    assert time_of("--until", text, NOW, whole_day=True) == expected


@pytest.mark.parametrize(
    "text", ["", "7", "d", "7D", "7 d", "-7d", "1.5h", "7days", "7d12h", "last week", "\u0667d", "7M"]
)
def test_no_time(text: str) -> None:
    with pytest.raises(UsageError, match=r"--since .* is not a valid time; .* or how long ago: 30m, 12h, 7d or 2w"):
        time_of("--since", text, NOW)


@pytest.mark.parametrize("text", ["9999999d", "99999999999w", f"{'9' * 5000}m"])
def test_too_long_ago(text: str) -> None:
    with pytest.raises(UsageError, match="is before the year 1") as raised:
        time_of("--since", text, NOW)
    assert len(str(raised.value)) < 100


def options(**given: Any) -> dict[str, Any]:
    return {"by": (), "events": (), "types": (), "since": None, "until": None, "sample": None, "limit": None, **given}


def test_both_are_counted_from_one_moment() -> None:
    found = selection_of(options(since="2d", until="1d"), Names(), NOW)
    assert (found.since, found.until) == (NOW - timedelta(days=2), NOW - timedelta(days=1))
    for since, until in (("1d", "2d"), ("7d", "2026-02-01"), ("24h", "1d")):
        with pytest.raises(UsageError, match=f"--since {since} is after --until {until}"):
            selection_of(options(since=since, until=until), Names(), NOW)


def test_the_calls_of_the_last_hours(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    calls = [
        {"type": "track", "event": "Trial Started", "timestamp": (now - timedelta(hours=hours)).isoformat()}
        for hours in (1, 5, 30, 24 * 30)
    ]
    (tmp_path / "calls.ndjson").write_text("\n".join(map(json.dumps, calls)), encoding="utf-8")
    for since, judged in (("90m", 1), ("12h", 2), ("2d", 3), ("9w", 4)):
        done = uclint("check", "calls.ndjson", "--since", since, "--until", "0m", "--format", "json", cwd=tmp_path)
        assert json.loads(done.stdout)["calls"]["total"] == judged
