"""What a plan rule's JSON Schema is lowered to."""

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


class Test(msgspec.Struct, frozen=True):
    """What a value must be.

    Attributes:
        types: The JSON types it may have; None for any.
        checks: What else it must pass.
    """

    types: frozenset[str] | None
    checks: tuple[ValueCheck, ...]

    __test__ = False  # pytest: not a test class

    @property
    def items(self) -> frozenset[str] | None:
        """The JSON types its elements may have, if that is a quick check."""
        return next((frozenset(check.argument) for check in self.checks if check.keyword == ITEMS), None)


class Expectation(msgspec.Struct, frozen=True):
    """One property (or other field of the message) a rule is about.

    Attributes:
        property: Its name in reports.
        holder: JSON pointer of the object it belongs to: `/properties`, or the message.
        places: JSON pointers with the test of a value that stands there; any place that fits will do.
        any_of: Whether the schema says so by `anyOf`; else there is one place.
        required: Whether its absence breaks the rule.
        recommended: Whether its absence is only a recommendation not followed.
        severity: How bad a wrong value is.
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
        key: The event or page name; None: every call of the type.
        version: Its version.
        event: The name reports use.
        payload_types: The JSON types that `/properties` may have if it is there; None for any.
        payload_required: Whether `/properties` must be there.
        payload_recommended: Whether its absence is only a recommendation not followed.
        known: The only keys that `/properties` may have; None for any.
        planned: The keys under `/properties` that the rule names; None if it says what all others must be.
        expectations: The properties.
        checks: What is judged by a whole schema, at the message or at `/properties`.
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
