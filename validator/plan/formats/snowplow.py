"""Snowplow's self-describing schemas, one per event and version: `self` names it, the rest describes its properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from validator.plan.export import DEVICES, LONGEST_NAME, ExportedPlan, Losses, dump_json, file_stem
from validator.plan.message_schema import flattened, wrapped
from validator.plan.rule_json import lose_about, only_track
from validator.plan.unchecked_plan import PlanDraft, RuleDraft
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from validator.plan.tracking_plan import PlanRule, TrackingPlan
    from validator.plan.unchecked_plan import Part

_FORM: Final = "a Snowplow schema"
_META: Final = "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#"
_DRAFT_4: Final = "http://json-schema.org/draft-04/schema#"
_SAFE: Final = re.compile(r"[A-Za-z0-9_-]+(?:[. ][A-Za-z0-9_-]+)*")
_VERSION: Final = re.compile(r"([0-9]{1,6})-([0-9]{1,6})(?:-([0-9]{1,6}))?")


def recognises(value: Any) -> bool:
    """Whether a document has a `self` description."""
    about = value.get("self") if isinstance(value, dict) else None
    return isinstance(about, dict) and {"vendor", "name", "version"} <= set(about)


def read(roots: list[Part]) -> PlanDraft:
    """Reads the schemas of a folder as one plan."""
    found = [(root, rule) for root in roots if (rule := _rule(root))]
    numbers: dict[str | None, list[tuple[int, ...]]] = {}
    for root, rule in found:
        numbers.setdefault(rule.key, []).append(_version(root))
    rules = []
    for root, rule in found:
        all_of_it = sorted(set(numbers[rule.key]))
        models = [version[0] for version in all_of_it]
        number = _version(root)
        one_each = len(set(models)) == len(models)
        rules.append(rule._replace(version=number[0] if one_each else all_of_it.index(number) + 1))
    vendors = {root.get("self").text("vendor") for root in roots}
    return PlanDraft(vendors.pop() if len(vendors) == 1 else "", rules)


def _rule(root: Part) -> RuleDraft | None:
    about = root.get("self")
    for key in ("vendor", "name"):
        if not _SAFE.fullmatch(about.text(key)):
            message = f"the {key} {shown(about.text(key))} of the schema is not a safe name"
            help_text = "use letters, digits, `_`, `-` and single dots"
            root.notes.error(Code.UNSAFE_NAME, about.get(key).spot, message, help_text)
            return None
    if not _VERSION.fullmatch(about.text("version")):
        about.get("version").bad("must be a version such as 1-0-0", Code.BAD_VALUE)
        return None
    schema = {k: v for k, v in root.value.items() if k not in ("self", "$schema", "$id")}
    dialect = root.value.get("$schema")
    draft = dialect if isinstance(dialect, str) and "json-schema.org" in dialect else _DRAFT_4
    source = root.source(("properties", "properties"))
    message_schema = wrapped({"$schema": draft, **schema}, "TRACK")
    return RuleDraft("TRACK", about.text("name"), message_schema, (about.get("name").source(), root.source(), source))


def _version(root: Part) -> tuple[int, ...]:
    found = _VERSION.fullmatch(root.get("self").text("version"))
    return tuple(int(part or 0) for part in found.groups()) if found else (1, 0, 0)


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a schema for each event and version, in the layout of an Iglu registry."""
    losses = Losses()
    vendor = _folder(plan.name)
    if vendor != plan.name:
        losses.plan(f"the name of the plan becomes the vendor, {vendor}")
    lose_about(plan, losses, _FORM)
    files: dict[str, str] = {}
    taken: set[str] = set()
    for rule in only_track(plan, losses, _FORM):
        name = _folder(rule.key or "")
        if name != rule.key:
            losses.rule(rule, "a Snowplow schema is named with letters, digits, `_` and `-`; the event is renamed")
        path = f"schemas/{vendor}/{name}/jsonschema/{rule.version}-0-0"
        if path.lower() in taken:
            losses.rule(rule, "left out: another event already has the resulting name")
            continue
        taken.add(path.lower())
        about = {"vendor": vendor, "name": name, "format": "jsonschema", "version": f"{rule.version}-0-0"}
        files[path] = dump_json({"$schema": _META, "self": about, **_payload(rule, losses)})
    return losses.written(files)


def _folder(name: str) -> str:
    """A name that is valid as a folder of a registry."""
    safe = _SAFE.fullmatch(name) and " " not in name and len(name) <= LONGEST_NAME and not DEVICES.fullmatch(name)
    return name if safe else file_stem(name)


def _payload(rule: PlanRule, losses: Losses) -> dict[str, Any]:
    flat = flattened(rule.schema, rule.type)
    if flat is None:
        losses.rule(rule, "a Snowplow schema describes only properties; the rule is left empty")
        return {"type": "object"}
    if flat.pop("$schema", None) != _DRAFT_4:
        losses.rule(rule, "a Snowplow schema is draft-04, whose keywords may mean something else")
    return {key: value for key, value in flat.items() if key not in ("$id", "self")}
