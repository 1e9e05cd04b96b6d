"""The team's own names for what use cases recommend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from validator.catalog.model import CallMatch, Event, EventUse
from validator.syntax.near_name import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.catalog.catalog import Catalog
    from validator.catalog.model import UseCase


class Names(msgspec.Struct, frozen=True):
    """Own name -> recommended name. Several own names may map to one; recommended names stay valid.

    Attributes:
        events: Names of track calls.
        properties: Names of properties of any event.
        of_events: Names of properties of single events, by the event's recommended name; these take precedence.
    """

    events: Mapping[str, str] = msgspec.field(default_factory=dict)
    properties: Mapping[str, str] = msgspec.field(default_factory=dict)
    of_events: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)

    def of_event(self, event: str) -> tuple[str, ...]:
        """The own names of an event."""
        return tuple(own for own, name in self.events.items() if name == event)

    def of_property(self, event: str, name: str) -> tuple[str, ...]:
        """The own names of a property of an event."""
        special = self.of_events.get(event, {})
        everywhere = {own: meant for own, meant in self.properties.items() if own not in special}
        return tuple(own for own, meant in {**special, **everywhere}.items() if meant == name)

    def renamed(self, use_case: UseCase) -> UseCase:
        """The use case with events and properties renamed to the first own name of each, as the team sends them."""
        if not (self.events or self.properties or self.of_events):
            return use_case
        return replace(use_case, events=tuple(self._renamed(use) for use in use_case.events))

    def _renamed(self, use: EventUse) -> EventUse:
        event = use.event
        own = {p.name: next(iter(self.of_property(event.name, p.name)), p.name) for p in event.properties}
        event = Event(
            name=next(iter(self.of_event(event.name)), event.name),
            about=event.about,
            calls=tuple(
                CallMatch(call.type, {name: at for name, at in call.places.items() if own[name] == name})
                for call in event.calls
            ),
            properties=tuple(replace(p, name=own[p.name]) for p in event.properties),
        )
        return EventUse(event, tuple(own[name] for name in use.recommended))

    @property
    def meant(self) -> Mapping[str, str]:
        """Own name of a property of any event -> a recommended name."""
        return {own: name for names in (*self.of_events.values(), self.properties) for own, name in names.items()}

    def mistakes(self, catalog: Catalog) -> Iterator[tuple[tuple[str, ...], str]]:
        """Names that contradict the catalog: their keys below `names`, and what is wrong."""
        for own, event in self.events.items():
            if event not in catalog.events:
                yield ("events", own), _unknown("event", event, catalog.events)
            elif own in catalog.events:
                yield ("events", own), f"{own!r} is itself the name of a recommended event"
        known = {p.name for event in catalog.events.values() for p in event.properties}
        for own, name in self.properties.items():
            if name not in known:
                yield ("properties", own), _unknown("property", name, known)
            elif clash := [e for e in catalog.events.values() if _taken(e, own) and _taken(e, name)]:
                yield ("properties", own), f"{own!r} is itself a property of {clash[0].name}"
        for event, names in self.of_events.items():
            if event not in catalog.events:
                yield ("properties", event), _unknown("event", event, catalog.events)
                continue
            yield from _mistakes_of(catalog.events[event], names)


def _mistakes_of(event: Event, names: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    known = [p.name for p in event.properties]
    for own, name in names.items():
        if name not in known:
            yield ("properties", event.name, own), _unknown(f"property of {event.name}", name, known)
        elif own in known:
            yield ("properties", event.name, own), f"{own!r} is itself a property of {event.name}"


def _taken(event: Event, name: str) -> bool:
    return any(p.name == name for p in event.properties)


def _unknown(kind: str, name: str, known: Mapping[str, object] | set[str] | list[str]) -> str:
    near = nearest(name, sorted(known))
    return f"unknown {kind} {name[:60]!r}" + (f"; did you mean {' or '.join(map(repr, near))}?" if near else "")
