"""One violation of one call as JSON, in the formats of pipelines."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from validator.engine.lint.values import moment
from validator.model import JSON_TYPES, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from validator.report.call_violations import CallViolation


class Occurrence(msgspec.Struct, frozen=True):
    """A violation, and the call that has it.

    Attributes:
        path: The input.
        line: The line that the call is on, from 1.
        byte: Where that line (or element) starts.
        index: The call's index in a batch or an array, from 0; None outside one.
        message_id: The call's `messageId` where it is a string, as reports show it.
        call: The call.
        violation: What it breaks.
        value: The value, shortened; None if it is not shown.
        plans: Plan -> its name.
    """

    path: str
    line: int
    byte: int
    index: int | None
    message_id: str | None
    call: Mapping[str, Any]
    violation: CallViolation
    value: str | None
    plans: Mapping[str, str]


def uclint(occurrence: Occurrence) -> Iterator[dict[str, Any]]:
    """One object with the fields of the report."""
    violation = occurrence.violation
    record = {
        "path": occurrence.path,
        "line": occurrence.line,
        "byte": occurrence.byte,
        "index": occurrence.index,
        "messageId": occurrence.message_id,
        "type": _text(occurrence.call, "type"),
        "event": violation.event,
        "plans": list(violation.plans),
        "code": violation.code,
        "severity": violation.severity,
        "property": violation.property,
        "instance_location": violation.instance_location,
        "keyword": violation.keyword,
        "schema_location": violation.schema_location,
        "message": violation.message,
    }
    yield record | ({} if occurrence.value is None else {"value": occurrence.value})


def segment(occurrence: Occurrence) -> Iterator[dict[str, Any]]:
    """For each plan, the call that Segment forwards: "Violation Generated"."""
    violation, call = occurrence.violation, occurrence.call
    description = _description(violation)
    for plan in violation.plans:
        properties = {
            "appVersion": _text(call, "context", "app", "version"),
            "eventMessageID": occurrence.message_id,
            "eventName": violation.event,
            "eventSentAt": _time(call, "sentAt"),
            "eventTimestamp": _time(call, "timestamp"),
            "eventType": _text(call, "type"),
            "sourceID": None,
            "sourceName": None,
            "sourceSlug": None,
            "trackingPlanID": plan,
            "trackingPlanName": occurrence.plans[plan],
            "violationDescription": description + (f" ({occurrence.value})" if occurrence.value is not None else ""),
            "violationField": _field(violation),
            "violationType": _kind(violation),
        }
        yield {
            "type": "track",
            "event": "Violation Generated",
            "userId": "schema-violations",
            "messageId": _identity(occurrence, plan),
            "timestamp": properties["eventTimestamp"],
            "properties": properties,
        }


def rudderstack(occurrence: Occurrence) -> Iterator[dict[str, Any]]:
    """RudderStack's object for each plan: type, message and meta, with what identifies the call."""
    violation = occurrence.violation
    meta: dict[str, Any] = {"instacePath": violation.instance_location}  # RudderStack's spelling
    if violation.schema_location:
        meta["schemaPath"] = f"#{violation.schema_location}"
    if violation.missing is not None:
        meta["missingProperty"] = violation.missing
    if occurrence.value is not None:
        meta["value"] = occurrence.value
    for plan in violation.plans:
        yield {
            "type": _RUDDERSTACK.get(violation.code, "Unknown-Violation"),
            "message": violation.message,
            "meta": meta,
            "messageId": occurrence.message_id,
            "event": violation.event,
            "eventType": _text(occurrence.call, "type"),
            "trackingPlanId": plan,
        }


VIOLATION_FORMATS: Mapping[str, Callable[[Occurrence], Iterator[dict[str, Any]]]] = {
    "uclint": uclint,
    "segment": segment,
    "rudderstack": rudderstack,
}

_RUDDERSTACK = {
    "TP201": "Required-Missing",
    "UC102": "Required-Missing",
    "TP202": "Datatype-Mismatch",
    "TP203": "Unplanned-Event",
    "TP204": "Additional-Properties",
}

