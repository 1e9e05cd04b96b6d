"""Typewriter's `plan.json`: a Public API plan whose schemas are flattened to the payload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.plan.export import ExportedPlan, Losses, dump_json
from validator.plan.formats import segment
from validator.plan.message_schema import flattened, is_flattened
from validator.plan.rule_json import whole

if TYPE_CHECKING:
    from validator.plan.tracking_plan import PlanRule, TrackingPlan
    from validator.plan.unchecked_plan import Part, PlanDraft


def recognises(value: Any) -> bool:
    """Whether a document is a Public API plan with a flattened schema in it."""
    rules = value.get("rules") if isinstance(value, dict) else None
    return isinstance(rules, list) and "name" in value and any(map(segment.is_flat_rule, rules))


def read(roots: list[Part]) -> PlanDraft:
    """Reads the plan in the documents."""
    return segment.read(roots)


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a plan in the form of Typewriter."""
    losses = Losses()
    about = {"id": plan.id, "name": plan.name, "description": plan.description or ""}
    rules = [rule.to_json() | {"jsonSchema": _flat(rule, losses)} for rule in plan.rules]
    return losses.written({"plan.json": dump_json(about | {"rules": rules})})


def _flat(rule: PlanRule, losses: Losses) -> dict[str, Any]:
    if not rule.schema:
        return {}
    flat = flattened(rule.schema, rule.type)
    if flat is None or not is_flattened(flat, rule.type, unclear=True):
        losses.rule(rule, "a schema that cannot be flattened is kept whole")
        return whole(rule, losses)
    return flat
