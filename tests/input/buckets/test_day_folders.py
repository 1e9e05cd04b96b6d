"""Which folders are of a day, and end before a moment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from validator.input.buckets.day_folders import ends_before

DAY = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "folder",
    [
        "logs/2024-03-01",
        "2024-03-01",
        "20240301",
        "dt=2024-03-01",
        "day=20240301",
        "2024-03-01T07",
        "2024/03/01",
        "year=2024/month=3/day=01",
        "1709251200000",
    ],
)
def test_a_day_is_spared_from_two_days_later_on(folder: str) -> None:
    """One day later it may still go on somewhere."""
    parts = folder.split("/")
    assert ends_before(parts, datetime(2024, 3, 3, tzinfo=UTC))
    assert not ends_before(parts, datetime(2024, 3, 2, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    "folder", ["web", "2024", "2024-13-01", "2024/03", "99999999999999", "part-2023-01-01x", "v/1/2", "2024-02-30", ""]
)
def test_no_other_folder_is_spared(folder: str) -> None:
    assert not ends_before(folder.split("/"), datetime(2099, 1, 1, tzinfo=UTC))