# How Segment's validator words it; `{field}` is the place, `{wanted}` the keyword's value.
_SEGMENT = {
    "enum": ("Enum", "{field} must be one of the following: {wanted}"),
    "const": ("Const", "{field} does not match: {wanted}"),
    "pattern": ("Pattern", "Does not match pattern '{wanted}'"),
    "format": ("Format", "Does not match format '{wanted}'"),
    "minimum": ("Number Gte", "Must be greater than or equal to {wanted}"),
    "exclusiveMinimum": ("Number Gt", "Must be greater than {wanted}"),
    "maximum": ("Number Lte", "Must be less than or equal to {wanted}"),
    "exclusiveMaximum": ("Number Lt", "Must be less than {wanted}"),
    "multipleOf": ("Multiple Of", "Must be a multiple of {wanted}"),
    "minLength": ("String Gte", "String length must be greater than or equal to {wanted}"),
    "maxLength": ("String Lte", "String length must be less than or equal to {wanted}"),
    "minItems": ("Array Min Items", "Array must have at least {wanted} items"),
    "maxItems": ("Array Max Items", "Array must have at most {wanted} items"),
    "uniqueItems": ("Unique", "Array items must be unique"),
    "contains": ("Contains", "At least one of the items must match"),
    "minProperties": ("Array Min Properties", "Must have at least {wanted} properties"),
    "maxProperties": ("Array Max Properties", "Must have at most {wanted} properties"),
    "anyOf": ("Number Any Of", "Must validate at least one schema (anyOf)"),
    "oneOf": ("Number One Of", "Must validate one and only one schema (oneOf)"),
    "not": ("Number Not", "Must not validate the schema (not)"),
}


def _kind(violation: CallViolation) -> str:
    if violation.code in ("TP201", "UC102"):
        return "Required"
    if violation.code == "TP202":
        return "Invalid Type"
    if violation.code == "TP203":
        return "Unplanned Event"
    if violation.code == "TP204":
        return "Additional Property Not Allowed" if violation.keyword else "Unplanned Property"
    return _SEGMENT.get(violation.keyword or "", ("Invalid Value", ""))[0]


def _description(violation: CallViolation) -> str:
    if violation.code in ("TP201", "UC102"):
        return f"{_field(violation)} is required"
    if violation.code == "TP202":
        wanted = json.loads(violation.wanted) if violation.wanted else list(JSON_TYPES)
        expected = "/".join([wanted] if isinstance(wanted, str) else wanted)
        return f"Invalid type. Expected: {expected}, given: {violation.got or 'another type'}"
    if violation.code == "TP204" and violation.extra:
        return ", ".join(f"Additional property {name} is not allowed" for name in violation.extra)
    if violation.keyword in _SEGMENT and (violation.wanted or "{wanted}" not in _SEGMENT[violation.keyword][1]):
        wanted = json.loads(violation.wanted or "null")
        text = ", ".join(map(json.dumps, wanted)) if isinstance(wanted, list) else str(wanted)
        return _SEGMENT[violation.keyword][1].format(field=_field(violation), wanted=text)
    return violation.message


def _field(violation: CallViolation) -> str:
    """The place as a dotted path: `properties.products`."""
    keys = [*pointer_keys(violation.instance_location)]
    name = violation.missing
    if name is None and not keys and violation.property:
        keys, name = ["properties"], violation.property  # it may have several places
    return ".".join([*keys, name] if name is not None else keys)


def _text(call: Mapping[str, Any], *keys: str) -> str | None:
    value: Any = call
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _time(call: Mapping[str, Any], key: str) -> str | None:
    """A timestamp of a call, if it is valid; any other value must not be shown."""
    text = _text(call, key)
    return text if moment(text) else None


def _identity(occurrence: Occurrence, plan: str) -> str:
    """An ID that is the same for the same violation of the same call, so that it counts once even if sent again."""
    violation = occurrence.violation
    whole = occurrence.call.get("messageId") if occurrence.message_id else None  # reports may show it truncated
    call = whole or [occurrence.path, occurrence.byte, occurrence.index]
    what = [violation.code, violation.instance_location, violation.keyword, violation.schema_location]
    text = json.dumps([call, plan, *what, violation.missing, violation.property])
    return f"violation-{blake2b(text.encode(), digest_size=16).hexdigest()}"
