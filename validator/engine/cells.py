"""Counts calls by shape: a bounded cache from everything the decoder sees of a call to its projected shape."""

from __future__ import annotations

import linecache
from itertools import repeat
from typing import TYPE_CHECKING, Any, Protocol

from validator.engine.decode import JSON_TYPE_OF, NO_PAYLOAD, UNSET, attribute_name
from validator.engine.program import call_type
from validator.engine.shape import ABSENT, OBJECT, UNKNOWN, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from validator.engine.checks import ValueCheck
    from validator.engine.decode import Decoder, Envelope
    from validator.engine.profile import Profile
    from validator.engine.program import Program
    from validator.model import Limits, Place

# How many full shapes are held. A stream has a few hundred; dynamic keys would make it millions.
CAPACITY = 4_096

# Stands for the places of a shape that has all of them already.
ENOUGH: list[Place] = []

# Once more than one call in so many has a new full shape, looking at the plans' own properties first is faster.
DYNAMIC = 8


class Places(Protocol):
    """Where the calls of a sequence start."""

    def at(self, position: int) -> Place:
        """The place of the call at a position."""
        ...


# The ids of the value checks that failed.
Variant = tuple[str, ...]


class Cell:
    """The calls of one full shape that are not in the profile yet.

    Attributes:
        type: The call type in lower case, or `unknown`.
        event: The event name where a plan rule has that key.
        payload: The JSON type of `/properties`, or `absent`.
        fields: JSON pointer and type of the values that plans look at, sorted.
        name: The event name of a track call that no plan rule is about.
        fault: The code of what is wrong with the call's `type`, if anything.
        refine: Tells which value checks a call fails; None where there are none.
        count: Calls, where there are no value checks.
        variants: Calls for each set of failed checks.
        places: The first places for each set of failed checks (None where there are no checks).
        samples: Whether places are wanted even if the shape has enough.
    """

    __slots__ = (
        "count",
        "event",
        "fault",
        "fields",
        "name",
        "payload",
        "places",
        "refine",
        "samples",
        "type",
        "variants",
    )

    def __init__(self, kind: str, event: str | None, name: str | None, payload: str, fault: str | None) -> None:
        self.type = kind
        self.event = event
        self.name = name
        self.payload = payload
        self.fault = fault
        self.fields: tuple[tuple[str, str], ...] = ()
        self.refine: Callable[[Envelope], Variant] | None = None
        self.count = 0
        self.variants: dict[Variant, int] = {}
        self.places: dict[Variant | None, list[Place]] = {}
        self.samples = False

    def shape(self, failed: Variant | None) -> Shape:
        """The projected shape of the calls that fail these checks."""
        return Shape(self.type, self.event, self.payload, self.fields, tuple(sorted(failed or ())))


