"""Drafts the plan rule of an event from the calls that carry it: properties, types, and which are always there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.engine.decode.call_type import call_type
from validator.engine.decode.json_exact import parse
from validator.json_schema.value_types import type_name
from validator.model import JSON_TYPES
from validator.plan import PlanRule, TrackingPlan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.engine.scan.observer import ObservedLine, Verdict
    from validator.input.lines import Block

# Deeper objects, and more properties of an object, are left open.
_DEPTH = 5
_MOST = 500


class Shape:
    """What values at one place look like: types, and of objects and arrays what is in them."""

    def __init__(self, depth: int = 0) -> None:
        self.types: Counter[str] = Counter()
        self.properties: dict[str, Shape] = {}
        self.items: Shape | None = None
        self._depth = depth

    def see(self, value: Any) -> None:
        """Adds a value."""
        self.types[type_name(value)] += 1
        if self._depth >= _DEPTH:
            return
        if isinstance(value, dict):
            for key, inner in value.items():
                if key not in self.properties and len(self.properties) >= _MOST:
                    continue
                self.properties.setdefault(key, Shape(self._depth + 1)).see(inner)
        elif isinstance(value, list):
            self.items = self.items or Shape(self._depth + 1)
            for inner in value:
                self.items.see(inner)

    @property
    def seen(self) -> int:
        """The values seen."""
        return sum(self.types.values())

    def schema(self) -> dict[str, Any]:
        """A JSON Schema that all values meet."""
        types = {name for name in JSON_TYPES if self.types[name]}
        if "number" in types:
            types.discard("integer")
        named = [name for name in JSON_TYPES if name in types]
        schema: dict[str, Any] = {}
        if named:
            schema["type"] = named[0] if len(named) == 1 else named
        if self.properties and named == ["object"]:
            schema["properties"] = {name: inner.schema() for name, inner in sorted(self.properties.items())}
            if required := self.always:
                schema["required"] = required
        if self.items and self.items.seen and named == ["array"]:
            schema["items"] = self.items.schema()
        return schema

    @property
    def always(self) -> list[str]:
        """The properties that every object has with a value other than null."""
        objects = self.types["object"]
        found = self.properties.items()
        return sorted(name for name, inner in found if inner.seen == objects and not inner.types["null"])


class Drafted(NamedTuple):
    """A draft, and the counts that it is based on.

    Attributes:
        rule: The plan rule.
        calls: The calls of the event.
        properties: Property -> the calls that have it.
    """

    rule: PlanRule
    calls: int
    properties: Mapping[str, int]


class EventShape:
    """An observer that looks at the track calls of one event.

    Args:
        event: The name of the event.
    """

    def __init__(self, event: str) -> None:
        self._event = event
        self._calls = 0
        self._properties = Shape()

    def begin(self, path: str) -> None:
        """Starts an input."""

    def block(self, block: Block, line: int, verdicts: Sequence[Verdict]) -> None:  # noqa: ARG002 - an Observer
        """Handles lines with one call each."""
        for text in block.data.split(b"\n")[: len(verdicts)]:
            call = parse(text)
            if self._wants(call.get("type"), call.get("event")):
                self._see(call)

    def blank(self, block: Block, line: int, lines: int) -> None:
        """Handles blank lines."""

    def line(self, line: ObservedLine, ending: bytes) -> None:  # noqa: ARG002 - an Observer
        """Handles a line that was read separately."""
        for (_, call, _), (_, _, value) in zip(line.calls, line.each(), strict=True):
            if self._wants(call.type, call.event):
                self._see(value())

    def passed_over(self, piece: bytes) -> None:
        """Takes the next bytes of a line that is too long to keep."""

    def drafted(self) -> Drafted | None:
        """The draft; None if no call has the event."""
        if not self._calls:
            return None
        shape = self._properties
        payload = shape.schema() if shape.types["object"] else {"type": "object"}
        payload["type"] = "object"
        schema: dict[str, Any] = {"type": "object", "properties": {"properties": payload}}
        if shape.types["object"] < self._calls:
            payload.pop("required", None)  # some calls have no properties at all
        if payload.get("required"):
            schema["required"] = ["properties"]
        counts = {name: inner.seen for name, inner in sorted(shape.properties.items())}
        return Drafted(PlanRule("TRACK", self._event, schema), self._calls, counts)

    def _wants(self, kind: Any, event: Any) -> bool:
        return event == self._event and isinstance(kind, str) and call_type(kind) == "track"

    def _see(self, call: Mapping[str, Any]) -> None:
        self._calls += 1
        properties = call.get("properties")
        if isinstance(properties, dict):
            self._properties.see(properties)


NO_PLAN = TrackingPlan("draft", "draft", ())
