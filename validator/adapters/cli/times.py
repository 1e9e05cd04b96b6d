"""Times on the command line: a date, ISO 8601, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from validator.errors import UsageError

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AGO = re.compile(r"([0-9]+)([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def time_of(option: str, text: str, now: datetime, *, whole_day: bool = False) -> datetime:
    """Parses a time; it is in UTC unless the text has an offset.

    Args:
        option: The option it was given to.
        text: The text.
        now: The moment that `7d` is counted back from.
        whole_day: A date means the end of its day, not its start.

    Raises:
        UsageError: It is not a valid time.
    """
    if ago := _AGO.fullmatch(text):
        try:
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        except (OverflowError, ValueError) as error:  # int() refuses too many digits
            raise UsageError(f"{option} {text[:40]!r} is before the year 1") from error
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{option} {text!r} is not a valid time; write a date such as 2024-03-01, a time such as "
            "2024-03-01T08:00:00Z, or how long ago: 30m, 12h, 7d or 2w"
        ) from error
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return found + timedelta(days=1) if whole_day and _DATE.fullmatch(text) else found
    except OverflowError:  # the date is the last one possible
        return datetime.max.replace(tzinfo=UTC)
