"""The model of a catalog: goals have use cases, use cases recommend events, events have properties."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - msgspec reads the types of the fields

import msgspec

from validator.model import JsonType  # noqa: TC001

SOURCE_TYPES = ("Website", "Mobile", "Reverse ETL", "Advertising")
DESTINATION_TYPES = (
    "Reverse ETL",
    "Analytics",
    "Advertising",
    "Personalization",
    "Email Marketing",
    "SMS & Push Notifications",
)


class Property(msgspec.Struct, frozen=True):
    """A property of an event.

    Attributes:
        name: Its key.
        types: The JSON types it may have, at least one.
        items: The JSON types of its elements if it is an array; None for any.
        about: What it means.
        spec: The Segment spec page that states the type; None if uclint chose the type.
    """

    name: str
    types: tuple[JsonType, ...]
    items: tuple[JsonType, ...] | None
    about: str
    spec: str | None


class CallMatch(msgspec.Struct, frozen=True):
    """A kind of call that counts as an event.

    Attributes:
        type: The call type, such as `track`.
        places: Property -> the JSON pointers where such a call may have it, if not at the usual place.
    """

    type: str
    places: Mapping[str, tuple[str, ...]]

    def __hash__(self) -> int:
        return hash((self.type, *self.places))


class Event(msgspec.Struct, frozen=True):
    """Something a person did, whichever call reports it.

    Attributes:
        name: As in Segment's specs, such as `Order Completed`.
        about: What it means.
        calls: The calls that count as this event, at least one.
        properties: Its properties, in the order of the plan file.
    """

    name: str
    about: str
    calls: tuple[CallMatch, ...]
    properties: tuple[Property, ...]

    def property(self, name: str) -> Property:
        """Finds a property by name.

        Raises:
            KeyError: The event has no such property.
        """
        for candidate in self.properties:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def places(self, call: CallMatch, property_name: str) -> tuple[str, ...]:
        """The JSON pointers where such a call may have a property, the preferred one first."""
        usual = property_name.replace("~", "~0").replace("/", "~1")
        return call.places.get(property_name, (f"/properties/{usual}",))


class EventUse(msgspec.Struct, frozen=True):
    """An event as a use case recommends it.

    Attributes:
        event: The event.
        recommended: The names of its properties that the use case recommends, in order.
    """

    event: Event
    recommended: tuple[str, ...]


class UseCase(msgspec.Struct, frozen=True):
    """A use of events for a goal.

    Attributes:
        goal: The slug of its goal.
        slug: Its own slug. Another goal may have a use case of the same slug.
        name: Its display name.
        about: What it does.
        events: The events it recommends.
        sources: Its source types.
        destinations: Its destination types.
    """

    goal: str
    slug: str
    name: str
    about: str
    events: tuple[EventUse, ...]
    sources: tuple[str, ...]
    destinations: tuple[str, ...]

    @property
    def id(self) -> str:
        """`goal/use-case`, which is unique."""
        return f"{self.goal}/{self.slug}"


class Goal(msgspec.Struct, frozen=True):
    """A business goal.

    Attributes:
        slug: Its permanent name.
        name: Its display name.
        about: What it means.
        considerations: What to consider before choosing it.
        use_cases: Its use cases, in the order of the plan file.
    """

    slug: str
    name: str
    about: str
    considerations: tuple[str, ...]
    use_cases: tuple[UseCase, ...]
