"""A checklist as Markdown, ready for an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.render.guide.markdown_marks import text
from validator.render.terminal_style import PLAIN, Style
from validator.setup.checklist import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.setup.checklist import Checklist, Step

_NOTES = {Status.LAPSED: " (proven before, not now)", Status.WAITING: " (waits)"}


def render(found: Checklist, style: Style = PLAIN) -> str:  # noqa: ARG001
    """All steps as a list of tasks."""
    parts = ["\n".join(_head(found)), "\n".join(line for step in found.steps for line in _step(step))]
    if found.compared:
        parts.append("\n".join(["**In dev but not in prod**", "", *(f"- {text(line)}" for line in found.compared)]))
    return "\n\n".join(parts) + "\n"


def _head(found: Checklist) -> Iterator[str]:
    if found.use_case is None:
        yield "### No use case is chosen yet"
        return
    yield f"### {text(found.use_case.name)}"
    yield ""
    yield f"For the goal {text(found.goal_name)}: {sum(s.done for s in found.steps)} of {len(found.steps)} steps done."
    for name, day in found.in_prod:
        yield f"In prod already: {text(name)}, since {day}."


def _step(step: Step) -> Iterator[str]:
    yield f"- [{'x' if step.done else ' '}] **{text(step.title)}**{_NOTES.get(step.status, '')}"
    yield from (f"  - {text(line)}" for line in step.proof)
    yield from (f"  - Missing: {text(line)}" for line in step.missing)
    yield from (f"  - To do: {text(line)}" for line in step.fix)
