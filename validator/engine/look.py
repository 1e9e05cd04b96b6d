"""What a call looks like to the plans: its shape, and what has to be asked of each call that looks like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from validator.engine.decode import JSON_TYPE_OF, NO_PAYLOAD, UNSET
from validator.engine.lower import PROPERTIES
from validator.engine.names import shortened
from validator.engine.refine import Refinements
from validator.engine.shape import ABSENT, OBJECT, Shape, call_type
from validator.model import pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.decode import Envelope
    from validator.engine.loop import Routing
    from validator.engine.program import Program
    from validator.engine.refine import Refine, Value
    from validator.engine.view import View

_PAYLOAD = pointer(PROPERTIES)


class Look(NamedTuple):
    """What a call looks like.

    Attributes:
        shape: Its shape, as far as types tell it.
        view: What the plans look at in such calls.
        more: The keys of its payload that no plan knows, where anybody minds.
        refine: What its values are asked; None for nothing.
    """

    shape: Shape
    view: View
    more: tuple[str, ...]
    refine: Refine | None


class Looks:
    """Looks at calls.

    Args:
        program: The compiled plans.
        fields: The top-level fields that belong to a shape, each with the attribute of a call that holds it.
        routing: Tells what decides, beside type and event, which rules a call comes to; None where nothing does.
    """

    def __init__(self, program: Program, fields: Sequence[tuple[str, str]], routing: Routing | None) -> None:
        self._program = program
        self._fields = fields
        self._routing = routing
        self._refinements = Refinements()

    def at(self, call: Envelope) -> Look:
        """What a call looks like."""
        payload: Any = call.properties
        kind = call_type(call.type)
        name, version = self._route(kind, call)
        view = self._program.view(kind, name, version)
        values = self._values(call, view)
        types = {place: kind_of for place, _, kind_of in values}
        if _PAYLOAD in view.checks and payload is not NO_PAYLOAD:
            values.append((_PAYLOAD, "properties", type(payload)))
        if "" in view.checks:
            values.append(("", "whole", dict))
        failed, refine = self._refinements.of(values, view.checks)
        minded = (view.more or self._program.lint.keys) and isinstance(payload, dict) and payload is not NO_PAYLOAD
        more = tuple(map(shortened, payload.keys() - view.properties.keys())) if minded else ()
        shape = Shape(
            type=kind,
            event=name,
            version=version,
            payload=_payload_type(payload),
            fields=tuple(sorted((place, JSON_TYPE_OF[kind_of]) for place, kind_of in types.items())),
            more=bool(more) and view.more,
            failed=failed,
        )
        return Look(shape, view, more, refine)

    def _values(self, call: Envelope, view: View) -> list[Value]:
        """The values that plans look at in a call."""
        payload: Any = call.properties
        values: list[Value] = []
        if isinstance(payload, dict) and payload is not NO_PAYLOAD:
            values += [(place, None, type(payload[key])) for key, place in view.properties.items() if key in payload]
        for field, attribute in self._fields:
            value = getattr(call, attribute)
            if (place := view.fields.get(field)) is not None and value is not UNSET:
                values.append((place, attribute, type(value)))
        return values

    def _route(self, kind: str, call: Envelope) -> tuple[str | None, int | None]:
        """The name that a plan rule is about, and the event version, of a call."""
        if self._routing is None:
            return self._program.name_of(kind, call.event) if kind == "track" else None, None
        name, version = self._routing(call)
        return (self._program.name_of(kind, call.event) if kind == "track" else name), version


def _payload_type(payload: Any) -> str:
    if payload is NO_PAYLOAD:
        return ABSENT
    return OBJECT if isinstance(payload, dict) else JSON_TYPE_OF[type(payload)]
