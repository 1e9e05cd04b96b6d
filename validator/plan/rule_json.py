"""Reads and writes rules with a JSON Schema in the file, as in most formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.plan.message_schema import FIELDS, is_flattened, payload_key, wrapped
from validator.plan.unchecked_plan import PlanDraft, RuleDraft
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from validator.plan.export import Losses
    from validator.plan.tracking_plan import PlanRule, TrackingPlan
    from validator.plan.unchecked_plan import Part


def read_rule(
    part: Part, call_type: str, key: str | None, schema_key: str, version: int = 1, *, flat: bool = False
) -> RuleDraft:
    """Reads a rule whose schema is a member of a part; a payload schema becomes one of the whole message.

    Args:
        part: The rule.
        call_type: Its type.
        key: Its event.
        schema_key: The member.
        version: Its version.
        flat: Whether other schemas of the file describe only the payload.
    """
    base = part.get(schema_key)
    schema = part.mapping(schema_key) or {}
    sources = [part.source(), base.source()]
    if not schema:
        at = base if schema_key in part.value else part
        message = f"{shown(key) if key else 'the rule'} has no schema, so anything is valid"
        part.notes.oddity(Code.EMPTY_RULE, at.spot, message, "add a schema")
    elif is_flattened(schema, call_type, unclear=flat):
        schema = wrapped(schema, call_type)
        sources.append(base.source(("properties", payload_key(call_type))))
    return RuleDraft(call_type, key, schema, tuple(sources), version)


def read_event(part: Part, call_type: str = "TRACK", version: int = 1) -> RuleDraft | None:
    """Reads an element of a list of events: `name`, `description`, `rules`."""
    if not isinstance(part.value, dict):
        part.bad("must be an event, an object")
        return None
    name = part.text("name")
    if not name and call_type == "TRACK":
        part.notes.error(Code.MISSING_KEY, part.spot, "the event has no `name`", "add the event name of the calls")
        return None
    rule = read_rule(part, call_type, name or None, "rules", version)
    if description := part.text("description"):
        rule.schema.setdefault("description", description)
    return rule


def write_event(rule: PlanRule, losses: Losses) -> dict[str, Any]:
    """Writes an event in the same form."""
    schema = whole(rule, losses)
    event: dict[str, Any] = {} if rule.key is None else {"name": rule.key}
    if isinstance(schema.get("description"), str) and schema["description"]:
        event["description"] = schema.pop("description")
    return event | {"rules": schema}


def whole(rule: PlanRule, losses: Losses) -> dict[str, Any]:
    """A rule's schema, changed so that no reader mistakes it for a payload schema."""
    schema = dict(rule.schema)
    if not schema or not is_flattened(schema, rule.type):
        return schema
    properties = schema.get("properties", {})
    if isinstance(properties, dict) and set(properties) <= FIELDS and schema.get("additionalProperties") is not False:
        losses.rule(rule, "an empty `context` is added, so that the schema is not mistaken for one of properties only")
        schema["properties"] = {"context": {}, **properties}
    else:
        losses.rule(rule, "other tools will mistake the schema for one of properties only")
    return schema


def only_track(plan: TrackingPlan, losses: Losses, form: str) -> list[PlanRule]:
    """The rules of track calls, for formats without others."""
    kept = []
    for rule in plan.rules:
        if rule.type != "TRACK" or rule.key is None:
            losses.rule(rule, f"{form} has only rules of named track calls; left out")
        else:
            kept.append(rule)
    return kept


def lose_versions(rules: list[PlanRule], losses: Losses, form: str) -> list[PlanRule]:
    """The rules for formats without versions: the oldest version of each, by which calls are judged."""
    oldest: dict[tuple[str, str | None], PlanRule] = {}
    for rule in rules:
        before = oldest.get((rule.type, rule.key))
        if before is None or rule.version < before.version:
            oldest[rule.type, rule.key] = rule
    kept = []
    for rule in rules:
        if oldest[rule.type, rule.key] is not rule:
            losses.rule(rule, f"{form} has no versions; left out, as there is an older one")
            continue
        kept.append(rule)
        if rule.version != 1:
            losses.rule(rule, f"{form} has no versions; the number is left out")
    return kept


def lose_about(plan: TrackingPlan, losses: Losses, form: str, *, ids: bool = False, descriptions: bool = False) -> None:
    """Adds notes on the fields of a plan that a format does not have."""
    if not ids and plan.id != plan.name:
        losses.plan(f"{form} does not have the id of the plan, {plan.id}")
    if not descriptions and plan.description:
        losses.plan(f"{form} does not have the description of the plan")


def merged(drafts: list[PlanDraft]) -> PlanDraft:
    """Merges several files into one plan; name, id and description are those of the first."""
    first = next((d for d in drafts if d.name), drafts[0])
    return first._replace(rules=[rule for draft in drafts for rule in draft.rules])
