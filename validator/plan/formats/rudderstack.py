"""RudderStack's API: events of every call type with the schema of the whole message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from validator.plan.export import ExportedPlan, Losses, distinct_stem, dump_json
from validator.plan.message_schema import TYPES
from validator.plan.rule_json import lose_about, lose_versions, merged, read_event, write_event
from validator.plan.unchecked_plan import PlanDraft
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from validator.plan.tracking_plan import TrackingPlan
    from validator.plan.unchecked_plan import Part, RuleDraft

_FORM: Final = "RudderStack's API"


def recognises(value: Any) -> bool:
    """Whether a document has a list of events with their types; RudderTyper saves the list under `rules`."""
    return isinstance(value, dict) and (_has_events(value) or _has_events(value.get("rules")))


def _has_events(value: Any) -> bool:
    events = value.get("events") if isinstance(value, dict) else None
    return isinstance(events, list) and any(isinstance(e, dict) and "eventType" in e for e in events)


def read(roots: list[Part]) -> PlanDraft:
    """Reads the plan in the documents."""
    return merged([_read(root) for root in roots])


def _read(root: Part) -> PlanDraft:
    holder = root if _has_events(root.value) else root.get("rules")
    found = [_event(event) for event in holder.parts("events")]
    rules = [rule for rule in found if rule is not None]
    return PlanDraft(root.text("name"), rules, root.text("id"), root.text("description") or None)


def _event(part: Part) -> RuleDraft | None:
    call_type = part.text("eventType").upper() if isinstance(part.value, dict) else ""
    if call_type not in TYPES or call_type == "COMMON":
        help_text = "use track, page, screen, identify or group"
        at = part.get("eventType")
        at.notes.error(Code.BAD_VALUE, at.spot, f"the type of an event cannot be {shown(call_type.lower())}", help_text)
        return None
    return read_event(part, call_type)


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a plan in the form of RudderStack's API."""
    losses = Losses()
    lose_about(plan, losses, _FORM, ids=True, descriptions=True)
    kept = []
    for rule in plan.rules:
        if rule.type == "COMMON":
            losses.rule(rule, f"{_FORM} has no rule for all calls; left out")
        else:
            kept.append(rule)
    taken: set[str] = set()
    events = []
    for rule in lose_versions(kept, losses, _FORM):
        section = "traits" if rule.type in ("IDENTIFY", "GROUP") else "properties"
        about = {"id": distinct_stem(rule.key or rule.type, taken), "name": rule.key or ""}
        kind = {"eventType": rule.type.lower(), "identitySection": section}
        events.append(about | kind | write_event(rule, losses))
    if not events:
        losses.plan("a RudderStack plan without events cannot be recognised")
    document: dict[str, Any] = {"id": plan.id, "name": plan.name, "description": plan.description or ""}
    return losses.written({"plan.json": dump_json(document | {"version": 1, "events": events})})
