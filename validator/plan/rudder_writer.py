"""Writes RudderStack's YAML: a tracking plan, and the events and properties that it refers to."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from validator.plan.export import ExportedPlan, Losses, distinct_stem, file_stem
from validator.plan.rule_json import lose_versions
from validator.plan.yaml_writer import dump_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.plan.tracking_plan import PlanRule, TrackingPlan

_FORM: Final = "RudderStack's YAML"

KEYWORDS: Final = (
    "enum", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    "additionalProperties", "const",
)  # fmt: skip
"""The keywords that may constrain a property; files of the current form have them in snake case."""


class Writer:
    """Writes a plan."""

    __slots__ = ("_events", "_ids", "_losses", "_names", "_plan", "_properties")

    def __init__(self, plan: TrackingPlan) -> None:
        self._plan = plan
        self._losses = Losses()
        self._events: list[dict[str, Any]] = []
        self._properties: list[dict[str, Any]] = []
        self._ids: dict[str, str] = {}  # definition, as JSON -> its id
        self._names: set[str] = set()

    def written(self) -> ExportedPlan:
        """The files, with notes on what they cannot express."""
        plan = self._plan
        kept = []
        for rule in plan.rules:
            if rule.type == "COMMON":
                self._losses.rule(rule, f"{_FORM} has no rule for all calls; left out")
            elif rule.type in ("IDENTIFY", "GROUP") and rule.key is not None:
                self._losses.rule(rule, f"{_FORM} has no names of such calls; left out")
            else:
                kept.append(rule)
        events: set[str] = set()
        rules = [self._rule(rule, events) for rule in lose_versions(kept, self._losses, _FORM)]
        spec: dict[str, Any] = {"id": plan.id, "display_name": plan.name}
        if plan.description:
            spec["description"] = plan.description
        name = file_stem(plan.id)
        files = {
            "tracking-plan.yaml": _file("tracking-plan", name, spec | {"rules": rules}),
            "events.yaml": _file("events", name, {"events": self._events}),
        }
        if self._properties:
            files["properties.yaml"] = _file("properties", name, {"properties": self._properties})
        return self._losses.written(files)

    def _rule(self, rule: PlanRule, taken: set[str]) -> dict[str, Any]:
        name = distinct_stem(rule.key or rule.type, taken)
        event = {"id": name} | ({"name": rule.key} if rule.key else {}) | {"event_type": rule.type.lower()}
        if isinstance(rule.schema.get("description"), str):
            event["description"] = rule.schema["description"]
        self._events.append(event)
        field = "traits" if rule.type in ("IDENTIFY", "GROUP") else "properties"
        properties = rule.schema.get("properties")
        payload = properties.get(field) if isinstance(properties, dict) else None
        written: dict[str, Any] = {"type": "event_rule", "id": f"{name}_rule", "event": f"#event:{name}"}
        closed = isinstance(payload, dict) and payload.get("additionalProperties") is False
        written["additional_properties"] = not closed
        if isinstance(payload, dict) and (listed := self._listed(payload)):
            written["properties"] = listed
        return written

    def _listed(self, payload: Mapping[str, Any]) -> list[dict[str, Any]]:
        required = payload.get("required", ())
        inner = payload.get("properties")
        listed = []
        for name, schema in inner.items() if isinstance(inner, dict) else ():
            made = self._defined(name, schema if isinstance(schema, dict) else {})
            entry: dict[str, Any] = {"property": f"#property:{made}", "required": name in required}
            holder = _holder(schema) if isinstance(schema, dict) else None
            if holder and (below := self._listed(holder)):
                entry["properties"] = below
                if isinstance(holder.get("additionalProperties"), bool):
                    entry["additional_properties"] = holder["additionalProperties"]
            listed.append(entry)
        return listed

    def _defined(self, name: str, schema: Mapping[str, Any]) -> str:
        """The id of a definition of a property."""
        made: dict[str, Any] = {"name": name}
        if isinstance(schema.get("description"), str):
            made["description"] = schema["description"]
        types = schema.get("type")
        if isinstance(types, str):
            made["type"] = types
        elif isinstance(types, list):
            made["types"] = types
        items = schema.get("items")
        if isinstance(items, dict) and "type" in items and "properties" not in items:
            made |= {"item_types": items["type"]} if isinstance(items["type"], list) else {"item_type": items["type"]}
        nested = _holder(schema) is not None
        config = {
            _snake(k): schema[k] for k in KEYWORDS if k in schema and not (nested and k == "additionalProperties")
        }
        if config:
            made["config"] = config
        key = json.dumps(made, sort_keys=True)
        if key not in self._ids:
            self._ids[key] = distinct_stem(name, self._names)
            self._properties.append({"id": self._ids[key], **made})
        return self._ids[key]


def _holder(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The object schema whose nested properties are listed where the property is used."""
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, dict) and isinstance(items.get("properties"), dict):
        return items
    return schema if schema.get("type") == "object" and isinstance(schema.get("properties"), dict) else None


def _file(kind: str, name: str, spec: dict[str, Any]) -> str:
    return dump_yaml({"version": "rudder/v1", "kind": kind, "metadata": {"name": name}, "spec": spec})


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", name)
