"""The plan rules for one kind of call: its type, event or page name, and version."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from validator.engine.compile.groups import groups_of
from validator.engine.compile.lowered_rule import COMMON
from validator.engine.compile.relevant_fields import relevant_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.engine.compile.groups import Group
    from validator.engine.compile.lowered_rule import LoweredRule
    from validator.engine.compile.relevant_fields import RelevantFields


class CallRules:
    """The plan rules for one kind of call.

    Args:
        rules: The rules, each with the plans that have it.
        own: The ids of the user's own plans.

    Attributes:
        rules: The rules.
        events: The events that such a call counts as.
        planned: The plans with rules for such calls.
    """

    def __init__(self, rules: Mapping[LoweredRule, Sequence[str]], own: Sequence[str]) -> None:
        self.rules = rules
        self._own = own
        named = [(rule, plans) for rule, plans in rules.items() if rule.type != COMMON]
        self.events = frozenset(rule.event for rule, _ in named)
        self.planned = frozenset(plan for _, plans in named for plan in plans)

    @cached_property
    def fields(self) -> RelevantFields:
        """The fields that the plans use in such calls."""
        return relevant_fields(self.rules, frozenset(self._own))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The places that are judged together."""
        return groups_of(self.rules, frozenset(self._own), self.fields.properties.values())

    def group_at(self, place: str) -> Group:
        """The group that a place is in."""
        return self._group_at[place]

    def has(self, places: tuple[str, ...]) -> bool:
        """Whether places are judged together; an empty tuple stands for the keys of `/properties`."""
        return not places or (places[0] in self._group_at and self._group_at[places[0]].places == places)

    @cached_property
    def _group_at(self) -> Mapping[str, Group]:
        return {place: group for group in self.groups for place in group.places}

    @cached_property
    def closed(self) -> tuple[frozenset[str], ...]:
        """The sets of keys allowed by rules that allow only named keys of `/properties`, each once."""
        return tuple(dict.fromkeys(rule.known for rule in self.rules if rule.known is not None))

    @cached_property
    def open_plans(self) -> Mapping[str, frozenset[str]]:
        """The user's own plans with rules for such calls that allow other properties -> the properties they name."""
        found: dict[str, frozenset[str]] = {}
        for plan in self._own:
            mine = [rule for rule, plans in self.rules.items() if plan in plans]
            known = [rule.planned for rule in mine if rule.planned is not None]
            if len(known) == len(mine) and any(rule.type != COMMON for rule in mine):
                found[plan] = frozenset[str]().union(*known)
        return found

    @cached_property
    def counted(self) -> frozenset[tuple[str, str]]:
        """The (event, property) pairs that use cases count."""
        return frozenset((m.rule.event, m.expected.property) for g in self.groups for m in g.members if m.counted)
