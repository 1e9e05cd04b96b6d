"""What plans look at in the calls of one kind."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from validator.engine.compile.lowered_rule import COMMON, PROPERTIES
from validator.model import pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from validator.engine.compile.lowered_rule import LoweredRule
    from validator.engine.compile.value_checks import ValueCheck


class RelevantFields(msgspec.Struct, frozen=True):
    """What the plans look at in the calls of one kind.

    Attributes:
        properties: Key under `/properties` -> its JSON pointer.
        fields: Top-level field -> its JSON pointer.
        checks: JSON pointer -> the value checks there; `""` is the whole message.
        more: Whether it matters if `/properties` has other keys.
    """

    properties: Mapping[str, str]
    fields: Mapping[str, str]
    checks: Mapping[str, tuple[ValueCheck, ...]]
    more: bool


def relevant_fields(rules: Mapping[LoweredRule, Collection[str]], own: frozenset[str]) -> RelevantFields:
    """What rules look at.

    Args:
        rules: Those for one kind of call, each with the plans that have it.
        own: The ids of the user's own plans.
    """
    properties, fields = {}, {}
    checks: dict[str, dict[ValueCheck, None]] = defaultdict(dict)
    for rule in rules:
        for place, test in (pair for expected in rule.expectations for pair in expected.places):
            keys = pointer_keys(place)
            if keys[0] == PROPERTIES and len(keys) > 1:
                properties[keys[1]] = place
            else:
                fields[keys[0]] = place
            checks[place].update(dict.fromkeys(test.checks))
        for check in rule.checks:
            checks[check.place][check] = None
        properties.update((key, pointer(PROPERTIES, key)) for key in rule.planned or ())
    # Of the user's own plans, what they do not know may be a misspelt name of what is missing.
    mine = any(not own.isdisjoint(plans) for rule, plans in rules.items() if rule.type != COMMON)
    minded = mine or any(rule.known is not None for rule in rules)
    return RelevantFields(properties, fields, {place: tuple(found) for place, found in checks.items() if found}, minded)
