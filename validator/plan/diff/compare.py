"""Compares two schemas of the same calls, and judges each difference for senders and for readers.

A schema is a conjunction of keywords. So everything that was allowed still is if each keyword of the new schema follows
from the old schema, and vice versa. What cannot be shown to follow counts as breaking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.json_schema.equality import key_of
from validator.json_schema.keywords import ASSERTIONS, Draft, draft_of, known_in
from validator.json_schema.subschemas import walk
from validator.plan.diff.change import Change, Kind, directed, unjudged
from validator.plan.diff.equivalence import Pair, depth, references, resolve
from validator.plan.diff.keywords import compare_groups, compare_values
from validator.plan.diff.objects import compare_objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Final

MAX_DEPTH: Final = 64
MAX_STEPS: Final = 20_000
_MAX_REFERENCES: Final = 32

_NOTES: Final = ("title", "description", "default", "examples", "deprecated")
# These keywords, some formats, and `items` mean the same in every draft from draft-06 on.
_PORTABLE: Final = frozenset(
    keyword
    for keyword, (since, until) in ASSERTIONS.items()
    if since.age <= Draft.DRAFT_6.age and until is Draft.DRAFT_2020 and keyword not in ("format", "items", "$ref")
)
_FORMATS: Final = frozenset(["date-time", "email", "ipv4", "ipv6", "uri"])


def compare(old: Mapping[str, Any] | bool, new: Mapping[str, Any] | bool) -> list[Change]:
    """Compares two schemas; changes are in the order of the call."""
    if max(depth(old), depth(new)) > MAX_DEPTH:
        return [] if old is new else [unjudged("", "", f"the schema nests more than {MAX_DEPTH} deep")]
    pair = Pair(old, new)
    if key_of(old) == key_of(new):
        return []
    before, after = draft_of(old), draft_of(new)
    if before is None or after is None:
        return [unjudged("", "$schema", "the schema of an unknown draft")]
    if before is not after and (Draft.DRAFT_4 in (before, after) or not (_portable(old) and _portable(new))):
        return [unjudged("", "$schema", f"the draft, {before} → {after}")]
    return Comparison(pair, after).changes()


class Comparison:
    """A comparison of two documents."""

    def __init__(self, pair: Pair, draft: Draft) -> None:
        self.pair, self.draft = pair, draft
        self._active: set[tuple[int, int]] = set()
        self._steps = 0
        self._named = any(
            keys and isinstance(schema, dict) and isinstance(schema.get("$id", schema.get("id")), str)
            for root in (pair.old, pair.new)
            for keys, schema in walk(root)
        )

    def changes(self) -> list[Change]:
        """All differences."""
        return list(self.level(self.pair.old, self.pair.new, "", linear=True))

    def level(self, old: Any, new: Any, where: str, *, linear: bool) -> Iterator[Change]:
        """Compares two schemas of the same place.

        Args:
            old: The older schema.
            new: The newer one.
            where: The place.
            linear: Whether only `properties` and `items` lead here, so that nothing else constrains this place.
        """
        self._steps += 1
        if self._steps > MAX_STEPS:
            if self._steps == MAX_STEPS + 1:
                yield unjudged(where, "", "too much differs; the rest")
            return
        yield from _notes(old, new, where)
        if self.pair.same(old, new):
            return
        try:
            old, new = self._resolved(old, self.pair.old), self._resolved(new, self.pair.new)
        except LookupError:
            yield unjudged(where, "$ref", "what a reference leads to")
            return
        # Every step goes deeper into the call, so a pair found again inside itself counts as compared.
        key = (id(old), id(new))
        if key in self._active:
            return
        self._active.add(key)
        yield from self._compared(old, new, where, linear=linear)
        self._active.discard(key)

    def _compared(self, old: Any, new: Any, where: str, *, linear: bool) -> Iterator[Change]:
        if old is False or new is False:
            yield from _nothing(old, new, where)
            return
        old, new = ({} if schema is True else schema for schema in (old, new))
        if not (isinstance(old, dict) and isinstance(new, dict)):
            yield unjudged(where, "", "what is no schema")
            return
        if any(key.startswith("unevaluated") for key in (*old, *new)) and not self.pair.same(old, new):
            yield unjudged(where, "unevaluatedProperties", "the schema around it")
            return
        yield from compare_values(self, old, new, where)
        yield from compare_objects(self, old, new, where, linear=linear)
        yield from compare_groups(self, old, new, where, linear=linear)

    def _resolved(self, schema: Any, root: Any) -> Any:
        """Resolves a schema that only refers to another one."""
        for _ in range(_MAX_REFERENCES):
            if not (isinstance(schema, dict) and isinstance(schema.get("$ref"), str)):
                return schema
            beside = any(key != "$ref" and known_in(key, self.draft, ASSERTIONS) for key in schema)
            if self._named or (beside and self.draft.age >= Draft.DRAFT_2019.age):
                raise LookupError(schema["$ref"])
            schema = resolve(root, schema["$ref"])
        raise LookupError("a circle")


def _nothing(old: Any, new: Any, where: str) -> Iterator[Change]:
    if old is False and new is not False:
        yield directed(where, "false", "no value was allowed, some are now", keeps=True, kept=False)
    elif new is False and old is not False:
        yield directed(where, "false", "no value is allowed any more", keeps=False, kept=True)


def _notes(old: Any, new: Any, where: str) -> Iterator[Change]:
    before, after = (schema if isinstance(schema, dict) else {} for schema in (old, new))
    for keyword in _NOTES:
        if key_of(before.get(keyword)) != key_of(after.get(keyword)):
            verb = "removed" if keyword not in after else "added" if keyword not in before else "changed"
            yield Change(Kind.NOTED, where, keyword, f"{keyword} {verb}")


def _portable(schema: Any) -> bool:
    """Whether a schema means the same in all drafts from draft-06 on."""
    levels = [level for _, level in walk(schema) if isinstance(level, dict)]
    pairs = [(keyword, value) for level in levels for keyword, value in level.items() if keyword in ASSERTIONS]
    return not any(references(schema)) and all(
        keyword in _PORTABLE
        or (keyword == "items" and not isinstance(value, list))
        or (keyword == "format" and value in _FORMATS)
        for keyword, value in pairs
    )
