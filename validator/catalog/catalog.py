"""The catalog: all goals, events and use cases, with lookup by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from validator.catalog.compiled import read_compiled
from validator.config import data_directory
from validator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from validator.catalog.model import Event, Goal, UseCase


class Catalog:
    """Goals in their order, and the events their use cases recommend.

    Args:
        goals: The goals, in the order of listings.
        events: All events, also those no use case recommends.
    """

    __slots__ = ("_by_slug", "events", "goals", "use_cases")

    def __init__(self, goals: Iterable[Goal], events: Iterable[Event]) -> None:
        self.goals: tuple[Goal, ...] = tuple(goals)
        self.events: Mapping[str, Event] = {event.name: event for event in events}
        self.use_cases: tuple[UseCase, ...] = tuple(use_case for goal in self.goals for use_case in goal.use_cases)
        self._by_slug: dict[str, tuple[UseCase, ...]] = {}
        for use_case in self.use_cases:
            self._by_slug[use_case.slug] = (*self._by_slug.get(use_case.slug, ()), use_case)

    @classmethod
    def load(cls, directory: Path | None = None) -> Self:
        """Read all plan files of a directory: `events/*.yaml` and `goals/*.yaml`.

        Args:
            directory: Their directory; None for the bundled plans.

        Raises:
            PlanError: There are mistakes in the files; the error lists all of them.
            UsageError: There are no plan files.
        """
        bundled = data_directory("plans")
        if directory is None and (compiled := read_compiled(bundled)):
            return cls(*compiled)
        from validator.catalog.load import load_directory  # noqa: PLC0415 - YAML is imported only where it is read

        return cls(*load_directory(bundled if directory is None else directory))

    def find(self, name: str) -> tuple[UseCase, ...]:
        """Finds use cases by name: one for `goal/use-case`; for a bare slug, one for each goal that has it.

        Raises:
            UsageError: There is none with this name; the message suggests similar names.
        """
        goal, slash, slug = name.rpartition("/")
        found = tuple(u for u in self._by_slug.get(slug, ()) if not slash or u.goal == goal)
        if not found:
            raise self._unknown("use case", name, self._near_use_cases(name), str(len(self.use_cases)))
        return found

    def goal(self, slug: str) -> Goal:
        """Finds a goal by slug.

        Raises:
            UsageError: There is none with this name; the message suggests similar names.
        """
        for goal in self.goals:
            if goal.slug == slug:
                return goal
        from validator.syntax.near_name import nearest  # noqa: PLC0415

        near = nearest(slug, {g.slug: g.name for g in self.goals})
        raise self._unknown("goal", slug, near, str(len(self.goals)))

    def _near_use_cases(self, name: str) -> list[str]:
        from validator.syntax.near_name import nearest  # noqa: PLC0415

        goal, slash, slug = name.rpartition("/")
        slugs = {u.slug: u.name for u in self.use_cases}
        if not slash:
            return nearest(name, slugs)
        ids = [u.id for u in self.use_cases for near in nearest(slug, slugs)[:1] if u.slug == near]
        goals = nearest(goal, {g.slug: g.name for g in self.goals})
        return [i for i in ids if i.rpartition("/")[0] in goals] or ids

    @staticmethod
    def _unknown(kind: str, name: str, near: list[str], all_of_them: str) -> UsageError:
        listing = f"uclint {kind.replace(' ', '-')}s lists all {all_of_them}"
        hint = f"did you mean {' or '.join(near)}? ({listing})" if near else listing
        return UsageError(f"unknown {kind} {name!r}; {hint}")
