"""What plans look at in calls, and so what has to be decoded of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from validator.engine.lower import PROPERTIES
from validator.engine.outcome import COMMON
from validator.model import pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from validator.engine.checks import ValueCheck
    from validator.engine.lowered import LoweredRule
    from validator.engine.paths import KeyPath


class View(msgspec.Struct, frozen=True):
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


class Wanted(NamedTuple):
    """What has to be decoded of calls, besides type, event and the types of properties.

    Attributes:
        fields: Top-level fields that belong to a shape.
        deep: Those of them whose inside matters, and `properties` if its inside does.
        whole: Whether a check needs whole messages.
        unkeyed: Further top-level fields, of which values are wanted.
        paths: The values that lint rules and breakdowns want: keys from the top of a call.
    """

    fields: tuple[str, ...] = ()
    deep: frozenset[str] = frozenset()
    whole: bool = False
    unkeyed: tuple[str, ...] = ()
    paths: tuple[KeyPath, ...] = ()


def view_of(rules: Mapping[LoweredRule, Collection[str]], own: frozenset[str]) -> View:
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
    return View(properties, fields, {place: tuple(found) for place, found in checks.items() if found}, minded)
