"""The use cases and plans that a finding concerns, in report order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from validator.catalog import UseCase
    from validator.engine.compile.program import Program


class Concerned(NamedTuple):
    """All use cases and plans."""

    program: Program
    use_cases: Sequence[UseCase]

    def recommending(self, event: str) -> tuple[str, ...]:
        """The use cases that recommend an event."""
        return tuple(u.id for u in self.use_cases if any(e.event.name == event for e in u.events))

    def use_cases_of(self, plans: Iterable[str]) -> tuple[str, ...]:
        """The use cases among some plans."""
        concerned = set(plans)
        return tuple(u.id for u in self.use_cases if u.id in concerned)

    def own_of(self, plans: Iterable[str]) -> tuple[str, ...]:
        """The user's own among some plans."""
        concerned = set(plans)
        return tuple(plan for plan in self.program.own if plan in concerned)
