"""A lowered plan rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from validator.engine.compile.value_checks import ITEMS

if TYPE_CHECKING:
    from validator.engine.compile.value_checks import ValueCheck
    from validator.model import Severity


COMMON: Final = "common"
"""The type of a rule that applies to every call."""

PROPERTIES: Final = "properties"


class Test(msgspec.Struct, frozen=True, cache_hash=True):
    """The test of a value.

    Attributes:
        types: The JSON types it may have; None for any.
        checks: Further checks it must pass.
    """

    types: frozenset[str] | None
    checks: tuple[ValueCheck, ...]

    __test__ = False  # pytest: not a test class

    @property
    def items(self) -> frozenset[str] | None:
        """The JSON types its elements may have, if that is a quick check."""
        return next((frozenset(check.argument) for check in self.checks if check.keyword == ITEMS), None)


class Expectation(msgspec.Struct, frozen=True, cache_hash=True):
    """What a rule expects of one property (or other field of the message).

    Attributes:
        property: Its name in reports.
        holder: JSON pointer of the object it belongs to: `/properties`, or the message.
        places: JSON pointers with the test of a value there; one passing place is enough.
        any_of: Whether the schema uses `anyOf`; else there is one place.
        required: Whether its absence breaks the rule.
        recommended: Whether it is only recommended.
        severity: The severity of a wrong value.
    """

    property: str
    holder: str
    places: tuple[tuple[str, Test], ...]
    any_of: bool
    required: bool
    recommended: bool
    severity: Severity


class LoweredRule(msgspec.Struct, frozen=True):
    """A plan rule as the engine judges it.

    Attributes:
        type: The call type in lower case, or `common`.
        key: The event or page name; None for every call of the type.
        version: Its version.
        event: Its name in reports.
        payload_types: The JSON types `/properties` may have, if present; None for any.
        payload_required: Whether `/properties` must be present.
        payload_recommended: Whether it is only recommended.
        known: The only keys that `/properties` may have; None for any.
        planned: The keys under `/properties` that the rule names; None if it constrains all others.
        expectations: The properties.
        checks: Checks by a whole schema, of the message or of `/properties`.
    """

    type: str
    key: str | None
    version: int
    event: str
    payload_types: frozenset[str] | None
    payload_required: bool
    payload_recommended: bool
    known: frozenset[str] | None
    planned: frozenset[str] | None
    expectations: tuple[Expectation, ...]
    checks: tuple[ValueCheck, ...]
