"""From one format of tracking plan to another, with a note of everything that the other cannot hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from validator.errors import PlanError
from validator.plan.build import canonical
from validator.plan.formats import FORMATS, format_named
from validator.plan.read import read_texts
from validator.plan.walk import subschemas
from validator.plan.written import listed, title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.plan.tracking_plan import PlanRule, TrackingPlan
    from validator.plan.written import Written

__all__ = ["FORMATS", "convert"]

# Formats that know what is recommended and not required.
_RECOMMENDING: Final = ("uclint", "protocols-csv")


def convert(plan: TrackingPlan, form: str) -> Written:
    """A plan in another format.

    What is written is read back, so a rule that does not come back as it was is always in a note.

    Args:
        plan: The plan.
        form: A key of FORMATS.
    """
    written = format_named(form).write(plan)
    notes = list(written.notes)
    if form not in _RECOMMENDING and (recommending := [title(r) for r in plan.rules if _recommends(r)]):
        notes.append(f"other tools take recommended properties for required ones: {listed(recommending)}")
    changed = [name for name in _changed(plan, written.files) if name not in written.touched]
    if changed:
        notes.append(f"the format says this in another way, and it comes back different: {listed(changed)}")
    return written._replace(notes=tuple(notes), touched=written.touched | frozenset(changed))


def _recommends(rule: PlanRule) -> bool:
    return any("x-recommended" in schema for _, schema in subschemas(rule.schema))


def _changed(plan: TrackingPlan, files: Mapping[str, str]) -> list[str]:
    """The rules that are not read back as they are."""
    try:
        back = {(r.type, r.key, r.version): r for r in read_texts("", files).plan.rules} if files else {}
    except PlanError:
        back = {}
    found = []
    for rule in plan.rules:
        same = back.get((rule.type, rule.key, rule.version))
        if same is None or canonical(same.schema) != canonical(rule.schema):
            found.append(title(rule))
    return found
