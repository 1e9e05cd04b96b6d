"""Compares the properties of objects in two schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.json_schema.keywords import IN_PLACE, REFERENCES, about, known_in
from validator.plan.diff.bounds import facts
from validator.plan.diff.change import Change, Effect, Kind, directed, unjudged, worst

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Final

    from validator.plan.diff.protocols import Comparing

    Schema = Mapping[str, Any]

# With one of these, a property that `properties` does not name may still be planned or counted.
_LOOKING: Final = (
    (about("object") - {"properties", "required", "additionalProperties"})
    | (IN_PLACE - {"then", "else"})
    | {*REFERENCES, "enum", "const"}
)
_STATES: Final = ("optional", "recommended", "required")


def compare_objects(run: Comparing, old: Schema, new: Schema, where: str, *, linear: bool) -> Iterator[Change]:
    """Compares properties: added, removed, moved and changed ones, and all others."""
    objects = _Objects(run, old, new, where, linear=linear)
    yield from objects.patterns()
    for name in dict.fromkeys([*_properties(old), *_properties(new), *_states(old), *_states(new)]):
        yield from objects.property(name)
    yield from objects.others()


class _Objects:
    def __init__(self, run: Comparing, old: Schema, new: Schema, where: str, *, linear: bool) -> None:
        self.run, self.old, self.new, self.where = run, old, new, where
        self.before, self.after = _properties(old), _properties(new)
        self.states = _states(old), _states(new)
        self.patterned = any("patternProperties" in schema for schema in (old, new))
        plain = not any(key in _LOOKING and known_in(key, run.draft) for key in (*old, *new))
        self.linear = linear
        self.mild = Effect.UNPLANNED if linear and plain else Effect.BREAKING
        self.possible = tuple("object" in facts(schema, run.draft).types for schema in (old, new))

    def child(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def patterns(self) -> Iterator[Change]:
        before, after = ({"patternProperties": s.get("patternProperties", {})} for s in (self.old, self.new))
        if not self.run.pair.same(before, after):
            yield unjudged(self.where, "patternProperties", "patternProperties")

    def property(self, name: str) -> Iterator[Change]:
        if name in self.before and name in self.after:
            yield from self._moved(name)
            yield from self.run.level(self.before[name], self.after[name], self.child(name), linear=self.linear)
        elif name in self.after or name in self.before:
            yield self._only_one(name)
        else:
            yield from self._moved(name)

    def _moved(self, name: str) -> Iterator[Change]:
        was, now = (states.get(name, "optional") for states in self.states)
        if was == now:
            return
        kind = Kind.STRICTER if _STATES.index(now) > _STATES.index(was) else Kind.LOOSER
        senders, readers = self._presence(name)
        yield Change(kind, self.child(name), "required", f"{was} → {now}", senders, readers)

    def _presence(self, name: str) -> tuple[Effect, Effect]:
        """The effect of a changed status of a property; only `required` makes a call invalid."""
        was, now = (states.get(name) == "required" for states in self.states)
        broken = now and not was and self.possible[0], was and not now and self.possible[1]
        return tuple(Effect.BREAKING if b else Effect.COMPATIBLE for b in broken)  # type: ignore[return-value]

    def _only_one(self, name: str) -> Change:
        """Compares a property that only one schema names with the other's schema for unnamed properties."""
        is_added = name in self.after
        old = self.before.get(name, _others(self.old))
        new = self.after.get(name, _others(self.new))
        changes = list(self.run.level(old, new, self.child(name), linear=False))
        senders, readers = worst(c.senders for c in changes), worst(c.readers for c in changes)
        if self.patterned:
            # Patterns are not run, so whether one matches this name is unknown.
            senders, readers = (Effect.BREAKING, readers) if is_added else (senders, Effect.BREAKING)
        elif is_added and old is True:
            senders = min(senders, self.mild, key=lambda effect: effect.rank)
        if is_added and old is False:
            readers = min(readers, self.mild, key=lambda effect: effect.rank)
        state = self.states[is_added].get(name, "optional")
        schema, verb = (new, "added") if is_added else (old, "removed")
        moved = self._presence(name)
        return Change(
            Kind.ADDED if is_added else Kind.REMOVED,
            self.child(name),
            "properties",
            f"{state} property {verb}{_typed(schema)}",
            worst([senders, moved[0]]),
            worst([readers, moved[1]]),
        )

    def others(self) -> Iterator[Change]:
        """Compares properties that neither schema names."""
        before, after = _others(self.old), _others(self.new)
        if self.run.pair.same(before, after):
            return
        if not isinstance(before, bool) or not isinstance(after, bool):
            yield from self.run.level(before, after, self.child("*"), linear=False)
        else:
            message = f"other properties are {'allowed' if after else 'forbidden'} now"
            keeps, kept = after or not self.possible[0], not after or not self.possible[1]
            yield directed(self.where, "additionalProperties", message, keeps=keeps, kept=kept)


def _properties(schema: Schema) -> Mapping[str, Any]:
    named = schema.get("properties")
    return named if isinstance(named, dict) else {}


def _others(schema: Schema) -> Any:
    """The schema of unnamed properties."""
    others = schema.get("additionalProperties", True)
    return True if others == {} else others


def _states(schema: Schema) -> dict[str, str]:
    """The required properties, and those only recommended."""
    required, recommended = schema.get("required"), schema.get("x-recommended")
    warned = set(map(str, recommended)) if isinstance(recommended, list) else set()
    names = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
    return {name: "recommended" if name in warned else "required" for name in names}


def _typed(schema: Any) -> str:
    types = schema.get("type") if isinstance(schema, dict) else None
    names = types if isinstance(types, list) else [types]
    return f" ({' or '.join(map(str, names))})" if types else ""
