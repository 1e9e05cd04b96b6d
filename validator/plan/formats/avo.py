"""Avo's export: events with draft-06 schemas of the whole message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from validator.plan.export import ExportedPlan, Losses, distinct_stem, dump_json
from validator.plan.rule_json import lose_about, lose_versions, merged, only_track, read_event, write_event
from validator.plan.unchecked_plan import PlanDraft
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from validator.plan.tracking_plan import TrackingPlan
    from validator.plan.unchecked_plan import Part, RuleDraft

_FORM: Final = "an Avo export"

# Names in Avo's `required` that no payload has.
_NEVER_SENT: Final = ("nameMapping", "userProperties")


def recognises(value: Any) -> bool:
    """Whether a document has a list of events with ids and rules."""
    events = value.get("events") if isinstance(value, dict) else None
    return (
        isinstance(events, list)
        and bool(events)
        and all(isinstance(e, dict) and {"id", "name"} <= set(e) and "eventType" not in e for e in events)
        and any("rules" in e for e in events)
    )


def read(roots: list[Part]) -> PlanDraft:
    """Reads the plan in the documents."""
    return merged([_read(root) for root in roots])


def _read(root: Part) -> PlanDraft:
    found = [_event(event) for event in root.parts("events")]
    rules = [rule for rule in found if rule is not None]
    return PlanDraft(root.text("name"), rules, description=root.text("description") or None)


def _event(part: Part) -> RuleDraft | None:
    rule = read_event(part)
    required = rule.schema.get("required") if rule else None
    if rule is None or not isinstance(required, list):
        return rule
    for name in _NEVER_SENT:
        if name in required:
            at = part.get("rules").get("required").spot
            message = f"{shown(name)} is required, but no call has it; it is left out"
            part.notes.oddity(Code.NEVER_SENT, at, message, "remove it from `required`")
    kept = [name for name in required if name not in _NEVER_SENT]
    schema = rule.schema | {"required": kept}
    if not kept:
        del schema["required"]
    return rule._replace(schema=schema)


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a plan in the form of Avo's export."""
    losses = Losses()
    lose_about(plan, losses, _FORM, descriptions=True)
    rules = lose_versions(only_track(plan, losses, _FORM), losses, _FORM)
    taken: set[str] = set()
    events = [{"id": distinct_stem(rule.key or "", taken)} | write_event(rule, losses) for rule in rules]
    document = {"name": plan.name} | ({"description": plan.description} if plan.description else {})
    if not events:
        losses.plan("an Avo export without events cannot be recognised")
    return losses.written({"avo.json": dump_json(document | {"events": events})})
