"""Checks that need the value, not only its type. They run per call, and only where a shape leaves them open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from validator.engine.decode import JSON_TYPE_OF

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.engine.lower import Test

INTEGER = "integer"
ITEMS = "items"


class ValueCheck(msgspec.Struct, frozen=True):
    """One check of the value at one place.

    Attributes:
        place: JSON pointer.
        kind: `integer` (a float must be a whole number) or `items` (the elements' types).
        types: For `items`: the JSON types an element may have.
    """

    place: str
    kind: str
    types: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """A stable name that shapes carry when the check failed."""
        return ":".join([self.kind, *sorted(self.types), self.place])

    @property
    def type(self) -> type:
        """The only Python type of a value that leaves the check open."""
        return float if self.kind == INTEGER else list

    def test(self) -> Callable[[Any], bool]:
        """The test of a value of that type."""
        if self.kind == INTEGER:
            return float.is_integer
        certain = frozenset(python for python, json in JSON_TYPE_OF.items() if json in self.types)
        return lambda items: certain.issuperset(map(type, items)) or not failing_items(items, self.types)


def value_checks(place: str, test: Test) -> list[ValueCheck]:
    """The checks that a test of types leaves open."""
    checks = []
    if test.types is not None and "integer" in test.types and "number" not in test.types:
        checks.append(ValueCheck(place, INTEGER))
    if test.items is not None:
        checks.append(ValueCheck(place, ITEMS, test.items))
    return checks


def failing_items(items: list[Any], types: frozenset[str]) -> list[int]:
    """The positions of the elements that have none of the types."""
    return [i for i, item in enumerate(items) if not has_type(item, types)]


def has_type(value: Any, types: frozenset[str]) -> bool:
    """Whether a decoded value has one of the JSON types: 3.0 is an integer, an integer is a number, true is neither."""
    own = JSON_TYPE_OF[type(value)]
    if own in types:
        return True
    if own == "integer":
        return "number" in types
    return own == "number" and "integer" in types and value.is_integer()
