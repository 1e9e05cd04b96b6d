"""Reads an event file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

import msgspec

from validator.catalog.model import CallMatch, Event, Property
from validator.catalog.yaml_reader import YamlReader
from validator.model import CALL_TYPES, JSON_TYPES
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code
from validator.syntax.yaml_tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.model import JsonType
    from validator.syntax.plan_file import PlanFile
    from validator.syntax.yaml_tree import Node

_POINTER: Final = re.compile(r"(?!/properties/?\Z)(?:/properties)?/(?:[^/~]|~[01])+")
_NO_SPEC: Final = "none"
_TRACK: Final = (CallMatch("track", {}),)


class EventFile(msgspec.Struct, frozen=True):
    """An event, with what is needed to check references to it.

    Attributes:
        event: The event, as far as it could be read.
        file: Its file.
        name: The place of its name.
        properties_known: False if its properties could not be read at all.
    """

    event: Event
    file: PlanFile
    name: Node
    properties_known: bool


def read_event(file: PlanFile, root: Node) -> EventFile | None:
    """Reads the event of a file; None if not even its name is known."""
    reader = YamlReader(file)
    form = reader.form(root, "an event", ("event", "about", "properties"), ("calls",))
    about = _text(reader, form, "about", "the event's `about`")
    properties = _properties(reader, form.get("properties"))
    calls = _calls(reader, form["calls"], properties) if "calls" in form else _TRACK
    name = reader.text(form["event"], "the event's name") if "event" in form else None
    if name is None:
        return None
    known = tuple((properties or {}).values())
    return EventFile(Event(name, about, calls, known), file, form["event"], properties is not None)


def _text(reader: YamlReader, form: Mapping[str, Node], key: str, what: str) -> str:
    return (reader.text(form[key], what) or "") if key in form else ""


def _properties(reader: YamlReader, node: Node | None) -> dict[str, Property] | None:
    entries = None if node is None else reader.table(node, "`properties`")
    if entries is None:
        return None
    return {key.text: _property(reader, key.text, value) for key, value in entries.items()}


def _property(reader: YamlReader, name: str, node: Node) -> Property:
    what = f"the property {shown(name)}"
    form = reader.form(node, what, ("type", "about", "spec"), ("items",))
    types = _types(reader, form["type"], f"the type of {shown(name)}") if "type" in form else ()
    items = _types(reader, form["items"], f"the items of {shown(name)}") if "items" in form else None
    if items is not None and types and "array" not in types:
        reader.problems.bad_value(
            form["items"], f"{what} has `items` but is not an array", "remove `items`, or add the type `array`"
        )
    spec = _text(reader, form, "spec", f"the spec of {shown(name)}")
    about = _text(reader, form, "about", f"the `about` of {shown(name)}")
    return Property(name, types, items, about, None if spec == _NO_SPEC else spec)


def _types(reader: YamlReader, node: Node, what: str) -> tuple[JsonType, ...]:
    if isinstance(node, Scalar):
        word = reader.choice(node, what, JSON_TYPES)
        return () if word is None else (cast("JsonType", word),)
    return cast("tuple[JsonType, ...]", reader.choices(node, what, what, JSON_TYPES))


def _calls(reader: YamlReader, node: Node, properties: Mapping[str, Property] | None) -> tuple[CallMatch, ...]:
    calls: dict[str, CallMatch] = {}
    for item in reader.items(node, "`calls`"):
        form = reader.form(item, "a call", ("type",), ("places",))
        places = _places(reader, form["places"], properties) if "places" in form else {}
        call_type = reader.choice(form["type"], "a call type", CALL_TYPES) if "type" in form else None
        if call_type is None:
            continue
        if call_type in calls:
            message = f"the call type `{call_type}` is already defined for this event"
            reader.problems.report(Code.DUPLICATE_DEFINITION, form["type"], message, "keep one of the two")
            continue
        calls[call_type] = CallMatch(call_type, places)
    return tuple(calls.values())


def _places(reader: YamlReader, node: Node, properties: Mapping[str, Property] | None) -> dict[str, tuple[str, ...]]:
    taken: dict[str, Scalar] = {}
    places: dict[str, tuple[str, ...]] = {}
    for key, value in (reader.table(node, "`places`") or {}).items():
        if properties is not None and key.text not in properties:
            reader.problems.unknown_name(key, f"the event has no property {shown(key.text)}", key.text, properties)
        pointers = [_pointer(reader, item, taken) for item in reader.items(value, f"the places of {shown(key.text)}")]
        places[key.text] = tuple(pointer for pointer in pointers if pointer is not None)
    return places


def _pointer(reader: YamlReader, node: Node, taken: dict[str, Scalar]) -> str | None:
    text = reader.text(node, "a place")
    if text is None or not isinstance(node, Scalar):
        return None
    if not _POINTER.fullmatch(text):
        help_text = "write a JSON pointer to a field or a property: `/name` or `/properties/name`"
        reader.problems.bad_value(node, f"{shown(text)} is not a place in a call", help_text)
        return None
    if text in taken:
        message = f"the place {shown(text)} is already taken on line {taken[text].line}"
        reader.problems.report(Code.DUPLICATE_DEFINITION, node, message, "remove one: a value belongs to one property")
        return None
    taken[text] = node
    return text
