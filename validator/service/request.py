"""The request of a check: what calls are checked against, and how."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from validator.catalog import Catalog, UseCase
from validator.catalog.own_names import Names
from validator.engine.compile.selection import Selection
from validator.errors import UsageError
from validator.model import Severity
from validator.report.rule_policy import Policy
from validator.service.own_plans import load_plans, plans_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.engine.decode.evidence import EvidenceSource
    from validator.plan import LoadedPlan, TrackingPlan


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What calls are checked against, and how. It pickles.

    It is validated when created: use cases and goals are looked up, and plans are read.

    Attributes:
        use_cases: Slugs of use cases, with or without their goal, or use cases.
        goals: Slugs of goals: all of their use cases.
        plans: Your own tracking plans: paths, or plans returned by `read_plan`. Without use cases, goals and plans,
            calls are checked against all use cases of the catalog.
        unplanned: The severity of events and properties missing from your own plans; None ignores them.
        policy: Which rules are used, and the severities of their findings.
        names: Your own names for what the use cases recommend.
        selection: What counts are broken down by (`by`), and which calls are judged.
        evidence: What else to gather from each call; it becomes part of the profile.
        catalog: Where use cases come from: a catalog, its folder, or None for the bundled one.

    Raises:
        UsageError: A use case or a goal is not in the catalog.
        PlanError: A plan cannot be used.
    """

    use_cases: Sequence[str | UseCase] = ()
    goals: Sequence[str] = ()
    plans: Sequence[str | LoadedPlan | TrackingPlan] = ()
    unplanned: Severity | None = Severity.WARNING
    policy: Policy = Policy()
    names: Names = Names()
    selection: Selection = Selection()
    evidence: EvidenceSource | None = None
    catalog: Catalog | str | None = None

    def __post_init__(self) -> None:
        """Looks up and reads what is named, so that mistakes show at once."""
        from pathlib import Path  # noqa: PLC0415

        set_ = msgspec.structs.force_setattr
        for name in ("use_cases", "goals", "plans"):
            if isinstance(getattr(self, name), str):
                raise UsageError(f"{name} is a string; give a list of them")
            set_(self, name, tuple(getattr(self, name)))
        if self.unplanned is not None:
            if self.unplanned not in tuple(Severity):
                raise UsageError(f"unplanned is {self.unplanned!r}; it can be {', '.join(Severity)}, or None")
            set_(self, "unplanned", Severity(self.unplanned))
        if wrong := [one for one in self.use_cases if not isinstance(one, str | UseCase)]:
            raise UsageError(f"{wrong[0]!r} is not a use case")
        if isinstance(self.catalog, str | os.PathLike):
            set_(self, "catalog", Catalog.load(Path(self.catalog)))
        set_(self, "plans", tuple(os.fspath(p) if isinstance(p, os.PathLike) else p for p in self.plans))
        set_(self, "plans", tuple({id(plan): plan for plan in self._loaded()}.values()))
        ids = [plan.id for plan in plans_of(self.own_plans)]
        if twice := [name for name in ids if ids.count(name) > 1]:
            raise UsageError(f"two plans are called {twice[0]!r}; give each once, or another name")
        if self.checks_use_cases:
            if self.catalog is None:
                set_(self, "catalog", Catalog.load())
            set_(self, "use_cases", tuple(self._chosen()))
            set_(self, "goals", ())

    def __eq__(self, other: object) -> bool:
        """Whether both check the same, as a request and its pickled copy do."""
        return isinstance(other, CheckRequest) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash((self.unplanned, self.selection))

    @property
    def _identity(self) -> tuple[Any, ...]:
        plans = [plan[:4] if isinstance(plan, tuple) else plan for plan in self.plans]  # places are objects
        others = self.unplanned, self.policy, self.names, self.selection, self.evidence, self.goal_names
        return (self.use_cases, plans, *others)

    @property
    def checks_use_cases(self) -> bool:
        """Whether calls are checked against use cases."""
        return bool(self.use_cases or self.goals or not self.plans)

    @property
    def active(self) -> tuple[UseCase, ...]:
        """The use cases that calls are checked against."""
        return tuple(use_case for use_case in self.use_cases if isinstance(use_case, UseCase))

    @property
    def own_plans(self) -> tuple[LoadedPlan | TrackingPlan, ...]:
        """Your own plans, read."""
        return tuple(plan for plan in self.plans if not isinstance(plan, str))

    @property
    def goal_names(self) -> dict[str, str]:
        """Slug of a goal -> its name."""
        return {goal.slug: goal.name for goal in self.catalog.goals} if isinstance(self.catalog, Catalog) else {}

    def _loaded(self) -> Iterator[LoadedPlan | TrackingPlan]:
        paths = dict.fromkeys(plan for plan in self.plans if isinstance(plan, str))
        loaded = dict(zip(paths, load_plans(paths), strict=True))
        for plan in self.plans:
            if not isinstance(plan, str):
                yield plan
            elif plan in loaded:
                yield loaded.pop(plan)

    def _chosen(self) -> Iterator[UseCase]:
        """The use cases, in the order of the catalog where they are named by slugs."""
        catalog = self.catalog
        assert isinstance(catalog, Catalog)  # noqa: S101 - see __post_init__
        named = [found for name in self.use_cases if isinstance(name, str) for found in catalog.find(name)]
        named += [found for goal in self.goals for found in catalog.goal(goal).use_cases]
        ids = {use_case.id for use_case in named}
        given = [use_case for use_case in self.use_cases if isinstance(use_case, UseCase)]
        every = not (named or given)
        yield from dict.fromkeys([*given, *(u for u in catalog.use_cases if every or u.id in ids)])
