"""Plain JSON Schema, a file for each event: its title, or else its file name, is the name of the event."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from validator.plan.export import ExportedPlan, Losses, distinct_stem, dump_json
from validator.plan.message_schema import TYPES, is_flattened, payload_key, wrapped
from validator.plan.references import sort_out
from validator.plan.rule_json import lose_about
from validator.plan.unchecked_plan import PlanDraft, RuleDraft
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from validator.plan.tracking_plan import PlanRule, TrackingPlan
    from validator.plan.unchecked_plan import Part

_SCHEMA: Final = re.compile(r"https?://json-schema\.org/")
_FILE: Final = re.compile(r"[A-Za-z0-9_-]{1,80}\.json")
_OURS: Final = "x-rule"


def recognises(value: Any) -> bool:
    """Whether a document is a JSON Schema of an object."""
    if not isinstance(value, dict):
        return False
    dialect = value.get("$schema")
    if isinstance(dialect, str) and _SCHEMA.match(dialect):
        return True
    return value.get("type") == "object" and isinstance(value.get("properties", {}), dict)


def read(roots: list[Part]) -> PlanDraft:
    """Reads the schemas of a folder as one plan."""
    folder = sort_out(roots)
    rules = [rule for root in folder.events if (rule := _rule(root))]
    names = {PurePath(root.document.path).parent.name for root in roots}
    name = names.pop() if len(names) == 1 and len(roots) > 1 else ""
    return PlanDraft(name, rules, documents=folder.documents)


def _rule(root: Part) -> RuleDraft | None:
    schema = dict(root.value)
    ours = root.get(_OURS)
    header = schema.pop(_OURS, {}) if isinstance(ours.value, dict) else {}
    call_type = ours.text("type", "TRACK") if header else "TRACK"
    if call_type not in TYPES:
        ours.get("type").bad(f"must be one of {', '.join(TYPES)}", Code.BAD_VALUE)
        return None
    key: str | None = root.text("title") or PurePath(root.document.path).stem
    if header:
        key = ours.text("key") or None
    sources = [root.source(), root.source()]
    whole = ours.flag("whole", default=False) if header else False
    if schema and not whole and is_flattened(schema, call_type):
        schema = wrapped(schema, call_type)
        sources.append(root.source(("properties", payload_key(call_type))))
    return RuleDraft(call_type, key, schema, tuple(sources), ours.whole("version", 1) if header else 1)


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a schema of the whole message for each rule; type and version are in `x-rule` if the name lacks them."""
    losses = Losses()
    losses.plan("JSON Schema has no plan: its name and id are not kept")
    lose_about(plan, losses, "a folder of JSON Schema", ids=True)
    parts = {id(document): (key, document) for key, document in plan.documents.items()}
    taken = {key.removesuffix(".json") for key, _ in parts.values() if _FILE.fullmatch(key)}
    files = {f"{distinct_stem(r.key or r.type, taken)}.json": dump_json(_schema(r)) for r in plan.rules}
    for key, document in parts.values():
        name = key if _FILE.fullmatch(key) else f"{distinct_stem(PurePath(key).stem, taken)}.json"
        files[name] = dump_json(document)
    return losses.written(files)


def _schema(rule: PlanRule) -> dict[str, Any]:
    schema = dict(rule.schema)
    flat = is_flattened(schema, rule.type)
    if (rule.type, rule.version) == ("TRACK", 1) and schema.get("title") == rule.key and rule.key and not flat:
        return schema
    about: dict[str, Any] = {"type": rule.type, "version": rule.version}
    return schema | {_OURS: about | ({"key": rule.key} if rule.key else {}) | ({"whole": True} if flat else {})}
