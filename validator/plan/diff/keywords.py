"""Compares the keywords for single values, and those that can only be equal or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.json_schema.equality import key_of
from validator.json_schema.keywords import SIZES, TYPES_OF, Draft, known_in
from validator.json_schema.value_types import is_number
from validator.plan.diff.bounds import ALL, NUMBERS, facts, listed, lower, named_types, upper
from validator.plan.diff.change import Change, directed, unjudged
from validator.plan.diff.equivalence import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, Final

    from validator.plan.diff.bounds import Bound
    from validator.plan.diff.protocols import Comparing

    Schema = Mapping[str, Any]

# Each group is compared as a unit; without its first keyword, the others have no effect.
_PLAIN: Final = (("multipleOf",), ("pattern",), ("format",), ("uniqueItems",))
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


def compare_values(run: Comparing, old: Schema, new: Schema, where: str) -> Iterator[Change]:
    """Types, listed values, limits, patterns and formats."""
    yield from _types(run, old, new, where)
    yield from _values(run, old, new, where)
    yield from _limits(run, old, new, where)
    yield from _groups(run, old, new, where, _PLAIN)
    yield from _severity(old, new, where)


def _types(run: Comparing, old: Schema, new: Schema, where: str) -> Iterator[Change]:
    types = old.get("type"), new.get("type")
    if key_of(types[0]) == key_of(types[1]):
        return
    message = f"type {_type(types[0])} → {_type(types[1])}"
    before, after = (ALL if "type" not in schema else named_types(schema) for schema in (old, new))
    if before is None or after is None:
        yield unjudged(where, "type", message)
    elif before != after:
        was, is_ = facts(old, run.draft).types, facts(new, run.draft).types
        yield directed(where, "type", message, keeps=was <= after, kept=is_ <= before)


def _type(types: Any) -> str:
    if isinstance(types, list):
        return " or ".join(map(str, types)) if types else "nothing"
    return "any" if types is None else str(types)


def _values(run: Comparing, old: Schema, new: Schema, where: str) -> Iterator[Change]:
    keyword = "const" if "enum" not in {*old, *new} else "enum"
    listed_ = (listed(schema, run.draft) for schema in (old, new))
    before, after = (None if values is None else {key_of(v): shown(v) for v in values} for values in listed_)
    if before is None and after is None:
        return
    if before is None or after is None:
        verb = "now only" if before is None else "no longer only"
        message = f"{verb} {_few([*(before or after or {}).values()])}"
        yield directed(where, keyword, message, keeps=after is None, kept=before is None)
        return
    added = [after[key] for key in after if key not in before]
    removed = [before[key] for key in before if key not in after]
    if added or removed:
        parts = [f"{verb} {_few(names)}" for verb, names in (("allows", added), ("forbids", removed)) if names]
        yield directed(where, keyword, " and ".join(parts), keeps=not removed, kept=not added)


def _few(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"


def _limits(run: Comparing, old: Schema, new: Schema, where: str) -> Iterator[Change]:
    """Compares limits of numbers and sizes. Upper limits are negated, so a greater bound is always stricter."""
    types = facts(old, run.draft).types, facts(new, run.draft).types
    for keyword, read in (("minimum", lower), ("maximum", upper)):
        before, after = read(old, run.draft), read(new, run.draft)
        if before != after:
            message = f"{keyword} {_bound(before, keyword)} → {_bound(after, keyword)}"
            keeps, kept = _within(before, after, types[0] & NUMBERS), _within(after, before, types[1] & NUMBERS)
            yield directed(where, keyword, message, keeps=keeps, kept=kept)
    for keyword in SIZES:
        values = old.get(keyword), new.get(keyword)
        if key_of(values[0]) == key_of(values[1]):
            continue
        if any(value is not None and not is_number(value) for value in values):
            yield unjudged(where, keyword, keyword)
            continue
        # No size is below zero, so a missing minimum is 0.
        sizes = ((value or 0) if keyword.startswith("min") else value and -value for value in values)
        before, after = (None if value is None else (value, False) for value in sizes)
        message = f"{keyword} {' → '.join('none' if value is None else shown(value) for value in values)}"
        was, is_ = (those & TYPES_OF[keyword] for those in types)
        keeps, kept = _within(before, after, was), _within(after, before, is_)
        yield directed(where, keyword, message, keeps=keeps, kept=kept)


def _within(limit: Bound | None, wanted: Bound | None, types: frozenset[str]) -> bool:
    """Whether values of these types within one limit are within the other."""
    return not types or wanted is None or (limit is not None and limit >= wanted)


def _bound(bound: Bound | None, keyword: str) -> str:
    if bound is None:
        return "none"
    number = -bound[0] if keyword == "maximum" else bound[0]
    return f"{shown(number)}{' (exclusive)' if bound[1] else ''}"


def _severity(old: Schema, new: Schema, where: str) -> Iterator[Change]:
    """A warning makes no call invalid, so a keyword that only warns allows everything."""
    before, after = (str(schema.get("x-severity", "error")) for schema in (old, new))
    if before != after:
        yield directed(
            where, "x-severity", f"{before} → {after}", keeps=after == "warning", kept=before == "warning"
        )  # fmt: skip


def compare_groups(run: Comparing, old: Schema, new: Schema, where: str, *, linear: bool) -> Iterator[Change]:
    """Compares elements of arrays, combinations, and keywords that can only be equal or not."""
    yield from _elements(run, old, new, where, linear=linear)
    for keyword, every in (("allOf", False), ("anyOf", True)):
        yield from _branches(run, old, new, where, keyword, more_is_looser=every)
    yield from _groups(run, old, new, where, _GROUPS)


def _groups(
    run: Comparing, old: Schema, new: Schema, where: str, groups: Iterable[tuple[str, ...]]
) -> Iterator[Change]:
    types = facts(old, run.draft).types, facts(new, run.draft).types
    for group in groups:
        before, after = (_picked(schema, group, run.draft) for schema in (old, new))
        if run.pair.same(before, after):
            continue
        keyword = group[0]
        message = keyword if before and after else f"{keyword} {'added' if after else 'removed'}"
        if group in _PLAIN:
            message = f"{keyword} {' → '.join(shown(s[keyword]) if s else 'none' for s in (before, after))}"
        if before and after:
            yield unjudged(where, keyword, message)
            continue
        about = TYPES_OF.get(keyword, ALL)
        about = NUMBERS if "number" in about else about
        keeps, kept = not after or not types[0] & about, not before or not types[1] & about
        yield directed(where, keyword, message, keeps=keeps, kept=kept)


def _picked(schema: Schema, group: tuple[str, ...], draft: Draft) -> dict[str, Any]:
    if group[0] not in schema or not known_in(group[0], draft) or (group in _PLAIN and not schema[group[0]]):
        return {}
    return {keyword: schema[keyword] for keyword in group if keyword in schema and known_in(keyword, draft)}


def _branches(
    run: Comparing, old: Schema, new: Schema, where: str, keyword: str, *, more_is_looser: bool
) -> Iterator[Change]:
    before, after = old.get(keyword), new.get(keyword)
    if run.pair.same({keyword: before}, {keyword: after}):
        return
    if before is None or after is None:
        message = f"{keyword} {'added' if after else 'removed'}"
        yield directed(where, keyword, message, keeps=after is None, kept=before is None)
        return
    gone = [branch for branch in before if not any(run.pair.same(branch, other) for other in after)]
    come = [branch for branch in after if not any(run.pair.same(other, branch) for other in before)]
    if gone and come:
        yield unjudged(where, keyword, f"the alternatives of {keyword}" if more_is_looser else keyword)
        return
    parts = [f"{len(n)} {verb}" for n, verb in ((come, "added to"), (gone, "removed from")) if n]
    message = f"{''.join(parts) or 'another order in'} {keyword}"
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
