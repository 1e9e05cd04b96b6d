"""Segment's older Config API, which older Typewriters save too: events with the schema of the whole message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from validator.plan.export import ExportedPlan, Losses, dump_json
from validator.plan.rule_json import lose_about, merged, read_event, read_rule, whole, write_event
from validator.plan.unchecked_plan import PlanDraft

if TYPE_CHECKING:
    from validator.plan.tracking_plan import PlanRule, TrackingPlan
    from validator.plan.unchecked_plan import Part, RuleDraft

# The plan rules without an event, by their name in the Config API.
_OTHERS: Final = {"global": "COMMON", "identify": "IDENTIFY", "group": "GROUP"}
_TRAITS: Final = {"identify_traits": "IDENTIFY", "group_traits": "GROUP"}


def recognises(value: Any) -> bool:
    """Whether a document is a plan of the Config API."""
    rules = value.get("rules") if isinstance(value, dict) else None
    return isinstance(rules, dict) and bool({"events", *_OTHERS, *_TRAITS} & set(rules))


def read(roots: list[Part]) -> PlanDraft:
    """Reads the plan in the documents."""
    return merged([_read(root) for root in roots])


def _read(root: Part) -> PlanDraft:
    inside = root.get("rules")
    name, path = root.text("display_name"), root.text("name")
    rules = read_lists(inside)
    for key, call_type in _OTHERS.items():
        if inside.mapping(key) is not None:
            rules.append(read_rule(inside, call_type, None, key))
    return PlanDraft(name or path, rules, path)


def read_lists(part: Part) -> list[RuleDraft]:
    """Reads the rules of a list of events, and of lists of traits."""
    found = [read_event(event, version=_version(event)) for event in part.parts("events")]
    rules = [rule for rule in found if rule is not None]
    for key, call_type in _TRAITS.items():
        if traits := part.parts(key):
            rules.append(_traits(part.get(key), traits, call_type))
    return rules


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a plan in the form of the Config API."""
    losses = Losses()
    lose_about(plan, losses, "the Config API", ids=True)
    events, rules = [], {}
    named = {call_type: key for key, call_type in _OTHERS.items()}
    for rule in plan.rules:
        if rule.type == "TRACK" and rule.key is not None:
            events.append(write_event(rule, losses) | {"version": rule.version})
        elif rule.type in named and rule.key is None and named[rule.type] not in rules:
            rules[named[rule.type]] = _other(rule, losses)
        else:
            losses.rule(rule, "the Config API has no place for it; left out")
    document = {"name": plan.id, "display_name": plan.name, "rules": {"events": events, **rules}}
    return losses.written({"plan.json": dump_json(document)})


def _other(rule: PlanRule, losses: Losses) -> dict[str, Any]:
    if rule.version != 1:
        losses.rule(rule, "the Config API has only versions of events; the number is left out")
    return whole(rule, losses)


def _version(event: Part) -> int:
    return event.whole("version", 1) if isinstance(event.value, dict) else 1


def _traits(where: Part, traits: list[Part], call_type: str) -> RuleDraft:
    """Reads a rule for traits listed by name."""
    from validator.plan.tracking_plan import DRAFT_7  # noqa: PLC0415
    from validator.plan.unchecked_plan import RuleDraft  # noqa: PLC0415 - rare

    properties: dict[str, Any] = {}
    sources = [where.source(), where.source()]
    for trait in traits:
        if name := (trait.text("name") if isinstance(trait.value, dict) else ""):
            properties[name] = {k: v for k, v in trait.value.items() if k in ("type", "description", "enum", "pattern")}
            sources.append(trait.source(("properties", "traits", "properties", name)))
        else:
            trait.bad("must be a trait with a `name`")
    schema = {
        "$schema": DRAFT_7,
        "type": "object",
        "properties": {"traits": {"type": "object", "properties": properties}},
    }
    return RuleDraft(call_type, None, schema, tuple(sources))
