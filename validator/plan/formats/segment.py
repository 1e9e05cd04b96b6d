"""Segment's Public API: rules with their JSON Schema, whole or flattened as Typewriter saves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.plan.draft import PlanDraft, RuleDraft
from validator.plan.message import TYPES, is_flattened, payload_key, wrapped
from validator.syntax.codes import Code
from validator.syntax.plan_file import shown

if TYPE_CHECKING:
    from validator.plan.draft import Part


def recognises(value: Any) -> bool:
    """Whether a document is a plan, a page of `GET .../rules`, a request body, a list of rules, or one rule."""
    return _rules(value) is not None


def read(root: Part) -> PlanDraft:
    """The plan in a document that is one."""
    where, about = root, root
    for key in _rules(root.value) or ():
        where, about = where.get(key), where
    if about.get("trackingPlan").value:
        about = about.get("trackingPlan")
    parts = where.parts() if isinstance(where.value, list) else [where]
    rules = [rule for part in parts if (rule := _rule(part))]
    return PlanDraft(about.text("name"), rules, about.text("id"), about.text("description") or None)


def _rules(value: Any) -> tuple[str, ...] | None:
    """The way to the rules."""
    for way in ((), ("rules",), ("data", "rules"), ("trackingPlan", "rules"), ("data", "trackingPlan", "rules")):
        found = value
        for key in way:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, list) and any(isinstance(rule, dict) and "jsonSchema" in rule for rule in found):
            return way
        if way == ("rules",) and found == [] and "events" not in value:
            return way
    return () if isinstance(value, dict) and isinstance(value.get("jsonSchema"), dict) else None


def _rule(part: Part) -> RuleDraft | None:
    if not isinstance(part.value, dict):
        part.bad("must be a rule, an object")
        return None
    call_type = part.text("type").upper()
    if call_type not in TYPES:
        at = part.get("type") if "type" in part.value else part
        message = f"the type of a rule cannot be {shown(call_type)}" if call_type else "the rule has no `type`"
        at.notes.error(Code.BAD_VALUE, at.spot, message, f"use one of {', '.join(TYPES)}")
        return None
    schema = part.mapping("jsonSchema")
    key = part.text("key") or None
    base = part.get("jsonSchema")
    if not schema:
        about = f"{shown(key)}" if key else "the rule"
        at = base if "jsonSchema" in part.value else part
        part.notes.odd(Code.EMPTY_RULE, at.spot, f"{about} has no schema, so anything will do", "add what it must have")
        return RuleDraft(call_type, key, schema or {}, (part.source(), base.source()), part.whole("version", 1))
    sources = [part.source(), base.source()]
    if is_flattened(schema, call_type):
        schema = wrapped(schema, call_type)
        sources.append(base.source(("properties", payload_key(call_type))))
    return RuleDraft(call_type, key, schema, tuple(sources), part.whole("version", 1))
