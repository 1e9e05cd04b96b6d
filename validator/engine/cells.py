"""Counts calls by shape: a bounded cache from everything the decoder sees of a call to its projected shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.cell import Cell
from validator.engine.focus import labeller
from validator.engine.groups import Groups
from validator.engine.judged import Judged, Judgements
from validator.engine.lint import CallLint
from validator.engine.lint.repeats import identities
from validator.engine.look import Looks
from validator.engine.loop import NOTHING, KnownProperties, Routing, counting_loop
from validator.engine.more import MoreProperties
from validator.engine.names import shortened
from validator.engine.shape import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from validator.engine.cell import Places
    from validator.engine.decode import Decoder, Envelope
    from validator.engine.focus import Labels
    from validator.engine.judged import Variant
    from validator.engine.lint import Probe
    from validator.engine.profile import More, Profile
    from validator.engine.program import Program
    from validator.engine.shape import Shape
    from validator.engine.view import View
    from validator.model import Limits, Place

# How many full shapes are held. A stream has a few hundred; dynamic keys would make it millions.
CAPACITY = 4_096

# Stands for the places of a shape that has all of them already.
ENOUGH: list[Place] = []

# So many characters of their names of events and properties are held at once.
HELD = 1 << 25

# Once more than one call in so many has a new full shape, looking at the plans' own properties first is faster.
DYNAMIC = 8


class Cells:
    """Counts calls into a profile.

    Args:
        program: The compiled plans.
        decoder: What decodes the calls, which knows the names of their attributes.
        profile: Where the counts go.
        limits: What bounds memory.
        known: Where shapes that have all their places already are found.
        judging: Whether it is wanted for each call what the plans say of it.

    Attributes:
        judged: That, for the calls counted last.
    """

    def __init__(
        self,
        program: Program,
        decoder: Decoder,
        profile: Profile,
        limits: Limits,
        known: Profile,
        *,
        judging: bool = False,
    ) -> None:
        self.judged: list[Judged] = []
        self._judging = judging
        self._known = known
        self._program = program
        self._decoder = decoder
        self._profile = profile
        self._limits = limits
        self._cells: dict[Hashable, Cell] = {}
        self._fields = tuple(decoder.attributes.items())[: len(decoder.wanted.fields)]
        self._lint = CallLint(program.lint, decoder.attributes, decoder.wanted.paths, self._set_aside)
        self._label = labeller(program.focus, decoder.attributes, decoder.wanted.paths)
        self._aside: dict[str, int] = {}
        self._new_aside: list[tuple[str, Envelope]] = []
        self._routing = Routing(program, decoder) if program.routed else None
        self._track_alone = not program.track_fields
        self._loop, self._projected_loop = (
            counting_loop(
                len(self._fields),
                projected=projected,
                routed=self._routing is not None,
                track_alone=self._track_alone,
                judging=judging,
                more=self._lint.key + ("*label(call), " if self._label else ""),
                label=self._label,
            )
            for projected in (False, True)
        )
        self._known_properties = KnownProperties(program)
        self._looks = Looks(program, self._fields, self._routing)
        self._kept: dict[Shape, list[Place]] = {}
        self._placed: dict[More, int] = {}
        self._more = MoreProperties(profile, limits.names, self.bound)
        self._at = 0  # no call that is still to come stands before this position
        self._misses = 0
        self._held = 0
        self._dynamic = False

    def count(self, calls: Sequence[Envelope], places: Places) -> None:
        """Counts calls; `places` tells where each starts."""
        self.judged = []
        self._at = 0
        if self._lint.identity:
            self._see_identities(calls, places)
        if self._dynamic:
            self._count_projected(calls, places)
        else:
            self._count_whole(calls, places)
        if self._new_aside:
            for fault, call in self._new_aside:
                self._profile.fault(fault, (places.at(calls.index(call)),), 0)
            self._new_aside.clear()
        if len(self._aside) > 2 * self._limits.names:
            self._flush_aside()

    def _see_identities(self, calls: Sequence[Envelope], places: Places) -> None:
        repeats = self._profile.repeats
        for position, kept, identity in identities(calls, self._lint.identity):
            if repeats.holds(kept):
                repeats.add(kept, 1, (places.mark(position, identity),))

    def _set_aside(self, faults: Sequence[str], call: Envelope) -> None:
        """Counts what lint rules find under keys of any name."""
        for fault in faults:
            seen = self._aside[fault] = self._aside.get(fault, 0) + 1
            if seen <= self._limits.places:
                self._new_aside.append((fault, call))
        self.break_down({fault.partition(" ")[0] for fault in faults}, call)

    def break_down(self, faults: Iterable[str], call: Envelope) -> None:
        """Counts what is found of a call apart from its shape, by the values that calls are broken down by."""
        if self._label:
            for groups, value in self._groups(self._label(call)):
                groups.of(value).faults.update(faults)

    def _groups(self, labels: Labels) -> Iterator[tuple[Groups, str | None]]:
        for field, value in zip(self._program.focus.by, labels, strict=True):
            yield self._profile.groups.setdefault(field, Groups()), value

    def _count_whole(self, calls: Sequence[Envelope], places: Places) -> None:
        before = self._misses
        most, tell = self._limits.places, self.judged.append
        self._loop(calls, self._cells, most, self._cell, self._sample, places, self._routing, tell)
        misses = self._misses - before
        if len(self._cells) > CAPACITY // 2 and misses * DYNAMIC > len(calls):
            self._dynamic = True
            self.flush()  # the keys of the two ways of counting are not to be mixed

    def _count_projected(self, calls: Sequence[Envelope], places: Places) -> None:
        known, most, tell = self._known_properties, self._limits.places, self.judged.append
        self._projected_loop(
            calls, self._cells, most, self._projected_cell, self._sample, places, self._routing, tell, known
        )
        self._more.settle(calls, places)

    def _projected_cell(self, call: Envelope) -> Cell:
        """The cell of a call that the quick look-up of planned properties did not find."""
        payload: Any = call.properties
        route = self._routing(call) if self._routing else ()
        key: Hashable
        if isinstance(payload, dict):
            known = self._known_properties[call.type, call.event, *route]
            types = map(type, map(payload.get, known, NOTHING))
            own = (*self._field_types(call), *self._added(call))
            key = (call.type, call.event, *route, *own, *types, len(payload) if known.more else 0)
        else:
            # Of other payloads only the type counts; its double keeps the key apart from those above.
            own = (*self._field_types(call), *self._added(call))
            key = (call.type, call.event, *route, *own, type(payload), type(payload), None)
            if found := self._cells.get(key):
                return found
        return self._add(key, call)

    def _added(self, call: Envelope) -> tuple[Any, ...]:
        """What lint rules and breakdowns add to what tells calls apart."""
        return (*self._lint.key_of(call), *(self._label(call) if self._label else ()))

    def _field_types(self, call: Envelope) -> tuple[type, ...]:
        if self._track_alone and call.type == "track":
            return ()
        return tuple(type(getattr(call, attribute)) for _, attribute in self._fields)

    def _cell(self, call: Envelope) -> Cell:
        """The cell of a call that the quick look-up did not find."""
        payload: Any = call.properties
        route = self._routing(call) if self._routing else ()
        key: Hashable
        if isinstance(payload, dict):
            own = (*self._field_types(call), *self._added(call))
            types = (*own, *payload, *map(type, payload.values()))
            key = (call.type, call.event, *route, *types)
        else:
            # An odd number of types and names after the fields: no key above is like it.
            own = (*self._field_types(call), *self._added(call))
            key = (call.type, call.event, *route, *own, type(payload))
            if found := self._cells.get(key):
                return found
        return self._add(key, call)

    def _add(self, key: Hashable, call: Envelope) -> Cell:
        self._misses += 1
        self._held += len(call.event or "") + (
            sum(map(len, call.properties)) if isinstance(call.properties, dict) else 0
        )
        if len(self._cells) >= CAPACITY or self._held > HELD:
            self.flush()
        cell = self._cells[key] = self._make(call)
        return cell

    def _make(self, call: Envelope) -> Cell:
        program = self._program
        shape, view, more, refine = self._looks.at(call)
        kind, name = shape.type, shape.event
        # A call without an event is one with an empty name to those who plan the names of events.
        unplanned = kind == "track" and name is None and (call.event or program.naming("track"))
        cell = Cell(shape, shortened(call.event or "") if unplanned else None, self._faults(kind, call, name, view))
        if probe := self._lint.probe(kind, call, view.properties):
            refine = _both(refine, probe)
        cell.refine = refine
        cell.judged = Judgements(cell.refined, program) if self._judging else None
        most = self._places_of_more(view)
        if self._dynamic and more:
            cell.refine = self._more.counting(refine, (kind, name), view.properties.keys(), most)
        else:
            cell.more = more
        cell.minded = any(self._placed.get((kind, name, key), 0) < most for key in more)
        if self._label:
            cell.labels = self._label(call)
        cell.samples = (bool(cell.more) and cell.minded) or self._samples(cell)
        return cell

    def _places_of_more(self, view: View) -> int:
        """How many places of a property that no plan knows are kept: none where no finding is about it."""
        own = view.more and self._program.unplanned is not None
        return self._limits.places if own or self._program.lint.keys else 0

    def _faults(self, kind: str, call: Envelope, name: str | None, view: View) -> tuple[str, ...]:
        """What lint rules find of all calls of a cell."""
        if kind != call.type:
            own: tuple[str, ...] = ("SP301",) if kind == UNKNOWN else ("SP302",)
        else:
            own = ()
        if not self._program.lint.codes:
            return own
        planned = bool(self._program.rules(kind, name))
        found = self._lint.faults(kind, call, planned=planned, known=view.properties.keys())
        named = (
            self._program.lint.of_name(shortened(call.event)) if kind == "track" and name is None and call.event else ()
        )
        return (*own, *found, *named)

    def _samples(self, cell: Cell) -> bool:
        """Whether more than its shape has an interest in the places of a cell."""
        if cell.name is not None and self._lacks_place_of_name(cell.name):
            return True
        return any(map(self._lacks_places, cell.faults))

    def _lacks_place_of_name(self, name: str) -> bool:
        """Whether a finding wants places of an event that no plan knows, and has too few."""
        if self._program.own or self._is_near(name):
            return True
        if not self._program.lint.event_names:
            return False
        known = self._known.names.get(name)
        return known is None or not known.places  # of names that are told together, the first place of each is enough

    def _lacks_places(self, fault: str) -> bool:
        known = self._known.faults.get(fault)
        return known is None or len(known.places) < self._limits.places

    def _sample(self, cell: Cell, variant: Variant, calls: Sequence[Envelope], call: Envelope, places: Places) -> None:
        most = self._limits.places
        kept = cell.places.get(variant)
        if kept is None:
            kept = cell.places[variant] = self._places_of(cell, variant)
        if kept is not ENOUGH and len(kept) < most:
            self._at = calls.index(call, self._at)
            kept.append(places.at(self._at))
            if cell.minded:
                for key in cell.more:
                    more = (cell.shape.type, cell.shape.event, key)
                    self._placed[more] = self._placed.get(more, 0) + 1

    def _places_of(self, cell: Cell, variant: Variant) -> list[Place]:
        """Where the places of a cell's calls are kept: cells of one shape share them, since calls come in order."""
        faults = cell.faults_of(variant)
        if cell.samples or any(map(self._lacks_places, faults)):
            return []
        shape = cell.refined(variant)
        known = self._known.shapes.get(shape)
        if known is not None and len(known.places) >= self._limits.places:
            return ENOUGH
        if cell.name is not None or faults:
            return []
        return self._kept.setdefault(shape, [])

    def flush(self) -> None:
        """Moves all counts to the profile."""
        for cell in self._cells.values():
            if cell.count:
                self._move(cell, (), cell.count)
            for variant, count in cell.variants.items():
                self._move(cell, variant, count)
        self._cells.clear()
        self._held = 0
        self._kept.clear()
        self._placed.clear()
        self._more.flush()
        self._flush_aside()
        profile, limits = self._profile, self._limits
        if len(profile.shapes) > 2 * limits.shapes or len(profile.names) > 2 * limits.names:
            self.bound()

    def _flush_aside(self) -> None:
        profile = self._profile
        for fault, count in self._aside.items():
            profile.fault(fault, (), count)
        self._aside.clear()
        if len(profile.faults) > 2 * self._limits.names:
            self.bound()

    def bound(self) -> None:
        """Keeps the profile within its limits; between times it may grow to twice as much, which costs less."""
        limits = self._limits
        self._profile.bound(limits.shapes, limits.names, self._program.judge, self._is_near)

    def _move(self, cell: Cell, variant: Variant, count: int) -> None:
        profile, places = self._profile, cell.places.get(variant, ())
        shape = cell.refined(variant)
        profile.see(shape, count, places)
        profile.types[shape.type] += count
        if cell.name is not None:
            profile.name(cell.name, count, places)
        for fault in cell.faults_of(variant):
            profile.fault(fault, places, count)
        if cell.labels:
            outcome, faults = self._program.judge(shape), cell.faults_of(variant)
            if cell.name is not None and self._is_near(cell.name):
                faults = (*faults, "NM401")
            for groups, value in self._groups(cell.labels):
                groups.of(value).add(outcome, faults, count)
        for key in cell.more:
            profile.add_more((shape.type, shape.event, key), count, places if cell.minded else ())

    def _is_near(self, name: str) -> bool:
        return self._program.near_misses.planned(name) is not None


def _both(first: Callable[[Envelope], Variant] | None, second: Probe) -> Callable[[Envelope], Variant]:
    if first is None:
        return second
    plans = first
    return lambda call: plans(call) + second(call)
