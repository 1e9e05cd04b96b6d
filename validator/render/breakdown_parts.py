"""Breakdowns as every format shows them: which values, in what order, and what is said of one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.compile.selection import DAY
from validator.render.phrases import count
from validator.render.terminal_style import percent
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.report.model import Breakdown, GroupFinding, GroupReport


NONE = "(none)"
OTHERS = "(further values)"


class Shown(NamedTuple):
    """What is shown of a breakdown.

    Attributes:
        groups: The values: days by date, others with most calls first; a format has room for no more.
        more: How many values are left out.
    """

    groups: Sequence[GroupReport]
    more: int


class Trend(NamedTuple):
    """Consecutive days.

    Attributes:
        days: Each day -> its calls; None for a day without any.
        before: Days with calls before them.
        after: Days with calls after them.
    """

    days: Mapping[date, GroupReport | None]
    before: Sequence[GroupReport]
    after: Sequence[GroupReport]


def shown(breakdown: Breakdown, most: int) -> Shown:
    """The values there is room for: of days the latest ones, of others those with most calls."""
    if breakdown.field != DAY:
        return Shown(breakdown.groups[:most], max(len(breakdown.groups) - most, 0))
    days = sorted((g for g in breakdown.groups if g.value is not None), key=lambda g: g.value or "")
    undated = [g for g in breakdown.groups if g.value is None]
    return Shown([*days[-most:], *undated], max(len(days) - most, 0))


def further(breakdown: Breakdown, more: int) -> str:
    """What is left out, such as `3 earlier days`."""
    return count(more, "earlier day" if breakdown.field == DAY else "further value")


def share_invalid(group: GroupReport) -> str:
    """How many calls are invalid, and which share; empty if none is."""
    return f"{group.invalid:,} invalid ({percent(group.invalid / group.calls)})" if group.invalid else ""


def rule_of(finding: GroupFinding) -> str:
    """The code and name of its rule."""
    return f"{finding.code} {RULES[finding.code].name}"


def about(finding: GroupFinding) -> list[str]:
    """The names it is about: an event, a property."""
    return [name for name in (finding.event, finding.property) if name]


def trend(breakdown: Breakdown, most: int) -> Trend | None:
    """The days as they follow each other, those without calls too; None where there is no day.

    Clocks that are wrong make days that are years away. So of all spans of `most` days it is the latest one that has at
    least half as many calls as the one with most.
    """
    dated = sorted(((day, g) for g in breakdown.groups if (day := _date(g.value))), key=lambda pair: pair[0])
    if not dated:
        return None
    first, last = _latest_busy([(day, group.calls) for day, group in dated], most)
    known = dict(dated[first : last + 1])
    begin, end = dated[first][0], dated[last][0]
    days = (begin + timedelta(number) for number in range((end - begin).days + 1))
    groups = [group for _, group in dated]
    return Trend({day: known.get(day) for day in days}, groups[:first], groups[last + 1 :])


def _latest_busy(days: Sequence[tuple[date, int]], most: int) -> tuple[int, int]:
    """The first and the last of the days, sorted and not empty, of that span."""
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


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None
