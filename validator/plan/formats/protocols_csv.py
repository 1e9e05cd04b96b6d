"""The CSV of Segment Protocols: a row for each event, and one for each of its properties."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

from validator.plan.export import ExportedPlan, Losses
from validator.plan.loaded_plan import Source
from validator.plan.message_schema import TYPES, payload_key
from validator.plan.property_schemas import (
    ITEM,
    MOST_KEYS,
    STATUSES,
    Property,
    message_of,
    payload_of,
    place_of,
    properties_of,
)
from validator.plan.rule_json import lose_about
from validator.plan.unchecked_plan import PlanDraft, RuleDraft
from validator.syntax.csv_document import Rows
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.plan.tracking_plan import PlanRule, TrackingPlan
    from validator.plan.unchecked_plan import Part

_FORM: Final = "the CSV of Protocols"
_COLUMNS: Final = (
    "Version", "Event Type", "Event Name", "Property Name", "Description", "Labels", "Property Data Type", "Status",
    "Enum Values", "Permitted Values",
)  # fmt: skip
_STATUS: Final = {"": "optional", "true": "required", "false": "optional"} | {s: s for s in STATUSES}
_ANY: Final = ("", "any")
_SIMPLE: Final = re.compile(r"[^,|;\"'\[\]{}\s][^,|;\[\]]*(?<!\s)")


def recognises(value: Any) -> bool:
    """Whether a document has rows with event names."""
    return isinstance(value, Rows)


def read(roots: list[Part]) -> PlanDraft:
    """Reads the plan in one or more files of rows."""
    found: dict[tuple[str, str | None, int], list[Part]] = {}
    for row in (row for root in roots for row in root.parts()):
        if name := _event(row):
            found.setdefault(name, []).append(row)
    return PlanDraft("", [_rule(*name, rows) for name, rows in found.items()])


def _event(row: Part) -> tuple[str, str | None, int] | None:
    """Type, name and version of a row's event."""
    call_type = _field(row, "event type").upper() or "TRACK"
    if call_type not in TYPES:
        message = f"the event type cannot be {shown(call_type.lower())}"
        row.notes.error(Code.BAD_VALUE, row.spot, message, "use track, page, screen, identify, group or common")
        return None
    version = _field(row, "version") or "1"
    if not re.fullmatch(r"[0-9]{1,9}(\.0)?", version):
        row.notes.error(Code.BAD_VALUE, row.spot, f"the version cannot be {shown(version)}", "write a whole number")
        return None
    key = _field(row, "event name") or None
    if key is None and call_type == "TRACK":
        row.notes.error(Code.MISSING_KEY, row.spot, "the row has no event name", "fill in `Event Name`")
        return None
    return call_type, key, int(version.split(".")[0])


def _rule(call_type: str, key: str | None, version: int, rows: list[Part]) -> RuleDraft:
    about: dict[str, Any] = {}
    properties: dict[tuple[str, ...], Property] = {}
    sources = [_source(rows[0]), _source(rows[0])]
    for row in rows:
        name = _field(row, "property name")
        if not name:
            about |= _about(row)
            continue
        path = tuple(ITEM if part == "$" else part for part in _split(name))
        if len(path) > MOST_KEYS:
            row.notes.error(Code.TOO_LARGE, row.spot, f"nested more than {MOST_KEYS} deep", "no plan needs this")
            continue
        if path in properties:
            message = f"the property {shown(name)} already has a row"
            row.notes.error(Code.DUPLICATE_DEFINITION, row.spot, message, "remove one of the two")
        properties[path] = Property(path, _schema(row), _status(row))
        sources.append(_source(row, ("properties", payload_key(call_type), *place_of(path))))
    schema = message_of(payload_of(list(properties.values())), call_type, about)
    return RuleDraft(call_type, key, schema, tuple(sources), version)


def _source(row: Part, place: tuple[str, ...] = ()) -> Source:
    return Source(row.document, row.keys, place)


def _field(row: Part, *columns: str) -> str:
    return next((row.value[c] for c in columns if c in row.value), "")


