"""The loop over calls, generated for what a program looks at; and what it looks up on the way."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

from validator.engine.decode import attribute_name
from validator.engine.generated import define
from validator.engine.program import CONTEXT, NAME
from validator.engine.shape import call_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.engine.decode import Decoder, Envelope
    from validator.engine.program import Program

# How many kinds of calls the planned keys are remembered of; calls have few, but for dynamic event names.
_REMEMBERED = 4_096


class Routing:
    """Tells what, beside type and event, decides which rules a call comes to: a name, and an event version."""

    def __init__(self, program: Program, decoder: Decoder) -> None:
        self._program = program
        self._name = decoder.attributes.get(NAME, "")
        self._context = decoder.attributes.get(CONTEXT, "")

    def __call__(self, call: Envelope) -> tuple[str | None, int | None]:
        """The name of a page or screen call where a rule is about it, and the version where plans have several."""
        program = self._program
        kind = call_type(call.type)
        name = program.name_of(kind, getattr(call, self._name, None)) if kind != "track" else None
        return name, program.version_of(getattr(call, self._context, None)) if program.versions else None


class Nothing:
    """Its type stands for that of a property that is not there."""


NOTHING = repeat(Nothing())


class Known(tuple[str, ...]):
    """The keys under `/properties` that plans look at in some calls.

    Attributes:
        more: Whether it matters if there are other keys.
    """

    more: bool


class KnownProperties(dict[tuple[Any, ...], Known]):
    """The keys that plans look at, by a call's `type` and `event` as they stand, and by where it is routed.

    The empty key comes first: only the payload of a call without one has a value of its type there.
    """

    def __init__(self, program: Program) -> None:
        self._program = program

    def __missing__(self, key: tuple[Any, ...]) -> Known:
        kind = call_type(key[0])
        routed = key[2:] or (None, None)
        name = self._program.name_of(kind, key[1]) if kind == "track" else routed[0]
        view = self._program.view(kind, name, routed[1])
        lint = self._program.lint
        known = Known(dict.fromkeys(("", *view.properties, *lint.watched(kind))))
        known.more = view.more or lint.keys
        if len(self) < _REMEMBERED:
            self[key] = known
        return known


def counting_loop(
    fields: int,
    *,
    projected: bool,
    routed: bool = False,
    track_alone: bool = False,
    judging: bool = False,
    more: str = "",
    label: Any = None,
) -> Callable[..., None]:
    """The loop over the calls of a block, for a number of top-level fields that belong to a shape.

    It looks at all properties of a call, or only at those that plans know. The fields are read by name: a general way
    of reading any number of them costs a tenth of the speed. With `track_alone`, track calls, which are most, are
    spared even that. If it is `judging`, it also tells what the plans say of each call. `more` is Python that lint
    rules and breakdowns add to what tells calls apart; `label` is for it.
    """
    types = "".join(f"kind(call.{attribute_name(i)}), " for i in range(fields))
    properties = more + (_PLANNED if projected else _ALL)
    found = f"cells[type_, call.event, ROUTE, {types}{properties}]"
    if track_alone and fields:
        found = f'cells[type_, call.event, ROUTE, {properties}] if type_ == "track" else {found}'
    source = _LOOP.replace("CELL", found).replace("ROUTE, ", "*route(call), " if routed else "")
    source = source.replace("JUDGED", _JUDGED if judging else "")
    loop: Callable[..., None] = define(source, "count", nothing=NOTHING, label=label)
    return loop


_ALL = "*payload, *map(kind, payload.values())"
_PLANNED = (
    "*map(kind, map(payload.get, planned := known[type_, call.event, ROUTE, ], nothing)), "
    "len(payload) if planned.more else 0"
)
_LOOP = """\
def count(calls, cells, most, find, sample, places, route, tell, known=None, kind=type, nothing=nothing):
    for call in calls:
        payload = call.properties
        type_ = call.type
        try:
            cell = CELL
        except (KeyError, TypeError, AttributeError):
            cell = find(call)
        refine = cell.refine
        if refine is None or not (variant := refine(call)):
            seen = cell.count
            cell.count = seen + 1
            if seen < most:
                sample(cell, (), calls, call, places)
        else:
            seen = cell.variants.get(variant, 0)
            cell.variants[variant] = seen + 1
            if seen < most:
                sample(cell, variant, calls, call, places)
JUDGED"""
_JUDGED = """\
        tell(cell.judged[() if refine is None else variant])
"""
