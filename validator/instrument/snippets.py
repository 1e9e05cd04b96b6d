"""Code snippets that send the events of a use case with an SDK."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from validator.catalog.own_names import Names
from validator.instrument.languages import LANGUAGES, Language
from validator.instrument.sample_values import Dice, facts, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.catalog import CallMatch, EventUse, UseCase

_SLOTS = {"/name": "name", "/category": "category"}
_EMPTY = re.compile(r"([{\[])\n *(:?[}\]])")
_NATIVE = ("page", "screen")


def snippets(use_case: UseCase, language: str, names: Names | None = None) -> str:
    """The code for each event.

    Args:
        use_case: The use case.
        language: One of LANGUAGES.
        names: The team's own names, which the code sends.
    """
    sdk, use_case = LANGUAGES[language], (names or Names()).renamed(use_case)
    parts = [f"{sdk.comment} {sdk.sdk}"]
    parts += ["\n".join(_event(use, sdk)) for use in use_case.events]
    return "\n\n".join(parts) + "\n"


def _event(use: EventUse, sdk: Language) -> Iterator[str]:
    match = _match(use, sdk)
    template = sdk.calls[match.type]
    slots, properties = _placed(use, match, template)
    yield f"{sdk.comment} {use.event.name}: {use.event.about}"
    if sdk.last:  # JSON has no comments
        for name in use.recommended:
            yield f"{sdk.comment}   {_about(use, name)}"
    variable = _variable(use.event.name)
    filled = {
        "event": sdk.text(use.event.name),
        "name": sdk.text(use.event.name),
        "category": sdk.text(""),
        "empty": ":" if not properties and "{empty}" in template else "",
        "variable": variable,
        "properties": "".join(_entries(use, properties, sdk, variable)),
    }
    for slot, what in slots.items():
        filled[slot] = sdk.value(what)
    yield from _slot_comments(use, match, slots, sdk)
    written = template.format(**filled)
    yield written if properties else _EMPTY.sub(r"\1\2", written)


def _match(use: EventUse, sdk: Language) -> CallMatch:
    """The call to send: a page or screen call if event and SDK have one, else the first that the SDK has."""
    able = [call for call in use.event.calls if call.type in sdk.calls]
    native = [call for call in able if call.type in _NATIVE]
    return (native or able or list(use.event.calls))[0]


def _placed(use: EventUse, match: CallMatch, template: str) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """Splits properties into parameters of the call and entries of `properties`: key -> the property and its value."""
    known = facts(Dice(0), 1)
    slots: dict[str, Any] = {}
    properties: dict[str, tuple[str, Any]] = {}
    for name in use.recommended:
        what = value(use.event.property(name), known, Dice(0))
        what = what[:1] if isinstance(what, list) else what
        places = use.event.places(match, name)
        slot = next((_SLOTS[place] for place in places if place in _SLOTS), None)
        if slot and f"{{{slot}}}" in template:
            slots[slot] = what
            continue
        place = next((p for p in places if p.startswith("/properties/")), f"/properties/{name}")
        properties[place.removeprefix("/properties/").replace("~1", "/").replace("~0", "~")] = (name, what)
    return slots, properties


def _entries(use: EventUse, properties: dict[str, tuple[str, Any]], sdk: Language, variable: str) -> Iterator[str]:
    for number, (key, (name, what)) in enumerate(properties.items(), 1):
        entry = sdk.entry.format(key=sdk.text(key), value=sdk.value(what), variable=variable)
        if sdk.last:
            entry = entry.rstrip(",") if number == len(properties) else entry
            yield f"{' ' * sdk.indent}{entry}\n"
        else:
            gap = "  " if sdk.comment == "#" else " "
            yield f"{' ' * sdk.indent}{entry}{gap}{sdk.comment} {_about(use, name, key)}\n"


def _slot_comments(use: EventUse, match: CallMatch, slots: dict[str, Any], sdk: Language) -> Iterator[str]:
    if sdk.last:
        return
    for name in use.recommended:
        for place in use.event.places(match, name):
            if (slot := _SLOTS.get(place)) and slot in slots:
                yield f"{sdk.comment}   its {slot} is {_about(use, name)}"


def _about(use: EventUse, name: str, key: str | None = None) -> str:
    prop = use.event.property(name)
    items = f" of {' or '.join(prop.items)}" if prop.items else ""
    shown = f"{name}, " if key != name else ""
    return f"{shown}{' or '.join(prop.types)}{items}: {prop.about}"


def _variable(event: str) -> str:
    """A variable name for an event."""
    words = re.findall(r"[A-Za-z0-9]+", event) or ["event"]
    name = words[0].lower() + "".join(word.capitalize() for word in words[1:])
    return name if name[0].isalpha() else f"event{name}"
