"""Reads the user's own tracking plans and gives each a distinct name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.plan.loaded_plan import LoadedPlan, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from validator.plan import TrackingPlan

    Locate = Callable[[str, int, str], Spot]


def load_plans(paths: Iterable[str]) -> tuple[LoadedPlan, ...]:
    """Reads the plans of files and folders. Plans of the same name get their path added to it.

    Raises:
        PlanError: One cannot be used.
    """
    loaded: list[LoadedPlan] = []
    for path in dict.fromkeys(paths):
        from validator.plan.read import read_plan  # noqa: PLC0415 - only where there are plans

        found = read_plan(path)
        taken = {other.plan.id for other in loaded}
        name = found.plan.name if found.plan.name not in taken else f"{found.plan.name} ({path})"
        loaded.append(found._replace(plan=msgspec.structs.replace(found.plan, id=name)))
    return tuple(loaded)


def plans_of(plans: Iterable[LoadedPlan | TrackingPlan]) -> tuple[TrackingPlan, ...]:
    """The plans alone."""
    return tuple(plan.plan if isinstance(plan, LoadedPlan) else plan for plan in plans)


def locator(plans: Sequence[LoadedPlan | TrackingPlan]) -> Locate:
    """Returns a function from plan id, rule number and JSON pointer to the place in a plan file."""
    loaded = {plan.plan.id: plan for plan in plans if isinstance(plan, LoadedPlan)}

    def locate(plan: str, rule: int, pointer: str) -> Spot:
        if plan not in loaded:
            return Spot(plan, 0, 0)
        spot = loaded[plan].spots.spot(rule, pointer)
        return spot if spot.path else spot._replace(path=loaded[plan].path)

    return locate
