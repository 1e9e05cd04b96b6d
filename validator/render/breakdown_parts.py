"""Parts of breakdowns shared by all formats: values shown, their order, and counts in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.compile.selection import DAYS
from validator.render.phrases import count
from validator.report.shares import percent
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.report.model import Breakdown, GroupFinding, GroupReport


# A span that is worth shortening, and the share of its calls that must be left.
_LONG = 60
_NEARLY_ALL = 0.98

NONE = "(none)"
OTHERS = "(further values)"


class Shown(NamedTuple):
    """The shown part of a breakdown.

    Attributes:
        groups: The values shown: days by date, others by calls, most first.
        more: Number of values left out.
    """

    groups: Sequence[GroupReport]
    more: int


class Trend(NamedTuple):
    """Consecutive days.

    Attributes:
        days: Each day -> its calls; None for a day without any.
        before: Number of earlier days with calls.
        after: Number of later days with calls.
    """

    days: Mapping[date, GroupReport | None]
    before: Sequence[GroupReport]
    after: Sequence[GroupReport]


def shown(breakdown: Breakdown, most: int) -> Shown:
    """The values to show: the latest days, or the values with most calls."""
    if breakdown.field not in DAYS:
        return Shown(breakdown.groups[:most], max(len(breakdown.groups) - most, 0))
    days = sorted((g for g in breakdown.groups if g.value is not None), key=lambda g: g.value or "")
    undated = [g for g in breakdown.groups if g.value is None]
    return Shown([*days[-most:], *undated], max(len(days) - most, 0))


def further(breakdown: Breakdown, more: int) -> str:
    """What is not shown, such as `3 earlier days`."""
    return count(more, "earlier day" if breakdown.field in DAYS else "further value")


def share_invalid(group: GroupReport) -> str:
    """Number and share of invalid calls; empty if there are none."""
    return f"{group.invalid:,} invalid ({percent(group.invalid / group.calls)})" if group.invalid else ""


def rule_of(finding: GroupFinding) -> str:
    """The code and name of its rule."""
    return f"{finding.code} {RULES[finding.code].name}"


def about(finding: GroupFinding) -> list[str]:
    """The names a finding is about: event and property."""
    return [name for name in (finding.event, finding.property) if name]


def trend(breakdown: Breakdown, most: int) -> Trend | None:
    """Consecutive days, those without calls included; None if there are no days.

    Wrong clocks produce days that are years off. So this is the latest span of `most` days with at least half as many
    calls as the busiest span; and if nearly all its calls are on few days of it, only these.
    """
    dated = sorted(((day, g) for g in breakdown.groups if (day := _date(g.value))), key=lambda pair: pair[0])
    if not dated:
        return None
    calls = [(day, group.calls) for day, group in dated]
    first, last = _bulk(calls, *_latest_busy(calls, most))
    known = dict(dated[first : last + 1])
    begin, end = dated[first][0], dated[last][0]
    days = (begin + timedelta(number) for number in range((end - begin).days + 1))
    groups = [group for _, group in dated]
    return Trend({day: known.get(day) for day in days}, groups[:first], groups[last + 1 :])


def _latest_busy(days: Sequence[tuple[date, int]], most: int) -> tuple[int, int]:
    """The first and the last day of that span; `days` is sorted and not empty."""
    spans: list[tuple[int, int, int]] = []
    calls = start = 0
    for end, (day, number) in enumerate(days):
        calls += number
        while (day - days[start][0]).days >= most:
            calls -= days[start][1]
            start += 1
        spans.append((calls, start, end))
    enough = max(spans)[0] / 2
    _, first, last = next(span for span in reversed(spans) if span[0] >= enough)
    return first, last


def _bulk(days: Sequence[tuple[date, int]], first: int, last: int) -> tuple[int, int]:
    """The first and the last day of the part that has nearly all calls of a span, if it is much shorter."""
    span = (days[last][0] - days[first][0]).days + 1
    if span < _LONG:
        return first, last
    enough = _NEARLY_ALL * sum(calls for _, calls in days[first : last + 1])
    best, start, calls = (span, first, last), first, 0
    for end in range(first, last + 1):
        calls += days[end][1]
        while calls - days[start][1] >= enough:
            calls -= days[start][1]
            start += 1
        if calls >= enough:
            best = min(best, ((days[end][0] - days[start][0]).days + 1, start, end))
    return best[1:] if 2 * best[0] <= span else (first, last)


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None
