"""The formats of tracking plans, one module each: how to recognise, read and write it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

if TYPE_CHECKING:
    from validator.plan.export import ExportedPlan
    from validator.plan.tracking_plan import TrackingPlan
    from validator.plan.unchecked_plan import Part, PlanDraft


class Format(Protocol):
    """A module of this package."""

    def recognises(self, value: Any) -> bool:
        """Whether a document has this format, or is part of a plan that has it."""

    def read(self, roots: list[Part]) -> PlanDraft:
        """Reads the plan in documents of a file or folder, which all have this format."""

    def write(self, plan: TrackingPlan) -> ExportedPlan:
        """Writes a plan as texts by file name, with notes on what they cannot express."""


FORMATS: Final = {
    "uclint": "our own YAML, where a property is required, recommended or optional",
    "segment": "Segment's Public API: requests of at most 200 rules",
    "segment-config": "Segment's older Config API",
    "protocols-csv": "the CSV that Segment Protocols imports and exports",
    "typewriter": "Typewriter's plan.json",
    "typewriter-legacy": "the local plan of old Typewriters",
    "rudderstack": "RudderStack's API",
    "rudderstack-yaml": "RudderStack's YAML, a folder",
    "avo": "Avo's export",
    "snowplow": "Snowplow's self-describing schemas, a folder",
    "json-schema": "a JSON Schema for each event, a folder",
}
"""The formats, by name, with a description."""

# The order in which formats are tried.
_ASKED: Final = (
    "protocols-csv",
    "rudderstack-yaml",
    "uclint",
    "snowplow",
    "typewriter",
    "segment",
    "rudderstack",
    "segment-config",
    "avo",
    "typewriter-legacy",
    "json-schema",
)


def format_named(name: str) -> Format:
    """The module of a format."""
    return cast("Format", import_module(f"validator.plan.formats.{name.replace('-', '_')}"))


def format_of(value: Any) -> str | None:
    """The name of a document's format."""
    return next((name for name in _ASKED if format_named(name).recognises(value)), None)
