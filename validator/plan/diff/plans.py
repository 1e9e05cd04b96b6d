"""Compares two tracking plans, event by event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from validator.plan.diff.change import Change, Effect, Kind, worst
from validator.plan.diff.compare import compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.plan.tracking_plan import PlanRule, TrackingPlan

    Name = tuple[str, str | None]
    Versions = dict[int, Any]


class RuleDiff(msgspec.Struct, frozen=True):
    """The differences for calls of one type, name and version.

    Attributes:
        type: The call type, such as `TRACK`.
        key: The event or page name; None for a rule of all calls of that type.
        version: The version of the event.
        kind: `added`, `removed` or `changed`.
        changes: The changes in detail.
        senders: The worst effect on senders.
        readers: The worst effect on readers.
    """

    type: str
    key: str | None
    version: int
    kind: Kind
    changes: tuple[Change, ...]
    senders: Effect
    readers: Effect


class PlanDiff(msgspec.Struct, frozen=True):
    """The differences between two plans.

    Attributes:
        old: The name of the older plan.
        new: The name of the newer one.
        rules: The differences, in the order of the newer plan, then removed rules.
    """

    old: str
    new: str
    rules: tuple[RuleDiff, ...]

    @property
    def senders(self) -> Effect:
        """The worst effect on senders."""
        return worst(rule.senders for rule in self.rules)

    @property
    def readers(self) -> Effect:
        """The worst effect on readers."""
        return worst(rule.readers for rule in self.rules)


def diff_plans(old: TrackingPlan, new: TrackingPlan) -> PlanDiff:
    """Compares two plans and judges the differences for senders and readers."""
    before, after = _by_name(old.rules), _by_name(new.rules)
    found = [
        rule
        for name in dict.fromkeys([*after, *before])
        for rule in _event(name, before.get(name, {}), after.get(name, {}), before)
    ]
    return PlanDiff(old.name, new.name, tuple(found))


def _by_name(rules: tuple[PlanRule, ...]) -> dict[Name, Versions]:
    """The schemas by type and name, then by version; several of the same version are joined by `allOf`."""
    found: dict[Name, Versions] = {}
    for rule in rules:
        versions = found.setdefault((rule.type, rule.key), {})
        schema: Any = rule.schema
        if rule.version in versions:
            schema = {"allOf": [versions[rule.version], schema]}
        versions[rule.version] = schema
    return found


def _event(name: Name, old: Versions, new: Versions, before: Mapping[Name, Versions]) -> Iterator[RuleDiff]:
    """Compares one event. A call without a known version counts as the oldest."""
    if not old:
        yield from (_added(name, version, new[version], before) for version in new)
        return
    if not new:
        yield from (_whole(name, version, Kind.REMOVED, Effect.BREAKING, Effect.BREAKING) for version in old)
        return
    oldest = min(old), min(new)
    for version in dict.fromkeys([*new, *old]):
        kind = Kind.ADDED if version not in old else Kind.REMOVED if version not in new else Kind.CHANGED
        changes = compare(old[version if version in old else oldest[0]], new[version if version in new else oldest[1]])
        if kind is Kind.CHANGED and not changes:
            continue
        senders, readers = worst(c.senders for c in changes), worst(c.readers for c in changes)
        if kind is Kind.ADDED and version != oldest[1] and senders is not Effect.COMPATIBLE:
            senders = Effect.UNPLANNED
        yield RuleDiff(*name, version, kind, tuple(changes), senders, readers)


def _added(name: Name, version: int, schema: Any, before: Mapping[Name, Versions]) -> RuleDiff:
    kind, key = name
    if key is not None and (kind, None) not in before:
        return _whole(name, version, Kind.ADDED, Effect.UNPLANNED, Effect.COMPATIBLE)
    # Calls of this type were planned before, by a rule without a name, or need no plan.
    senders = worst(change.senders for change in compare({"$schema": _draft(schema)}, schema))
    return _whole(name, version, Kind.ADDED, senders, Effect.COMPATIBLE)


def _draft(schema: Any) -> Any:
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    return uri or "http://json-schema.org/draft-07/schema#"


def _whole(name: Name, version: int, kind: Kind, senders: Effect, readers: Effect) -> RuleDiff:
    return RuleDiff(*name, version, kind, (), senders, readers)
