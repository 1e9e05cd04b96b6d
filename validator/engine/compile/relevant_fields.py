"""The fields that plans use in one kind of call."""

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
    """The fields that the plans use in one kind of call.

    Attributes:
        properties: Key under `/properties` -> its JSON pointer.
        fields: Top-level field -> its JSON pointer.
        checks: JSON pointer -> the value checks there; `""` is the whole message.
        more: Whether other keys of `/properties` matter.
    """

    properties: Mapping[str, str]
    fields: Mapping[str, str]
    checks: Mapping[str, tuple[ValueCheck, ...]]
    more: bool


def relevant_fields(rules: Mapping[LoweredRule, Collection[str]], own: frozenset[str]) -> RelevantFields:
    """The fields that rules use.

    Args:
        rules: The rules for one kind of call, each with the plans that have it.
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
    # For the user's own plans, an unknown key may be the misspelt name of a missing one.
    own_plans_leave_open = any(not own.isdisjoint(plans) for rule, plans in rules.items() if rule.type != COMMON)
    further_keys_matter = own_plans_leave_open or any(rule.known is not None for rule in rules)
    return RelevantFields(
        properties, fields, {place: tuple(found) for place, found in checks.items() if found}, further_keys_matter
    )
