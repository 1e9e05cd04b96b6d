"""What files are checked by: any number of use cases, or a team's own plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from samples.shop_plan import VALUES
from samples.world import Dice
from validator import Catalog, PlanRule, TrackingPlan, compile_use_case, read_plan

if TYPE_CHECKING:
    from pathlib import Path

    from validator import UseCase


class Plans(NamedTuple):
    """What to check by.

    Attributes:
        use_cases: The use cases; none where a team has its own plan.
        own: The team's own plan.
    """

    use_cases: list[UseCase]
    own: TrackingPlan | None = None

    def rules(self, *, once: bool) -> list[PlanRule]:
        """All plan rules; with `once`, each distinct rule only once."""
        return list(self.own.rules) if self.own else rules(self.use_cases, once=once)


def plans_of(count: int, own: Path | None = None) -> Plans:
    """So many use cases, or the plan in a file."""
    return Plans([], read_plan(str(own)).plan) if own else Plans(use_cases(count))


def use_cases(count: int) -> list[UseCase]:
    """The first so many of the catalog; past its end, copies under other names with other recommended properties."""
    catalog = list(Catalog.load().use_cases)
    dice = Dice(7)
    made = catalog[:count]
    for number in range(len(catalog), count):
        made.append(_variant(catalog[number % len(catalog)], number, dice))
    return made


def _variant(use_case: UseCase, number: int, dice: Dice) -> UseCase:
    events = []
    for use in use_case.events:
        names = [p.name for p in use.event.properties]
        kept = tuple(name for name in names if dice.chance(0.6)) or tuple(names[:1])
        events.append(msgspec.structs.replace(use, recommended=kept))
    slug, name = f"{use_case.slug}-{number}", f"{use_case.name} {number}"
    return msgspec.structs.replace(use_case, slug=slug, name=name, events=tuple(events))


def rules(chosen: list[UseCase], *, once: bool) -> list[PlanRule]:
    """The plan rules of use cases; with `once`, each distinct rule only once."""
    found = [rule for use_case in chosen for rule in compile_use_case(use_case).rules]
    if not once:
        return found
    return list({msgspec.json.encode(rule.to_json(), order="deterministic"): rule for rule in found}.values())


def own_plan() -> TrackingPlan:
    """A team's own plan with a rule for each event of the catalog, and checks of the values of most."""
    made = [_own_rule(event.name, [p.name for p in event.properties]) for event in Catalog.load().events.values()]
    return TrackingPlan("own", "Own", tuple(made))


def _own_rule(event: str, names: list[str]) -> PlanRule:
    checks = {name: VALUES[name] for name in names if name in VALUES}
    payload = {"type": "object", "properties": checks, "required": []}
    return PlanRule("TRACK", event, {"type": "object", "properties": {"properties": payload}})
