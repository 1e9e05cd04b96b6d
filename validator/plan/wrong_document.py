"""Recognises documents that are not tracking plans."""

from __future__ import annotations

from typing import Any, Final

# A key that only such a file has -> what the file is, and what to pass instead.
_TELLING: Final = {
    "trackingPlans": (
        "this is Typewriter's configuration, not a tracking plan",
        "give the plan.json in the folder that its `path` names",
    ),
    "opentp": ("this is an OpenTrackPlan, which uclint does not read", "export its events as JSON Schema"),
    "payload": ("this is an event of an OpenTrackPlan, which uclint does not read", "export it as JSON Schema"),
    "display_name": (
        "this names a plan of a tracking-plan-kit, which uclint does not read",
        "give what the kit uploads",
    ),
    "batch": ("these are calls, not a tracking plan", "give calls to `uclint check` as they are"),
    "messageId": ("this is a call, not a tracking plan", "give calls to `uclint check` as they are"),
    "goal": ("this defines use cases, not a tracking plan", "give the directory of such files as `--catalog`"),
    "openapi": ("this is an OpenAPI description, not a tracking plan", "give the JSON Schema of the events"),
    "swagger": ("this is an OpenAPI description, not a tracking plan", "give the JSON Schema of the events"),
}
_KNOWN: Final = (
    "uclint reads Segment's Public and Config API, Protocols CSV, Typewriter's plan.json, RudderStack's JSON and YAML, "
    "Avo's export, Snowplow's and plain JSON Schema, and its own YAML"
)


def describe(value: Any) -> tuple[str, str]:
    """Returns what a document is, and what to use instead."""
    keys = value if isinstance(value, dict) else ()
    for key, (what, help_text) in _TELLING.items():
        if key in keys:
            return what, help_text
    if isinstance(value, dict) and isinstance(value.get("properties"), list) and "name" in value:
        return "this is an event of a tracking-plan-kit, which uclint does not read", "give what the kit uploads"
    if isinstance(value, dict) and {"event", "about"} <= set(value):
        return "this defines an event for use cases, not a tracking plan", "give the directory as `--catalog`"
    return "this is not a tracking plan that uclint reads", _KNOWN