class Cells:
    """Counts calls into a profile.

    Args:
        program: The compiled plans.
        decoder: What decodes the calls, which knows the names of their attributes.
        profile: Where the counts go.
        limits: What bounds memory.
        known: Where shapes that have all their places already are found.
    """

    def __init__(self, program: Program, decoder: Decoder, profile: Profile, limits: Limits, known: Profile) -> None:
        self._known = known
        self._program = program
        self._decoder = decoder
        self._profile = profile
        self._limits = limits
        self._cells: dict[Hashable, Cell] = {}
        self._fields = tuple(decoder.attributes.items())
        self._loop = counting_loop(len(self._fields), projected=False)
        self._projected_loop = counting_loop(len(self._fields), projected=True)
        self._known_properties = KnownProperties(program)
        self._misses = 0
        self._dynamic = False

    def count(self, calls: Sequence[Envelope], places: Places) -> None:
        """Counts calls; `places` tells where each starts."""
        if self._dynamic:
            self._count_projected(calls, places)
            return
        before = self._misses
        self._loop(calls, self._cells, self._limits.places, self._cell, self._sample, places)
        misses = self._misses - before
        if len(self._cells) > CAPACITY // 2 and misses * DYNAMIC > len(calls):
            self._dynamic = True
            self.flush()  # the keys of the two ways of counting are not to be mixed

    def _count_projected(self, calls: Sequence[Envelope], places: Places) -> None:
        known = self._known_properties
        self._projected_loop(calls, self._cells, self._limits.places, self._projected_cell, self._sample, places, known)

    def _projected_cell(self, call: Envelope) -> Cell:
        """The cell of a call that the quick look-up of planned properties did not find."""
        payload: Any = call.properties
        fields = self._field_types(call)
        key: Hashable
        if isinstance(payload, dict):
            known = self._known_properties[call.type, call.event]
            key = (call.type, call.event, *fields, *map(type, map(payload.get, known, _NOTHING)))
        else:
            # Of other payloads only the type counts; its double keeps the key apart from those above.
            key = (call.type, call.event, *fields, type(payload), type(payload), None)
            if found := self._cells.get(key):
                return found
        return self._add(key, call)

    def _field_types(self, call: Envelope) -> tuple[type, ...]:
        return tuple(type(getattr(call, attribute)) for _, attribute in self._fields)

    def _cell(self, call: Envelope) -> Cell:
        """The cell of a call that the quick look-up did not find."""
        payload: Any = call.properties
        key: Hashable
        if isinstance(payload, dict):
            key = (call.type, call.event, *self._field_types(call), *payload, *map(type, payload.values()))
        else:
            # An odd number of types and names after the fields: no key above is like it.
            key = (call.type, call.event, *self._field_types(call), type(payload))
            if found := self._cells.get(key):
                return found
        return self._add(key, call)

    def _add(self, key: Hashable, call: Envelope) -> Cell:
        self._misses += 1
        if len(self._cells) >= CAPACITY:
            self.flush()
        cell = self._cells[key] = self._make(call)
        return cell

    def _make(self, call: Envelope) -> Cell:
        program, payload = self._program, call.properties
        kind = call_type(call.type)
        event = program.event_of(kind, call.event)
        cell = Cell(
            kind=kind,
            event=event,
            name=call.event if kind == "track" and event is None and call.event else None,
            payload=_payload_type(payload),
            fault="SP301" if kind == UNKNOWN else "SP302" if kind != call.type else None,
        )
        view = program.view(kind, event)
        types = {}
        checks: list[tuple[bool, str, ValueCheck]] = []
        for key, pointer in view.properties.items():
            if isinstance(payload, dict) and key in payload and payload is not NO_PAYLOAD:
                types[pointer] = kind_of = type(payload[key])
                checks += [(True, key, c) for c in view.checks.get(pointer, ()) if c.type is kind_of]
        for field, attribute in self._fields:
            place, value = view.fields.get(field), getattr(call, attribute)
            if place is not None and value is not UNSET:
                types[place] = kind_of = type(value)
                checks += [(False, attribute, c) for c in view.checks.get(place, ()) if c.type is kind_of]
        cell.fields = tuple(sorted((pointer, JSON_TYPE_OF[kind_of]) for pointer, kind_of in types.items()))
        cell.refine = _refinement(checks)
        faults = self._known.faults.get(cell.fault) if cell.fault else None
        cell.samples = (cell.name is not None and self._is_near(cell.name)) or (
            cell.fault is not None and (faults is None or len(faults.places) < self._limits.places)
        )
        return cell

    def _sample(
        self, cell: Cell, variant: Variant | None, calls: Sequence[Envelope], call: Envelope, places: Places
    ) -> None:
        most = self._limits.places
        kept = cell.places.get(variant)
        if kept is None:
            known = None if cell.samples else self._known.shapes.get(cell.shape(variant))
            kept = cell.places[variant] = ENOUGH if known and len(known.places) >= most else []
        if kept is not ENOUGH and len(kept) < most:
            kept.append(places.at(calls.index(call)))

    def flush(self) -> None:
        """Moves all counts to the profile."""
        for cell in self._cells.values():
            if cell.refine is None:
                self._move(cell, None, cell.count)
            for variant, count in cell.variants.items():
                self._move(cell, variant, count)
        self._cells.clear()
        profile, limits = self._profile, self._limits
        if len(profile.shapes) > 2 * limits.shapes or len(profile.names) > 2 * limits.names:
            self.bound()

    def bound(self) -> None:
        """Keeps the profile within its limits; between times it may grow to twice as much, which costs less."""
        limits = self._limits
        self._profile.bound(limits.shapes, limits.names, self._program.judge, self._is_near)

    def _move(self, cell: Cell, variant: Variant | None, count: int) -> None:
        profile, places = self._profile, cell.places.get(variant, ())
        profile.see(cell.shape(variant), count, places)
        profile.types[cell.type] += count
        if cell.name is not None:
            profile.name(cell.name, count, places)
        if cell.fault is not None:
            profile.fault(cell.fault, places, count)

    def _is_near(self, name: str) -> bool:
        return self._program.near_misses.planned(name) is not None


