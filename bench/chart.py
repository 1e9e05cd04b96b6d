"""Small line charts side by side, as SVG that can be read on a light page and on a dark one."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of a middle lightness: about as far from white as from the usual dark backgrounds.
INK = "#737c87"
LINE = "#2f81f7"

WIDTH, HEIGHT = 300, 210
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 34, 44
COLUMNS = 3


class Panel(NamedTuple):
    """One chart.

    Attributes:
        title: What varies.
        unit: What the labels along the bottom are.
        points: Label and value of each point, evenly spaced.
    """

    title: str
    unit: str
    points: Sequence[tuple[str, float]]


def small_multiples(title: str, vertical: str, panels: Sequence[Panel], notes: Sequence[str]) -> str:
    """Charts whose vertical scale starts at 0; those in a row share it.

    Args:
        title: What all of them show.
        vertical: What is upwards, with its unit.
        panels: The charts.
        notes: Lines below them: when and where it was measured.
    """
    rows = [panels[first : first + COLUMNS] for first in range(0, len(panels), COLUMNS)]
    width, height = COLUMNS * WIDTH, len(rows) * HEIGHT + 54 + 16 * len(notes)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    look = f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(title)}" {look}>',
        f"<title>{escape(title)}</title>",
        f'<text x="8" y="20" font-size="15" font-weight="600">{escape(title)}</text>',
        f'<text x="8" y="38">{escape(vertical)}</text>',
    ]
    for number, row in enumerate(rows):
        top = ceiling(max(value for panel in row for _, value in panel.points))
        for column, panel in enumerate(row):
            parts.append(f'<g transform="translate({column * WIDTH} {number * HEIGHT + 44})">')
            parts += [*_panel(panel, top), "</g>"]
    for number, note in enumerate(reversed(notes)):
        parts.append(f'<text x="8" y="{height - 8 - 16 * number}" font-size="11">{escape(note)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


class Bar(NamedTuple):
    """A bar with its name on the left.

    Attributes:
        name: What was measured.
        value: How much.
        ours: Whether it stands out.
        note: What it does not do; empty for nothing.
    """

    name: str
    value: float
    ours: bool
    note: str


def bars(title: str, unit: str, rows: Sequence[Bar], notes: Sequence[str]) -> str:
    """Bars below each other, all on one scale."""
    names, width, step = 290, 800, 26
    height = 34 + step * len(rows) + 18 * len(notes) + 8
    most = max(row.value for row in rows)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    look = f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(title)}" {look}>',
        f"<title>{escape(title)}</title>",
        f'<text x="8" y="20" font-size="15" font-weight="600">{escape(title)}</text>',
    ]
    for number, row in enumerate(rows):
        y = 34 + step * number
        long = round((width - names - 250) * row.value / most, 1)
        weight = ' font-weight="600"' if row.ours else ""
        parts.append(f'<text x="{names - 10}" y="{y + 16}" text-anchor="end"{weight}>{escape(row.name)}</text>')
        parts.append(
            f'<rect x="{names}" y="{y + 3}" width="{long}" height="{step - 8}" rx="3" '
            f'fill="{LINE if row.ours else INK}" fill-opacity="{1 if row.ours else 0.45}"/>'
        )
        caption = f"{row.value:,.0f} {unit}" + (f" · {row.note}" if row.note else "")
        parts.append(f'<text x="{names + long + 8}" y="{y + 16}"{weight}>{escape(caption)}</text>')
    for number, note in enumerate(notes):
        y = 34 + step * len(rows) + 18 * (number + 1)
        parts.append(f'<text x="8" y="{y}" font-size="11">{escape(note)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(panel: Panel, top: float) -> list[str]:
    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT

    def up(value: float) -> float:
        return round(floor - value / top * (floor - TOP), 1)

    def along(number: int) -> float:
        return round(LEFT + 14 + number * (right - LEFT - 28) / max(len(panel.points) - 1, 1), 1)

    parts = [f'<text x="{LEFT}" y="{TOP - 14}" font-weight="600">{escape(panel.title)}</text>']
    for quarter in (0, 0.5, 1):
        y = up(top * quarter)
        parts.append(f'<path d="M{LEFT} {y}H{right}" stroke="{INK}" stroke-opacity="{1 if quarter == 0 else 0.35}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{top * quarter:g}</text>')
    spots = [(along(number), up(value)) for number, (_, value) in enumerate(panel.points)]
    steps = " ".join(f"{x},{y}" for x, y in spots)
    parts.append(f'<polyline points="{steps}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    for (x, y), (label, value) in zip(spots, panel.points, strict=True):
        parts.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{LINE}"/>')
        parts.append(f'<text x="{x}" y="{y - 8}" text-anchor="middle" font-size="11">{value:.2f}</text>')
        parts.append(f'<text x="{x}" y="{floor + 16}" text-anchor="middle">{escape(label)}</text>')
    middle = (LEFT + right) / 2
    return [*parts, f'<text x="{middle}" y="{floor + 34}" text-anchor="middle">{escape(panel.unit)}</text>']


def ceiling(value: float) -> float:
    """The next round number above a value, with room for what is written over the highest point."""
    step = 10.0
    while step > value * 1.15:
        step /= 10
    while step < value * 1.15:
        step *= 10
    return next(step * part for part in (0.1, 0.2, 0.4, 0.6, 0.8, 1) if step * part >= value * 1.15)
