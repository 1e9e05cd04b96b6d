"""Suggests the event or field that was probably meant when no call has the one asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.compile.selection import OWN_FIELDS
from validator.report.model import Note
from validator.service.own_plans import plans_of
from validator.syntax.near_name import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.report import Report
    from validator.service.request import CheckRequest

# Fields that Segment's libraries and its spec have, besides properties and traits.
_FIELDS = (
    *OWN_FIELDS,
    *("day", "@day", "@file", "@folder"),
    *("anonymousId", "channel", "groupId", "messageId", "name", "previousId", "projectId", "userId", "version"),
    *("originalTimestamp", "receivedAt", "sentAt", "timestamp", "writeKey"),
    *(f"context.{name}" for name in ("active", "channel", "groupId", "ip", "locale", "timezone", "userAgent")),
    *(f"context.app.{name}" for name in ("build", "name", "namespace", "version")),
    *(f"context.campaign.{name}" for name in ("content", "medium", "name", "source", "term")),
    *(f"context.device.{name}" for name in ("advertisingId", "id", "manufacturer", "model", "name", "type", "version")),
    *(f"context.library.{name}" for name in ("name", "version")),
    *(f"context.location.{name}" for name in ("city", "country", "region", "speed")),
    *(f"context.network.{name}" for name in ("bluetooth", "carrier", "cellular", "wifi")),
    *(f"context.os.{name}" for name in ("name", "version")),
    *(f"context.page.{name}" for name in ("path", "referrer", "search", "title", "url")),
    *(f"context.referrer.{name}" for name in ("id", "link", "name", "type", "url")),
    *(f"context.screen.{name}" for name in ("density", "height", "width")),
)

_SHOWN = 60


def misspelt_events(request: CheckRequest) -> Iterator[str]:
    """For each selected event that no plan has, the event that was probably meant."""
    planned = _planned_events(request)
    for event in sorted(request.selection.events - planned):
        if near := nearest(event, sorted(planned)):
            yield f"no call has the event {event[:_SHOWN]!r}; did you mean {_either(near)}?"


def misspelt_fields(report: Report, request: CheckRequest) -> Iterator[Note]:
    """For each field to break down by that no call has, the field that was probably meant."""
    for breakdown in report.breakdowns:
        values = {group.value for group in breakdown.groups}
        if values == {None} and breakdown.others is None and not breakdown.field.startswith("@"):
            near = [field for field in nearest(breakdown.field, _known(request)) if field != breakdown.field]
            hint = f"; did you mean {_either(near)}?" if near else "."
            message = f"No call has the field {breakdown.field[:_SHOWN]!r}{hint}"
            yield Note(note="field-not-seen", message=message, count=report.calls)


def _either(names: list[str]) -> str:
    return " or ".join(map(repr, names))


def _known(request: CheckRequest) -> list[str]:
    return [*_FIELDS, *dict.fromkeys(f"properties.{name}" for name in _planned_properties(request))]


def _planned_properties(request: CheckRequest) -> Iterator[str]:
    for use_case in request.active:
        for use in use_case.events:
            yield from use.recommended
    for plan in plans_of(request.own_plans):
        for rule in plan.rules:
            properties = rule.schema.get("properties")
            inside = properties.get("properties") if isinstance(properties, dict) else None
            named = inside.get("properties") if isinstance(inside, dict) else None
            yield from named if isinstance(named, dict) else ()


def _planned_events(request: CheckRequest) -> set[str]:
    """The track events that use cases and plans have, under all their names."""
    planned = {use.event.name for use_case in request.active for use in use_case.events} | request.names.events.keys()
    plans = plans_of(request.own_plans)
    return planned | {rule.key for plan in plans for rule in plan.rules if rule.type == "TRACK" and rule.key}