def _about(row: Part) -> dict[str, Any]:
    about: dict[str, Any] = {}
    if text := _field(row, "description", "event description"):
        about["description"] = text
    if text := _field(row, "labels", "event labels"):
        pairs = (pair.partition(":") for pair in text.split(","))
        about["labels"] = {name.strip(): value.strip() for name, _, value in pairs if name.strip()}
    return about


def _schema(row: Part) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    if text := _field(row, "description", "property description"):
        schema["description"] = text
    types = [t.strip(" []\"'").lower() for t in re.split(r"[,|;]", _field(row, "property data type", "property type"))]
    types = [t for t in types if t]
    if types and not set(types) & set(_ANY):
        schema["type"] = types[0] if len(types) == 1 else types
    if text := _field(row, "enum values"):
        schema["enum"] = _values(text, row, types)
    if text := _field(row, "permitted values", "regex"):
        if re.search(r"[\\^$*+?()]", text) or "enum" in schema:
            schema["pattern"] = text
        else:
            schema["enum"] = _values(text, row, types)
    return schema


def _values(text: str, row: Part, types: list[str]) -> list[Any]:
    """The values of an enumeration: JSON, or texts between commas."""
    if text.startswith("["):
        try:
            values = json.loads(text)
        except ValueError:
            help_text = 'write JSON, such as ["a", "b"], or put commas between the values'
            row.notes.error(Code.BAD_VALUE, row.spot, "the enum values look like JSON but are not", help_text)
            return []
        return list(values) if isinstance(values, list) else [values]
    separator = next((s for s in ",|;\n" if s in text), ",")
    parts = [part.strip() for part in text.split(separator) if part.strip()]
    numeric = bool(types) and set(types) <= {"number", "integer"}
    return [_number(part) if numeric else part for part in parts]


def _number(text: str) -> Any:
    if re.fullmatch(r"[-+]?[0-9]{1,100}", text):
        return int(text)
    return float(text) if re.fullmatch(r"[-+]?[0-9]{1,20}\.[0-9]{1,20}", text) else text


def _status(row: Part) -> str:
    status = _field(row, "status", "property status", "required").lower()
    if status not in _STATUS:
        help_text = f"use {', '.join(STATUSES)}"
        row.notes.error(Code.BAD_VALUE, row.spot, f"the status cannot be {shown(status)}", help_text)
    return _STATUS.get(status, "optional")


def _split(name: str) -> list[str]:
    return [part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", name)]


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a plan as one file of rows."""
    losses = Losses()
    losses.plan(f"{_FORM} has no name of the plan")
    lose_about(plan, losses, _FORM, ids=True)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for rule in plan.rules:
        writer.writerows(_rows(rule))
    return losses.written({"plan.csv": text.getvalue()})


def _rows(rule: PlanRule) -> list[list[str]]:
    event = [str(rule.version), rule.type.lower(), rule.key or ""]
    description = rule.schema.get("description")
    labels = rule.schema.get("labels")
    pairs = labels.items() if isinstance(labels, dict) else ()
    first = ["", _text(description), ", ".join(f"{k}:{v}" for k, v in pairs), "", "", "", ""]
    rows = [[*event, *first]]
    inside = rule.schema.get("properties")
    payload = inside.get(payload_key(rule.type)) if isinstance(inside, dict) else None
    properties = properties_of(payload) if isinstance(payload, dict) else []
    return rows + [[*event, *_row(p.path, p.schema, p.status)] for p in properties]


def _row(path: tuple[str, ...], schema: Mapping[str, Any], status: str) -> list[str]:
    given = schema.get("type")
    types = given if isinstance(given, list) else [given] if isinstance(given, str) else ["any"]
    name = ".".join("$" if part == ITEM else part.replace(".", "\\.") for part in path)
    enum = schema.get("enum")
    simple = isinstance(enum, list) and enum and all(isinstance(v, str) and _SIMPLE.fullmatch(v) for v in enum)
    values = "" if enum is None else ",".join(enum) if simple else json.dumps(enum, ensure_ascii=False)
    pattern = schema.get("pattern")
    columns = (name, _text(schema.get("description")), "", ",".join(map(str, types)), status, values, _text(pattern))
    return list(columns)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
