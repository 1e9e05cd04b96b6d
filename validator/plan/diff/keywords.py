"""Compares the keywords for single values, and those that can only be equal or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.json_schema.equality import key_of
from validator.json_schema.keywords import SIZES, TYPES_OF, Draft, known_in
from validator.json_schema.value_types import is_number
from validator.plan.diff.bounds import (
    ALL,
    NUMBERS,
    Facts,
    facts,
    listed,
    lower,
    named_types,
    size,
    sized_type,
    upper,
    values_bound,
)
from validator.plan.diff.change import Change, directed, unjudged
from validator.plan.diff.equivalence import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Final

    from validator.plan.diff.bounds import Bound
    from validator.plan.diff.protocols import Comparing

    Schema = Mapping[str, Any]

# Each group is judged as one; the others only count with the first keyword.
_GROUPS: Final = (
    ("oneOf",),
    ("not",),
    ("if", "then", "else"),
    ("contains", "minContains", "maxContains"),
    ("propertyNames",),
    ("dependencies",),
    ("dependentRequired",),
    ("dependentSchemas",),
    ("$recursiveRef",),
    ("$dynamicRef",),
)


class Sides(NamedTuple):
    """Both schemas of a place, with their guarantees."""

    old: Schema
    new: Schema
    was: Facts
    is_: Facts
    draft: Draft


def compare_values(run: Comparing, old: Schema, new: Schema, where: str) -> Iterator[Change]:
    """Compares types, listed values, bounds, sizes, patterns and formats."""
    sides = Sides(old, new, facts(old, run.draft), facts(new, run.draft), run.draft)
    yield from _types(sides, where)
    yield from _values(sides, where)
    yield from _bounds(sides, where)
    yield from _sizes(sides, where)
    yield from _multiples(sides, where)
    yield from _texts(sides, where)
    yield from _severity(sides, where)


def _types(sides: Sides, where: str) -> Iterator[Change]:
    said = sides.old.get("type"), sides.new.get("type")
    if key_of(said[0]) == key_of(said[1]):
        return
    before, after = named_types(sides.old), named_types(sides.new)
    message = f"type {_type(said[0])} → {_type(said[1])}"
    if (before is None and "type" in sides.old) or (after is None and "type" in sides.new):
        yield unjudged(where, "type", message)
        return
    before, after = (ALL if types is None else types for types in (before, after))
    if before != after:
        yield directed(where, "type", message, keeps=sides.was.types <= after, kept=sides.is_.types <= before)


def _type(said: Any) -> str:
    if isinstance(said, list):
        return " or ".join(map(str, said)) if said else "nothing"
    return "any" if said is None else str(said)


def _values(sides: Sides, where: str) -> Iterator[Change]:
    before, after = listed(sides.old, sides.draft), listed(sides.new, sides.draft)
    keyword = "const" if "enum" not in {*sides.old, *sides.new} else "enum"
    old, new = (None if values is None else {key_of(v): v for v in values} for values in (before, after))
    if old is None and new is None:
        return
    if old is None or new is None:
        values = [shown(value) for value in (old or new or {}).values()]
        verb = "now only" if old is None else "no longer only"
        message = f"{verb} {_few(values)}"
    else:
        added = [shown(new[key]) for key in new if key not in old]
        removed = [shown(old[key]) for key in old if key not in new]
        if not added and not removed:
            return
        parts = [f"{verb} {_few(names)}" for verb, names in (("allows", added), ("forbids", removed)) if names]
        message = " and ".join(parts)
    yield directed(where, keyword, message, keeps=_within(sides.was, new), kept=_within(sides.is_, old))


def _few(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"


def _within(known: Facts, allowed: Mapping[Any, Any] | None) -> bool:
    if allowed is None:
        return True
    return known.values is not None and all(key_of(value) in allowed for value in known.values)


def _bounds(sides: Sides, where: str) -> Iterator[Change]:
    for keyword, read, negative in (("minimum", lower, False), ("maximum", upper, True)):
        before, after = read(sides.old, sides.draft), read(sides.new, sides.draft)
        if before == after:
            continue
        message = f"{keyword} {_bound(before, negative)} → {_bound(after, negative)}"
        keeps = _bounded(sides.was, before, after, negative)
        kept = _bounded(sides.is_, after, before, negative)
        yield directed(where, keyword, message, keeps=keeps, kept=kept)


def _bounded(known: Facts, bound: Bound | None, wanted: Bound | None, negative: bool) -> bool:
    """Whether values with these guarantees and this bound meet the wanted bound."""
    if wanted is None or not known.types & NUMBERS:
        return True
    found = [b for b in (bound, values_bound(known, negative=negative)) if b is not None]
    return bool(found) and max(found) >= wanted


def _bound(bound: Bound | None, negative: bool) -> str:
    if bound is None:
        return "none"
    number = -bound[0] if negative else bound[0]
    return f"{shown(number)}{' (exclusive)' if bound[1] else ''}"


def _sizes(sides: Sides, where: str) -> Iterator[Change]:
    for keyword in SIZES:
        said = [schema.get(keyword) for schema in (sides.old, sides.new)]
        if key_of(said[0]) == key_of(said[1]):
            continue
        if any(value is not None and not is_number(value) for value in said):
            yield unjudged(where, keyword, keyword)
            continue
        message = f"{keyword} {' → '.join('none' if value is None else shown(value) for value in said)}"
        keeps = _sized(keyword, size(sides.old, sides.was, keyword), said[1], sides.was)
        kept = _sized(keyword, size(sides.new, sides.is_, keyword), said[0], sides.is_)
        yield directed(where, keyword, message, keeps=keeps, kept=kept)


def _sized(keyword: str, certain: float | None, wanted: Any, known: Facts) -> bool:
    if wanted is None or sized_type(keyword) not in known.types:
        return True
    if certain is None:
        return False
    return bool(certain >= wanted if keyword.startswith("min") else certain <= wanted)


def _multiples(sides: Sides, where: str) -> Iterator[Change]:
    before, after = sides.old.get("multipleOf"), sides.new.get("multipleOf")
    if key_of(before) == key_of(after):
        return
    if before is None or after is None:
        keeps = after is None or not sides.was.types & NUMBERS
        kept = before is None or not sides.is_.types & NUMBERS
    else:
        # Not for floats: validators disagree whether 0.3 is a multiple of 0.1.
        keeps, kept = _divides(after, before), _divides(before, after)
        if not (keeps or kept):
            yield unjudged(where, "multipleOf", f"multipleOf {shown(before)} → {shown(after)}")
            return
    message = f"multipleOf {' → '.join('none' if value is None else shown(value) for value in (before, after))}"
    yield directed(where, "multipleOf", message, keeps=keeps, kept=kept)


def _divides(small: Any, large: Any) -> bool:
    whole = all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in (small, large))
    return whole and large % small == 0


def _texts(sides: Sides, where: str) -> Iterator[Change]:
    for keyword, types in (("pattern", {"string"}), ("format", ALL), ("uniqueItems", {"array"})):
        before, after = (schema.get(keyword) or None for schema in (sides.old, sides.new))
        if key_of(before) == key_of(after):
            continue
        message = f"{keyword} {' → '.join('none' if value is None else shown(value) for value in (before, after))}"
        if before is not None and after is not None:
            yield unjudged(where, keyword, message)
            continue
        keeps = after is None or not sides.was.types & types
        kept = before is None or not sides.is_.types & types
        yield directed(where, keyword, message, keeps=keeps, kept=kept)


def _severity(sides: Sides, where: str) -> Iterator[Change]:
    """A warning makes no call invalid, so a keyword that only warns allows everything."""
    before, after = (str(schema.get("x-severity", "error")) for schema in (sides.old, sides.new))
    if before != after:
        yield directed(
            where, "x-severity", f"{before} → {after}", keeps=after == "warning", kept=before == "warning"
        )  # fmt: skip


def compare_groups(run: Comparing, old: Schema, new: Schema, where: str, *, linear: bool) -> Iterator[Change]:
    """Compares elements of arrays, combinations, and keywords that can only be equal or not."""
    yield from _elements(run, old, new, where, linear=linear)
    for keyword, every in (("allOf", False), ("anyOf", True)):
        yield from _branches(run, old, new, where, keyword, more_is_looser=every)
    types = facts(old, run.draft).types, facts(new, run.draft).types
    for group in _GROUPS:
        before, after = (_picked(schema, group, run.draft) for schema in (old, new))
        if run.pair.same(before, after):
            continue
        if before and after:
            yield unjudged(where, group[0], group[0])
            continue
        about = TYPES_OF.get(group[0], ALL)
        message = f"{group[0]} {'added' if after else 'removed'}"
        keeps, kept = not after or not types[0] & about, not before or not types[1] & about
        yield directed(where, group[0], message, keeps=keeps, kept=kept)


def _picked(schema: Schema, group: tuple[str, ...], draft: Draft) -> dict[str, Any]:
    if group[0] not in schema or not known_in(group[0], draft):
        return {}
    return {keyword: schema[keyword] for keyword in group if keyword in schema and known_in(keyword, draft)}


def _branches(
    run: Comparing, old: Schema, new: Schema, where: str, keyword: str, *, more_is_looser: bool
) -> Iterator[Change]:
    before, after = old.get(keyword), new.get(keyword)
    if run.pair.same({keyword: before}, {keyword: after}):
        return
    if not all(isinstance(branches, list | None) for branches in (before, after)):
        yield unjudged(where, keyword, keyword)
        return
    if before is None or after is None:
        yield directed(
            where, keyword, f"{keyword} {'added' if after else 'removed'}", keeps=after is None, kept=before is None
        )
        return
    gone = [branch for branch in before if not any(run.pair.same(branch, other) for other in after)]
    come = [branch for branch in after if not any(run.pair.same(other, branch) for other in before)]
    if gone and come:
        yield unjudged(where, keyword, f"the alternatives of {keyword}" if more_is_looser else keyword)
        return
    parts = [f"{len(n)} {verb}" for n, verb in ((come, "added to"), (gone, "removed from")) if n]
    message = f"{' and '.join(parts) or 'another order in'} {keyword}"
    keeps, kept = (not gone, not come) if more_is_looser else (not come, not gone)
    yield directed(where, keyword, message, keeps=keeps, kept=kept)


def _elements(run: Comparing, old: Schema, new: Schema, where: str, *, linear: bool) -> Iterator[Change]:
    tuples = ("items", "additionalItems") if run.draft.age < Draft.DRAFT_2020.age else ("prefixItems", "items")
    if any(isinstance(schema.get(tuples[0]), list) for schema in (old, new)):
        before, after = ({key: schema[key] for key in tuples if key in schema} for schema in (old, new))
        if not run.pair.same(before, after):
            yield unjudged(where, tuples[0], "the elements by position")
        return
    yield from run.level(old.get("items", True), new.get("items", True), f"{where}[]", linear=linear)
