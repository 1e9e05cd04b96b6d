"""What a catalog is made of: goals hold use cases, use cases recommend events, events have properties."""

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
        name: The key it stands under.
        types: The JSON types it may have, at least one.
        items: The JSON types of its elements where it is an array; None where anything goes.
        about: What it means.
        spec: The Segment spec page that states the type; None where the type is our choice.
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
        places: By property, the JSON pointers where it may stand in such a call; only those that differ from the
            usual place.
    """

    type: str
    places: Mapping[str, tuple[str, ...]]

    def __hash__(self) -> int:
        return hash((self.type, *self.places))


class Event(msgspec.Struct, frozen=True):
    """Something a person did, whichever call tells of it.

    Attributes:
        name: As in Segment's specs, such as `Order Completed`.
        about: What it means.
        calls: The calls that count as this event, at least one.
        properties: What is worth knowing about it, in the order of the plan file.
    """

    name: str
    about: str
    calls: tuple[CallMatch, ...]
    properties: tuple[Property, ...]

    def property(self, name: str) -> Property:
        """The property of that name.

        Raises:
            KeyError: The event has no such property.
        """
        for candidate in self.properties:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def places(self, call: CallMatch, property_name: str) -> tuple[str, ...]:
        """The JSON pointers where a property may stand in such a call, the preferred one first."""
        usual = property_name.replace("~", "~0").replace("/", "~1")
        return call.places.get(property_name, (f"/properties/{usual}",))


class EventUse(msgspec.Struct, frozen=True):
    """An event as a use case recommends it.

    Attributes:
        event: The event.
        recommended: The names of its properties that the use case wants, in order.
    """

    event: Event
    recommended: tuple[str, ...]


class UseCase(msgspec.Struct, frozen=True):
    """Something to do with events under a goal.

    Attributes:
        goal: The slug of its goal.
        slug: Its own slug. Another goal may have a use case of the same slug.
        name: What people call it.
        about: What it does.
        events: The events it recommends.
        sources: The types of source it draws on.
        destinations: The types of destination it sends to.
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
        """`goal/use-case`, which no other use case has."""
        return f"{self.goal}/{self.slug}"


class Goal(msgspec.Struct, frozen=True):
    """What a business wants to reach.

    Attributes:
        slug: Its permanent name.
        name: What people call it.
        about: What it means.
        considerations: Reasons to pick it.
        use_cases: The ways there, in the order of the plan file.
    """

    slug: str
    name: str
    about: str
    considerations: tuple[str, ...]
    use_cases: tuple[UseCase, ...]
