"""Converts schemas of whole messages to schemas of their payload and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from validator.json_schema.subschemas import subschemas
from validator.plan.tracking_plan import DRAFT_7

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES: Final = ("TRACK", "PAGE", "SCREEN", "IDENTIFY", "GROUP", "COMMON")

# Top-level fields in Segment's spec.
FIELDS: Final = frozenset(
    {
        "anonymousId", "category", "channel", "context", "event", "groupId", "integrations", "messageId", "name",
        "originalTimestamp", "previousId", "projectId", "properties", "receivedAt", "sentAt", "timestamp", "traits",
        "type", "userId", "version", "writeKey",
    }
)  # fmt: skip

# Fields that Avo adds to a message.
_OF_AVO: Final = frozenset({"nameMapping", "userProperties"})

# Keywords about the rule, not about its payload.
_ABOUT: Final = ("$schema", "$id", "id", "title", "description", "labels", "eventMetadata", "definitions", "$defs")


def payload_key(call_type: str) -> str:
    """The field of a message with its payload."""
    return "traits" if call_type in ("IDENTIFY", "GROUP") else "properties"


def is_flattened(schema: dict[str, Any], call_type: str, *, unclear: bool = False) -> bool:
    """Whether a rule's schema describes the payload directly, as Typewriter saves it, and not the whole message.

    Args:
        schema: The schema.
        call_type: The type of the rule.
        unclear: The result for a schema without properties, by the other schemas of the file.
    """
    if call_type == "COMMON":
        return False
    properties, required = schema.get("properties"), schema.get("required")
    names = set(properties) if isinstance(properties, dict) else set()
    wanted = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
    if not names and not wanted:
        return schema.get("additionalProperties") is False or (unclear and call_type in ("TRACK", "PAGE", "SCREEN"))
    return not ({"properties", "traits", "context"} & (names | wanted) and names <= FIELDS | _OF_AVO)


def wrapped(flat: dict[str, Any], call_type: str) -> dict[str, Any]:
    """The schema of the whole message for that of a payload; a payload with required members is itself required."""
    key = payload_key(call_type)
    about: dict[str, Any] = {name: flat[name] for name in _ABOUT if name in flat}
    payload = {name: value for name, value in flat.items() if name not in about}
    _move_refs(flat, ("properties", key), about)
    return {"$schema": DRAFT_7, **about, "type": "object", "properties": {key: payload}, **implied(payload, key)}


def implied(payload: Mapping[str, Any], key: str) -> dict[str, list[str]]:
    """The keywords that make a payload required if a member is, or recommended if all such members are."""
    required = payload.get("required")
    if not required or not isinstance(required, list):
        return {}
    recommended = payload.get("x-recommended")
    only = isinstance(recommended, list) and set(map(str, required)) <= set(map(str, recommended))
    return {"required": [key]} | ({"x-recommended": [key]} if only else {})


def _move_refs(schema: dict[str, Any], below: tuple[str, ...], stay: dict[str, Any]) -> None:
    """Rewrites references into a schema that moves inside another, except those to the parts that stay."""
    for _, inner in subschemas(schema):
        ref = inner.get("$ref")
        if isinstance(ref, str) and (ref == "#" or ref.startswith("#/")) and ref[2:].split("/")[0] not in stay:
            inner["$ref"] = f"#/{'/'.join(below)}{ref[1:]}"


def flattened(schema: Mapping[str, Any], call_type: str) -> dict[str, Any] | None:
    """The schema of the payload alone; None if that would change its meaning."""
    properties = schema.get("properties")
    payload = properties.get(payload_key(call_type)) if isinstance(properties, dict) else None
    if call_type == "COMMON" or not isinstance(payload, dict) or any("$ref" in s for _, s in subschemas(payload)):
        return None
    about = {name: schema[name] for name in _ABOUT if name in schema}
    return None if set(about) & set(payload) else about | payload
