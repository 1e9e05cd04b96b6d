"""Day folders: which folders hold only calls that were received before some moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# `2024-03-01`, `20240301`, or Segment's milliseconds, perhaps after `dt=`; an hour may follow the date.
_DAY = re.compile(r"(?:[A-Za-z_]+=)?(?:(\d{4})-(\d\d)-(\d\d)(?:[T_ -]\d\d)?|(20\d\d)(\d\d)(\d\d)|(\d{13}))")
_YEAR, _MONTH = re.compile(r"(?:year=)?(\d{4})"), re.compile(r"(?:month=)?(\d\d?)")
_OF_MONTH = re.compile(r"(?:day=)?(\d\d?)")

# Folders may be of days of any time zone.
_MARGIN: Final = timedelta(days=1)


def ends_before(parts: Sequence[str], since: datetime) -> bool:
    """Whether the folder that these parts lead to is of a day that ends before a moment, in every time zone."""
    start = _day_of(parts)
    return start is not None and start + timedelta(days=1) + _MARGIN <= since


def _day_of(parts: Sequence[str]) -> datetime | None:
    """The start of the day that the last part names, or the last three do (year, month and day)."""
    if not parts:
        return None
    try:
        if found := _DAY.fullmatch(parts[-1]):
            if found[7]:
                return datetime.fromtimestamp(int(found[7]) / 1000, UTC)
            year, month, day = (int(group) for group in found.groups()[:6] if group)
            return datetime(year, month, day, tzinfo=UTC)
        if len(parts) > 2:
            named = [form.fullmatch(part) for form, part in zip((_YEAR, _MONTH, _OF_MONTH), parts[-3:], strict=True)]
            if all(named):
                year, month, day = (int(one[1]) for one in named if one)
                return datetime(year, month, day, tzinfo=UTC)
    except (ValueError, OverflowError, OSError):  # not a day of the calendar
        return None
    return None
