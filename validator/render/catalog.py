"""Goals, use cases and what they recommend, as text and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator.catalog.own_names import Names
from validator.render.terminal_style import PLAIN, Style, columns, fit, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from validator.catalog import EventUse, Goal, Property, UseCase


def goals_text(goals: Sequence[Goal], style: Style = PLAIN) -> str:
    """The goals with their considerations."""
    parts = []
    for goal in goals:
        lines = [
            *_title(goal.name, style),
            *(style.paint(line, "dim") for line in wrap(f"  {goal.slug}", style, 2)),
            *wrap(f"  {style.text(goal.about)}", style, 2),
        ]
        for consideration in goal.considerations:
            lines += wrap(f"    - {style.text(consideration)}", style, 6)
        count = len(goal.use_cases)
        lines += wrap(f"  {count} use case{'' if count == 1 else 's'}: uclint use-cases --goal {goal.slug}", style, 4)
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def goals_json(goals: Sequence[Goal]) -> str:
    """The goals as JSON."""
    return _json(
        [
            {
                "goal": g.slug,
                "name": g.name,
                "about": g.about,
                "considerations": g.considerations,
                "use_cases": [u.id for u in g.use_cases],
            }
            for g in goals
        ]
    )


def use_cases_text(goals: Sequence[Goal], style: Style = PLAIN) -> str:
    """The use cases under their goals."""
    parts = []
    for goal in goals:
        lines = [*_title(goal.name, style), *(style.paint(line, "dim") for line in wrap(f"  {goal.slug}", style, 2))]
        width = max(len(u.slug) for u in goal.use_cases)
        for use_case in goal.use_cases:
            lines += wrap_entry(f"    {use_case.slug:<{width}}  ", style.text(use_case.about), style)
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def use_cases_json(goals: Sequence[Goal]) -> str:
    """The use cases as JSON."""
    return _json([_use_case_json(u) for g in goals for u in g.use_cases])


def show_text(
    use_cases: Sequence[UseCase], goals: Mapping[str, str], style: Style = PLAIN, names: Names | None = None
) -> str:
    """One use case, under every goal that has it, in full."""
    first = use_cases[0]
    lines = [*_title(first.name, style), *wrap(f"  {style.text(first.about)}", style, 2)]
    for use in first.events:
        lines += ["", *_event(use, style, names or Names())]
    for use_case in use_cases:
        lines += ["", *wrap(f"For the goal {style.text(goals[use_case.goal])} ({use_case.id}):", style, 2)]
        lines += wrap(f"  sources       {', '.join(use_case.sources)}", style, 16)
        lines += wrap(f"  destinations  {', '.join(use_case.destinations)}", style, 16)
    return "\n".join(lines) + "\n"


def show_json(use_cases: Sequence[UseCase], names: Names | None = None) -> str:
    """The same use case under its goals, as JSON."""
    return _json([_use_case_json(u, names) for u in use_cases])


def _event(use: EventUse, style: Style, names: Names) -> Iterator[str]:
    event = use.event
    yield from _title(f"  {event.name}", style)
    yield from wrap(f"    {style.text(event.about)}", style, 4)
    calls = " or ".join(f"a {c.type} call" + (" of that name" if c.type == "track" else "") for c in event.calls)
    if len(event.calls) > 1 or event.calls[0].type != "track":
        yield from wrap(f"    Counts: {calls}.", style, 4)
    if own := names.of_event(event.name):
        yield from wrap(f"    Your name: {style.text(' or '.join(own))}.", style, 4)
    width = max((columns(style.text(name)) for name in use.recommended), default=0)
    if not use.recommended:
        yield "    No properties are recommended."
    for name in use.recommended:
        prop = event.property(name)
        label = f"    {fit(style.text(name), width)}  {_type(prop):<16}  "
        yield from wrap_entry(
            label, style.text(prop.about) + _origin(prop) + _own(names.of_property(event.name, name), style), style
        )


def wrap_entry(label: str, text: str, style: Style) -> list[str]:
    """A label with its text beside it, or below it if there is too little room."""
    if style.width - columns(label) >= 24:
        return wrap(label + text, style, columns(label))
    return [*wrap(label.rstrip(), style, 8), *wrap(f"        {text}", style, 8)]


def _title(text: str, style: Style) -> list[str]:
    return [style.paint(line, "bold") for line in wrap(style.text(text), style, 2)]


def _type(prop: Property) -> str:
    items = f" of {' or '.join(prop.items)}" if prop.items else ""
    return " or ".join(prop.types) + items


def _origin(prop: Property) -> str:
    return "" if prop.spec else " (the type is our choice)"


def _own(names: Sequence[str], style: Style) -> str:
    return f" (your name: {style.text(' or '.join(names))})" if names else ""


def _use_case_json(use_case: UseCase, names: Names | None = None) -> dict[str, Any]:
    return {
        "goal": use_case.goal,
        "use_case": use_case.slug,
        "name": use_case.name,
        "about": use_case.about,
        "events": [_event_json(use, names or Names()) for use in use_case.events],
        "sources": use_case.sources,
        "destinations": use_case.destinations,
    }


def _event_json(use: EventUse, names: Names) -> dict[str, Any]:
    return {
        "event": use.event.name,
        **_own_json(names.of_event(use.event.name)),
        "about": use.event.about,
        "calls": [c.type for c in use.event.calls],
        "properties": [
            {
                "property": p.name,
                **_own_json(names.of_property(use.event.name, p.name)),
                "type": p.types,
                "items": p.items,
                "about": p.about,
                "spec": p.spec,
            }
            for p in map(use.event.property, use.recommended)
        ],
    }


def _own_json(names: Sequence[str]) -> dict[str, Sequence[str]]:
    return {"own_names": names} if names else {}


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
