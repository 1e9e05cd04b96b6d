"""Violations: what calls break, as JSON Schema sees it and as uclint says it."""

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
    """How a call carries a property."""

    PRESENT = 0
    MISSING = 1
    INVALID = 2


# Code, event, property, location and keyword.
Identity = tuple[str, str, str | None, str, str]


class Violation(NamedTuple):
    """One way in which calls break a plan rule, as JSON Schema sees it and as uclint says it.

    Attributes:
        code: The rule of uclint that says it.
        event: The event.
        property: The property; None for `/properties` itself.
        location: Instance location, a JSON pointer; `*` stands for any element of an array, and for any key that the
            schema has no name for.
        keyword: The JSON Schema keyword that fails.
        severity: How bad it is.
        missing: The name that `required` misses, else None.
        where: JSON pointer of the keyword in the plan rule's schema; empty where it is in several places.
        got: The JSON type of the value that fails, where that is known.
        wanted: What the keyword asks for, as JSON text; empty where it is long or plain.
        detail: For `anyOf` and `oneOf`, what the closest branch lacks.
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
    """What a violation has in common with those that are one finding with it, whatever came and was wanted."""
    return violation[:5]
