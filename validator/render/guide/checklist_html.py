"""A checklist as one HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.render.guide.page import page
from validator.render.html_marks import text
from validator.render.terminal_style import PLAIN, Style
from validator.setup.checklist import Status
from validator.setup.state import Env

if TYPE_CHECKING:
    from validator.setup.checklist import Checklist, Step

_SIGNS = {Status.DONE: "✓", Status.OPEN: "○", Status.LAPSED: "✕", Status.WAITING: "·"}
_WORDS = {Status.DONE: "Done", Status.OPEN: "Open", Status.LAPSED: "Proven before, not now", Status.WAITING: "Waits"}
_TITLES = {None: "Choose and review", Env.DEV: "Dev", Env.PROD: "Prod"}


def render(found: Checklist, style: Style = PLAIN) -> str:  # noqa: ARG001
    """All steps: the first ones, those of dev and those of prod."""
    title = text(found.use_case.name) if found.use_case else "No use case is chosen yet"
    sections = []
    for env, name in _TITLES.items():
        steps = [step for step in found.steps if step.env is env]
        body = f'<div class="card steps">{"".join(map(_step, steps))}</div>'
        sections.append((f"{name}: {sum(s.done for s in steps)} of {len(steps)}", body))
    if found.compared:
        lines = "".join(f"<li>{text(line)}</li>" for line in found.compared)
        sections.append(("In dev but not in prod", f'<ul class="card pad">{lines}</ul>'))
    return page(title, _head(found), sections)


def _head(found: Checklist) -> str:
    done = sum(step.done for step in found.steps)
    following = f"next: {text(found.next.title)}" if found.next else "verified in prod"
    badge = "done" if found.next is None else "open"
    goal = f"<p>For the goal {text(found.goal_name)}.</p>" if found.use_case else ""
    other = "".join(f'<p class="soft">In prod already: {text(name)}, since {day}.</p>' for name, day in found.in_prod)
    return (
        f'{goal}<p class="verdict"><span class="badge {badge}">{done} of {len(found.steps)} steps done</span> '
        f"<span>{following}</span></p>{other}"
    )


def _step(step: Step) -> str:
    lines = [f"<li>{text(line)}</li>" for line in step.proof]
    look = "soft" if step.done else "unseen"
    lines += [f'<li class="{look}">{text(line)}</li>' for line in step.missing]
    lines += [f'<li class="do">{text(line)}</li>' for line in step.fix]
    notes = f"<ul>{''.join(lines)}</ul>" if lines else ""
    return (
        f'<div class="step {step.status.value}"><span class="sign" aria-hidden="true">{_SIGNS[step.status]}</span>'
        f'<div><h3>{text(step.title)} <span class="badge {step.status.value}">{_WORDS[step.status]}</span></h3>'
        f"{notes}</div></div>"
    )
