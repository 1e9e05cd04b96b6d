"""The chart of days in the HTML page: a bar for each day, invalid calls at its foot; the table has the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.render.phrases import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from validator.render.breakdown_parts import Trend
    from validator.report.model import GroupReport

# Minimum height of the invalid part, in percent, so that one call among thousands is visible.
_LEAST = 2.0

# This many days without calls are drawn as a gap of a few days, so that the others are wide enough to see.
_GAP = 15
_GAP_WIDTH = 3


class _Slot(NamedTuple):
    """A day, or a gap of several days without calls, and where it is drawn (in days)."""

    first: date
    last: date
    group: GroupReport | None
    at: int
    width: int


def day_chart(trend: Trend) -> str:
    """The chart, with a caption that describes what it shows and what it leaves out."""
    slots = list(_slots(trend))
    days = list(trend.days)
    most = max((group.calls for group in trend.days.values() if group), default=0) or 1
    empty = sum(group is None for group in trend.days.values())
    said = f"{days[0]} to {days[-1]}: {count(most, 'call')} a day at most"
    said += f", and no calls on {count(empty, 'day')}" if empty else ""
    outside = [_outside(trend.before, "before"), _outside(trend.after, "after")]
    said = "; ".join([said, *filter(None, outside)])
    whole = slots[-1].at + slots[-1].width
    bars = "".join(_bar(slot, whole, most) for slot in slots)
    return (
        f'<figure class="trend"><figcaption class="soft small">{said}.</figcaption>\n'
        f'<svg class="bars" aria-hidden="true">{bars}</svg>\n'
        f'<svg class="ticks" aria-hidden="true">{"".join(_ticks(slots, whole))}</svg></figure>\n'
    )


def _slots(trend: Trend) -> Iterator[_Slot]:
    at = 0
    without: list[date] = []
    for day, group in trend.days.items():
        if group is None:
            without.append(day)
            continue
        for slot in _without(without, at):
            yield slot
            at = slot.at + slot.width
        without.clear()
        yield _Slot(day, day, group, at, 1)
        at += 1


def _without(days: Sequence[date], at: int) -> Iterator[_Slot]:
    if len(days) >= _GAP:
        yield _Slot(days[0], days[-1], None, at, _GAP_WIDTH)
    else:
        yield from (_Slot(day, day, None, at + number, 1) for number, day in enumerate(days))


def _outside(groups: Sequence[GroupReport], where: str) -> str:
    calls = sum(group.calls for group in groups)
    verb = "is" if calls == 1 else "are"
    return f"{count(calls, 'call')} on {count(len(groups), 'day')} {where} {verb} not drawn" if groups else ""


def _bar(slot: _Slot, whole: int, most: int) -> str:
    x, width = 100 * slot.at / whole, 100 * slot.width / whole
    gap = 0.15 * width if whole <= 100 else 0.0
    side = f'x="{x + gap:.3f}%" width="{width - 2 * gap:.3f}%"'
    area = f'<rect class="hit" x="{x:.3f}%" width="{width:.3f}%" height="100%"/>'
    days = f"{slot.first}" if slot.first == slot.last else f"{slot.first} to {slot.last}"
    group = slot.group
    if group is None:
        dots = ""
        if slot.first != slot.last:
            dots = f'<text class="gap" x="{x + width / 2:.3f}%" y="90%" text-anchor="middle">…</text>'
        return f'<g><title>{days}: no calls</title>{area}<rect class="m" {side} y="98%" height="2%"/>{dots}</g>'
    height = max(100 * group.calls / most, _LEAST)
    foot = min(max(height * group.invalid / group.calls, _LEAST), height) if group.invalid else 0.0
    said = f"{days}: {count(group.calls, 'call')}" + (f", {group.invalid:,} invalid" if group.invalid else "")
    top = (
        f'<rect class="c" {side} y="{100 - height:.2f}%" height="{height - foot:.2f}%"/>'
        if height - foot >= 0.01
        else ""
    )
    below = f'<rect class="w" {side} y="{100 - foot:.2f}%" height="{foot:.2f}%"/>' if foot else ""
    return f"<g><title>{said}</title>{area}{top}{below}</g>"


def _ticks(slots: Sequence[_Slot], whole: int) -> Iterator[str]:
    """Up to four dates under their bars; a phone shows the first and the last."""
    steps = 3 if whole > 7 else 2
    ideal = [number * (whole - 1) / steps for number in range(steps + 1)]
    drawn = [slot for slot in slots if slot.first == slot.last]
    wanted = sorted({min(drawn, key=lambda slot: abs(slot.at - at)).at for at in ideal})
    for slot in drawn:
        if slot.at in wanted:
            at = 100 * (slot.at + 0.5) / whole
            end = {0: "start", whole - 1: "end"}.get(slot.at, "middle")
            x = {"start": 0.0, "end": 100.0}.get(end, at)
            wide = ' class="wide-only"' if end == "middle" else ""
            if end != "middle" or 18 < at < 82:
                yield f'<text x="{x:.2f}%" y="1em" text-anchor="{end}"{wide}>{slot.first}</text>'
