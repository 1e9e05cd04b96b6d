"""Schemas of whole messages, and schemas of their payload alone."""

from __future__ import annotations

from typing import Any, Final

from validator.plan.tracking_plan import DRAFT_7
from validator.plan.walk import subschemas

TYPES: Final = ("TRACK", "PAGE", "SCREEN", "IDENTIFY", "GROUP", "COMMON")

# What Segment's spec has at the top of a message.
FIELDS: Final = frozenset(
    {
        "anonymousId", "category", "channel", "context", "event", "groupId", "integrations", "messageId", "name",
        "originalTimestamp", "previousId", "projectId", "properties", "receivedAt", "sentAt", "timestamp", "traits",
        "type", "userId", "version", "writeKey",
    }
)  # fmt: skip

# What says something about the rule and not about its payload.
_ABOUT: Final = ("$schema", "$id", "id", "title", "description", "labels", "eventMetadata", "definitions", "$defs")


def payload_key(call_type: str) -> str:
    """The field of a message that its plan rule is mostly about."""
    return "traits" if call_type in ("IDENTIFY", "GROUP") else "properties"


def is_flattened(schema: dict[str, Any], call_type: str) -> bool:
    """Whether a rule's schema describes the payload directly, as Typewriter saves it, and not the whole message."""
    if call_type == "COMMON":
        return False
    properties, required = schema.get("properties"), schema.get("required")
    names = set(properties) if isinstance(properties, dict) else set()
    wanted = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
    if not names and not wanted:
        return schema.get("additionalProperties") is False
    return not ({"properties", "traits", "context"} & (names | wanted) and names <= FIELDS)


def wrapped(flat: dict[str, Any], call_type: str) -> dict[str, Any]:
    """The schema of the whole message for one of its payload; a payload with required members is required itself."""
    key = payload_key(call_type)
    about: dict[str, Any] = {name: flat[name] for name in _ABOUT if name in flat}
    payload = {name: value for name, value in flat.items() if name not in about}
    _move_refs(flat, ("properties", key), about)
    schema: dict[str, Any] = {"$schema": DRAFT_7, **about, "type": "object", "properties": {key: payload}}
    if payload.get("required"):
        schema["required"] = [key]
    return schema


def _move_refs(schema: dict[str, Any], below: tuple[str, ...], stay: dict[str, Any]) -> None:
    """Corrects what points into a schema that moves down inside another, apart from the parts that stay."""
    for _, inner in subschemas(schema):
        ref = inner.get("$ref")
        if isinstance(ref, str) and (ref == "#" or ref.startswith("#/")) and ref[2:].split("/")[0] not in stay:
            inner["$ref"] = f"#/{'/'.join(below)}{ref[1:]}"
