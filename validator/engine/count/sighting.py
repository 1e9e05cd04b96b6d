"""A sighting: how often something was seen, and its first places."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from validator.model import Place


Key = TypeVar("Key")


class Sighting(msgspec.Struct):
    """A sighting: how often something was seen, and its first places.

    Attributes:
        count: The number of times.
        places: The first places in input order, up to a limit.
    """

    count: int = 0
    places: tuple[Place, ...] = ()

    def add(self, count: int, places: Iterable[Place], most: int | None) -> None:
        """Adds to the count; keeps the first `most` places (None: all)."""
        self.count += count
        if not self.places and type(places) is list and len(places) == 1 and most != 0:
            self.places = (places[0],)  # most often; sorting one takes a while
        elif places and not (len(self.places) == most and all(map(self._is_later, places))):
            self.places = tuple(sorted({*self.places, *places}, key=_order)[:most])

    def _is_later(self, place: Place) -> bool:
        """Whether a place comes after all kept ones."""
        return not self.places or _order(place) > _order(self.places[-1])


def _order(place: Place) -> tuple[int, int, int]:
    return place.input, place.byte, place.position


def moved(places: tuple[Place, ...], inputs: int, lines: int) -> tuple[Place, ...]:
    """Moves places by a number of inputs, and those of the first input by a number of lines."""
    if not (inputs or lines):
        return places
    return tuple(
        place._replace(input=place.input + inputs, line=place.line + (0 if place.input else lines)) for place in places
    )


def add_all(
    mine: dict[Key, Sighting], theirs: Mapping[Key, Sighting], most: int | None, *, inputs: int = 0, lines: int = 0
) -> None:
    """Adds one table of sightings to another."""
    for key, seen in theirs.items():
        mine.setdefault(key, Sighting()).add(seen.count, moved(seen.places, inputs, lines), most)
