"""Converts a tracking plan to another format, and notes everything the format cannot hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from validator.errors import PlanError
from validator.json_schema.subschemas import shallow, subschemas
from validator.plan.export import listed, title
from validator.plan.formats import FORMATS, format_named
from validator.plan.property_schemas import canonical
from validator.plan.read import read_texts
from validator.plan.references import refers_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.plan.export import ExportedPlan
    from validator.plan.tracking_plan import PlanRule, TrackingPlan

__all__ = ["FORMATS", "convert"]

# Formats that can tell recommended from required properties.
_RECOMMENDING: Final = ("uclint", "protocols-csv")


def convert(plan: TrackingPlan, form: str) -> ExportedPlan:
    """Converts a plan to another format.

    The result is read back; every keyword of a rule that does not round-trip is noted.

    Args:
        plan: The plan.
        form: A key of FORMATS.
    """
    bound = [] if form == "json-schema" else [r for r in plan.rules if refers_out(r.schema, plan.documents)]
    kept = tuple(rule for rule in plan.rules if rule not in bound) if bound else plan.rules
    plan = msgspec.structs.replace(plan, rules=kept)
    written = format_named(form).write(plan)
    notes = list(written.notes)
    touched = set(written.touched) | set(map(title, bound))
    if bound:
        notes.append(
            f"refers to other documents, which only JSON Schema files can; left out: {listed([*map(title, bound)])}"
        )
    for what, names in _differences(plan, written).items():
        notes.append(f"{what}: {listed(names)}")
        touched |= set(names)
    if form not in _RECOMMENDING and (recommending := [title(r) for r in plan.rules if _recommends(r)]):
        notes.append(f"other tools treat recommended properties as required: {listed(recommending)}")
    return written._replace(notes=tuple(notes), touched=frozenset(touched))


def _recommends(rule: PlanRule) -> bool:
    return any("x-recommended" in schema for _, schema in subschemas(rule.schema))


def _differences(plan: TrackingPlan, written: ExportedPlan) -> dict[str, list[str]]:
    """What does not round-trip, with the rules concerned."""
    found: dict[str, list[str]] = {}
    for rule, back in _pairs(plan.rules, _read_back(written.files)):
        if back is None:
            if title(rule) not in written.touched:
                found.setdefault("left out", []).append(title(rule))
            continue
        before, after = _keyword_values(rule), _keyword_values(back)
        for place, keyword in before.keys() | after.keys():
            if (place, keyword) not in after:
                found.setdefault(f"{keyword} is left out", []).append(title(rule))
            elif before.get((place, keyword)) != after[place, keyword]:
                found.setdefault(f"{keyword} is read back differently", []).append(title(rule))
    return {what: list(dict.fromkeys(found[what])) for what in sorted(found)}


def _read_back(files: Mapping[str, str]) -> tuple[PlanRule, ...]:
    try:
        return read_texts("", files).plan.rules if files else ()
    except PlanError:
        return ()


def _pairs(rules: tuple[PlanRule, ...], back: tuple[PlanRule, ...]) -> Iterator[tuple[PlanRule, PlanRule | None]]:
    """Pairs each rule with the one read back: that of the same name, else the next with a new name."""
    by_name = {(r.type, r.key, r.version): r for r in back}
    names = {(r.type, r.key, r.version) for r in rules}
    renamed = iter([r for name, r in by_name.items() if name not in names])
    missing = [r for r in rules if (r.type, r.key, r.version) not in by_name]
    same_number = len(missing) == len(by_name.keys() - names)
    for rule in rules:
        found = by_name.get((rule.type, rule.key, rule.version))
        yield rule, found if found is not None else next(renamed, None) if same_number else None


def _keyword_values(rule: PlanRule) -> dict[tuple[tuple[str, ...], str], Any]:
    """The keywords of a rule's schema, by path, with their values."""
    return {
        (place, keyword): value
        for place, schema in subschemas(canonical(rule.schema))
        for keyword, value in shallow(schema).items()
    }
