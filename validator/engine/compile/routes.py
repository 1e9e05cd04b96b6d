"""Routes a call to its plan rules, by its type, event or page name, and event version."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from validator.engine.compile.lowered_rule import COMMON
from validator.engine.decode.call_type import NAMED_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.engine.compile.lowered_rule import LoweredRule

# A call type, and the name of an event or page; None for all calls of the type.
Kind = tuple[str, str | None]

# For each plan: kind of call -> version -> rules.
PlanRules = dict[str, dict[Kind, dict[int, list["LoweredRule"]]]]


class Routes:
    """Finds the rules of all plans for a call."""

    def __init__(self, rules: PlanRules) -> None:
        self._rules = rules

    @cached_property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Call type -> the names that rules have."""
        found: dict[str, set[str]] = defaultdict(set)
        for kind, name in self.kinds():
            if name is not None:
                found[kind].add(name)
        return {kind: frozenset(names) for kind, names in found.items()}

    @property
    def track_events(self) -> frozenset[str]:
        """The names of track calls that rules have."""
        return self.names.get("track", frozenset())

    @cached_property
    def versions(self) -> frozenset[int]:
        """The event versions that calls can choose; empty if no plan has several of one event."""
        several = (versions for rules in self._rules.values() for versions in rules.values() if len(versions) > 1)
        return frozenset(version for versions in several for version in versions)

    @property
    def by_name(self) -> bool:
        """Whether any rule has a page or screen name."""
        return any(kind in self.names for kind in NAMED_TYPES)

    def kinds(self) -> Iterator[Kind]:
        """The kinds of calls that rules have."""
        for rules in self._rules.values():
            yield from rules

    def name_of(self, kind: str, name: Any) -> str | None:
        """The name, if a rule is for calls of that type and name; else None, as other names make no difference."""
        return name if isinstance(name, str) and name in self.names.get(kind, ()) else None

    def version_of(self, context: Any) -> int | None:
        """The event version in a call's `context`, if a plan has it."""
        protocols = context.get("protocols") if isinstance(context, dict) else None
        version = protocols.get("event_version") if isinstance(protocols, dict) else None
        if isinstance(version, float) and version.is_integer():
            version = int(version)
        return version if type(version) is int and version in self.versions else None

    def rules(self, kind: str, name: str | None, version: int | None) -> dict[LoweredRule, list[str]]:
        """The rules for a call, each with the plans that have it; if none has its version, the oldest."""
        found: dict[LoweredRule, list[str]] = {}
        for plan, rules in self._rules.items():
            for about in dict.fromkeys([(kind, name), (kind, None), (COMMON, None)]):
                if versions := rules.get(about):
                    chosen = versions.get(version) if version is not None else None
                    for rule in chosen or versions[min(versions)]:
                        found.setdefault(rule, []).append(plan)
        return found

    def names_calls(self, plan: str, kind: str) -> bool:
        """Whether a plan's rules for a type have names."""
        return any(about[0] == kind and about[1] is not None for about in self._rules[plan])

    def planning(self, event: str) -> tuple[str, ...]:
        """The plans with a rule for track calls of that name."""
        return tuple(plan for plan, rules in self._rules.items() if ("track", event) in rules)

    def all_rules(self, plan: str | None = None) -> Iterator[LoweredRule]:
        """The rules of a plan in their order; of all plans if None."""
        for name, rules in self._rules.items():
            if plan is None or name == plan:
                for versions in rules.values():
                    for of_version in versions.values():
                        yield from of_version
