"""The local plans of old Typewriters: a name, and a list of events with the schema of the whole message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.plan.export import ExportedPlan, Losses, dump_json
from validator.plan.formats.segment_config import read_lists
from validator.plan.rule_json import lose_about, merged, only_track, write_event
from validator.plan.unchecked_plan import PlanDraft

if TYPE_CHECKING:
    from validator.plan.tracking_plan import TrackingPlan
    from validator.plan.unchecked_plan import Part

_FORM = "an old Typewriter plan"


def recognises(value: Any) -> bool:
    """Whether a document has a list of events with rules."""
    events = value.get("events") if isinstance(value, dict) else None
    return isinstance(events, list) and all(isinstance(e, dict) and {"name", "rules"} <= set(e) for e in events)


def read(roots: list[Part]) -> PlanDraft:
    """Reads the plan in the documents."""
    return merged([PlanDraft(root.text("name"), read_lists(root)) for root in roots])


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a plan as a list of events."""
    losses = Losses()
    lose_about(plan, losses, _FORM)
    rules = only_track(plan, losses, _FORM)
    events = [write_event(rule, losses) | ({} if rule.version == 1 else {"version": rule.version}) for rule in rules]
    return losses.written({"plan.json": dump_json({"name": plan.name, "events": events})})
