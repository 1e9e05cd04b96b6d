"""A checklist as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator._version import __version__
from validator.render.terminal_style import PLAIN, Style

if TYPE_CHECKING:
    from validator.setup.checklist import Checklist, Step

VERSION = 1


def render(found: Checklist, style: Style = PLAIN) -> str:  # noqa: ARG001
    """All steps; ASCII only."""
    document = {
        "checklist_version": VERSION,
        "uclint": __version__,
        "goal": found.use_case and found.use_case.goal,
        "use_case": found.use_case and found.use_case.slug,
        "name": found.use_case and found.use_case.name,
        "observed": found.observed and found.observed.value,
        "next": found.next and found.next.id,
        "steps": [_step(step) for step in found.steps],
        "prod_lacks": list(found.compared),
        "in_prod": [{"use_case": name, "on": day} for name, day in found.in_prod],
    }
    return json.dumps(document, indent=2) + "\n"


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.id,
        "environment": step.env and step.env.value,
        "title": step.title,
        "status": step.status.value,
        "proof": list(step.proof),
        "missing": list(step.missing),
        "fix": list(step.fix),
    }
