"""Finds events and properties with nearly the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.near_miss import fold, one_edit
from validator.json_schema.keywords import IN_PLACE, SCHEMA_LISTS, SCHEMA_TABLES
from validator.json_schema.subschemas import subschemas
from validator.model import pointer
from validator.service.plan_lint.flaw import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validator.plan import TrackingPlan

# Too many shorter names are one edit apart.
_EDITABLE = 5


def near_events(plan: TrackingPlan) -> Iterator[Flaw]:
    """PL631: events whose names differ by case, separators or one edit."""
    places: dict[tuple[str, str], int] = {}
    for at, rule in enumerate(plan.rules):
        if rule.key is not None:
            places.setdefault((rule.type, rule.key), at)
    for kind in dict.fromkeys(kind for kind, _ in places):
        for first, second in near(key for other, key in places if other == kind):
            message = f"the events `{first}` and `{second}` have nearly the same name"
            yield Flaw("PL631", places[kind, second], "", message, "merge them, or make their names more distinct")


def near_properties(plan: TrackingPlan) -> Iterator[Flaw]:
    """PL632: properties of one object whose names differ by case, separators or one edit."""
    for at, rule in enumerate(plan.rules):
        objects: dict[tuple[str, ...], dict[str, str]] = {}
        for keys, schema in subschemas(rule.schema):
            named = schema.get("properties")
            for name in named if isinstance(named, dict) else ():
                objects.setdefault(_instance(keys), {}).setdefault(name, pointer(*keys, "properties", name))
        for places in objects.values():
            for first, second in near(places, plurals=True):
                message = f"the properties `{first}` and `{second}` have nearly the same name"
                yield Flaw("PL632", at, places[second], message, "keep one of the two spellings")


def _instance(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Identifies the value a schema applies to: schemas in `allOf` and similar apply to that of the outer one."""
    kept: list[str] = []
    rest = iter(keys)
    for key in rest:
        if key in IN_PLACE and key != "not":
            if key in SCHEMA_LISTS or key in SCHEMA_TABLES:
                next(rest, None)
        elif key in SCHEMA_TABLES:
            kept += (key, next(rest, ""))
        else:
            kept.append(key)
    return tuple(kept)


def near(names: Iterable[str], *, plurals: bool = False) -> Iterator[tuple[str, str]]:
    """Pairs of nearly equal names, in order; each name is paired with the first one like it.

    Names one edit apart share a text with one character left out (or two swapped), so only such names are compared.
    Names that differ in a number, as `line_1` and `line_2`, are distinct; with `plurals`, so are plurals.
    """
    by_key: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        folded = fold(name)[:200]
        keys = {folded}
        if len(folded) >= _EDITABLE:
            keys |= {folded[:i] + folded[i + 1 :] for i in range(len(folded))}
        candidates = dict.fromkeys(other for key in keys for other in by_key.get(key, ())[:50])
        for other in candidates:
            if _alike(folded, fold(other)[:200], plurals=plurals):
                yield other, name
                break
        for key in keys:
            by_key.setdefault(key, []).append(name)


def _alike(one: str, other: str, *, plurals: bool) -> bool:
    if one == other:
        return True
    digits = str.maketrans("", "", "0123456789")
    if one.translate(digits) == other.translate(digits) or (plurals and one.rstrip("s") == other.rstrip("s")):
        return False
    return min(len(one), len(other)) >= _EDITABLE and one_edit(one, other)
