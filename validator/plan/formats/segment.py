"""Segment's Public API: rules with their JSON Schema, whole or flattened as Typewriter saves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from validator.plan.export import ExportedPlan, Losses, dump_json
from validator.plan.message_schema import TYPES, is_flattened
from validator.plan.rule_json import merged, read_rule, whole
from validator.plan.unchecked_plan import PlanDraft
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from validator.plan.tracking_plan import PlanRule, TrackingPlan
    from validator.plan.unchecked_plan import Part, RuleDraft

MOST_RULES: Final = 200
"""The most rules that one request may contain."""

_WAYS: Final = ((), ("rules",), ("data", "rules"), ("trackingPlan", "rules"), ("data", "trackingPlan", "rules"))


def recognises(value: Any) -> bool:
    """Whether a document is a plan, a page of `GET .../rules`, a request body, a list of rules, or one rule."""
    return _rules(value) is not None


def read(roots: list[Part]) -> PlanDraft:
    """Reads the plan in documents: a plan, pages of one, or requests."""
    return merged([_read(root) for root in roots])


def _read(root: Part) -> PlanDraft:
    where, about = root, root
    for key in _rules(root.value) or ():
        where, about = where.get(key), where
    if isinstance(about.get("trackingPlan").value, dict):
        about = about.get("trackingPlan")
    parts = where.parts() if isinstance(where.value, list) else [where]
    flat = any(map(is_flat_rule, (part.value for part in parts)))
    rules = [rule for part in parts if (rule := _rule(part, flat=flat))]
    if where is about:
        return PlanDraft("", rules)
    return PlanDraft(about.text("name"), rules, about.text("id"), about.text("description") or None)


def write(plan: TrackingPlan) -> ExportedPlan:
    """Requests of at most 200 rules each."""
    losses = Losses()
    if plan.id != plan.name or plan.name:
        losses.plan("a request has only rules: name, id and description of the plan are given separately")
    rules = [write_rule(rule, losses) for rule in plan.rules]
    pieces = [rules[i : i + MOST_RULES] for i in range(0, len(rules), MOST_RULES)] or [[]]
    if len(pieces) == 1:
        return losses.written({"rules.json": dump_json({"rules": rules})})
    digits = len(str(len(pieces)))
    files = {f"rules-{i:0{digits}}.json": dump_json({"rules": piece}) for i, piece in enumerate(pieces, 1)}
    return losses.written(files)


def write_rule(rule: PlanRule, losses: Losses) -> dict[str, Any]:
    """A rule in Segment's form."""
    return rule.to_json() | {"jsonSchema": whole(rule, losses)}


def is_flat_rule(rule: Any) -> bool:
    """Whether a rule's schema describes only the payload, as saved by Typewriter."""
    schema = rule.get("jsonSchema") if isinstance(rule, dict) else None
    return isinstance(schema, dict) and is_flattened(schema, str(rule.get("type")).upper())


def _rules(value: Any) -> tuple[str, ...] | None:
    """The path of keys to the rules."""
    for way in _WAYS:
        found = value
        for key in way:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, list) and any(isinstance(rule, dict) and "jsonSchema" in rule for rule in found):
            return way
        if way and found == []:
            return way
    return () if isinstance(value, dict) and isinstance(value.get("jsonSchema"), dict) else None


def _rule(part: Part, *, flat: bool) -> RuleDraft | None:
    if not isinstance(part.value, dict):
        part.bad("must be a rule, an object")
        return None
    call_type = part.text("type").upper()
    if call_type not in TYPES:
        at = part.get("type") if "type" in part.value else part
        message = f"the type of a rule cannot be {shown(call_type)}" if call_type else "the rule has no `type`"
        at.notes.error(Code.BAD_VALUE, at.spot, message, f"use one of {', '.join(TYPES)}")
        return None
    return read_rule(part, call_type, part.text("key") or None, "jsonSchema", part.whole("version", 1), flat=flat)
