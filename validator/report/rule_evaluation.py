"""How the engine judges plan rules: by presence and types, by quick checks of values, or by a whole schema."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import msgspec

from validator.engine.compile.lower import lower
from validator.engine.compile.value_checks import INTEGER, ITEMS, SCHEMA, SEARCHED
from validator.json_schema.dialects import dialect_of
from validator.report.violation_messages import path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.engine.compile.lowered_rule import LoweredRule
    from validator.engine.compile.value_checks import ValueCheck
    from validator.plan import PlanRule, TrackingPlan

# Names of quick checks without their own keyword.
_CHECK_NAMES = {INTEGER: "type (whole numbers)", ITEMS: "items (types)"}


class Way(IntEnum):
    """Ways to judge, fastest first."""

    TYPES = 0
    QUICK = 1
    SCHEMA = 2


class Judged(msgspec.Struct, frozen=True):
    """How one place of a call is judged.

    Attributes:
        place: The place, as people write it.
        way: How.
        keywords: The keywords that are judged in that way.
    """

    place: str
    way: Way
    keywords: tuple[str, ...]


class RulePath(msgspec.Struct, frozen=True):
    """How one plan rule is judged.

    Attributes:
        type: The call type, or `common`.
        key: The event or page name; None for all of the type.
        version: Its version.
        parts: How its places are judged, one entry for each way.
    """

    type: str
    key: str | None
    version: int
    parts: tuple[Judged, ...]

    @property
    def way(self) -> Way:
        """The slowest of its ways."""
        return max((part.way for part in self.parts), default=Way.TYPES)


def rule_paths(plan: TrackingPlan) -> tuple[RulePath, ...]:
    """How each rule of a plan is judged.

    Raises:
        SchemaError: A rule uses something that cannot be checked.
    """
    return tuple(_path(rule, lower(rule, documents=plan.documents), plan) for rule in plan.rules)


def _path(rule: PlanRule, lowered: LoweredRule, plan: TrackingPlan) -> RulePath:
    known = dialect_of(rule.schema, plan.documents).keywords
    parts = [*_of_payload(lowered), *_of_properties(lowered, known), *_of_checks(lowered.checks, known)]
    return RulePath(lowered.type, lowered.key, lowered.version, tuple(parts))


def _of_payload(lowered: LoweredRule) -> Iterator[Judged]:
    asked = [
        ("type", lowered.payload_types is not None),
        ("required", lowered.payload_required),
        ("additionalProperties", lowered.known is not None),
    ]
    if keywords := tuple(keyword for keyword, is_asked in asked if is_asked):
        yield Judged("`properties`", Way.TYPES, keywords)


def _of_properties(lowered: LoweredRule, known: Any) -> Iterator[Judged]:
    for expected in lowered.expectations:
        for place, test in expected.places:
            asked = [("required", expected.required), ("type", test.types is not None)]
            if keywords := tuple(keyword for keyword, is_asked in asked if is_asked):
                yield Judged(path_words(place), Way.TYPES, keywords)
            yield from _of_checks(test.checks, known)


def _of_checks(checks: tuple[ValueCheck, ...], known: Any) -> Iterator[Judged]:
    for check in checks:
        place = path_words(check.place) or "the call"
        if check.keyword == SCHEMA:
            yield Judged(place, Way.SCHEMA, _keywords(check.argument[0], known))
        elif check.keyword != SEARCHED:
            yield Judged(place, Way.QUICK, (_CHECK_NAMES.get(check.keyword, check.reported),))


def _keywords(schema: Any, known: Any) -> tuple[str, ...]:
    if not isinstance(schema, dict):
        return (str(schema).lower(),)
    return tuple(keyword for keyword in schema if keyword in known)