def _refinement(checks: list[tuple[bool, str, ValueCheck]]) -> Callable[[Envelope], Variant] | None:
    """Which of the checks a call fails; a check is of a key of its payload, or of an attribute."""
    if not checks:
        return None
    payload_tests = [(key, check.test(), check.id) for in_payload, key, check in checks if in_payload]
    field_tests = [(key, check.test(), check.id) for in_payload, key, check in checks if not in_payload]

    if len(checks) == 1 and payload_tests:
        ((key, holds, name),) = payload_tests
        fine, wrong = (), (name,)
        return lambda call: fine if holds(call.properties[key]) else wrong  # type: ignore[index,call-overload]

    def failed(call: Envelope) -> Variant:
        payload: Any = call.properties
        names = [name for key, holds, name in payload_tests if not holds(payload[key])]
        names += [name for attribute, holds, name in field_tests if not holds(getattr(call, attribute))]
        return tuple(names)

    return failed


class Nothing:
    """Its type stands for that of a property that is not there."""


_NOTHING = repeat(Nothing())


class KnownProperties(dict[tuple[str, str | None], tuple[str, ...]]):
    """The keys under `/properties` that plans look at, by a call's `type` and `event` as they stand.

    The empty key comes first: only the payload of a call without one has a value of its type there.
    """

    def __init__(self, program: Program) -> None:
        self._program = program

    def __missing__(self, key: tuple[str, str | None]) -> tuple[str, ...]:
        kind = call_type(key[0])
        event = self._program.event_of(kind, key[1])
        known = ("", *self._program.view(kind, event).properties)
        if len(self) < CAPACITY:
            self[key] = known
        return known


def counting_loop(fields: int, *, projected: bool) -> Callable[..., None]:
    """The loop over the calls of a block, for a number of top-level fields that belong to a shape.

    It looks at all properties of a call, or only at those that plans know. The fields are read by name: a general way
    of reading any number of them costs a tenth of the speed.
    """
    types = "".join(f"kind(call.{attribute_name(i)}), " for i in range(fields))
    source = _LOOP.replace("PROPERTIES", _PLANNED if projected else _ALL).replace("FIELDS, ", types)
    name = f"<counting loop of {fields} fields{', projected' if projected else ''}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"nothing": _NOTHING}
    exec(compile(source, name, "exec"), namespace)  # noqa: S102 - of our own text only, numbers filled in
    loop: Callable[..., None] = namespace["count"]
    return loop


_ALL = "*payload, *map(kind, payload.values())"
_PLANNED = "*map(kind, map(payload.get, known[call.type, call.event], nothing))"
_LOOP = """\
def count(calls, cells, most, find, sample, places, known=None, kind=type, nothing=nothing):
    for call in calls:
        payload = call.properties
        try:
            cell = cells[call.type, call.event, FIELDS, PROPERTIES]
        except (KeyError, TypeError, AttributeError):
            cell = find(call)
        if cell.refine is None:
            seen = cell.count
            cell.count = seen + 1
            if seen < most:
                sample(cell, None, calls, call, places)
        else:
            variant = cell.refine(call)
            seen = cell.variants.get(variant, 0)
            cell.variants[variant] = seen + 1
            if seen < most:
                sample(cell, variant, calls, call, places)
"""


def _payload_type(payload: Any) -> str:
    if payload is NO_PAYLOAD:
        return ABSENT
    return OBJECT if isinstance(payload, dict) else JSON_TYPE_OF[type(payload)]
