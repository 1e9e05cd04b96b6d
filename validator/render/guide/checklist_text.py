"""A checklist for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.render.terminal_style import PLAIN, Style, wrap
from validator.setup.checklist import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.setup.checklist import Checklist, Step

_LOOKS = {Status.DONE: "green", Status.OPEN: "yellow", Status.LAPSED: "red", Status.WAITING: "dim"}
_SIGNS = {Status.DONE: ("✓", "x"), Status.OPEN: ("○", "o"), Status.LAPSED: ("✗", "!"), Status.WAITING: ("·", ".")}


def render(found: Checklist, style: Style = PLAIN) -> str:
    """All steps, each with its proof, what is missing, and what to do."""
    parts = [_head(found, style), *(_step(n, step, style) for n, step in enumerate(found.steps, 1))]
    parts += [_compared(found, style), _closing(found, style)]
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def _head(found: Checklist, style: Style) -> Iterator[str]:
    if found.use_case is None:
        yield style.paint("No use case is chosen yet.", "bold")
        return
    title = f"{style.text(found.use_case.name)}, for the goal {style.text(found.goal_name)}"
    yield from (style.paint(line, "bold") for line in wrap(title, style, 2))
    for name, day in found.in_prod:
        yield from wrap(f"in prod already: {style.text(name)}, since {day}", style, 2)


def _step(number: int, step: Step, style: Style) -> Iterator[str]:
    waits = (
        " (waits)" if step.status is Status.WAITING else " (proven before, not now)" * (step.status is Status.LAPSED)
    )
    sign = style.pick(*_SIGNS[step.status])
    title = f"{sign} {number}. {style.text(step.title)}{waits}"
    yield from (style.paint(line, _LOOKS[step.status]) for line in wrap(title, style, 5))
    for line in step.proof:
        yield from wrap(f"     {style.text(line)}", style, 7)
    for line in step.missing:
        yield from wrap(f"     {style.pick('✗', '!')} {style.text(line)}", style, 7)
    for line in step.fix:
        yield from wrap(f"     {style.pick('→', '>')} {style.text(line)}", style, 7)


def _compared(found: Checklist, style: Style) -> Iterator[str]:
    if found.compared:
        yield style.paint("In dev but not in prod", "bold")
    for line in found.compared:
        yield from wrap(f"  - {style.text(line)}", style, 4)


def _closing(found: Checklist, style: Style) -> Iterator[str]:
    done = sum(step.done for step in found.steps)
    following = f"; next: {found.next.title}" if found.next else ": verified in prod"
    yield from wrap(f"{done} of {len(found.steps)} steps done{style.text(following)}", style, 2)
