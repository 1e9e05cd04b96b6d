"""A tracking plan and its plan rules, as Segment's Public API writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

DRAFT_7 = "http://json-schema.org/draft-07/schema#"


class PlanRule(msgspec.Struct, frozen=True):
    """The rule for calls of one type (and name).

    Attributes:
        type: `TRACK`, `PAGE`, `SCREEN`, `IDENTIFY`, `GROUP` or `COMMON`.
        key: The event or page name; None for a rule that applies to every call of its type.
        schema: JSON Schema of the whole message. Our own keywords: `x-event` names the event that the call counts
            as, `x-recommended` lists the required properties that are in fact only recommended, `x-property` names the
            property that an `anyOf` of places is about, `x-severity` is the severity of a wrong type.
        version: Segment's rule version.
    """

    type: str
    key: str | None
    schema: Mapping[str, Any]
    version: int = 1

    def to_json(self) -> dict[str, Any]:
        """The rule in Segment's form; without `key` if there is none."""
        key = {} if self.key is None else {"key": self.key}
        return {"type": self.type, **key, "version": self.version, "jsonSchema": self.schema}


class TrackingPlan(msgspec.Struct, frozen=True):
    """Plan rules under one name.

    Attributes:
        id: Its name in reports, such as `optimize-advertising/mitigate-cart-abandonment`.
        name: Its display name.
        rules: Its plan rules.
        description: Its purpose.
        documents: JSON Schemas supplied with it, by URI, that its rules may refer to.
        vetted: Whether uclint generated it, so that its schemas need no vetting.
    """

    id: str
    name: str
    rules: tuple[PlanRule, ...]
    description: str | None = None
    documents: Mapping[str, Any] = msgspec.field(default_factory=dict)
    vetted: bool = False

    def to_json(self) -> dict[str, Any]:
        """The plan as `uclint compile` prints it."""
        return {"name": self.name, "rules": [rule.to_json() for rule in self.rules]}
