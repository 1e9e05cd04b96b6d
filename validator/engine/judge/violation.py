"""Violations of plan rules, in the terms of JSON Schema and of uclint."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from validator.engine.compile.value_checks import Found  # noqa: TC001 - msgspec reads the types
from validator.json_schema.evaluator import EXCEEDED
from validator.model import Severity  # noqa: TC001 - msgspec reads the types

CODES = {
    "required": "TP201",
    "dependentRequired": "TP201",
    "type": "TP202",
    "additionalProperties": "TP204",
    "unevaluatedProperties": "TP204",
    "enum": "TP205",
    "const": "TP205",
    "pattern": "TP206",
    "format": "TP208",
    EXCEEDED: "TP210",
}
CODES |= dict.fromkeys(
    (
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"),
        *("minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties"),
    ),
    "TP207",
)


class State(IntEnum):
    """The state of a property in a call."""

    PRESENT = 0
    MISSING = 1
    INVALID = 2


# Code, event, property, location and keyword.
Identity = tuple[str, str, str | None, str, str]


class Violation(NamedTuple):
    """One way in which calls break a plan rule, in the terms of JSON Schema and of uclint.

    Attributes:
        code: The rule of uclint.
        event: The event.
        property: The property; None for `/properties` itself.
        location: Instance location, a JSON pointer; `*` stands for any element of an array, and for any key that the
            schema has no name for.
        keyword: The JSON Schema keyword that fails.
        severity: Its severity.
        missing: The name missing for `required`, else None.
        where: JSON pointer of the keyword in the plan rule's schema; empty if there are several places.
        got: The JSON type of the failing value, if known.
        wanted: The value of the keyword, as JSON text; empty if long or obvious.
        detail: For `anyOf` and `oneOf`, what fails in the closest branch.
    """

    code: str
    event: str
    property: str | None
    location: str
    keyword: str
    severity: Severity
    missing: str | None
    where: str = ""
    got: str | None = None
    wanted: str = ""
    detail: tuple[Found, ...] = ()


def identity_of(violation: Violation) -> Identity:
    """The identity of the finding that a violation belongs to, without the values found and expected."""
    return violation[:5]
